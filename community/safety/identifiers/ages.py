"""Ages over 89, which count as dates: few people reach them. Safe Harbor has one word for all of them, 90 or older."""

import re
from collections.abc import Iterator

from community.safety.identifiers.hits import Hit, Kind

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_AGE = (
    r"(?P<age>9\d|1[01]\d|12[0-5]"
    rf"|ninety(?! or older)(?:[- ](?:{_ONES}))?|(?:a|one) hundred(?:[- ](?:and )?(?:{_ONES}|ten))?)"
)
_WHO = (
    "woman|man|person|client|patient|mother|father|grandmother|grandfather|grandma|grandpa|widow|widower|lady"
    "|gentleman|veteran|male|female|aunt|uncle|parent|resident|spouse|wife|husband|neighbor|survivor"
)
# What grows as old without being anybody.
_THING = (
    "building|house|home|institution|association|church|school|university|college|hospital|clinic|company|study"
    "|theory|tradition|tree|book|text|law|organization|program|practice|idea|model|society|house|town|field"
)
_UNIT = r"(?P<unit>years?[- ]old|year[- ]olds|y/?o\b|y\.o\.|yrs?\.?[- ]old|years of age)"
_COUNTED = (
    "%|percent|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|sessions?|mg|miles?|pounds|lbs|kg|points?|clients"
    "|people|percentile|degrees"
)

_YEARS_OLD = re.compile(
    rf"(?<![\w.,/$-]){_AGE}[- ]?{_UNIT}(?! ?(?:{_THING})\b)(?:[- ](?P<who>{_WHO})\b)?(?![\w/])", re.IGNORECASE
)
_OF_A_THING = re.compile(rf"\b(?:{_THING}) (?:is|was|turned|has been)(?: now| already| almost)? \Z", re.IGNORECASE)
_AGED = re.compile(
    r"\b(?:aged?|ages|turned|turns|turning|reached|approaching|nearly|almost):? (?:of )?"
    rf"(?P<ages>(?:\d\d ?(?:-|to|and) ?)?{_AGE})(?![\w%/]|[.,:]\d| ?(?:{_COUNTED})| hundred)",
    re.IGNORECASE,
)
_IS = re.compile(
    rf"\b(?:he|she|they|who|(?:{_WHO}))(?:'s|'re| is| was| are| were|,)"
    rf"(?: now| already| just| almost| nearly| about)? {_AGE}"
    r"(?=[.;!?)](?!\d)|,(?! ?\d)|\n|\Z| (?:and|but|when|now|who|with|this|next|last|or)\b(?! \d))",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\bborn:? ?(?P<when>(?:(?:in|around|about) )?(?:the (?:year )?)?(?P<year>1[89]\d\d))(?!\w|[-/.]\d)", re.IGNORECASE
)
_OLDEST = 89
_WORDING = "ninety or older"


def ages(text: str, this_year: int) -> Iterator[Hit]:
    for found in _YEARS_OLD.finditer(text):
        if not _OF_A_THING.search(text, max(found.start() - 40, 0), found.start()):
            yield Hit(Kind.AGE, found.start(), found.end(), _of(found["who"], found[0][len(found["age"]) :]))
    for found in _AGED.finditer(text):
        yield Hit(Kind.AGE, found.start("ages"), found.end(), _WORDING)
    for found in _IS.finditer(text):
        yield Hit(Kind.AGE, found.start("age"), found.end("age"), _WORDING)
    for found in _BORN.finditer(text):
        if this_year - int(found["year"]) > _OLDEST:
            yield Hit(Kind.AGE, found.start("when"), found.end(), "more than ninety years ago")


def _of(who: str | None, unit: str) -> str:
    if who:
        return f"{who} of {_WORDING}"
    if unit.lower().endswith("olds"):
        return f"people of {_WORDING}"
    return f"person of {_WORDING}" if "-" in unit else _WORDING
