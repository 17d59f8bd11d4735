"""A second look at what somebody is about to post: what could identify a client, why, and what could stand there.

Nothing of it is kept: the person sees it once, on the page that answers their form. That they post the words as they
are is said by a seal over exactly these words, so that other words are looked at anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.safety.identifiers import Hit, Kind, find, replaced

REASONS: dict[Kind, Promise] = {
    Kind.ADDRESS: _("A street address leads to the people who live there."),
    Kind.ZIP: _("A ZIP or postal code narrows it down to a neighborhood."),
    Kind.DATE: _("A date finer than a year, together with what else is told, can single somebody out."),
    Kind.AGE: _("Few people are older than 89, so an age above that can single somebody out."),
    Kind.PHONE: _("A phone or fax number leads to one person or household."),
    Kind.EMAIL: _("An e-mail address leads to one person."),
    Kind.SSN: _("A Social Security number, or a part of it, belongs to one person alone."),
    Kind.RECORD: _("A number of a record, case or account leads to one person's file."),
    Kind.POLICY: _("A number of a policy, claim or insured person leads to one person."),
    Kind.IP: _("An IP address can lead to one household or device."),
}
MOST_SHOWN = 40
CONTEXT = 90  # letters of the writer's own words that stay before and after a finding
_SALT = "community.safety.identifiers.looking"


@dataclass(frozen=True)
class Found:
    """One finding, numbered through the page: the words, why they are shown, and what could stand there instead."""

    number: int
    words: str
    reason: Promise
    wording: str


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and what was found in them if anything was."""

    words: str
    found: Found | None = None


@dataclass(frozen=True)
class Part:
    """One of the texts in which something was found, by the name that its field has on the page."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Look:
    """What a person is shown before their words are posted. `seal` is what "Post as it is" sends back."""

    parts: list[Part]
    seal: str
    count: int = 0
    replaced: int = 0

    @property
    def found(self) -> list[Found]:
        return [piece.found for part in self.parts for piece in part.pieces if piece.found]

    @property
    def unshown(self) -> int:
        return self.count - len(self.found)


@dataclass
class _Numbers:
    given: int = field(default=0)

    def next(self) -> int:
        self.given += 1
        return self.given


def look_at(
    texts: Mapping[str, str], labels: Mapping[str, str], *, by, seal: str = "", replaced: int = 0
) -> Look | None:
    """What is found in the texts, which have names; None where nothing is, or where `seal` says to post them so.

    `replaced` is how many passages have been replaced already: whoever asked for it reads it once more before it goes.
    """
    own = seal_of(texts, by=by)
    if constant_time_compare(seal, own):
        return None
    year = timezone.now().year
    numbers = _Numbers()
    hits = {name: find(text, this_year=year) for name, text in texts.items()}
    parts = [
        Part(str(labels[name]), pieces)
        for name, text in texts.items()
        if hits[name] and (pieces := _pieces(text, hits[name], numbers))
    ]
    if not parts and not replaced:
        return None
    return Look(parts, own, sum(map(len, hits.values())), replaced)


def replacements(texts: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Those of the texts that change when every finding gives way to its wording, and how many findings there were."""
    year = timezone.now().year
    changed = {name: replaced(text, this_year=year) for name, text in texts.items()}
    changed = {name: text for name, text in changed.items() if text != texts[name]}
    return changed, sum(len(find(texts[name], this_year=year)) for name in changed)


def seal_of(texts: Mapping[str, str], *, by) -> str:
    """What stands for exactly these texts and this person, and can't be made up."""
    return salted_hmac(_SALT, json.dumps([by.pk, sorted(texts.items())]), algorithm="sha256").hexdigest()


def _pieces(text: str, hits: list[Hit], numbers: _Numbers) -> list[Piece]:
    """The findings among the words around them, as many as are still shown."""
    pieces: list[Piece] = []
    end = 0
    for hit in hits:
        if numbers.given >= MOST_SHOWN:
            break
        pieces.append(Piece(_shortened(text[end : hit.start], first=end == 0)))
        words = text[hit.start : hit.end]
        pieces.append(Piece(words, Found(numbers.next(), words, REASONS[hit.kind], hit.wording)))
        end = hit.end
    if pieces:
        rest = text[end:]
        pieces.append(Piece(rest if len(rest) <= CONTEXT else f"{rest[:CONTEXT].rstrip()}…"))
    return pieces


def _shortened(words: str, *, first: bool) -> str:
    """The words before a finding, and after the one before it, without what lies between."""
    if first:
        return words if len(words) <= CONTEXT else f"…{words[-CONTEXT:].lstrip()}"
    return words if len(words) <= 2 * CONTEXT else f"{words[:CONTEXT].rstrip()} … {words[-CONTEXT:].lstrip()}"
