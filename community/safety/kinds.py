"""The kinds of thing that can be reported. A room registers its own in `AppConfig.ready`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet


@dataclass(frozen=True)
class Beside:
    """One thing that stands near a reported one, which its reporter may show the moderators too.

    `kind` and `target_id` say which, in the room's own terms. `where` says how it stands to the reported thing, `words`
    are its first ones, `html` all of it.
    """

    kind: str
    target_id: int
    where: str
    words: str
    html: str
    author_id: int | None = None
    author: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}-{self.target_id}"

    @property
    def label(self) -> str:
        """What one ticks: "Ana Ruiz, before it: We never found…"."""
        place = f"{self.author}, {self.where}" if self.author else self.where
        return f"{place[:1].upper()}{place[1:]}: {self.words}"


@dataclass(frozen=True)
class Disclosed:
    """What a moderator reads of one reported thing: whose it is, its words as clean HTML, and where it stands.

    `url` leads there, and is empty for a moderator who can't read it there, as always in a group. `beside` holds what
    the reporter shows as well. `circle_id` is the group that it stands in, None outside of groups. `part_of` is the
    kind and id of what is hidden with it, and which the decision is about then.
    """

    author_id: int | None
    author: str
    html: str
    place: str
    is_hidden: bool
    url: str = ""
    in_group: bool = False
    beside: tuple[Beside, ...] = ()
    circle_id: int | None = None
    part_of: tuple[str, int] | None = None


@dataclass(frozen=True)
class Waiting:
    """How things of a kind wait to be let through.

    `rows(user)` are the rows that wait for the moderator `user`, with `held_at`, the oldest first; `since(target_id)`
    is since when one waits, None where it does not. `approve(target_id, by)` lets one through and
    `decline(target_id, by, words)` turns it down; both tell its author, and raise `Refused`.
    """

    rows: Callable[[Any], QuerySet]
    since: Callable[[int], datetime | None]
    approve: Callable[[int, Any], None]
    decline: Callable[[int, Any, str], None]


class Refused(Exception):
    """Why a room does not do it, in a sentence for the person who asked."""


def _nothing_beside(user: Any, target_id: int) -> list[Beside]:
    return []


def _nobody(target_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    return set()


@dataclass(frozen=True)
class Kind:
    """One kind of reportable thing.

    `may_see(user, target_id)` asks the room's `visible_to`; `disclose(things, moderator)` returns those of `things`
    that are still there, by id, in a fixed number of queries, each with what is named beside it by its `key`;
    `hide(target_id, by)` takes one out of everybody's sight. `beside(user, target_id)` is what the reporter may show
    too, in the order in which it stands; `insiders(target_ids, user_ids)` are the pairs of thing and person where the
    person is inside the group that the thing belongs to, and so can't judge it. `restore(target_id, by)` undoes `hide`;
    both ask nobody's permission and write the audit row, and `restore` raises `Refused`. `hidden_as` and `restored_as`
    are the words of it; a kind without `hide` can't be hidden by moderators. `label` says in a word what it is, `url`
    is where those who are inside find it, an address that tells nothing. `partaken(user)` are the ids of the things
    that somebody has a part in otherwise than by writing them or belonging to their group: `insiders` names those too.
    """

    name: str
    may_see: Callable[[Any, int], bool]
    disclose: Callable[[Mapping[int, Collection[str]], Any], dict[int, Disclosed]]
    hide: Callable[[int, Any], None] | None = None
    beside: Callable[[Any, int], list[Beside]] = _nothing_beside
    insiders: Callable[[Collection[int], Collection[int]], set[tuple[int, int]]] = _nobody
    restore: Callable[[int, Any], None] | None = None
    hidden_as: str = ""
    restored_as: str = ""
    label: Any = ""
    waiting: Waiting | None = None
    url: Callable[[int], str] | None = None
    partaken: Callable[[Any], Any] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind | None:
    """The kind called `name`, None where no room registered it."""
    return _kinds.get(name)


def partaken_by(user: Any) -> list[tuple[str, Any]]:
    """Of each kind the ids of what `user` has a part in, beyond their own words and groups."""
    return [(kind.name, kind.partaken(user)) for kind in _kinds.values() if kind.partaken is not None]


def that_wait() -> list[tuple[Kind, Waiting]]:
    """Those whose things may wait to be let through, each with how they do."""
    return [(kind, kind.waiting) for kind in _kinds.values() if kind.waiting is not None]


@dataclass(frozen=True)
class Circles:
    """Groups, as far as this room knows of them: `of(user)` are the ids of those that somebody belongs to, as a
    subquery, `entered(user)` the ids of those that they are inside of, and `led(circle_id)` the people who lead one.
    `belonged(user_id, circle_id, at)` is whether they had not left one by then, an expression of two references."""

    of: Callable[[Any], Any]
    entered: Callable[[Any], Any]
    belonged: Callable[[int, OuterRef, OuterRef], Exists]
    led: Callable[[int], QuerySet]


_circles: list[Circles] = []


def register_circles(circles: Circles) -> None:
    _circles.append(circles)


def circles_of(user: Any) -> list[Any]:
    """Subqueries with the ids of the groups that `user` belongs to."""
    return [circles.of(user) for circles in _circles]


def circles_entered_by(user: Any) -> set[int]:
    """The ids of the groups that `user` is inside of now."""
    return {circle for circles in _circles for circle in circles.entered(user)}


def before_leaving(user_id: int, circle_id: str, at: str) -> Q:
    """The condition that a row is of no group, or of a time at which somebody had not left it: both are columns."""
    condition = Q(**{circle_id: None})
    for circles in _circles:
        condition |= Q(circles.belonged(user_id, OuterRef(circle_id), OuterRef(at)))
    return condition


def leaders(circle_id: int) -> list[Any]:
    """The people who lead a group."""
    return [person for circles in _circles for person in circles.led(circle_id)]
