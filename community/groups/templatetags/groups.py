"""Who reads what is written in a group, by name."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.groups import home
from core.audience import Audience

register = template.Library()

NAMED = 9  # as many as a consultation group holds


@register.inclusion_tag("groups/_readers.html", takes_context=True)
def readers(context, group) -> dict:
    """Who reads what is written in `group`, with their faces: for those inside. One query."""
    roster = home.roster(group, context["request"].user)
    people = roster.readers
    return {
        "words": readers_words(roster.signed),
        "people": people,
        "count": roster.signed,
        "names": ", ".join(str(person) for person in people) if roster.signed <= NAMED else "",
    }


@register.inclusion_tag("groups/_who_reads.html", takes_context=True)
def who_reads(context, thing) -> dict:
    """Who reads a forum, where one writes in it: its people for one of a group, its audience in words for others."""
    is_of_group = thing.audience == Audience.GROUP
    return {"thing": thing, "group": thing.group if is_of_group else None, "request": context["request"]}


@register.filter
def readers_words(count: int) -> str:
    """Who reads, where their names stand beside it."""
    if count == 1:
        return _("Read by you alone so far, and by those the group admits later")
    words = ngettext(
        "Read by this %(count)s person, and by those the group admits later",
        "Read by these %(count)s people, and by those the group admits later",
        count,
    )
    return words % {"count": count}
