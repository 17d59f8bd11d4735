"""Events that moderators hid, by a report: nobody sees them but those who organise them, who read why. Nothing of them
is changed meanwhile: dates and answers stay, and are there again when it is put back."""

from community.groups.permissions import is_inside
from community.safety import decisions
from community.safety.hiding import Hiding
from core.audience import Audience
from events import trail
from events.models import Event

KIND = "event"

_events = Hiding(
    Event,
    trail.HIDDEN,
    trail.RESTORED,
    about=lambda event: (event, event.created_by),
    is_inside=lambda by, event: event.audience == Audience.GROUP and is_inside(by, event.group),
)
hide, put_back = _events.hide, _events.put_back


def why(event: Event) -> str:
    """The reason that was given, for those who organise it; empty where it is not hidden."""
    return decisions.reason(trail.HIDDEN, KIND, event.pk) if event.hidden_at else ""
