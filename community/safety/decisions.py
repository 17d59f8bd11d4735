"""What moderators and facilitators decide about somebody's words or account: whoever is concerned hears what, and why.

A room says in `AppConfig.ready` which of its actions can be appealed against, and how each is undone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.members.models import User
from community.notices import bell, outbox
from community.notices.models import Frequency
from community.safety import kinds
from community.safety.kinds import Disclosed
from community.safety.models import Decision
from core import audit

Undo = Callable[[Decision, User], None]

_undo: dict[str, Undo | None] = {}


def register(ways: Mapping[str, Undo | None]) -> None:
    """Name actions (words of the audit trail) that can be appealed against. Each comes with the function that undoes
    it for `(decision, by)`, asks nobody's permission and raises `kinds.Refused`; None where it can't be undone."""
    _undo.update(ways)


def record(
    action: str,
    *,
    by: User,
    person: User | None,
    kind: str,
    target_id: int,
    words: str,
    waiting_since: datetime | None = None,
) -> Decision | None:
    """Keep that `by` did `action` to one thing of `person`'s or to their account, and tell them, with the reason.

    Called in the transaction of the decision. Nobody is told of what they did themselves. Words from inside a group
    don't go into a letter. `waiting_since` is since when the thing waited to be let through.
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
    )
    tell("decision", made.pk, [person])
    return made


def tell(kind: str, target_id: int, people: list[User]) -> None:
    """A letter and a notice, whatever the reader chose for other mail. Within a transaction."""
    if outbox.is_quiet() or not people:
        return
    outbox.queue_all(kind, people, target_id=target_id)
    bell.tell(kind, bell.About(target_id), {person.pk: Frequency.AT_ONCE for person in people})


def of_person(person: User) -> QuerySet[Decision]:
    """What was decided about somebody, the newest first."""
    return Decision.objects.filter(person=person).select_related("appeal")


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


def who_decided(made: Decision) -> str:
    """Who it was, without a name."""
    return _("Somebody who looks after the group") if made.circle_id else _("A moderator")


def thing_of(made: Decision, reader: User) -> Disclosed | None:
    """What it was about, as it stands now; None once it is gone."""
    return _thing(made.kind, made.target_id, reader)


def _thing(kind: str, target_id: int, reader: User) -> Disclosed | None:
    found = kinds.get(kind)
    return found.disclose({target_id: ()}, reader).get(target_id) if found else None
