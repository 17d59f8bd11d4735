"""The kinds of letter and notice. A room registers its own in `AppConfig.ready`, with the functions that decide at
sending and at reading."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from community.notices.models import Frequency, Notice


@dataclass(frozen=True)
class Line:
    """One thing in a list of notices: what happened, in a sentence; where that may be read, what it is about, where it
    stands, and its first words. `url` leads there."""

    what: str
    url: str
    title: str = ""
    place: str = ""
    words: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    `context(recipient, target_id)` is asked at the moment of sending. It loads the target through `visible_to` and
    returns the template's context, or None where the recipient may not see it (any more) or it is no longer true.
    `template` is the stem of three files: `<stem>_subject.txt`, `<stem>.txt` and `<stem>.html`.

    With `to_addresses` it may go to an address where nobody has an account: then `recipient` is None, for `context` and
    for the templates.

    A kind with a `label` is one that members choose the `frequency` of. `lines(reader, notices, for_mail=…)` says what
    its notices are about, by their ids, and leaves out those that the reader may not see or has seen; for mail, only
    what may leave the site. `stop(user_id, target_id)` is the nearest thing that a letter about this target lets its
    reader switch off without logging in, which `stop_label` names; without one, it is the kind.
    """

    name: str
    template: str
    context: Callable[..., dict | None]
    to_addresses: bool = False
    label: Any = ""
    frequency: str = Frequency.AT_ONCE
    lines: Callable[..., dict[int, Line]] | None = None
    stop: Callable[[int, int], None] | None = None
    stop_label: Any = ""


_kinds: dict[str, Kind] = {}
_places: list[Callable[[Any], list[tuple[int, str]]]] = []


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """The kind called `name`; KeyError where no room registered it."""
    return _kinds[name]


def of_choice() -> list[Kind]:
    """Those that members choose the frequency of."""
    return [kind for kind in _kinds.values() if kind.label]


def register_places(places: Callable[[Any], list[tuple[int, str]]]) -> None:
    """Name the function that gives the places of a member, id and name, for which they may choose a frequency."""
    _places.append(places)


def places_of(user) -> list[tuple[int, str]]:
    return [place for places in _places for place in places(user)]


def lines(reader, notices: Collection[Notice], *, for_mail: bool = False) -> dict[int, Line]:
    """What these notices say to `reader`, by their ids. What is not in it is not there for them."""
    by_function: dict[Callable[..., dict[int, Line]], list[Notice]] = {}
    for notice in notices:
        kind = _kinds.get(notice.kind)
        if kind is not None and kind.lines is not None:
            by_function.setdefault(kind.lines, []).append(notice)
    found: dict[int, Line] = {}
    for function, theirs in by_function.items():
        found |= function(reader, theirs, for_mail=for_mail)
    return found
