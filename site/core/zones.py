"""IANA time zones: which are offered, and how they are called."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

NORTH_AMERICA = {
    "America/New_York": gettext_noop("Eastern time"),
    "America/Chicago": gettext_noop("Central time"),
    "America/Denver": gettext_noop("Mountain time"),
    "America/Phoenix": gettext_noop("Arizona time"),
    "America/Los_Angeles": gettext_noop("Pacific time"),
    "America/Anchorage": gettext_noop("Alaska time"),
    "Pacific/Honolulu": gettext_noop("Hawaii time"),
    "America/Puerto_Rico": gettext_noop("Puerto Rico time"),
    "America/St_Johns": gettext_noop("Newfoundland time"),
    "America/Halifax": gettext_noop("Halifax time"),
}
SAME_WORDS = {
    "America/Detroit": "America/New_York",
    "America/Indiana/Indianapolis": "America/New_York",
    "America/Kentucky/Louisville": "America/New_York",
    "America/Toronto": "America/New_York",
    "America/Winnipeg": "America/Chicago",
    "America/Boise": "America/Denver",
    "America/Edmonton": "America/Denver",
    "America/Vancouver": "America/Los_Angeles",
    "US/Eastern": "America/New_York",
    "US/Central": "America/Chicago",
    "US/Mountain": "America/Denver",
    "US/Pacific": "America/Los_Angeles",
}
REGIONS = {
    "America": _("The Americas"),
    "Europe": _("Europe"),
    "Africa": _("Africa"),
    "Asia": _("Asia"),
    "Australia": _("Australia"),
    "Pacific": _("Pacific"),
    "Atlantic": _("Atlantic"),
    "Indian": _("Indian Ocean"),
}


@cache
def known_zones() -> frozenset[str]:
    """The names of all zones that this machine knows, without those that name no place. Read from the disk once."""
    return frozenset(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})


def validate_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA zone that this machine knows."""
    if name not in known_zones():
        raise ValidationError(_("This is not a time zone that we know."), code="zone")


def zone_words(name: str) -> str:
    """How people call the zone: "Eastern time", or by its city, "Lisbon time"."""
    if name in ("UTC", "Etc/UTC"):
        return gettext("Universal time (UTC)")
    words = NORTH_AMERICA.get(SAME_WORDS.get(name, name))
    return gettext(words) if words else gettext("%(city)s time") % {"city": _city(name)}


def same_zones(name: str) -> list[str]:
    """All zones that people call the same as this one, with itself: Detroit's is Eastern time too."""
    first = SAME_WORDS.get(name, name)
    return [name for name, called in SAME_WORDS.items() if called == first] + [first]


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """All zones for a select, in groups: the common ones of North America first, then by part of the world."""
    common = [(name, gettext(words)) for name, words in NORTH_AMERICA.items()]
    groups: dict[str, list[tuple[str, str]]] = {area: [] for area in REGIONS}
    for name in sorted(known_zones() - NORTH_AMERICA.keys()):
        area, slash, _rest = name.partition("/")
        if slash and area in groups:
            groups[area].append((name, _city(name)))
    others = [(str(REGIONS[area]), sorted(zones, key=lambda zone: zone[1])) for area, zones in groups.items()]
    return [
        (gettext("United States and Canada"), common),
        *others,
        (gettext("Other"), [("UTC", gettext("Universal time (UTC)"))]),
    ]


def _city(name: str) -> str:
    """The place a zone is named after: "America/Argentina/Buenos_Aires" is "Buenos Aires"."""
    return name.rsplit("/", 1)[-1].replace("_", " ")
