"""What this room keeps about one person, for `core.own_data`."""

from collections.abc import Iterator, Mapping

from community.notices import kinds
from community.notices.models import Preference
from core import own_data


def preferences(user) -> Iterator[Mapping]:
    """How often mail comes; a place is named where they may still see it."""
    names = dict(kinds.places_of(user))
    rows = Preference.objects.filter(user=user).values_list("kind", "place_id", "frequency")
    for kind, place, frequency in own_data.read(rows):
        if kind or place in names:
            yield {"kind": kind, "place": names.get(place or 0, ""), "frequency": frequency}


def register() -> None:
    own_data.register("mail_preferences", preferences)
