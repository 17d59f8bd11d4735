"""A month as a table: which days it has, and what is on them."""

import re
from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format

from events import agenda, clock
from events.agenda import Choice, Entry
from events.models import Occurrence

IN_A_CELL = 3
YEARS_AROUND = 5


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. `Month.parse` raises ValueError for what is none, or lies too far from now to be of use."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if not match:
            raise ValueError(text)
        found = cls(int(match[1]), int(match[2]))
        if not (1 <= found.month <= 12 and found.is_near):
            raise ValueError(text)
        return found

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def is_near(self) -> bool:
        return abs(self.year - timezone.now().year) <= YEARS_AROUND

    @property
    def name(self) -> str:
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def following(self) -> "Month | None":
        found = Month.of(self.first + timedelta(days=31))
        return found if found.is_near else None

    @property
    def preceding(self) -> "Month | None":
        found = Month.of(self.first - timedelta(days=1))
        return found if found.is_near else None


@dataclass
class Day:
    """One cell: a date, how many meetings it has, and some of them."""

    date: date
    is_inside: bool
    is_today: bool
    count: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.entries)

    @property
    def name(self) -> str:
        return f"{WEEKDAYS[self.date.weekday()]}, {date_format(self.date, 'MONTH_DAY_FORMAT')}"


def weekday_names() -> list[tuple[str, str]]:
    """Short and full names of the weekdays, beginning as the reader's calendar does."""
    return [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in _week()]


def weeks(month: Month, user, choice: Choice | None = None, *, with_entries: bool) -> list[list[Day]]:
    """The month's weeks on the reader's clock (for visitors on each event's own): one query, another for answers."""
    zone = clock.reader_zone(user)
    now = timezone.now()
    today = clock.to_local(now, zone).date() if zone else now.date()
    grid = [
        [Day(day, day.month == month.month, day == today) for day in week]
        for week in Calendar(firstweekday=_week()[0]).monthdatescalendar(month.year, month.month)
    ]
    by_date = {day.date: day for week in grid for day in week if day.is_inside}
    rows = _rows(month, user, zone)
    if choice:
        rows = choice.narrow(rows, user)
    if with_entries:
        _fill(by_date, rows, user)
    else:
        for day, count in rows.values_list("day").annotate(count=Count("pk")).order_by("day"):
            if day in by_date:
                by_date[day].count = count
    return grid


def _rows(month: Month, user, zone: str | None):
    rows = Occurrence.objects.shared_with(user).filter(cancelled_at=None)
    last = (month.first + timedelta(days=31)).replace(day=1)
    start, end = clock.midnight(month.first, zone), clock.midnight(last, zone)
    if zone is None:
        # A day on the wall is within two of the same day in UTC; the bounds let the index on the start find it.
        rows = rows.filter(starts_at__gte=start - timedelta(days=2), starts_at__lt=end + timedelta(days=2))
        return rows.filter(local_date__gte=month.first, local_date__lt=last).annotate(day=F("local_date"))
    return rows.filter(starts_at__gte=start, starts_at__lt=end).annotate(
        day=TruncDate("starts_at", tzinfo=ZoneInfo(zone))
    )


def _fill(by_date: dict[date, Day], rows, user) -> None:
    first_ones = (
        rows.annotate(
            nth=Window(RowNumber(), partition_by=F("day"), order_by=[F("starts_at"), F("pk")]),
            on_this_day=Window(Count("pk"), partition_by=F("day")),
        )
        .filter(nth__lte=IN_A_CELL)
        .select_related("event__group")
        .order_by("starts_at", "pk")
    )
    found = [row for row in first_ones if row.day in by_date]
    for row, entry in zip(found, agenda.entries(found, user, with_faces=False), strict=True):
        day = by_date[row.day]
        day.count = row.on_this_day
        day.entries.append(entry)


def _week() -> list[int]:
    """The weekdays (0 is Monday) in the order of the reader's locale, whose first day 0 is Sunday."""
    first = (get_format("FIRST_DAY_OF_WEEK") - 1) % 7
    return [(first + offset) % 7 for offset in range(7)]
