"""How much one person may do in a while, by how well the association knows them. A limit is counted from the rows
themselves, by an index, in the transaction that writes the next one; what leaves no row is counted by itself (`tally`).

They stop floods, not conversations: nobody who writes by hand meets them on a usual day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.members.models import User
from community.notices import outbox
from community.safety.permissions import may_moderate

KNOWN_AFTER = timedelta(days=30)


class LimitReached(Exception):
    """That it was enough for now, and when it goes on, in a sentence for the person who asked."""


class Trust(IntEnum):
    """How well somebody is known."""

    NEW = 0
    VERIFIED = 1  # staff checked their licence, or they have been here for a month
    FACILITATOR = 2
    STAFF = 3


@dataclass(frozen=True)
class Limit:
    """At most so many within `within`, by trust, and what is said where they are used up."""

    within: timedelta
    most: tuple[int, int, int, int]
    sentence: str | Promise


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMITS = {
    "topics": Limit(DAY, (4, 15, 30, 100), gettext_lazy("You have started %(most)s conversations within a day.")),
    "replies": Limit(HOUR, (20, 60, 90, 300), gettext_lazy("You have written %(most)s answers within an hour.")),
    "edits": Limit(HOUR, (30, 60, 90, 300), gettext_lazy("You have changed posts %(most)s times within an hour.")),
    "mentions": Limit(DAY, (12, 60, 120, 300), gettext_lazy("You have called %(most)s people within a day.")),
    "reactions": Limit(HOUR, (120, 300, 300, 600), gettext_lazy("You have reacted %(most)s times within an hour.")),
    "uploads": Limit(HOUR, (40, 100, 200, 300), gettext_lazy("You have added %(most)s files within an hour.")),
    "drafts": Limit(
        HOUR, (2000, 3000, 3000, 4000), gettext_lazy("Your drafts were saved %(most)s times within an hour.")
    ),
    "lookups": Limit(MINUTE, (60, 120, 120, 200), gettext_lazy("You have looked up %(most)s names within a minute.")),
    "reports": Limit(DAY, (5, 20, 20, 100), gettext_lazy("You have reported %(most)s things within a day.")),
    "danger": Limit(HOUR, (10, 10, 10, 20), gettext_lazy("You have reported %(most)s dangers within an hour.")),
    "danger_outside": Limit(HOUR, (1, 1, 1, 1), gettext_lazy("You have reported a danger within this hour.")),
}

_TALLY = """
    INSERT INTO safety_tally AS known (person_id, what, since, count) VALUES (%(person)s, %(what)s, %(now)s, %(more)s)
    ON CONFLICT (person_id, what) DO UPDATE SET
        count = CASE WHEN known.since <= %(over)s THEN excluded.count ELSE known.count + excluded.count END,
        since = CASE WHEN known.since <= %(over)s THEN excluded.since ELSE known.since END
    RETURNING count, since
"""

_leads: list[Callable[[User], bool]] = []


def register_leading(leads: Callable[[User], bool]) -> None:
    """Name the function that says whether somebody leads a group."""
    _leads.append(leads)


def wait_turn(by: User) -> None:
    """Have one person's writing happen one at a time until the end of the transaction. Taken before all other locks."""
    User.objects.select_for_update(no_key=True).order_by().filter(pk=by.pk).values_list("pk").first()


def trust_of(user: User) -> Trust:
    if user.is_staff or may_moderate(user):
        return Trust.STAFF
    if any(leads(user) for leads in _leads):
        return Trust.FACILITATOR
    return _first_trust(user)


def check(what: str, rows: QuerySet, moment: str, *, by: User, more: int = 1) -> None:
    """Raise LimitReached where `by` may not add `more` rows to their own `rows` yet; `moment` is the column of when.

    One query, of as many rows as the limit: how well they are known is asked in full only where the first answer is no.
    """
    if outbox.is_quiet():
        return  # a demonstration is built, or what happened long ago is brought along
    limit = LIMITS[what]
    now = timezone.now()
    lately = rows.filter(**{f"{moment}__gt": now - limit.within}).order_by(f"-{moment}").values_list(moment, flat=True)
    most = limit.most[_first_trust(by)]
    times = list(lately[: most + 1])
    if len(times) + more <= most:
        return
    most = limit.most[trust_of(by)]
    times = list(lately[: most + 1])
    if len(times) + more > most:
        free = most - more
        until = times[free] + limit.within if 0 <= free < len(times) else now + limit.within
        raise _reached(limit, most, until - now)


def tally(what: str, *, by: User, more: int = 1) -> None:
    """Count that `by` does something `more` times, and raise LimitReached where it is too often. One query while it is
    not; two calls at once are two, since the database adds them up."""
    if outbox.is_quiet():
        return
    limit = LIMITS[what]
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, {"person": by.pk, "what": what, "more": more, "now": now, "over": now - limit.within})
        count, since = cursor.fetchone()
    if count > limit.most[_first_trust(by)] and count > (most := limit.most[trust_of(by)]):
        raise _reached(limit, most, since + limit.within - now)


def time_words(left: timedelta) -> str:
    """A time in whole minutes or hours: "25 minutes", "3 hours"."""
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    if minutes < 90:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    if hours < 36:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = -(-hours // 24)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _reached(limit: Limit, most: int, left: timedelta) -> LimitReached:
    go_on = _("You can go on in %(time)s.") % {"time": time_words(left)}
    return LimitReached(f"{str(limit.sentence) % {'most': most}} {go_on}")


def _first_trust(user: User) -> Trust:
    """As much as the row itself says."""
    if user.is_staff:
        return Trust.STAFF
    known = user.is_practitioner or user.date_joined < timezone.now() - KNOWN_AFTER
    return Trust.VERIFIED if known else Trust.NEW
