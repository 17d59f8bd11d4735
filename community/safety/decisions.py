"""What moderators and facilitators decide about somebody's words or account: whoever is concerned hears what, and why.

A room says in `AppConfig.ready` which of its actions can be appealed against, and how each is undone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from community.members.models import User
from community.notices import bell, outbox
from community.notices.models import Frequency
from community.safety import kinds
from community.safety.kinds import Disclosed
from community.safety.models import Decision, Report
from core import audit

Undo = Callable[[Decision, User], None]

_undo: dict[str, Undo | None] = {}
_told: dict[tuple[str, bool], audit.Words] = {}


def register(ways: Mapping[str, Undo | None]) -> None:
    """Name actions (words of the audit trail) that can be appealed against. Each comes with the function that undoes
    it for `(decision, by)`, asks nobody's permission and raises `kinds.Refused`; None where it can't be undone."""
    _undo.update(ways)


def register_told(words: Mapping[str, audit.Words], *, waited: bool = False) -> None:
    """Say actions to whom they concern: "hid your post" (lazy). With `waited` of what nobody had read by then."""
    _told.update({(action, waited): sentence for action, sentence in words.items()})


def record(
    action: str,
    *,
    by: User,
    person: User | None,
    kind: str,
    target_id: int,
    words: str,
    waiting_since: datetime | None = None,
    report: Report | None = None,
) -> Decision | None:
    """Keep that `by` did `action` to one thing of `person`'s or to their account, and tell them, with the reason.

    Called in the transaction of the decision. Nobody is told of what they did themselves. Words from inside a group
    don't go into a letter, and who left the group by then is not told. `waiting_since` is since when the thing
    waited to be let through, `report` what it came of: then those who lead the group that it stands in hear of it
    too, but nobody whom the report names.
    """
    if person is None or person.pk == by.pk:
        return None
    thing = _thing(kind, target_id, by)
    made = Decision.objects.create(
        action=action,
        kind=kind,
        target_id=target_id,
        circle_id=thing.circle_id if thing else None,
        person=person,
        by=by,
        words=words,
        waiting_since=waiting_since,
        report=report,
    )
    if made.circle_id is None or of_person(person).filter(pk=made.pk).exists():
        tell("decision", made.pk, [person])
    if report is not None and made.circle_id is not None:
        left_out = {person.pk, *report.named.values_list("pk", flat=True)}
        tell("inside", made.pk, [leader for leader in kinds.leaders(made.circle_id) if leader.pk not in left_out])
    return made


def tell(kind: str, target_id: int, people: list[User]) -> None:
    """A letter and a notice, whatever the reader chose for other mail. Within a transaction."""
    if outbox.is_quiet() or not people:
        return
    outbox.queue_all(kind, people, target_id=target_id)
    bell.tell(kind, bell.About(target_id), {person.pk: Frequency.AT_ONCE for person in people})


def of_person(person: User) -> QuerySet[Decision]:
    """What was decided about somebody, the newest first; of a group nothing from after they left it."""
    rows = Decision.objects.filter(kinds.before_leaving(person.pk, "circle_id", "made_at"), person=person)
    return rows.select_related("appeal")


def reason(action: str, kind: str, target_id: int) -> str:
    """Why something was done last to one thing, for those who may know of it; empty where nobody was told."""
    return reasons(action, kind, target_id).first() or ""


def reasons(action: str, kind: str, target: int | OuterRef) -> QuerySet:
    """The same words, the last first: also of things whose id the outer query names."""
    rows = Decision.objects.filter(kind=kind, target_id=target, action=action).order_by("-made_at", "-pk")
    return rows.values_list("words", flat=True)


def is_appealable(made: Decision) -> bool:
    """Whether its person may ask that somebody else looks at it: once, and not against what was done for them."""
    return made.action in _undo and not hasattr(made, "appeal")


def can_be_undone(made: Decision) -> bool:
    return _undo.get(made.action) is not None


def undo(made: Decision, *, by: User) -> None:
    """Take back what was decided, as far as the room can. Raises `kinds.Refused`."""
    way = _undo.get(made.action)
    if way is not None:
        way(made, by)


def words_of(made: Decision) -> str:
    """What was done, as people read it: "hid a post"."""
    return str(dict(audit.actions()).get(made.action, made.action))


def told(made: Decision) -> str:
    """The same, as its person reads it: "hid your post"."""
    waited = made.waiting_since is not None
    return str(_told.get((made.action, waited)) or _told.get((made.action, False)) or words_of(made))


def who_decided(made: Decision) -> str:
    """Who it was, without a name."""
    is_inside = made.circle_id is not None and made.report_id is None
    return _("Somebody who looks after the group") if is_inside else _("A moderator")


def is_open_to(made: Decision, reader: User) -> bool:
    """Whether `reader` may read what it is about and why: of a group's, whoever is inside of it now."""
    return made.circle_id is None or made.circle_id in kinds.circles_entered_by(reader)


def thing_of(made: Decision, reader: User) -> Disclosed | None:
    """What it was about, as it stands now; None once it is gone."""
    return _thing(made.kind, made.target_id, reader)


def _thing(kind: str, target_id: int, reader: User) -> Disclosed | None:
    found = kinds.get(kind)
    return found.disclose({target_id: ()}, reader).get(target_id) if found else None
