"""IANA time zones: which are offered, and how they are called."""

import zoneinfo
from functools import cache
from importlib.resources import files

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from core.words import once_a_language

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


@cache
def _places() -> frozenset[str]:
    """The zones of the places that the tz database lists by country today: each once, without older names. From the
    package, since a machine's own copy may have no such list or another spelling."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return frozenset(row[2] for row in rows) & known_zones()


def validate_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA zone that this machine knows."""
    if name not in known_zones():
        raise ValidationError(_("This is not a time zone that we know."), code="zone")


@once_a_language
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
    """Every place for a select, in groups: the common ones of North America first, then by part of the world."""
    common = [(name, gettext(words)) for name, words in NORTH_AMERICA.items()]
    groups: dict[str, list[tuple[str, str]]] = {area: [] for area in REGIONS}
    for name in _places() - NORTH_AMERICA.keys():
        area = name.partition("/")[0]
        if area in groups:
            groups[area].append((name, _place(name)))
    others = [(str(REGIONS[area]), sorted(zones, key=lambda zone: zone[1])) for area, zones in groups.items()]
    return [
        (gettext("United States and Canada"), common),
        *others,
        (gettext("Other"), [("UTC", gettext("Universal time (UTC)"))]),
    ]


def _place(name: str) -> str:
    """The place with the state or country where the zone's name has it: "Knox, Indiana"."""
    state = name.split("/")[1:-1]
    return ", ".join([_city(name), *(part.replace("_", " ") for part in state)])


def _city(name: str) -> str:
    """The place a zone is named after: "America/Argentina/Buenos_Aires" is "Buenos Aires"."""
    return name.rsplit("/", 1)[-1].replace("_", " ")
