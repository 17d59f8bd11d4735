"""What this room keeps about one person, for `core.own_data`."""

from collections.abc import Iterator, Mapping

from django.db.models import F

from core import own_data
from events.models import Occurrence, Rsvp


def rsvps(user) -> Iterator[Mapping]:
    """Their answers to meetings that they may still see."""
    seen = Occurrence.objects.shared_with(user).values("pk")
    rows = Rsvp.objects.filter(user=user, occurrence__in=seen)
    meeting = {"event": F("occurrence__event__title"), "starts_at": F("occurrence__starts_at")}
    yield from own_data.read(rows.values("state", "quiet", "changed_at", **meeting))


def register() -> None:
    own_data.register("rsvps", rsvps)
