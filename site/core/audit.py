"""The audit trail: who did what to whom. Every room writes to it, the database refuses to change it, staff read it.

A row holds a word and plain ids, never a name and never content; no foreign key, so it outlives what it names. Names
are looked up for the one who reads, through the room's own `visible_to`, so that the trail tells nobody more than the
site does. A room registers its words and how its things are named in `AppConfig.ready`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from core.models import AuditEntry

Names = Callable[[Any, Collection[int]], dict[int, str]]
Target = tuple[str, int]
Words = str | Promise
Insiders = Callable[[Any, Collection[int]], Collection[int]]


@dataclass(frozen=True)
class _Thing:
    names: Names
    insiders: Insiders | None
    unnamed: Words


@dataclass(frozen=True)
class _Action:
    sentence: Words
    by_staff: bool


@dataclass(frozen=True)
class Line:
    """One row as somebody reads it: `actor`, `thing` and `person` are names, or "a person" and "a group"."""

    entry: "AuditEntry"
    actor: str
    sentence: str
    person: str
    thing: str


_things: dict[str, _Thing] = {}
_actions: dict[str, _Action] = {}


def register_actions(sentences: Mapping[str, Words], *, by_staff: bool = False) -> None:
    """Add words and what staff read for them: `{"group.archived": _("archived the group")}` (lazy).

    The sentence stands alone in a column and in the filter. With `by_staff` whoever did it answered for the
    association, so that their name is shown to readers who may not see what it was done to.
    """
    _actions.update({action: _Action(sentence, by_staff) for action, sentence in sentences.items()})


def register(label: str, names: Names, *, insiders: Insiders | None = None, unnamed: Words = "") -> None:
    """Say how things of the model `label` ("groups.group") are named.

    `names(viewer, ids)` returns the names of those that the viewer may see, by the room's `visible_to`, in a fixed
    number of queries. `insiders(viewer, ids)` returns those of them of which the viewer may know the people too, where
    that are fewer. `unnamed` (lazy) is what others read, "a group". The model of accounts names actors and persons.
    """
    _things[label] = _Thing(names, insiders, unnamed or gettext_lazy("something"))


def write(
    action: str,
    *,
    by: "AbstractBaseUser | None",
    on: models.Model | None = None,
    person: "AbstractBaseUser | None" = None,
) -> None:
    """Note that `by` (None: the system) did `action`, on a thing and to a person.

    Call it inside the transaction of the change, so that both are there or neither. Raises LookupError for a word that
    no room registered, and TransactionManagementError outside a transaction.
    """
    from core.models import AuditEntry  # models import nothing from here, rooms import this before models are ready

    if action not in _actions:
        raise LookupError(f"No room registered the action {action!r} with core.audit.register_actions.")
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit row is written inside the transaction of what it tells of.")
    AuditEntry.objects.create(
        actor_id=None if by is None else by.pk,
        action=action,
        target_kind=None if on is None else on._meta.label_lower,
        target_id=None if on is None else on.pk,
        person_id=None if person is None else person.pk,
    )


def actions() -> list[tuple[str, str]]:
    """All words with their sentences, for a filter."""
    return sorted(((word, str(action.sentence)) for word, action in _actions.items()), key=lambda pair: pair[1])


def lines(viewer, entries: Iterable["AuditEntry"]) -> list[Line]:
    """Rows as `viewer` reads them. The number of queries is that of kinds, whatever the number of rows."""
    rows = list(entries)
    names, open_things = _seen(viewer, {target for row in rows if (target := _target(row))})
    told = [_people_told(row, open_things) for row in rows]
    people = named_people(viewer, {pk for pair in told for pk in pair if pk is not None})
    return [_line(row, names, *pair, people) for row, pair in zip(rows, told, strict=True)]


def concerning(entries: models.QuerySet, viewer, person_ids: Iterable[int]) -> models.QuerySet:
    """Rows that these people did or that were done to them, of those where `viewer` reads who it was.

    Asking for somebody's rows must not tell what reading all of them would not.
    """
    ids = list(person_ids)
    own = entries.filter(Q(actor_id__in=ids) | Q(person_id__in=ids))
    targets = own.exclude(target_kind=None).order_by().values_list("target_kind", "target_id").distinct()
    by_kind = defaultdict(set)
    for kind, target_id in _seen(viewer, targets)[1]:
        by_kind[kind].add(target_id)
    open_ones = Q(target_kind=None)
    for kind, target_ids in by_kind.items():
        open_ones |= Q(target_kind=kind, target_id__in=target_ids)
    by_staff = [word for word in _actions if _is_by_staff(word)]
    return own.filter(open_ones | Q(actor_id__in=ids, action__in=by_staff))


def named_people(viewer, ids: Collection[int]) -> dict[int, str]:
    """The names of those of these people whom `viewer` may know of."""
    people = _things.get(settings.AUTH_USER_MODEL.lower())
    return people.names(viewer, ids) if people and ids else {}


def _is_by_staff(action: str) -> bool:
    return action in _actions and _actions[action].by_staff


def _seen(viewer, targets: Iterable[Target]) -> tuple[dict[Target, str], set[Target]]:
    """The names of those targets that `viewer` may see, and those of which they may know the people."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, target_id in targets:
        by_kind[kind].add(target_id)
    names: dict[Target, str] = {}
    open_things: set[Target] = set()
    for kind, ids in by_kind.items():
        thing = _things.get(kind)
        if thing is None:
            continue  # nobody said who may see these
        found = thing.names(viewer, ids)
        names.update({(kind, pk): name for pk, name in found.items()})
        inside = found if thing.insiders is None else thing.insiders(viewer, list(found))
        open_things.update((kind, pk) for pk in inside)
    return names, open_things


def _target(row: "AuditEntry") -> Target | None:
    return None if row.target_kind is None or row.target_id is None else (row.target_kind, row.target_id)


def _people_told(row: "AuditEntry", open_things: set[Target]) -> tuple[int | None, int | None]:
    """Of the actor and the person of a row, those whose names are looked up at all for this reader."""
    target = _target(row)
    if target is None or target in open_things:
        return row.actor_id, row.person_id
    return (row.actor_id if _is_by_staff(row.action) else None), None


def _line(
    row: "AuditEntry", names: dict[Target, str], actor_id: int | None, person_id: int | None, people: dict[int, str]
) -> Line:
    target, action = _target(row), _actions.get(row.action)
    thing = ""
    if target is not None:
        kind = _things.get(target[0])
        thing = names.get(target) or str(kind.unnamed if kind else _("something"))
    return Line(
        entry=row,
        actor=_name(actor_id, people) if row.actor_id else _("The system"),
        sentence=str(action.sentence) if action else row.action,
        person=_name(person_id, people) if row.person_id else "",
        thing=thing,
    )


def _name(pk: int | None, people: dict[int, str]) -> str:
    return people.get(pk or 0) or _("a person")
