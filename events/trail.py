"""What this room writes into the audit trail, and how events and their dates are named in it."""

from collections.abc import Collection

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from community.safety.hiding import INSIDE
from core import audit
from events.models import Event, Occurrence

HIDDEN, RESTORED = "events.event.hidden", "events.event.restored"
ACTIONS = {
    "events.event.cancelled": _("cancelled an event"),
    "events.date.cancelled": _("cancelled one date of an event"),
    f"{RESTORED}{INSIDE}": _("put back an event"),
}


def event_names(viewer, ids: Collection[int]) -> dict[int, str]:
    return dict(Event.objects.visible_to(viewer).filter(pk__in=ids).order_by().values_list("pk", "title"))


def date_names(viewer, ids: Collection[int]) -> dict[int, str]:
    rows = Occurrence.objects.visible_to(viewer).filter(pk__in=ids).order_by()
    named = rows.values_list("pk", "event__title", "local_date")
    return {pk: f"{title}, {date_format(day)}" for pk, title, day in named}


def register() -> None:
    audit.register_actions(ACTIONS)
    audit.register_actions({HIDDEN: _("hid an event"), RESTORED: _("put back an event")}, by_staff=True)
    audit.register(Event._meta.label_lower, event_names, unnamed=_("an event"))
    audit.register(Occurrence._meta.label_lower, date_names, unnamed=_("an event"))
