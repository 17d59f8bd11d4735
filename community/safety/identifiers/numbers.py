"""Social Security numbers, and numbers of records and policies."""

import re
from collections.abc import Iterator

from community.safety.identifiers.hits import LEFT_OUT, Hit, Kind

_SSN = re.compile(r"(?<![\w/.-])\d{3}([- ])\d{2}\1\d{4}(?![\w/]|[.-]\d)")
_SSN_NAMED = re.compile(
    r"\b(?:SSN|SIN|ITIN|social(?: security)?(?: insurance)?(?: number| no\.?| #)?)"
    r"(?:[ :#]| (?:is|was|ends in|ending in|ending|last four)){0,3} ?"
    r"(?P<value>\d{3}[- ]?\d{2,3}[- ]?\d{3,4}|\d{4})(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)

# A name, a word for "number" unless the name is one already, and a value in which there is a digit.
_VALUE = r"(?P<value>(?=[A-Za-z-]{0,5}\d)[A-Za-z0-9][A-Za-z0-9-]{2,23}[A-Za-z0-9])(?![\w@/]|[.-]\w)"
_OF = r"(?: (?:is|was|of))?[:#]{0,2} ?[#(\"']?"
_NUMBER = r" ?(?:#|numbers?\b|nos?\b\.?|nr\b\.?|num\b\.?|id\b|identifier\b)"
_RECORDS = re.compile(
    r"\b(?:(?:MRN|medical record)(?:" + _NUMBER + r")?"
    r"|(?:chart|patient|client|case|file|record|admission|encounter|account|acct\.?|bank account)"
    + _NUMBER
    + r")"
    + _OF
    + _VALUE,
    re.IGNORECASE,
)
_POLICIES = re.compile(
    r"\b(?:(?:policy|member|subscriber|beneficiary|plan|claim|certificate|authorization|prior auth|group)"
    + _NUMBER
    + r"|(?:insurance|medicare|medicaid|HICN|MBI|health card|OHIP)(?:"
    + _NUMBER
    + r")?)"
    + _OF
    + _VALUE,
    re.IGNORECASE,
)
# CMS, "Medicare Beneficiary Identifier (MBI) format": 11 places, of which these are letters and these digits.
_MBI = re.compile(
    r"(?<![\w-])[1-9](?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z0-9]\d-?(?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z0-9]\d-?"
    r"(?:(?![SLOIBZ])[A-Z]){2}\d{2}(?![\w-])"
)
_FEWEST_DIGITS = 4


def social_security(text: str) -> Iterator[Hit]:
    for found in _SSN.finditer(text):
        yield Hit(Kind.SSN, found.start(), found.end(), "a Social Security number")
    for found in _SSN_NAMED.finditer(text):
        yield Hit(Kind.SSN, found.start("value"), found.end("value"), LEFT_OUT)


def records(text: str) -> Iterator[Hit]:
    return _named(_RECORDS, Kind.RECORD, text)


def policies(text: str) -> Iterator[Hit]:
    yield from _named(_POLICIES, Kind.POLICY, text)
    for found in _MBI.finditer(text):
        yield Hit(Kind.POLICY, found.start(), found.end(), "a Medicare number")


def _named(pattern: re.Pattern[str], kind: Kind, text: str) -> Iterator[Hit]:
    """Values with four digits or more: "case no. 3" and "policy 12" are nobody's."""
    for found in pattern.finditer(text):
        if sum(letter.isdigit() for letter in found["value"]) >= _FEWEST_DIGITS and not _is_year(found["value"]):
            yield Hit(kind, found.start("value"), found.end("value"), LEFT_OUT)


def _is_year(value: str) -> bool:
    return len(value) == 4 and value[:2] in ("19", "20")
