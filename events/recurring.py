"""How an event repeats. django-recurrence is known to this module alone (and through it to models and migrations).

A rule here is django-recurrence's `Recurrence`, in a narrower grammar than iCalendar's (see `validate`): what people
say about meetings, and nothing that could expand without end.

**Dates inside a rule are wall-clock.** The package can only write them with a `Z`; the digits are those of the clock
on the wall where the event is, never UTC. `UNTIL` is compared on that clock; `EXDATE` and `RDATE` name a date, and the
time of day is always the event's own. So an exception still matches after the clocks change, and after the meeting
moves from 18:00 to 19:00. A rule that comes from elsewhere has to be translated first.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import islice, takewhile
from typing import NoReturn, TypeAlias

import recurrence
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from recurrence.exceptions import RecurrenceError
from recurrence.fields import RecurrenceField

Rule: TypeAlias = recurrence.Recurrence  # the package calls a whole set "recurrence" and one line of it "rule"

MAX_INTERVAL = {recurrence.YEARLY: 5, recurrence.MONTHLY: 24, recurrence.WEEKLY: 53, recurrence.DAILY: 366}
MAX_COUNT = 1000
MAX_DATES = 400  # skipped or extra dates in one rule
MAX_TEXT = 16_000


class Repeats(models.TextChoices):
    """What the short form offers."""

    NEVER = "never", _("Does not repeat")
    WEEKLY = "weekly", _("Every week, on this weekday")
    FORTNIGHTLY = "fortnightly", _("Every two weeks, on this weekday")
    MONTHLY = "monthly", _("Every month, on the same weekday (such as the second Thursday)")
    MONTHLY_LAST = "monthly_last", _("Every month, on the last such weekday")
    AS_IS = "as_is", _("As it is now")


class RuleField(RecurrenceField):
    """Stores a rule as iCalendar text; empty is None. It brings no form field: the package's breaks the page editor."""

    description = _("How an event repeats")

    def __init__(self, **kwargs):
        super().__init__(**{"include_dtstart": False, "editable": False} | kwargs)

    def to_python(self, value):
        return parse(value) if isinstance(value, str) else value

    def formfield(self, **kwargs):
        return None


def parse(text: str) -> Rule | None:
    """The rule that `text` spells in iCalendar's words; None where it is empty.

    Raises ValidationError where it is malformed. Whether its meaning is welcome is for `validate` to say.
    """
    if not text.strip():
        return None
    try:
        if len(text) > MAX_TEXT:
            raise ValueError("longer than any rule needs to be")
        return recurrence.deserialize(text, include_dtstart=False)
    except (RecurrenceError, ValueError, TypeError, OverflowError) as error:
        raise ValidationError(_("This is not a repetition that we can read."), code="malformed") from error


def build(
    repeats: str, first: date, *, until: date | None = None, count: int | None = None, keep: Rule | None = None
) -> Rule | None:
    """The rule for a choice of the short form. The weekday, and which one of the month, are those of `first`.

    `until` is the last date on which it may fall; `keep` is a former rule whose skipped and extra dates stay.
    Raises ValidationError where `first` does not go with the choice.
    """
    if repeats == Repeats.NEVER:
        return None
    weekday = recurrence.base.WEEKDAYS[first.weekday()]
    frequency, interval = recurrence.WEEKLY, 1
    if repeats == Repeats.FORTNIGHTLY:
        interval = 2
    elif repeats == Repeats.MONTHLY:
        frequency, weekday = recurrence.MONTHLY, weekday(_nth_of_month(first))
    elif repeats == Repeats.MONTHLY_LAST:
        if not _is_last_of_month(first):
            raise ValidationError(
                _("%(date)s is not the last %(weekday)s of its month. Choose the first date to be one."),
                code="not_last",
                params={"date": date_format(first), "weekday": WEEKDAYS[first.weekday()]},
            )
        frequency, weekday = recurrence.MONTHLY, weekday(-1)
    line = recurrence.Rule(
        frequency,
        interval=interval,
        count=count,
        until=_kept(datetime.combine(until, time.max)) if until else None,
        byday=weekday,
    )
    return Rule(
        rrules=[line],
        exdates=keep.exdates if keep else (),
        rdates=keep.rdates if keep else (),
        include_dtstart=False,
    )


