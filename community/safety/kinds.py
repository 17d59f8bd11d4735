"""The kinds of thing that can be reported. A room registers its own in `AppConfig.ready`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Disclosed:
    """What a moderator reads of one reported thing: whose it is, its words as clean HTML, and where it stands."""

    author_id: int | None
    author: str
    html: str
    place: str
    is_hidden: bool


@dataclass(frozen=True)
class Kind:
    """One kind of reportable thing.

    `may_see(user, target_id)` asks the room's `visible_to`; `disclose(target_ids)` returns those of them that are still
    there, by id, in a fixed number of queries; `hide(target_id, by)` takes one out of everybody's sight.
    """

    name: str
    may_see: Callable[[Any, int], bool]
    disclose: Callable[[Iterable[int]], dict[int, Disclosed]]
    hide: Callable[[int, Any], None]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind | None:
    """The kind called `name`, None where no room registered it."""
    return _kinds.get(name)
