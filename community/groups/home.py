"""What stands on a group's home, for whom. Each part is one query, whatever the size of the group."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from community.groups import doors, emergency, listing, shelf
from community.groups.doors import Door
from community.groups.models import EmergencyAccess, Group, GroupFile, Invitation, JoinRequest, Membership, Signature
from community.members.models import User
from core.prepared import Prepared

FACES = 12
SHOWN = ("display_name", "email", "picture", "standing", "is_active", "hidden")  # what names and faces are made of


@dataclass
class Roster:
    """People of a group who are in good standing: some of them, facilitators first, and how many there are."""

    shown: list[Membership] = field(default_factory=list)
    count: int = 0
    signed: int = 0
    is_reader: bool = False  # whether the one who looks is one of those who signed
    opened_until: datetime | None = None  # until when somebody reads by an emergency access, if anybody does

    @property
    def unsigned(self) -> int:
        return self.count - self.signed

    @property
    def unseen(self) -> int:
        return self.count - len(self.shown)

    @property
    def readers(self) -> list[User]:
        """Of those who are shown, those who are inside, and so read what is written."""
        return [own.user for own in self.shown if own.has_signed]


@dataclass
class Waiting:
    """What waits for those who lead a group."""

    requests: int
    invitations: int
    unsigned: int

    def __bool__(self) -> bool:
        return bool(self.requests or self.invitations or self.unsigned)


@dataclass
class Home:
    """One group as one reader finds it."""

    group: Group
    door: Door
    door_words: str
    is_read: bool
    glass: EmergencyAccess | None = None
    roster: Roster = field(default_factory=Roster)
    files: list[GroupFile] = field(default_factory=list)
    waiting: Waiting | None = None

    @cached_property
    def url(self) -> str:
        """The address of the group, below which those of its other pages are."""
        return self.group.get_absolute_url()

    @property
    def kind(self) -> str:
        return listing.kind_words(self.group.kind)

    @property
    def region(self) -> str:
        """Where it is at home, where the reader may know."""
        return listing.region(self.group)

    @property
    def size(self) -> str:
        return listing.size(self.group)

    @property
    def is_led(self) -> bool:
        """Whether the reader leads it, from inside."""
        return self.door == Door.INSIDE and self.group.own_role == Membership.Role.FACILITATOR

    @property
    def is_open(self) -> bool:
        """Whether the reader takes part: from inside, and while the group is not archived."""
        return self.door == Door.INSIDE and self.group.archived_at is None


def find(slug: str, user) -> Group | None:
    """The group at this address as `user` may know it, with how they stand before it and what they signed."""
    return _group.first(slug, user)


def of(group: Group, user) -> Home:
    """The home of `group`, which came from `find(…, user)`."""
    door = doors.door(group, user)
    is_inside = door == Door.INSIDE
    glass = None if is_inside else emergency.reading(group, user)
    home = Home(group, door, doors.words(group, user), is_inside or glass is not None, glass)
    if home.is_read:
        home.roster = roster(group, user)
        home.files = _files(group.pk, user)
    if home.is_led and home.is_open:
        requests, letters = _waiting(group.pk)[0]
        home.waiting = Waiting(requests, letters, home.roster.unsigned)
    return home


def roster(group: Group, user) -> Roster:
    """Who is in `group`, as far as `user` may know."""
    shown = _roster(group.pk, user)
    for own in shown:
        own.group = group
    if not shown:
        return Roster()
    first = shown[0]
    return Roster(shown, first.count, first.signed, bool(first.own_signed), first.opened_until)


def _with_signature(user):
    """Groups with when `user` signed the wording that counts, which version it was, and when they signed last."""
    own = Signature.objects.filter(group=OuterRef("pk"), user=user)
    signed = own.filter(edition=OuterRef("edition"))
    return Group.objects.annotate(
        last_signed_at=Subquery(own.order_by("-signed_at").values("signed_at")[:1]),
        signed_at=Subquery(signed.values("signed_at")),
        signed_version=Subquery(signed.values("agreement__version")),
        signed_addition=Subquery(signed.values("addition__version")),
    )


_group = Prepared(
    lambda slug, user: (
        (_with_signature(user) if getattr(user, "is_member", False) else Group.objects)
        .visible_to(user)
        .with_door_of(user)
        .filter(slug=slug)
    )
)
_roster = Prepared(
    lambda group_id, user: (
        Membership.objects.filter(group=group_id)
        .visible_to(user)
        .annotate(
            count=Window(Count("pk")),
            signed=Window(Count("pk", filter=Q(signed_edition=F("group__edition")))),
            own_signed=Window(Count("pk", filter=Q(signed_edition=F("group__edition"), user=user))),
            opened_until=Subquery(_open_accesses().order_by("-expires_at").values("expires_at")[:1]),
        )
        .select_related("user")
        .only("role", "signed_edition", "group_id", *(f"user__{name}" for name in SHOWN))
        .order_by("role", "user__display_name", "pk")[:FACES]
    )
)
_files = Prepared(lambda group_id, user: shelf.newest(Group(pk=group_id), user))
_waiting = Prepared(
    lambda group_id: Group.objects.filter(pk=group_id).values_list(
        _counted(JoinRequest.objects.filter(decided_at=None)), _counted(Invitation.objects.open())
    )
)


def _open_accesses():
    return EmergencyAccess.objects.open().filter(group=OuterRef("group"))


def _counted(rows):
    """How many of these rows belong to each group."""
    own = rows.filter(group=OuterRef("pk")).order_by().values("group")
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
