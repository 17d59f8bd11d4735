"""Groups that wait for a step of one reader, wherever that is told."""

from django.db.models import F, Q

from community.groups import doors
from community.groups.doors import Door
from community.groups.models import Group
from core.prepared import Prepared

SHOWN = 5


def waiting_for(user) -> list[Group]:
    """Groups that invite `user` and have a place, and those that are closed to them until they have signed.

    Loaded `with_door_of(user)`. One query; none for those who are no members of the association.
    """
    if not getattr(user, "is_member", False):
        return []
    return [group for group in _waiting(user) if doors.door(group, user) in (Door.SIGN, Door.INVITED)]


_waiting = Prepared(
    lambda user: (
        Group.objects.close_to(user)
        .with_door_of(user)
        .filter(Q(own_edition=None) | ~Q(own_edition=F("edition")), archived_at=None)
        .order_by("name", "pk")[:SHOWN]
    )
)
