"""What this room keeps about one person, for `core.own_data`."""

from collections.abc import Iterator, Mapping

from django.db.models import F

from community.groups.models import Group, GroupFile, JoinRequest, Membership, Signature
from core import own_data


def memberships(user) -> Iterator[Mapping]:
    """Where they are and were; a group is named where they may still read its name."""
    rows = _named(Membership.objects.filter(user=user), user)
    yield from own_data.read(rows.values("role", "joined_at", "left_at", of_group=F("group__name")))


def signatures(user) -> Iterator[Mapping]:
    rows = _named(Signature.objects.filter(user=user), user)
    columns = {"version": F("agreement__version"), "of_group": F("group__name")}
    yield from own_data.read(rows.values("text_hash", "signed_at", **columns))


def requests(user) -> Iterator[Mapping]:
    rows = _named(JoinRequest.objects.filter(user=user), user)
    columns = ("words", "made_at", "outcome", "answer", "decided_at")
    yield from own_data.read(rows.values(*columns, of_group=F("group__name")))


def files(user) -> Iterator[Mapping]:
    """What they put on the shelf of groups that they are inside of."""
    inside = Group.objects.entered_by(user).values("pk")
    rows = GroupFile.objects.filter(group__in=inside, added_by=user)
    yield from own_data.read(rows.values("name", "size", "added_at", of_group=F("group__name")))


def _named(rows, user):
    return rows.filter(group__in=Group.objects.visible_to(user).values("pk"))


def register() -> None:
    own_data.register("memberships", memberships)
    own_data.register("signatures", signatures)
    own_data.register("requests_to_join", requests)
    own_data.register("files_of_groups", files)
