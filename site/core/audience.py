"""For whom a thing is written: the world, members, practitioners, or one group.

Every forum, event and page has an audience, and says it where people read and where they write. Who belongs to the
first three is decided here; who is inside of a group, by `community.groups.audience`.
"""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    WORLD = "world", _("Everybody")
    MEMBERS = "members", _("Members of the association")
    PRACTITIONERS = "practitioners", _("Practitioners")
    GROUP = "group", _("One group")


NOT_A_GROUP = [choice for choice in Audience.choices if choice[0] != Audience.GROUP]
_NARROW_TO_WIDE: list[str] = [Audience.GROUP, Audience.PRACTITIONERS, Audience.MEMBERS, Audience.WORLD]


def audiences_of(user) -> list[str]:
    """The audiences that `user` belongs to now, groups aside: losing standing counts on the next request."""
    audiences: list[str] = [Audience.WORLD]
    if getattr(user, "is_member", False):
        audiences.append(Audience.MEMBERS)
        if user.is_practitioner:
            audiences.append(Audience.PRACTITIONERS)
    return audiences


def is_wider(audience: str, than: str) -> bool:
    """Whether more people are in `audience`: nothing moves to a wider one than it was written for."""
    return _NARROW_TO_WIDE.index(audience) > _NARROW_TO_WIDE.index(than)


def audience_words(audience: str, group_name: str = "") -> str:
    """Who reads what has this audience, as a sentence."""
    if audience == Audience.WORLD:
        return gettext("Anybody on the web can read this")
    if audience == Audience.PRACTITIONERS:
        return gettext("Practitioners whose license was checked can read this")
    if audience == Audience.GROUP:
        return gettext("Members of %(group)s can read this") % {"group": group_name}
    return gettext("Members of the association can read this")
