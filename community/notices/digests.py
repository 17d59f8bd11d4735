"""Letters that tell of a day or a week. Never empty, sent in the morning of their reader's own zone.

A notice waits for the first morning after it was made; the weekly ones for the first Monday morning. An hourly job
makes a digest of what is due: a worker that was down at that hour catches up later the same day, and never at night.
What the letter says is asked when it is sent.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from community.notices import bell, kinds, outbox
from community.notices.envelope import stop_path
from community.notices.models import Digest, Frequency, Notice
from community.notices.preferences import Chosen

CALM_HOUR = 7  # by the member's own clock
QUIET_FROM = 20  # later than that, a digest waits for the next morning
PEOPLE_AT_A_TIME = 500
LONGEST = 20  # lines; the rest is counted
KIND = {Frequency.DAILY: "digest_daily", Frequency.WEEKLY: "digest_weekly"}


def send_due(*, now: datetime | None = None) -> int:
    """Queue a digest for everybody whose hour has come and for whom something waits; returns how many."""
    now = now or timezone.now()
    count = 0
    for frequency in KIND:
        people = _people_due(frequency, now)
        for start in range(0, len(people), PEOPLE_AT_A_TIME):
            count += _queue(frequency, people[start : start + PEOPLE_AT_A_TIME], now)
    return count


def last_morning(frequency: str, zone: str, now: datetime) -> datetime | None:
    """The last morning (of a Monday, for the weekly ones) in this zone; None while it is early or late there."""
    local = now.astimezone(ZoneInfo(zone))
    if not CALM_HOUR <= local.hour < QUIET_FROM:
        return None
    days = local.weekday() if frequency == Frequency.WEEKLY else 0
    return (local - timedelta(days=days)).replace(hour=CALM_HOUR, minute=0, second=0, microsecond=0)


def context(recipient, target_id: int) -> dict | None:
    """What one digest says now. None where nothing is left of it that its reader may see and has not seen."""
    digest = Digest.objects.filter(pk=target_id, user=recipient.pk).first()
    if digest is None:
        return None
    rows = Notice.objects.filter(digest=digest, read_at=None)
    rows = bell.without_blocked(rows, recipient).order_by("made_at", "pk")
    chosen = Chosen(recipient)
    wanted = [notice for notice in rows if chosen.frequency(notice.mail_kind, notice.place_id) != Frequency.NEVER]
    notices = bell.dressed(recipient, wanted, for_mail=True)
    if not notices:
        return None
    return {
        "is_weekly": digest.frequency == Frequency.WEEKLY,
        "notices": notices[:LONGEST],
        "more": max(len(notices) - LONGEST, 0),
        "stop_path": stop_path(KIND[Frequency(digest.frequency)], digest.pk, recipient.pk),
    }


def register() -> None:
    for name in KIND.values():
        kinds.register(kinds.Kind(name, "notices/mail/digest", context))


def _people_due(frequency: str, now: datetime) -> list[int]:
    waiting = Notice.objects.filter(waits_for=frequency).order_by()
    people: set[int] = set()
    for zone in waiting.values_list("user__time_zone", flat=True).distinct():
        morning = last_morning(frequency, zone, now)
        if morning is not None:
            due = waiting.filter(user__time_zone=zone, made_at__lt=morning)
            people.update(due.values_list("user_id", flat=True).distinct())
    return sorted(people)


def _queue(frequency: str, people: list[int], now: datetime) -> int:
    """Digests for these people, of all that waits for one now. Of two jobs at once, one finds nothing left."""
    with transaction.atomic():
        waiting = Notice.objects.filter(user__in=people, waits_for=frequency, made_at__lt=now)
        there = set(waiting.select_for_update(no_key=True).values_list("user_id", flat=True))
        made = Digest.objects.bulk_create(
            [Digest(user_id=pk, frequency=frequency, made_at=now) for pk in sorted(there)]
        )
        own = Digest.objects.filter(pk__in=[digest.pk for digest in made], user=OuterRef("user"))
        waiting.update(digest=Subquery(own.values("pk")[:1]), waits_for="")
        outbox.queue_each(KIND[Frequency(frequency)], [(digest.user_id, digest.pk) for digest in made])
    return len(made)