def choice_of(rule: Rule | None, first: date) -> str:
    """Which choice of the short form says the same as `rule`; AS_IS where none does."""
    if rule is None:
        return Repeats.NEVER
    for choice in (Repeats.WEEKLY, Repeats.FORTNIGHTLY, Repeats.MONTHLY, Repeats.MONTHLY_LAST):
        try:
            same: Rule = build(choice, first, keep=rule)
        except ValidationError:
            continue
        same.rrules[0].count, same.rrules[0].until = rule.rrules[0].count, rule.rrules[0].until
        if recurrence.serialize(same) == recurrence.serialize(rule):
            return choice
    return Repeats.AS_IS


def ends_of(rule: Rule | None) -> tuple[date | None, int | None]:
    """The last possible date and the number of times, as far as the rule names them."""
    if rule is None:
        return None, None
    line = rule.rrules[0]
    return (line.until.date() if line.until else None), line.count


def first_on_or_after(day: date, *, weekday: int, nth: int = 0) -> date:
    """The first date from `day` on that falls on `weekday` (0 is Monday); `nth` 1 to 4, or -1, of its month."""
    byday = recurrence.base.WEEKDAYS[weekday]
    line = recurrence.Rule(recurrence.MONTHLY if nth else recurrence.WEEKLY, byday=byday(nth) if nth else byday)
    return next(iter(line.to_dateutil_rrule(datetime.combine(day, time())))).date()


