"""What is found: where, of which kind, and what could stand there instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The structured identifiers of 45 CFR 164.514(b)(2)(i), by its letters."""

    ADDRESS = "address"  # (B) street addresses
    ZIP = "zip"  # (B) ZIP codes; Canada's postal codes too
    DATE = "date"  # (C) elements of dates finer than a year
    AGE = "age"  # (C) ages over 89, and years that tell one
    PHONE = "phone"  # (D) and (E): a fax number looks the same
    EMAIL = "email"  # (F)
    SSN = "ssn"  # (G) Social Security numbers
    RECORD = "record"  # (H) medical records, and (J) accounts
    POLICY = "policy"  # (I) numbers of insured people
    IP = "ip"  # (O)


@dataclass(frozen=True)
class Hit:
    """`text[start:end]` could identify somebody; `wording` would not. It is English, like what the rules read."""

    kind: Kind
    start: int
    end: int
    wording: str


LEFT_OUT = "(left out)"  # for a value whose name stands before it


def apart(hits: Iterable[Hit]) -> list[Hit]:
    """The hits in the order of the text, none within another: of two that share a letter the earlier, then longer."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.kind)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
