"""From the clock on the wall to UTC and back, and how a reader is told when something is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext

from core.words import once_a_language
from core.zones import zone_words

NEAR = 300  # days within which a month and a day are enough


def to_utc(local: datetime, zone: str) -> datetime:
    """The moment that a wall clock in `zone` means by the naive `local`.

    Where the clocks go back and a time comes twice, the first one is meant; where they go forward and a time is
    skipped, it is read with the offset from before, so 02:30 is what the clocks then call 03:30 (RFC 5545, 3.3.5).
    """
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def to_local(moment: datetime, zone: str) -> datetime:
    """What the wall clock in `zone` shows at `moment`, naive."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def midnight(day: date, zone: str | None) -> datetime:
    """When `day` begins on the clock in `zone` (UTC for readers without one)."""
    return to_utc(datetime.combine(day, datetime.min.time()), zone or "UTC")


@dataclass(frozen=True)
class When:
    """A start and an end as one reader is told them. All times are naive: a template must not convert them again."""

    start: datetime
    end: datetime
    zone: str
    own_start: datetime
    own_end: datetime
    own_zone: str
    iso: str

    @property
    def differs(self) -> bool:
        """Whether the event's own clock shows something else than the reader's."""
        return self.start != self.own_start

    @property
    def day_words(self) -> str:
        """ "Thursday, December 10", with the year where it could be mistaken for another."""
        day = self.start.date()
        return _day_words(day, is_near=abs((day - timezone.now().date()).days) < NEAR)

    @property
    def hours_words(self) -> str:
        """From when to when, such as 6 p.m. to 7:30 p.m.; where it ends on another day, that is said."""
        return _hours(self.start, self.end)

    @property
    def zone_words(self) -> str:
        return zone_words(self.zone)

    @property
    def own_words(self) -> str:
        """The same on the event's own clock, with its zone."""
        hours = _hours(self.own_start, self.own_end)
        if self.own_start.date() != self.start.date():
            hours = gettext("%(weekday)s %(hours)s") % {"weekday": WEEKDAYS[self.own_start.weekday()], "hours": hours}
        return gettext("%(hours)s %(zone)s") % {"hours": hours, "zone": zone_words(self.own_zone)}


def when(starts_at: datetime, ends_at: datetime, *, own_zone: str, reader_zone: str | None = None) -> When:
    """How somebody in `reader_zone` is told; somebody without a zone is told the event's own time."""
    zone = reader_zone or own_zone
    own_start, own_end = to_local(starts_at, own_zone), to_local(ends_at, own_zone)
    is_own = zone == own_zone
    return When(
        start=own_start if is_own else to_local(starts_at, zone),
        end=own_end if is_own else to_local(ends_at, zone),
        zone=zone,
        own_start=own_start,
        own_end=own_end,
        own_zone=own_zone,
        iso=starts_at.isoformat(),
    )


def reader_zone(user) -> str | None:
    """The zone in which `user` is told times; None for visitors."""
    return user.time_zone if user.is_authenticated else None


@once_a_language
def _day_words(day: date, *, is_near: bool) -> str:
    words = date_format(day, "MONTH_DAY_FORMAT" if is_near else "DATE_FORMAT")
    return gettext("%(weekday)s, %(day)s") % {"weekday": WEEKDAYS[day.weekday()], "day": words}


@once_a_language
def _hours(start: datetime, end: datetime) -> str:
    first, last = time_format(start), time_format(end)
    half, last_half = first.rpartition(" "), last.rpartition(" ")
    if end.date() != start.date() and end - start >= timedelta(hours=12):
        last = gettext("%(weekday)s %(time)s") % {"weekday": WEEKDAYS[end.weekday()], "time": last}
    elif half[0] and half[2] == last_half[2]:
        first = half[0]  # "6 to 7:30 p.m.": one half of the day is named once
    return gettext("%(start)s\N{EN DASH}%(end)s") % {"start": first, "end": last}
