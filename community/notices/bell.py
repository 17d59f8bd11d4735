"""Notices on the site: made with what they tell of, read by visiting it or their list, gone after 90 days.

A notice holds no words. What it says is asked when it is read, of the room that it comes from.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from community.notices import kinds
from community.notices.kinds import Line
from community.notices.models import Digest, Frequency, Notice
from core.paging import cursor, read_cursor

KEPT_FOR = timedelta(days=90)
A_PAGE = 30
BATCH = 1000
SHOWN = 9  # more are "9+"
_DIGESTS = {Frequency.DAILY, Frequency.WEEKLY}


@dataclass(frozen=True)
class About:
    """What a notice tells of, without its words: `thread_id` where one notice a thread is enough."""

    target_id: int
    place_id: int | None = None
    thread_id: int | None = None
    actor_id: int | None = None


def unread_by(user) -> Least:
    """How many notices `user` (a reference to the outer row's key) has not read, for the query that loads a person.

    Counted up to one more than the bell shows.
    """
    unread = Notice.objects.filter(user=user, read_at=None).order_by().values("user")
    return Least(Coalesce(Subquery(unread.annotate(count=Count("pk")).values("count")), 0), SHOWN + 1)


def told(target_id: int, names: Collection[str]) -> set[int]:
    """Who has a notice of one of these kinds about this thing already, by their ids."""
    return set(Notice.objects.filter(kind__in=names, target_id=target_id).values_list("user_id", flat=True))


def tell(kind: str, about: About, people: Mapping[int, str], *, mail_kind: str = "") -> None:
    """Give each of `people` (ids, with how often they want mail of it) a notice. Within a transaction.

    A digest tells of it as `mail_kind`, which is the same kind unless it is named.
    Where one of the thread is unread still, it moves on to this thing, and waits for the next digest anew.
    """
    now, mail_kind = timezone.now(), mail_kind or kind
    moved: set[int] = set()
    if about.thread_id is not None:
        unread = Notice.objects.filter(kind=kind, thread_id=about.thread_id, read_at=None)
        for waits_for in {_waits_for(each) for each in people.values()}:
            theirs = [person for person, each in people.items() if _waits_for(each) == waits_for]
            rows = unread.filter(user__in=theirs)
            moved |= set(rows.values_list("user_id", flat=True))
            rows.update(
                target_id=about.target_id,
                actor_id=about.actor_id,
                place_id=about.place_id,
                made_at=now,
                waits_for=waits_for,
                mail_kind=mail_kind,
                digest=None,
            )
    made = [
        Notice(
            user_id=person,
            kind=kind,
            target_id=about.target_id,
            thread_id=about.thread_id,
            place_id=about.place_id,
            actor_id=about.actor_id,
            made_at=now,
            waits_for=_waits_for(each),
            mail_kind=mail_kind,
        )
        for person, each in people.items()
        if person not in moved
    ]
    Notice.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)


def forget(kind: str, target_id: int) -> None:
    """Take back what is not true any more."""
    Notice.objects.filter(kind=kind, target_id=target_id).delete()


def let_go(user_id: int, kind: str, thread_id: int) -> None:
    """Somebody wants to hear no more of a thread: what they did not read of it counts as read, and is not mailed."""
    unread = Notice.objects.filter(user=user_id, kind=kind, thread_id=thread_id, read_at=None)
    unread.update(read_at=timezone.now(), waits_for="")


def mark_seen(user, names: Collection[str], target_ids: Collection[int]) -> None:
    """The reader is at these things. No query for those who have nothing unread, as their row knows it."""
    mark_each_seen(user, dict.fromkeys(names, target_ids))


def mark_each_seen(user, things: Mapping[str, Collection[int]]) -> None:
    """The same for things of several kinds, by the notices' kind: numbers alone don't tell them apart."""
    if not getattr(user, "unread_notices", 0) or not any(things.values()):
        return
    these = Q()
    for name, target_ids in things.items():
        these |= Q(kind=name, target_id__in=target_ids)
    seen = Notice.objects.filter(these, user=user.pk, read_at=None)
    user.unread_notices = max(user.unread_notices - seen.update(read_at=timezone.now(), waits_for=""), 0)


def mark_all_read(user) -> None:
    """The reader has been at the list. What waits for a digest was seen, and is not mailed."""
    Notice.objects.filter(user=user.pk, read_at=None).update(read_at=timezone.now(), waits_for="")
    user.unread_notices = 0


@dataclass
class Page:
    """Some notices that their reader may see, the newest first, each with its `line`; `older` leads to the next."""

    notices: list[Notice]
    older: str = ""


def page(user, *, before: str = "") -> Page:
    """One page of somebody's notices. Of what they may not see any more, and of people whom they block, nothing.

    ValueError for a bad cursor.
    """
    rows = Notice.objects.filter(user=user.pk, made_at__gt=timezone.now() - KEPT_FOR)
    rows = without_blocked(rows, user)
    if before:
        moment, pk = read_cursor(before)
        rows = rows.filter(made_at__lte=moment).exclude(made_at=moment, pk__gte=pk)
    found = list(rows.order_by("-made_at", "-pk")[: A_PAGE + 1])
    more, found = len(found) > A_PAGE, found[:A_PAGE]
    return Page(dressed(user, found), cursor(found[-1].made_at, found[-1].pk) if more else "")


def dressed(user, notices: Collection[Notice], *, for_mail: bool = False) -> list[Notice]:
    """Those of the notices that `user` may see, each with its `line`."""
    lines: dict[int, Line] = kinds.lines(user, notices, for_mail=for_mail)
    shown = [notice for notice in notices if notice.pk in lines]
    for notice in shown:
        notice.line = lines[notice.pk]  # type: ignore[attr-defined] # for the page
    return shown


def without_blocked(rows, user):
    """Nothing that comes from people whom `user` blocks."""
    return rows.exclude(actor_id__in=user.blocks.values("blocked"))


def expire(*, now: datetime | None = None) -> int:
    """Forget what is older than 90 days; returns how many notices."""
    limit = (now or timezone.now()) - KEPT_FOR
    with transaction.atomic():
        gone, _of = Notice.objects.filter(made_at__lt=limit).delete()
        Digest.objects.filter(made_at__lt=limit, notices=None).delete()
    return gone


def _waits_for(frequency: str) -> str:
    return frequency if frequency in _DIGESTS else ""
