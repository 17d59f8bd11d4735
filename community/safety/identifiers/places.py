"""Street addresses and ZIP codes. Names of towns and regions are no matter of form."""

import re
from collections.abc import Iterator

from community.safety.identifiers.hits import LEFT_OUT, Hit, Kind

_SURE = (
    "street|avenue|boulevard|road|lane|highway|parkway|turnpike"  # whatever stands before, and however it is written
)
_SURE_SHORT = "st|ave|blvd|rd|ln|hwy|pkwy"
_OTHERS = (
    "Drive|Dr|Court|Ct|Place|Pl|Circle|Cir|Square|Sq|Terrace|Ter|Trail|Trl|Way|Loop|Alley|Row|Crescent|Cres|Close|Plaza"
    "|Walk|Path"
)
_UNIT = r"(?:,? ?(?:(?i:apt|apartment|suite|ste|unit|floor|fl|room|rm)\b\.? ?#?|#) ?[A-Za-z]?-?\d{1,5}[A-Za-z]?\b)?"
_DIRECTION = r"(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.? )?"
_NUMBER = r"(?<![\w.,/:$#%+-])\d{1,6}(?:-\d{1,6}|[A-Za-z])? "
_NAME = r"(?:[A-Z][\w.'-]{0,24}|\d{1,3}(?:st|nd|rd|th)) "
_CAPITAL = re.compile(
    rf"{_NUMBER}{_DIRECTION}(?:{_NAME}){{1,4}}(?:(?i:{_SURE}|{_SURE_SHORT})|{_OTHERS})\b\.?"
    rf"(?: (?:[NSEW]|NE|NW|SE|SW)\b\.?)?{_UNIT}"
)
_NO_NAME = (
    "the|a|an|of|on|in|at|to|for|from|by|my|our|her|his|their|this|that|and|or|down|up|off|per|years?|months?|weeks?|days?|"
    "hours?|minutes?|min|mins|miles?|blocks?|people|kids|clients|colleagues|sessions?|men|women|lane|long|more|different|busy|way"
)
_SMALL = re.compile(
    rf"{_NUMBER}(?:(?:north|south|east|west|[nsew]\.?) )?"
    rf"(?:(?!(?:{_NO_NAME})\b)[a-z][\w'-]{{1,24}} |\d{{1,3}}(?:st|nd|rd|th) ){{1,2}}"
    rf"(?:{_SURE}|st|ave|blvd|rd|drive)\b\.?{_UNIT}"
    r"(?! (?:and|work|outreach|drugs|team|level|corner)\b)",
)
_BOX = re.compile(r"\bP\.? ?O\.? ?Box (?:number |no\.? |# ?)?\d{1,7}\b", re.IGNORECASE)

_ZIP4 = re.compile(r"(?<![\w.,/:$#+-])\d{5}-\d{4}(?![\w/]|[.-]\d)")
_ZIP_NAMED = re.compile(
    r"\b(?:ZIP|postal)(?:[ -]?codes?)?(?: is| was| of|:)? ?(?P<value>\d{5}(?:-\d{4})?)(?![\w/]|[.,-]\d)", re.IGNORECASE
)
_CANADIAN = re.compile(r"(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d(?![\w-])")

# USPS Publication 28, appendix B: states, and the first digits of their ZIP codes. "Use 90837 OR 90834" is no Oregon.
_FIRST_DIGITS = {
    "AL": "35 36", "AK": "99", "AZ": "85 86", "AR": "71 72 75", "CA": "90 91 92 93 94 95 96", "CO": "80 81", "CT": "06",
    "DE": "19", "DC": "20 56", "FL": "32 33 34", "GA": "30 31 39", "HI": "96", "ID": "83", "IL": "60 61 62",
    "IN": "46 47", "IA": "50 51 52", "KS": "66 67", "KY": "40 41 42", "LA": "70 71", "ME": "03 04", "MD": "20 21",
    "MA": "01 02 05", "MI": "48 49", "MN": "55 56", "MS": "38 39", "MO": "63 64 65", "MT": "59", "NE": "68 69",
    "NV": "88 89", "NH": "03", "NJ": "07 08", "NM": "87 88", "NY": "00 06 10 11 12 13 14", "NC": "27 28",
    "ND": "58", "OH": "43 44 45", "OK": "73 74", "OR": "97", "PA": "15 16 17 18 19", "RI": "02", "SC": "29",
    "SD": "57", "TN": "37 38", "TX": "73 75 76 77 78 79 88", "UT": "84", "VT": "05", "VA": "20 22 23 24",
    "WA": "98 99", "WV": "24 25 26", "WI": "53 54", "WY": "82 83", "PR": "00 006 007 009",
}  # fmt: skip
_NAMES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS",
    "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "hampshire": "NH", "jersey": "NJ",
    "mexico": "NM", "york": "NY", "carolina": "NC SC", "dakota": "ND SD", "ohio": "OH", "oklahoma": "OK",
    "oregon": "OR", "pennsylvania": "PA", "island": "RI", "tennessee": "TN", "texas": "TX", "utah": "UT",
    "vermont": "VT", "virginia": "VA WV", "washington": "WA", "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
_AFTER_STATE = re.compile(
    rf"\b(?P<state>{'|'.join(_FIRST_DIGITS)}|(?i:{'|'.join(_NAMES)})),? {{1,2}}(?P<value>\d{{5}})(?![\w/%]|[.,-]\d)"
)


def addresses(text: str) -> Iterator[Hit]:
    for pattern, wording in ((_CAPITAL, "a street address"), (_SMALL, "a street address"), (_BOX, "a P.O. box")):
        for found in pattern.finditer(text):
            yield Hit(Kind.ADDRESS, found.start(), found.end(), wording)


def zip_codes(text: str) -> Iterator[Hit]:
    for pattern in (_ZIP4, _CANADIAN):
        for found in pattern.finditer(text):
            yield Hit(Kind.ZIP, found.start(), found.end(), LEFT_OUT)
    for found in _ZIP_NAMED.finditer(text):
        yield Hit(Kind.ZIP, found.start("value"), found.end("value"), LEFT_OUT)
    for found in _AFTER_STATE.finditer(text):
        if _is_in(found["state"], found["value"]):
            yield Hit(Kind.ZIP, found.start("value"), found.end("value"), LEFT_OUT)


def _is_in(state: str, code: str) -> bool:
    states = _NAMES.get(state.lower(), state).split()
    return any(code.startswith(digits) for each in states for digits in _FIRST_DIGITS[each].split())
