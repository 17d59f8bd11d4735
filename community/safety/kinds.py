"""The kinds of thing that can be reported. A room registers its own in `AppConfig.ready`."""

from collections.abc import Callable
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

    `may_see(user, target_id)` asks the room's `visible_to`; `disclose(target_id)` returns the one thing, or None once
    it is gone; `hide(target_id, by)` takes it out of sight for all but its author's own record.
    """

    name: str
    may_see: Callable[[Any, int], bool]
    disclose: Callable[[int], Disclosed | None]
    hide: Callable[[int, Any], None]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind | None:
    """The kind called `name`, None where no room registered it."""
    return _kinds.get(name)
