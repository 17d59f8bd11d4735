"""The list of groups: what a reader asks of it, the groups page by page, and how each stands for them."""

from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Q, Value, When
from django.http import QueryDict
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from community.groups import doors
from community.groups.doors import Door
from community.groups.models import Group
from community.groups.permissions import GroupQuerySet
from core.addresses import address
from core.instances import holds_file
from core.prepared import Prepared
from core.words import once_a_language
from core.zones import known_zones, same_zones, zone_words

A_PAGE = 12
LAST_PAGE = 1000
PLACES_OFFERED = 60  # the most common ones; any other works in the address
LONGEST_REGION = 80
TEASER = 170


@dataclass(frozen=True)
class Choice:
    """What a reader asks the list for; `zone` is the name of one, and stands for all that are called the same."""

    kind: str = ""
    region: str = ""
    zone: str = ""
    mine: bool = False
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.kind or self.region or self.zone)

    @property
    def narrowing(self) -> tuple[str | None, str | None, tuple[str, ...] | None]:
        """Kind, region and zones, as a query is given them."""
        return self.kind or None, self.region or None, tuple(same_zones(self.zone)) if self.zone else None

    @property
    def first_row(self) -> int:
        return (self.page - 1) * A_PAGE

    def query(self, **changes) -> str:
        """The address of the list with this choice, in which something is changed."""
        asked = replace(self, **{"page": 1} | changes)
        parts = {"kind": asked.kind, "region": asked.region, "zone": asked.zone, "mine": "1" if asked.mine else ""}
        said = {name: value for name, value in parts.items() if value}
        if asked.page > 1:
            said["page"] = str(asked.page)
        return f"?{urlencode(said)}"


@dataclass
class Card:
    """A group as one reader is shown it, and the one step that they can take."""

    group: Group
    kind: str
    url: str
    picture_url: str
    facts: str
    teaser: str
    words: str = ""
    is_inside: bool = False
    step: str = ""
    step_url: str = ""

    @property
    def initial(self) -> str:
        return self.group.name[:1].upper()

    @property
    def is_pressing(self) -> bool:
        """Whether somebody waits for the reader's step."""
        return self.step_url.endswith("/invitation/") or self.group.own_role is not None


@dataclass
class Page:
    """Some groups, and whether there are more of them."""

    cards: list[Card]
    has_next: bool


@dataclass
class Places:
    """What the list can be narrowed to."""

    regions: list[str] = field(default_factory=list)
    zones: list[tuple[str, str]] = field(default_factory=list)


def read(query: QueryDict, user) -> Choice:
    """The choice that the address spells; what there is not, is passed over. Raises ValueError for an odd page."""
    kind, region, zone = query.get("kind", ""), query.get("region", "").strip(), query.get("zone", "")
    page = query.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) < 6 and 1 <= int(page) <= LAST_PAGE):
        raise ValueError(page)
    return Choice(
        kind=kind if kind in Group.Kind.values else "",
        region=region if "\x00" not in region and len(region) <= LONGEST_REGION else "",
        zone=zone if zone in known_zones() else "",
        mine=query.get("mine") == "1" and getattr(user, "is_member", False),
        page=int(page),
    )


def own(user, choice: Choice) -> Page:
    """The reader's groups and those that invite them: what waits for a step of theirs first, archived ones last."""
    if not getattr(user, "is_member", False) or (choice.page > 1 and not choice.mine):
        return Page([], has_next=False)
    return _page(_own(user, *choice.narrowing, choice.first_row), user)


def others(user, choice: Choice) -> Page:
    """The groups beside those, by kind, region and name."""
    return _page(_others(user, *choice.narrowing, choice.first_row), user)


def places(user, choice: Choice) -> Places:
    """The regions and zones that the list offers, and the chosen ones. Where a consultation group is at home is told
    to its members alone."""
    pairs = _pairs(user)
    regions = {region for region, _zone, _count in pairs if region} | ({choice.region} if choice.region else set())
    zones: dict[str, str] = {}
    if choice.zone:
        zones[zone_words(choice.zone)] = choice.zone
    for zone in dict.fromkeys(zone for _region, zone, _count in pairs):
        zones.setdefault(zone_words(zone), zone)
    return Places(sorted(regions, key=str.casefold), sorted((name, words) for words, name in zones.items()))


@Prepared
def _own(user, kind: str | None, region: str | None, zones: tuple[str, ...] | None, start: int) -> GroupQuerySet:
    waiting = Case(
        When(own_role=None, then=0),
        When(archived_at__isnull=False, then=3),
        When(own_edition=F("edition"), then=2),
        default=1,
    )
    groups = _narrowed(Group.objects.close_to(user), user, kind, region, zones).with_door_of(user)
    return groups.order_by(waiting, "kind", "name", "pk")[start : start + A_PAGE + 1]


