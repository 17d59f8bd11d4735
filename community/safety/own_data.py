"""What this room keeps about one person and tells them, for `core.own_data`.

Notes between moderators are not in it (docs/privacy.md says why), and nobody learns from it who reported or decided.
"""

from collections.abc import Iterator, Mapping

from django.db.models import F, QuerySet

from community.safety import decisions as decided
from community.safety import kinds
from community.safety.models import Appeal, Report, Sanction
from core import own_data


def reports(user) -> Iterator[Mapping]:
    """What they reported, and what they were answered."""
    rows = Report.objects.filter(reporter=user)
    columns = ("kind", "target_id", "reason", "words", "made_at", "outcome", "answer", "closed_at")
    yield from own_data.read(rows.values(*columns))


def decisions(user) -> Iterator[Mapping]:
    """What was decided about their words or account."""
    rows = decided.of_person(user).values("action", "kind", "target_id", "words", "made_at")
    yield from _open(rows.annotate(circle=F("circle_id")), "words", user)


def appeals(user) -> Iterator[Mapping]:
    rows = Appeal.objects.filter(decision__person=user)
    decided_on = {"against": F("decision__action"), "circle": F("decision__circle_id")}
    yield from _open(rows.values("words", "made_at", "outcome", "answer", "closed_at", **decided_on), "answer", user)


def sanctions(user) -> Iterator[Mapping]:
    rows = Sanction.objects.filter(person=user)
    yield from own_data.read(rows.values("kind", "words", "made_at", "until", "lifted_at"))


def _open(rows: QuerySet, words: str, user) -> Iterator[Mapping]:
    """The rows without their `circle`; what was said in a group that they are not inside of now stays there."""
    entered = kinds.circles_entered_by(user)
    for row in own_data.read(rows):
        circle = row.pop("circle")
        if circle is not None and circle not in entered:
            del row[words]
        yield row


def register() -> None:
    own_data.register("reports", reports)
    own_data.register("decisions", decisions)
    own_data.register("appeals", appeals)
    own_data.register("sanctions", sanctions)
