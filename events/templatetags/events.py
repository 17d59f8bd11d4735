"""What other rooms' pages show of events."""

from django import template

from community.groups.models import Membership
from events import agenda
from events.permissions import may_organise_for

register = template.Library()


@register.simple_tag(takes_context=True)
def group_meetings(context, group) -> dict:
    """The next meetings of a group and its last ones, as the reader may see them, and whether they set one up."""
    user = context["request"].user
    coming, past = agenda.group_meetings(group, user)
    return {"coming": coming, "past": past, "may_set_up": user.is_authenticated and _may_set_up(user, group)}


@register.inclusion_tag("events/_upcoming.html", takes_context=True)
def upcoming_events(context, limit: int = 3) -> dict:
    """The next events that the reader may see, each series once."""
    user = context["request"].user
    return {"entries": agenda.upcoming(user, limit), "user": user}


def _may_set_up(user, group) -> bool:
    """Of a group that was loaded `with_door_of` the reader it is known who leads it; staff may have a say beside."""
    if group.archived_at:
        return False
    if hasattr(group, "own_role"):
        is_led = group.own_role == Membership.Role.FACILITATOR and group.own_edition == group.edition
        if is_led or not user.is_staff:
            return is_led
    return may_organise_for(user, group)