@Prepared
def _others(user, kind: str | None, region: str | None, zones: tuple[str, ...] | None, start: int) -> GroupQuerySet:
    groups = Group.objects.listed_for(user)
    if getattr(user, "is_member", False):
        groups = groups.exclude(pk__in=Group.objects.close_to(user).values("pk"))
    groups = _narrowed(groups, user, kind, region, zones).with_door_of(user)
    return groups.order_by("kind", "region", "name", "pk")[start : start + A_PAGE + 1]


def _narrowed(groups: GroupQuerySet, user, kind, region, zones) -> GroupQuerySet:
    if kind:
        groups = groups.filter(kind=kind)
    if region:
        known = ~Q(kind=Group.Kind.CONSULTATION) | Q(pk__in=Group.objects.belonged_to(user).values("pk"))
        groups = groups.filter(known, region__iexact=region)
    if zones:
        groups = groups.filter(time_zone__in=zones)
    return groups


_pairs = Prepared(
    lambda user: (
        Group.objects.listed_for(user)
        .annotate(place=Case(When(kind=Group.Kind.CONSULTATION, then=Value("")), default=F("region")))
        .values_list("place", "time_zone")
        .annotate(count=Count("pk"))
        .order_by("-count", "place", "time_zone")[:PLACES_OFFERED]
    )
)


def _page(groups: list[Group], user) -> Page:
    make = _Cards(user).make
    return Page([make(group) for group in groups[:A_PAGE]], has_next=len(groups) > A_PAGE)


_STEPS = {
    Door.SIGN: (gettext_noop("Sign the agreement to go in"), "agreement/"),
    Door.INVITED: (gettext_noop("See the invitation"), "invitation/"),
    Door.JOIN: (gettext_noop("Join"), "agreement/"),
    Door.ASK: (gettext_noop("Ask to join"), "ask/"),
}


class _Cards:
    """Makes the cards of one page for `user`. What they share is worked out once: a list costs what its rows do."""

    def __init__(self, user) -> None:
        self.user = user
        self.is_member = getattr(user, "is_member", False)
        self.language = get_language()
        self.beginning = address("groups:list")
        self.at = cache(_at)

    def make(self, group: Group) -> Card:
        """The card of `group`, which was loaded `with_door_of` the user."""
        url, kind = f"{self.beginning}{group.slug}/", kind_words.in_language(self.language, group.kind)
        picture_url = group.picture.url if holds_file(group, "picture") else ""
        card = Card(group, kind, url, picture_url, self.facts(group), teaser(group))
        if self.is_member:
            door = doors.door(group, self.user)
            card.words, step, ending = self.at(door)
            if group.archived_at:
                card.words = _("Archived. You can still read what is there.")
            elif door is Door.FULL:
                card.words = doors.full_words(group)
            card.is_inside = door is Door.INSIDE
            if step:
                card.step, card.step_url = step, f"{url}{ending}"
        return card

    def facts(self, group: Group) -> str:
        """What a list says of a group in a line."""
        parts = [region(group), group.cadence]
        if self.is_member:
            parts.append(_size_words.in_language(self.language, *_room(group)))
        return " · ".join(filter(None, parts))


def _at(door: Door) -> tuple[str, str, str]:
    """What is said at a door, and the step that leads on: its words and where it goes, below the group's address."""
    step, ending = _STEPS.get(door, ("", ""))
    return doors.sentence(door) if door is not Door.FULL else "", _(step) if step else "", ending


def region(group: Group) -> str:
    """Where it is at home. Of a consultation group others learn when it meets and whether there is room, no more."""
    return group.region if group.kind != Group.Kind.CONSULTATION or group.own_role else ""


def size(group: Group) -> str:
    """How many people are in it, or, for a consultation group that is not archived, how many more can come in."""
    return _size_words(*_room(group))


@once_a_language
def kind_words(kind: str) -> str:
    """As `get_kind_display` says it, which puts all kinds into words each time."""
    return str(Group.Kind(kind).label)


def _room(group: Group) -> tuple[int, int | None]:
    """How many people are in it, and how many places are left where that is told instead."""
    is_limited = group.kind == Group.Kind.CONSULTATION and not group.archived_at
    return group.members_count, group.places_left if is_limited else None


@once_a_language
def _size_words(members: int, places: int | None) -> str:
    if places is None:
        return ngettext("%(count)s member", "%(count)s members", members) % {"count": members}
    if places == 0:
        return _("no place left")
    return ngettext("%(count)s place left", "%(count)s places left", places) % {"count": places}


def teaser(group: Group) -> str:
    """The beginning of what it is for."""
    words = group.purpose
    if len(words) <= TEASER:
        return words
    return f"{words[:TEASER].rsplit(' ', 1)[0].rstrip(' ,.;:')}…"
