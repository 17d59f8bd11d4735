"""Why somebody may or may not come into a group: one answer, for lists, for the group's home and for the functions."""

from enum import Enum, nonmember

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.groups.models import Group


class Door(Enum):
    """How one person stands before one group."""

    do_not_call_in_templates = nonmember(True)  # a template would make a member of the class it is given

    INSIDE = "inside"
    SIGN = "sign"
    JOIN = "join"
    ASK = "ask"
    ASKED = "asked"
    INVITED = "invited"
    CLOSED = "closed"
    FULL = "full"
    ARCHIVED = "archived"
    APPLICANT = "applicant"
    VISITOR = "visitor"


def door(group: Group, user) -> Door:
    """How `user` stands before `group`, which was loaded `with_door_of(user)`."""
    if not user.is_authenticated:
        return Door.VISITOR
    if not user.is_member:
        return Door.APPLICANT
    if group.own_role:
        return Door.INSIDE if group.own_edition == group.edition else Door.SIGN
    if group.archived_at:
        return Door.ARCHIVED
    if group.places_left == 0:
        return Door.FULL
    if group.is_invited:
        return Door.INVITED
    if group.has_asked:
        return Door.ASKED
    if group.joining == Group.Joining.INVITATION or not group.listed:
        return Door.CLOSED
    if group.joining == Group.Joining.REQUEST or group.was_removed:
        return Door.ASK
    return Door.JOIN


def words(group: Group, user) -> str:
    """The same as a sentence for `user`."""
    found = door(group, user)
    return full_words(group) if found == Door.FULL else sentence(found)


def sentence(found: Door) -> str:
    """What is said at each door but a full group's, which tells how many places it has."""
    return str(_WORDS[found])


_WORDS = {
    Door.INSIDE: _("You are in this group."),
    Door.SIGN: _("You are in this group once you have signed its agreement."),
    Door.JOIN: _("Every member of the association can join."),
    Door.ASK: _("You can ask to join, and a facilitator answers."),
    Door.ASKED: _("You have asked to join. A facilitator will answer you."),
    Door.INVITED: _("You are invited."),
    Door.CLOSED: _("This group is joined by invitation."),
    Door.ARCHIVED: _("This group is archived. Nobody joins it any more."),
    Door.APPLICANT: _("You can join once your membership is confirmed."),
    Door.VISITOR: _("Groups are for members of the association."),
}


def full_words(group: Group) -> str:
    """That there is no place left."""
    taken = ngettext("The one place is taken.", "All %(count)s places are taken.", group.size_limit or 0)
    return taken % {"count": group.size_limit}
