"""Dates finer than a year.

A day, or a month of a named year. Not: a year or a decade, a month or a season without a year's number ("in May", "last
spring"), a weekday, a time of day, a holiday, "9/11". A day without a year is one ("on March 14"): with what else is
known it has a year. What a date is about nobody can tell from its form: that of the chapter's next meeting is found
like any other, and its writer posts it as it is.
"""

import re
from collections.abc import Iterator

from community.safety.identifiers.hits import Hit, Kind

_FULL = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
# "may" and "march" are verbs, and short forms are other words too, unless they begin with a capital letter.
_MONTH = (
    rf"(?P<month>(?i:January|February|April|June|July|August|September|October|November|December)"
    rf"|March|MARCH|May|MAY|(?:{_SHORT}|{_SHORT.upper()})\b\.?)"
)
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?P<th>st|nd|rd|th)?"
_RANGE = r"(?: ?(?:-|to|and|through) ?(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)?"
_YEAR = r"(?P<year>1[89]\d\d|20\d\d)"
_BEFORE = r"(?<![0-9A-Za-z/.,$#%+-])(?:(?P<on>on|On) )?(?:(?:the|The) )?"
_AFTER = r"(?![0-9A-Za-z/%]|[.,:-]\d)"

_MONTH_DAY = re.compile(rf"{_BEFORE}{_MONTH} (?:the )?{_DAY}{_RANGE}(?:,? {_YEAR})?{_AFTER}")
_DAY_MONTH = re.compile(rf"{_BEFORE}{_DAY}{_RANGE} (?:of )?{_MONTH}(?:,? {_YEAR})?(?![0-9A-Za-z])")
_MONTH_YEAR = re.compile(rf"(?<![0-9A-Za-z]){_MONTH},? (?:of )?{_YEAR}(?![0-9A-Za-z/%]|[.-]\d)")
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z/.,$#+-])(?P<on>(?:on|On) )?"
    r"(?P<a>\d{1,4})(?P<between>[/.-])(?P<b>\d{1,2})(?P=between)(?P<c>\d{2,4})"
    r"(?![0-9A-SU-Za-z/%]|[.,-]\d)"
)
_EIGHT = re.compile(
    r"(?<![0-9A-Za-z.,$#+-])(?:(?:19|20)\d\d[01]\d[0-3]\d|[01]\d[0-3]\d(?:19|20)\d\d)(?![0-9A-Za-z%]|[.,]\d)"
)
_MONTH_IN_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z/.,$#+-])(?P<m>0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?![0-9A-Za-z/%]|[.,-]\d)"
)
# Two numbers alone are a score, a fraction or a fork in the road, unless a word before them asks for a day.
_SHORT_NUMBERS = re.compile(
    r"(?<!\d )\b(?P<word>[Oo]n|[Ss]ince|until|till|[Ff]rom|between|before|after|by|dated|born|DOB|dob|week of|for):? "
    r"(?P<m>0?[1-9]|1[0-2])/(?P<d>0?[1-9]|[12]\d|3[01])"
    r"(?:(?: ?- ?| to | and )(?:(?:0?[1-9]|1[0-2])/)?(?:0?[1-9]|[12]\d|3[01]))?(?![0-9A-Za-z/%]|[.,-]\d)"
)
_IS_A_COUNT = re.compile(
    r" ?-?(?:of (?:us|them|my|our|the|those|these|you)|people|persons|clients|colleagues|members|therapists|sessions?|"
    r"hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|times?|mg|points?|items?|steps?|scale|percent|%|others|more)\b",
    re.IGNORECASE,
)
_NEEDS_NO_IN = re.compile(
    r"\b(?:since|until|till|by|from|before|after|between|and|to|through|of|dated|for|this|last|next|in|or|-) ?\Z",
    re.IGNORECASE,
)
_SEASONS = [
    "winter",
    "winter",
    "spring",
    "spring",
    "spring",
    "summer",
    "summer",
    "summer",
    "fall",
    "fall",
    "fall",
    "winter",
]
_MONTHS = {name[:3].lower(): number for number, name in enumerate(_FULL.split("|"), 1)}
_FIRST_YEAR = 1850


def dates(text: str, this_year: int) -> Iterator[Hit]:
    yield from _days_in_words(text)
    for found in _MONTH_YEAR.finditer(text):
        yield _hit(found, _year_alone(int(found["year"]), this_year))
    for found in _NUMBERS.finditer(text):
        month = _month_of(found["a"], found["b"], found["c"], found["between"], text[found.end() : found.end() + 16])
        if month:
            yield _hit(found, _season(text, found, month))
    for found in _EIGHT.finditer(text):
        digits = found[0]
        first_year = digits[:2] in ("19", "20") and _is_day(digits[4:6], digits[6:])
        in_digits, day = (digits[4:6], digits[6:]) if first_year else (digits[:2], digits[2:4])
        if _is_day(in_digits, day):
            yield _hit(found, _season(text, found, int(in_digits)))
    for found in _MONTH_IN_NUMBERS.finditer(text):
        yield _hit(found, _year_alone(int(found["year"]), this_year))
    for found in _SHORT_NUMBERS.finditer(text):
        if (found["m"], found["d"]) in (("9", "11"), ("10", "10")) or _IS_A_COUNT.match(text, found.end()):
            continue
        keeps_word = found["word"].lower() != "on"
        start = found.start("m") if keeps_word else found.start()
        yield Hit(Kind.DATE, start, found.end(), f"one day in {_SEASONS[int(found['m']) - 1]}")


def _days_in_words(text: str) -> Iterator[Hit]:
    for found in (*_MONTH_DAY.finditer(text), *_DAY_MONTH.finditer(text)):
        month = _MONTHS[found["month"][:3].lower()]
        if not found["year"]:
            is_count = not found["th"] and _IS_A_COUNT.match(text, found.end())
            if is_count or (month, int(found["day"])) in ((7, 4), (9, 11)):
                continue
            yield _hit(found, f"one day in {_SEASONS[month - 1]}")
        else:
            yield _hit(found, _season(text, found, month))


def _hit(found: re.Match[str], wording: str) -> Hit:
    return Hit(Kind.DATE, found.start(), found.end(), wording)


def _season(text: str, found: re.Match[str], month: int) -> str:
    """The season, of a year that is not named: with its year it would say almost as much as the month did."""
    start = found.start()
    has_on = found[0][:3].lower() == "on "
    into = "in " if has_on or not _NEEDS_NO_IN.search(text, max(start - 8, 0), start) else ""
    return f"{into}{_SEASONS[month - 1]} of that year"


def _year_alone(year: int, this_year: int) -> str:
    return str(year) if this_year - year < 90 else "that year"


def _month_of(a: str, b: str, c: str, between: str, rest: str) -> int:
    """The month of a date that is written in three numbers, the American way where both ways would do; else 0."""
    if len(a) == 4:
        return int(b) if len(c) == 2 and int(a) >= _FIRST_YEAR and int(a) < 2100 and _is_day(b, c) else 0
    if len(a) > 2 or len(c) == 3:
        return 0
    if len(c) == 4 and not _FIRST_YEAR <= int(c) < 2100:
        return 0
    if len(c) == 2 and (between == "." or (between == "-" and _IS_A_COUNT.match(rest))):
        return 0
    return int(a) if _is_day(a, b) else int(b) if _is_day(b, a) else 0


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31
