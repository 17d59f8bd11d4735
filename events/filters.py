"""What a reader asks the list for, as it stands in the address, and the links that change it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from events import clock
from events.agenda import Choice
from events.models import YEARS, Event


@dataclass(frozen=True)
class Link:
    """One filter: following it switches it on or off and leaves the others as they are."""

    label: str
    query: str
    is_on: bool


def read(query: QueryDict, user) -> Choice:
    """The choice that the address spells. Raises ValueError where it says something that there is not."""
    kind, mode, start = query.get("kind", ""), query.get("mode", ""), query.get("from", "")
    if kind and kind not in Event.Kind.values:
        raise ValueError(kind)
    if mode and mode not in Event.Mode.values:
        raise ValueError(mode)
    first = clock.midnight(_day(start), clock.reader_zone(user)) if start else None
    return Choice(
        mine=query.get("mine") == "1",
        going=query.get("going") == "1",
        ce=query.get("ce") == "1",
        kind=kind,
        mode=mode,
        start=first,
    )


def read_after(query: QueryDict) -> tuple[datetime, int] | None:
    """Where a further page begins. Raises ValueError where that is not a place in the list."""
    text = query.get("after", "")
    if not text:
        return None
    moment, _comma, pk = text.partition(",")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise ValueError(text)
    return _moment(moment), int(pk)


def after(place: tuple[datetime, int] | None, query: QueryDict) -> str:
    """The query of the page that begins after `place`; empty at the end of the list."""
    return _with(query, after=f"{place[0].isoformat()},{place[1]}") if place else ""


def links(query: QueryDict, user) -> list[Link]:
    """The filters that are of use to `user`."""
    found = []
    if getattr(user, "is_member", False):
        found += [_toggle(query, _("My groups"), "mine", "1"), _toggle(query, _("I'm going"), "going", "1")]
    found += [
        _toggle(query, _("Chapter meetings"), "kind", Event.Kind.CHAPTER_MEETING),
        _toggle(query, _("Case consultations"), "kind", Event.Kind.CASE_CONSULTATION),
        _toggle(query, _("Workshops"), "kind", Event.Kind.WORKSHOP),
        _toggle(query, _("Social"), "kind", Event.Kind.SOCIAL),
        _toggle(query, _("In person"), "mode", Event.Mode.IN_PERSON),
        _toggle(query, _("Online"), "mode", Event.Mode.ONLINE),
        _toggle(query, _("CE credit"), "ce", "1"),
    ]
    return found


def _toggle(query: QueryDict, label: str, name: str, value: str) -> Link:
    is_on = query.get(name) == value
    return Link(label, _with(query, **{name: None if is_on else value}), is_on)


def _with(query: QueryDict, **changes: str | None) -> str:
    """The query with some values set or (None) gone, and from its first page unless `after` is among them."""
    known = ("mine", "going", "kind", "mode", "ce", "from")
    changed = QueryDict(mutable=True)
    for name in known:
        value = changes[name] if name in changes else query.get(name)
        if value:
            changed[name] = value
    place = changes.get("after")
    if place:
        changed["after"] = place
    return f"?{changed.urlencode()}" if changed else "?"


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or found.year not in YEARS:
        raise ValueError(text)
    return found.astimezone(UTC)


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if found.year not in YEARS:
        raise ValueError(text)
    return found
