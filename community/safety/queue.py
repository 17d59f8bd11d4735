"""What waits for moderators, in one list: where someone may be in danger first, then what could identify a client, then
other reports and appeals by age, then posts that wait to be let through; of none that the reader has a part in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import IntegerField, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from community.members.models import User
from community.notices import bell
from community.safety import appeals, decisions, kinds, limits, notes, reports
from community.safety.kinds import Disclosed
from community.safety.models import Appeal, Note, Report
from community.safety.permissions import may_moderate, moderators

SHOWN = 100
COUNTED = 100  # more are "100"
TOLD_AFTER = timedelta(hours=12)
LOOKED_BACK = timedelta(days=30)


@dataclass
class Item:
    """One thing that waits. `what` is "report", "waiting" or "appeal", `row` the row of it."""

    what: str
    kind: str
    target_id: int
    at: datetime
    row: Any
    disclosed: Disclosed | None
    rank: int = reports.LATER
    can_be_hidden: bool = False
    can_be_undone: bool = False
    action_words: str = ""
    notes: Sequence[Note] = ()
    notes_on_person: Sequence[Note] = field(default=())

    @property
    def is_first(self) -> bool:
        return self.rank == reports.FIRST

    @property
    def person_id(self) -> int | None:
        return self.disclosed.author_id if self.disclosed else None


def items(moderator: User) -> list[Item]:
    """What waits for `moderator`, at most `SHOWN`; nothing for those who don't moderate. The number of queries is that
    of kinds, whatever waits."""
    if not may_moderate(moderator):
        return []
    found = [*_reports(moderator), *_appeals(moderator), *_waiting(moderator)]
    found = sorted(found, key=lambda item: (item.rank, item.at))[:SHOWN]
    things = [(item.kind, item.target_id) for item in found]
    people = [("member", item.person_id) for item in found if item.person_id and item.kind != "member"]
    written = notes.about(chain(things, people), reader=moderator)
    for item in found:
        item.notes = written.get((item.kind, item.target_id), ())
        if item.person_id and item.kind != "member":
            item.notes_on_person = written.get(("member", item.person_id), ())
    return found


def holds(kind: str, target_id: int, *, reader: User) -> bool:
    """Whether a thing waits for `reader`; a moderator may speak of any member."""
    if kind == "member":
        return User.objects.filter(pk=target_id).exists()
    return any((item.kind, item.target_id) == (kind, target_id) for item in items(reader))


def count(user) -> int:
    """How much waits for `user`, counted up to `COUNTED` in one query; 0 for those who don't moderate."""
    if not getattr(user, "is_member", False) or not may_moderate(user):
        return 0
    first, *others = (_one_each(rows) for rows in _all_rows(user))
    return first.union(*others, all=True)[:COUNTED].count()


def oldest(moderator: User) -> datetime | None:
    """Since when the oldest thing waits."""
    times = [item.at for item in items(moderator)]
    return min(times, default=None)


def approve(kind: str, target_id: int, *, by: User) -> None:
    """Let a thing through that waits. Raises `kinds.Refused`."""
    _way(kind, by).approve(target_id, by)


def decline(kind: str, target_id: int, *, by: User, words: str) -> None:
    """Turn a thing down that waits, with a word for its author. Raises `kinds.Refused`."""
    _way(kind, by).decline(target_id, by, words)


def remind(*, now: datetime | None = None) -> int:
    """Tell moderators of what has waited for 12 hours, each once, and of open reports whose judges were not told;
    returns of how many things they heard."""
    now = now or timezone.now()
    told = sum(_remind_of(made) for made in Report.objects.filter(closed_at=None).select_related("reporter"))
    for _kind, waiting in kinds.that_wait():
        people = {person.pk: person for person in moderators()}
        late: dict[int, set[int]] = {}
        for person in people.values():
            for row in waiting.rows(person).filter(held_at__lte=now - TOLD_AFTER)[:SHOWN]:
                late.setdefault(row.pk, set()).add(person.pk)
        for target_id, theirs in late.items():
            with transaction.atomic():
                fresh = theirs - bell.told(target_id, ["waiting"])
                decisions.tell("waiting", target_id, [people[pk] for pk in sorted(fresh)])
                told += bool(fresh)
    return told


