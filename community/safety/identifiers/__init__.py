"""What could identify a client in a text, as far as its form tells: numbers, addresses, dates, ages.

The identifiers with a structure among those that the HIPAA Privacy Rule's Safe Harbor names, 45 CFR 164.514(b)(2)(i),
as they are written in North America. Pure functions that ask nothing and keep nothing, in time that grows with the
length of the text. Finding nothing does not mean that there is nothing: names and places have no form, and whoever
writes can say who somebody is without any of this. So no page may say that a text is clean.

Left alone are lines that quote somebody (they stand there already) and addresses of pages.
"""

import re

from community.safety.identifiers.ages import ages
from community.safety.identifiers.contacts import emails, ips, phones
from community.safety.identifiers.dates import dates
from community.safety.identifiers.hits import Hit, Kind, apart
from community.safety.identifiers.numbers import policies, records, social_security
from community.safety.identifiers.places import addresses, zip_codes
from community.safety.identifiers.plain import plain

__all__ = ["Hit", "Kind", "find", "replaced"]

_MOST_ROUNDS = 20  # one or two do; a row of numbers that only their neighbors explain needs more
_WORTH_A_LOOK = re.compile(r"\d|@|\bat\b|ninety|hundred", re.IGNORECASE)
_STARTS_A_SENTENCE = re.compile(r"(?:\A|[.!?:]\s|\n\s*(?:[-*] )?)\Z")


def find(text: str, *, this_year: int) -> list[Hit]:
    """What could identify somebody, in the order of the text; no two hits share a letter.

    `this_year` is what ages are reckoned from. Never raises, whatever the text.
    """
    text = plain(text)
    if not _WORTH_A_LOOK.search(text):
        return []
    hits = [*emails(text), *ages(text, this_year)]
    if any(letter.isdigit() for letter in text):
        hits += [*phones(text), *ips(text), *social_security(text), *records(text), *policies(text)]
        hits += [*dates(text, this_year), *addresses(text), *zip_codes(text)]
    return apart(hits)


def replaced(text: str, *, this_year: int) -> str:
    """`text` with the neutral wording in the place of every hit, also of those that show only then."""
    for _round in range(_MOST_ROUNDS):
        hits = find(text, this_year=this_year)
        if not hits:
            break
        parts, end = [], 0
        for hit in hits:
            parts += [text[end : hit.start], _fitted(hit.wording, text, hit.start)]
            end = hit.end
        text = "".join((*parts, text[end:]))
    return text


def _fitted(wording: str, text: str, start: int) -> str:
    """The wording with a capital letter where a sentence begins with it."""
    if text.startswith("On ", start) or _STARTS_A_SENTENCE.search(text[max(start - 8, 0) : start]):
        return wording[:1].upper() + wording[1:]
    return wording
