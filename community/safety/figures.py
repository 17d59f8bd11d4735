"""How well a place is looked after, week by week: no names, nobody's rank.

A room registers series of its own. Each becomes a small plot, and a table of the same numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from community.members.models import User
from community.safety import appeals, reports
from community.safety.models import Decision

WEEKS = 12
WIDTH, HEIGHT, BASE = 480, 120, 100  # of a plot, in its own units; bars stand on BASE
STEP = WIDTH // WEEKS
TALLEST = 84


@dataclass(frozen=True)
class Week:
    """One week, by its Monday. `value` is None where nothing happened that could be measured; `count` says of how many
    things it is."""

    monday: date
    value: float | None
    count: int


@dataclass(frozen=True)
class Series:
    """One measure: `unit` is "hours" or "percent"."""

    name: str
    title: str
    explanation: str
    unit: str
    weeks: Sequence[Week]


@dataclass(frozen=True)
class Bar:
    """One week as it is drawn, and as it stands in the table."""

    week: Week
    x: int
    y: int
    width: int
    height: int
    words: str


@dataclass(frozen=True)
class Plot:
    """A series with its bars."""

    series: Series
    bars: Sequence[Bar] = field(default=())
    highest: str = ""

    @property
    def is_empty(self) -> bool:
        return all(bar.week.value is None for bar in self.bars)


_series: list[Callable[[Sequence[date]], list[Series]]] = []


def register(series: Callable[[Sequence[date]], list[Series]]) -> None:
    """Name a function that measures the weeks beginning on these Mondays, in a fixed number of queries."""
    _series.append(series)


def mondays() -> list[date]:
    """Those of the last weeks, the oldest first; the last is that of this week."""
    today = timezone.now().astimezone(UTC).date()  # as the database counts weeks
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def plots(reader: User) -> list[Plot]:
    """All of them, without the reports and appeals that `reader` has a part in."""
    weeks = mondays()
    found = [*_decided(weeks, reader), *(series for measure in _series for series in measure(weeks))]
    return [_plot(series) for series in found]


def value_words(value: float | None, unit: str) -> str:
    """A value as people read it: "3 h", "2 days", "75 %"."""
    if value is None:
        return _("nothing to measure")
    if unit == "percent":
        return f"{round(value)} %"
    if value < 1:
        return _("under an hour")
    if value < 72:
        return _("%(count)s hours") % {"count": round(value)}
    return _("%(count)s days") % {"count": round(value / 24)}


def _plot(series: Series) -> Plot:
    known = [week.value for week in series.weeks if week.value is not None]
    top = 100.0 if series.unit == "percent" else max(known, default=0.0)
    bars = []
    for number, week in enumerate(series.weeks):
        height = round(TALLEST * week.value / top) if week.value and top else 0
        height = max(height, 2) if week.value is not None else 0
        words = value_words(week.value, series.unit)
        bars.append(Bar(week, number * STEP + 4, BASE - height, STEP - 8, height, words))
    return Plot(series, bars, value_words(top, series.unit) if known else "")


def _decided(weeks: Sequence[date], reader: User) -> list[Series]:
    """How long what was decided in each week had waited: reports, held words and appeals alike. The median."""
    since = datetime.combine(weeks[0], time(), UTC)
    closed = [rows.filter(closed_at__gte=since) for rows in (reports.decided(reader), appeals.decided(reader))]
    held = Decision.objects.filter(waiting_since__isnull=False, made_at__gte=since)
    times: list[QuerySet] = [
        rows.select_related(None).order_by().values_list("closed_at", "made_at") for rows in closed
    ]
    times.append(held.order_by().values_list("made_at", "waiting_since"))
    rows, params = times[0].union(*times[1:], all=True).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT date_trunc('week', closed)::date, count(*),
                extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY closed - made)) / 3600
            FROM ({rows}) decided (closed, made) GROUP BY 1""",  # noqa: S608 - what Django makes of the query above
            params,
        )
        found = {monday: (count, float(hours)) for monday, count, hours in cursor.fetchall()}
    measured = [Week(day, found[day][1], found[day][0]) if day in found else Week(day, None, 0) for day in weeks]
    explanation = _("Half of what moderators decided in that week had waited for no longer than this.")
    return [Series("queue", _("How long things wait in the queue"), explanation, "hours", measured)]
