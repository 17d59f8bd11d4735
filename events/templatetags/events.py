"""What other rooms' pages show of events."""

from django import template

from events import agenda
from events.permissions import may_organise_for

register = template.Library()


@register.inclusion_tag("events/_next_meetings.html", takes_context=True)
def group_next_meetings(context, group, limit: int = 3) -> dict:
    """The next meetings of a group as the reader may see them, and for those who lead it the way to set one up."""
    user = context["request"].user
    may_set_up = user.is_authenticated and may_organise_for(user, group)
    return {
        "entries": agenda.group_meetings(group, user, limit),
        "group": group,
        "may_set_up": may_set_up,
        "user": user,
    }


@register.inclusion_tag("events/_upcoming.html", takes_context=True)
def upcoming_events(context, limit: int = 3) -> dict:
    """The next events that the reader may see, each series once."""
    user = context["request"].user
    return {"entries": agenda.upcoming(user, limit), "user": user}