def _remind_of(made: Report) -> bool:
    """Whether somebody was told of an open report: who may judge it, where all who knew of it lost that since, and
    administrators where nobody may."""
    people, kind = reports.judges(made), "report"
    if not people:
        people, kind = reports.administrators(made), "unjudged"
    if not people or bell.told(made.pk, [kind]) & {person.pk for person in people}:
        return False
    with transaction.atomic():
        decisions.tell(kind, made.pk, people)
    return True


def usual_wait(*, now: datetime | None = None) -> timedelta | None:
    """How long things waited that were decided in the last 30 days: the median. None where nothing was."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY made_at - waiting_since) FROM safety_decision
            WHERE waiting_since IS NOT NULL AND made_at > %s""",
            [(now or timezone.now()) - LOOKED_BACK],
        )
        [found] = cursor.fetchone()
    return found


def usual_wait_words() -> str:
    """How long it usually takes, in a sentence; empty where nobody knows."""
    usual = usual_wait()
    return _("It usually takes %(time)s.") % {"time": limits.time_words(usual)} if usual is not None else ""


def _way(kind: str, by: User) -> kinds.Waiting:
    found = kinds.get(kind)
    if found is None or found.waiting is None or not may_moderate(by):
        raise kinds.Refused(_("That is not there any more."))
    return found.waiting


def _all_rows(user: User) -> list[QuerySet]:
    held = [waiting.rows(user) for _kind, waiting in kinds.that_wait()]
    return [reports.waiting(user), appeals.waiting(user), *held]


def _one_each(rows: QuerySet) -> QuerySet:
    return rows.select_related(None).order_by().values_list(Value(1, output_field=IntegerField()))[:COUNTED]


def _reports(moderator: User) -> list[Item]:
    return [
        Item(
            "report",
            made.kind,
            made.target_id,
            made.made_at,
            made,
            disclosed,
            rank=reports.RANKS.get(made.reason, reports.LATER),
            can_be_hidden=bool((kind := kinds.get(made.kind)) and kind.hide and disclosed and not disclosed.is_hidden),
        )
        for made, disclosed in reports.open_reports(moderator)
    ]


def _appeals(moderator: User) -> list[Item]:
    rows: list[Appeal] = list(appeals.waiting(moderator)[:SHOWN])
    known = _disclosed(((each.decision.kind, each.decision.target_id) for each in rows), moderator)
    return [
        Item(
            "appeal",
            each.decision.kind,
            each.decision.target_id,
            each.made_at,
            each,
            known.get((each.decision.kind, each.decision.target_id)),
            can_be_undone=decisions.can_be_undone(each.decision),
            action_words=decisions.words_of(each.decision),
        )
        for each in rows
    ]


def _waiting(moderator: User) -> list[Item]:
    found = []
    for kind, waiting in kinds.that_wait():
        rows = list(waiting.rows(moderator)[:SHOWN])
        known = kind.disclose({row.pk: () for row in rows}, moderator) if rows else {}
        found += [
            Item("waiting", kind.name, row.pk, row.held_at, row, known.get(row.pk), rank=reports.LATER + 1)
            for row in rows
        ]
    return found


def _disclosed(things, moderator: User) -> dict[tuple[str, int], Disclosed]:
    by_kind: dict[str, dict[int, tuple[str, ...]]] = {}
    for kind, target_id in things:
        by_kind.setdefault(kind, {})[target_id] = ()
    found: dict[tuple[str, int], Disclosed] = {}
    for name, asked in by_kind.items():
        if kind := kinds.get(name):
            found |= {(name, pk): thing for pk, thing in kind.disclose(asked, moderator).items()}
    return found