def validate(rule: Rule | None, start_local: datetime) -> None:
    """Raise ValidationError, with a sentence for people, unless this is a rule that we keep.

    One RRULE, daily or rarer, with plain weekdays (weekly), the nth weekday, weekdays with a position, or days of
    the month (monthly, and yearly with months); no EXRULE, no DTSTART of its own. The first date it gives must be
    `start_local`: a start beside its rule is undefined (RFC 5545, 3.8.5.3).
    """
    if rule is None:
        return
    if len(rule.rrules) != 1 or rule.exrules or rule.dtstart or rule.dtend:
        _refuse(gettext("An event repeats by exactly one rule."), "one_rule")
    if len(rule.exdates) + len(rule.rdates) > MAX_DATES:
        _refuse(gettext("These are too many single dates."), "too_many_dates")
    try:
        recurrence.serialize(rule)
    except (RecurrenceError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ValidationError(_("This is not a repetition that we can read."), code="malformed") from error
    line = rule.rrules[0]
    if line.freq not in MAX_INTERVAL or line.byhour or line.byminute or line.bysecond:
        _refuse(gettext("An event repeats daily at most."), "sub_daily")
    if not 1 <= line.interval <= MAX_INTERVAL[line.freq]:
        _refuse(gettext("The pause between two dates is too long."), "interval")
    if line.count is not None and not 1 <= line.count <= MAX_COUNT:
        _refuse(gettext("It can happen between 1 and %(most)d times.") % {"most": MAX_COUNT}, "count")
    if line.count and line.until:
        _refuse(gettext("Choose a last date or a number of times, not both."), "two_ends")
    if not _is_in_grammar(line):
        _refuse(gettext("This repetition is more intricate than we can keep."), "intricate")
    first = next(_expand(rule, start_local), None)
    if first is None:
        _refuse(gettext("This repetition never falls on a date."), "empty")
    if first != start_local:
        _refuse(gettext("The first date is not one on which it repeats."), "start")
    if all(start.date() in _dates(rule.exdates) for start in islice(_expand(rule, start_local), MAX_DATES + 1)):
        _refuse(gettext("This repetition never falls on a date."), "empty")


def local_starts(rule: Rule | None, start_local: datetime, until: datetime) -> list[datetime]:
    """All starts from `start_local` to `until`, both included, on the wall clock where the event is (naive, sorted).

    COUNT counts the rule's own dates, skipped ones too (RFC 5545); no date comes twice; an event without a rule
    has one start. What a time that the clocks skip or repeat means is decided by `events.clock.to_utc`.
    """
    if rule is None:
        return [start_local] if start_local <= until else []
    starts = {start.date(): start for start in takewhile(lambda start: start <= until, _expand(rule, start_local))}
    for extra in _dates(rule.rdates):
        start = datetime.combine(extra, start_local.time())
        if start_local <= start <= until:
            starts.setdefault(extra, start)
    for skipped in _dates(rule.exdates):
        starts.pop(skipped, None)
    return [starts[day] for day in sorted(starts)]


def words(rule: Rule | None, start: date | None = None) -> str:
    """The rule as a person would say it: "The second Thursday of each month, until June 10, 2027".

    `start` is needed only where the rule leaves the day to it.
    """
    if rule is None:
        return gettext("Once")
    line = rule.rrules[0]
    says = {
        recurrence.DAILY: _daily_words,
        recurrence.WEEKLY: _weekly_words,
        recurrence.MONTHLY: _monthly_words,
        recurrence.YEARLY: _yearly_words,
    }[line.freq](line, start)
    if line.count:
        return says + ngettext(", %(count)d time", ", %(count)d times", line.count) % {"count": line.count}
    if line.until:
        return says + gettext(", until %(date)s") % {"date": date_format(line.until.date())}
    return says


def _refuse(sentence: str, code: str) -> NoReturn:
    raise ValidationError(sentence, code=code)


def _kept(wall: datetime) -> datetime:
    """Wall-clock digits in the only dress that the package can store."""
    return wall.replace(microsecond=0, tzinfo=UTC)


def _dates(moments: Iterable[datetime]) -> set[date]:
    return {moment.date() for moment in moments}


def _nth_of_month(day: date) -> int:
    nth = (day.day - 1) // 7 + 1
    if nth == 5:
        raise ValidationError(
            _("Not every month has a fifth %(weekday)s. Choose another first date, or the last %(weekday)s."),
            code="fifth",
            params={"weekday": WEEKDAYS[day.weekday()]},
        )
    return nth


def _is_last_of_month(day: date) -> bool:
    following = date.fromordinal(day.toordinal() + 7)
    return following.month != day.month


def _is_in_grammar(line: recurrence.Rule) -> bool:
    """Whether the line's BY parts are among those we keep. Each of them gives a date within a few years at most
    (or is found empty in a blink), so that no expansion runs on in vain."""
    if line.byyearday or line.byweekno:
        return False
    days = [recurrence.to_weekday(day) for day in line.byday]
    plain = not any(day.index for day in days)
    if line.freq == recurrence.DAILY:
        return not (days or line.bymonth or line.bymonthday or line.bysetpos)
    if line.freq == recurrence.WEEKLY:
        return plain and not (line.bymonth or line.bymonthday or line.bysetpos)
    if line.freq == recurrence.MONTHLY and line.bymonth:
        return False
    if line.freq == recurrence.YEARLY and not line.bymonth:
        return not (days or line.bymonthday or line.bysetpos)
    if line.freq == recurrence.YEARLY and not (days or line.bymonthday):
        return False
    if days and line.bymonthday:
        return False
    if line.bymonthday:
        shortest_allowed = 31 if line.freq == recurrence.MONTHLY else _longest_month(line.bymonth)
        return not line.bysetpos and all(1 <= abs(day) <= shortest_allowed for day in line.bymonthday)
    if line.bysetpos:
        # Four of each weekday are in every month, so that a position among them is always taken.
        most = 4 * len(set(days))
        return bool(days) and plain and len(line.bymonth) <= 1 and all(1 <= abs(nth) <= most for nth in line.bysetpos)
    return all(day.index and 1 <= abs(day.index) <= 5 for day in days)


def _longest_month(months: list[int]) -> int:
    return max(29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31 for month in months)


def _expand(rule: Rule, start_local: datetime) -> Iterator[datetime]:
    """The dates of the RRULE on the wall clock, without a horizon: the caller stops asking."""
    line = rule.rrules[0]
    until = line.until.replace(tzinfo=None) if line.until else None
    naive = recurrence.Rule(
        line.freq,
        interval=line.interval,
        wkst=recurrence.MO if line.wkst is None else line.wkst,
        count=line.count,
        until=until,
        **{name: getattr(line, name) for name in ("bysetpos", "bymonth", "bymonthday", "byday")},
    )
    return iter(naive.to_dateutil_rrule(start_local))


def _daily_words(line: recurrence.Rule, start: date | None) -> str:
    return ngettext("Every day", "Every %(interval)d days", line.interval) % {"interval": line.interval}


def _weekly_words(line: recurrence.Rule, start: date | None) -> str:
    days = sorted({recurrence.to_weekday(day).number for day in line.byday}) or ([start.weekday()] if start else [])
    names = _joined([str(WEEKDAYS[day]) for day in days])
    if line.interval == 1:
        return gettext("Every %(weekday)s") % {"weekday": names} if names else gettext("Every week")
    if line.interval == 2 and len(days) == 1:
        return gettext("Every other %(weekday)s") % {"weekday": names}
    return gettext("Every %(interval)d weeks on %(weekday)s") % {"interval": line.interval, "weekday": names}


def _monthly_words(line: recurrence.Rule, start: date | None) -> str:
    day = _day_of_month_words(line, start)
    if line.interval == 1:
        return gettext("%(day)s of each month") % {"day": day}
    return gettext("%(day)s of every %(interval)d months") % {"day": day, "interval": line.interval}


def _yearly_words(line: recurrence.Rule, start: date | None) -> str:
    if not line.bymonth:
        day = date_format(start, "MONTH_DAY_FORMAT") if start else gettext("the same day")
        says = gettext("Every year on %(day)s") % {"day": day}
    else:
        months = _joined([str(MONTHS[month]) for month in line.bymonth])
        says = gettext("%(day)s of %(months)s, every year") % {
            "day": _day_of_month_words(line, start),
            "months": months,
        }
    if line.interval > 1:
        says += gettext(" (every %(interval)d years)") % {"interval": line.interval}
    return says


def _day_of_month_words(line: recurrence.Rule, start: date | None) -> str:
    days = [recurrence.to_weekday(day) for day in line.byday]
    if line.bysetpos:
        which = _joined([_ordinal(nth) for nth in line.bysetpos])
        names = _joined([str(WEEKDAYS[day.number]) for day in days], last=gettext(" or "))
        return gettext("The %(nth)s %(weekday)s") % {"nth": which, "weekday": names}
    if days:
        return gettext("The %(days)s") % {
            "days": _joined(
                [
                    gettext("%(nth)s %(weekday)s") % {"nth": _ordinal(day.index), "weekday": WEEKDAYS[day.number]}
                    for day in days
                ]
            )
        }
    numbers = line.bymonthday or ([start.day] if start else [])
    if numbers == [-1]:
        return gettext("The last day")
    return gettext("Day %(numbers)s") % {"numbers": _joined([str(number) for number in numbers])}


def _ordinal(nth: int) -> str:
    names = {
        1: gettext("first"),
        2: gettext("second"),
        3: gettext("third"),
        4: gettext("fourth"),
        5: gettext("fifth"),
        -1: gettext("last"),
        -2: gettext("second to last"),
        -3: gettext("third to last"),
    }
    return names.get(nth) or (gettext("number %(nth)d") % {"nth": nth})


def _joined(names: list[str], last: str = "") -> str:
    last = last or gettext(" and ")
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + last + names[-1] if names else ""
