"""Setting up a group as the association does it, in the admin: a chapter or a learning community, with its leaders."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community.groups import agreements, membership
from community.groups.models import Group, Membership
from community.groups.refusals import GroupRefused
from community.members.models import User
from community.notices import outbox
from core import audit

# Consultation groups are started by the colleagues themselves: who is in one is not for staff to know.
KINDS = (Group.Kind.CHAPTER, Group.Kind.COMMUNITY)


def set_up(*, by: User, kind: str, leaders: Iterable[User], given: Mapping[str, Any]) -> Group:
    """Make a group with those who will lead it. Like everybody, they sign its agreement before they see anything.

    Raises ValidationError, by field, for what cannot be, and GroupRefused where `by` may not, for another kind, for a
    group without a leader, and for leaders who are no members of the association.
    """
    if not by.has_perm("groups.add_group"):
        raise GroupRefused(_("Only staff who look after groups set one up."))
    if kind not in KINDS:
        raise GroupRefused(_("A consultation group is started by its members, on the page of all groups."))
    people = list(leaders)
    if not people:
        raise GroupRefused(_("Please choose somebody who leads it."))
    with transaction.atomic():
        agreements.hold(kind)  # a new wording that is published now waits, and counts for this group too
        group = Group(kind=kind, **given)
        group.full_clean()
        group.save(force_insert=True)
        audit.write("group.set_up", by=by, on=group)
        for person in people:
            if not person.is_member:
                raise GroupRefused(_("Only members of the association can be in a group."))
            role = Membership.Role.FACILITATOR
            own = membership.enter(membership.locked(group, person), person, by=by, role=role)
            outbox.queue("group_added", person, target_id=own.pk)
    return group
