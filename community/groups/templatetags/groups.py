"""Who reads what is written in a group, by name."""

from django import template
from django.utils import formats, timezone
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
        "words": readers_words(roster),
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
def readers_words(roster: home.Roster) -> str:
    """Who reads, where their names stand beside it: those inside, who reads in an emergency, and who will read."""
    parts = [_inside_words(roster)] if roster.signed else []
    if roster.opened_until:
        until = formats.date_format(timezone.localtime(roster.opened_until), "DATETIME_FORMAT")
        parts.append(_("until %(moment)s by staff of the association, in an emergency") % {"moment": until})
    if roster.unsigned:
        more = ngettext(
            "by %(count)s more once they have signed", "by %(count)s more once they have signed", roster.unsigned
        )
        parts.append(more % {"count": roster.unsigned})
    last = _("by those the group admits later")
    if not parts:
        return _("Read %(last)s") % {"last": last}
    return _("Read %(parts)s, and %(last)s") % {"parts": ", ".join(parts), "last": last}


def _inside_words(roster: home.Roster) -> str:
    if roster.signed == 1 and roster.is_reader:
        return _("by you") if roster.opened_until else _("by you alone so far")
    words = ngettext("by this %(count)s person", "by these %(count)s people", roster.signed)
    return words % {"count": roster.signed}
