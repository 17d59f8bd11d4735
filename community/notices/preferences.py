"""How often somebody wants mail: of each kind, and about a place. Decided anew for each letter."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Q

from community.notices import kinds
from community.notices.models import Frequency, Preference


def frequencies(people: Collection[int], names: Collection[str], place_id: int | None) -> dict[tuple[int, str], str]:
    """How often each of these people (ids) wants mail of each of these kinds from one place. One query.

    Who wants none of a kind gets none of it from anywhere; else what they chose for the place counts before what they
    chose for the kind.
    """
    rows = Preference.objects.filter(user__in=people).filter(Q(kind__in=names) | Q(place_id=place_id, kind=""))
    of_kind: dict[tuple[int, str], str] = {}
    of_place: dict[int, str] = {}
    for user_id, kind, chosen in rows.values_list("user_id", "kind", "frequency"):
        if kind:
            of_kind[user_id, kind] = chosen
        else:
            of_place[user_id] = chosen
    usual = {name: kinds.get(name).frequency for name in names}
    return {
        (person, name): _one(of_kind.get((person, name), usual[name]), of_place.get(person))
        for person in people
        for name in names
    }


def frequency(user, kind: str, place_id: int | None) -> str:
    """The same for one person and kind."""
    return frequencies([user.pk], [kind], place_id)[user.pk, kind]


class Chosen:
    """All that one person chose, in one query: for lists of notices of many kinds and places."""

    def __init__(self, user) -> None:
        self.kinds: dict[str, str] = {}
        self.places: dict[int, str] = {}
        for kind, place_id, chosen in Preference.objects.filter(user=user).values_list("kind", "place_id", "frequency"):
            if place_id is None:
                self.kinds[kind] = chosen
            else:
                self.places[place_id] = chosen

    def frequency(self, kind: str, place_id: int | None) -> str:
        return _one(self.kinds.get(kind, kinds.get(kind).frequency), self.places.get(place_id or 0))


def choose(*, by, of_kinds: Mapping[str, str] | None = None, of_places: Mapping[int, str] | None = None) -> None:
    """Set how often mail comes: by names of kinds, and by ids of places, where an empty text lets go of what was chosen
    for the place."""
    chosen = [Preference(user=by, kind=kind, frequency=each) for kind, each in (of_kinds or {}).items()]
    chosen += [Preference(user=by, place_id=place, frequency=each) for place, each in (of_places or {}).items() if each]
    let_go = [place for place, each in (of_places or {}).items() if not each]
    with transaction.atomic():
        Preference.objects.filter(user=by, kind="", place_id__in=let_go).delete()
        Preference.objects.bulk_create(
            chosen, update_conflicts=True, unique_fields=["user", "kind", "place_id"], update_fields=["frequency"]
        )


def no_more(user_id: int, names: Collection[str]) -> None:
    """No mail of these kinds any more."""
    Preference.objects.bulk_create(
        [Preference(user_id=user_id, kind=name, frequency=Frequency.NEVER) for name in names],
        update_conflicts=True,
        unique_fields=["user", "kind", "place_id"],
        update_fields=["frequency"],
    )


def no_more_digests(user_id: int, digest: str) -> None:
    """No mail any more of whatever has come in this digest."""
    chosen = dict(Preference.objects.filter(user=user_id, place_id=None).values_list("kind", "frequency"))
    names = [kind.name for kind in kinds.of_choice() if chosen.get(kind.name, kind.frequency) == digest]
    with transaction.atomic():
        no_more(user_id, names)
        Preference.objects.filter(user=user_id, kind="", frequency=digest).update(frequency=Frequency.NEVER)


def _one(of_kind: str, of_place: str | None) -> str:
    return Frequency.NEVER if of_kind == Frequency.NEVER else of_place or of_kind
