"""Joining and leaving. Every change is one function: one transaction, the group's row locked."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups.models import Group, Membership
from community.groups.permissions import may_join
from community.members.models import User


class MembershipRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def join(group: Group, *, by: User) -> Membership:
    """Make `by` a member of an open group; joining twice changes nothing.

    Raises MembershipRefused where the group is not open to them.
    """
    with transaction.atomic():
        group = Group.objects.select_for_update().get(pk=group.pk)
        if not by.is_member:
            raise MembershipRefused(_("Groups are for members of the association. Yours is not confirmed yet."))
        if not may_join(by, group):
            raise MembershipRefused(_("This group is joined by invitation."))
        return _enter(group, by, Membership.Role.MEMBER)


def add(group: Group, person: User, *, role: str = Membership.Role.MEMBER) -> Membership:
    """Make `person` a member without asking whether the group is open: for founders, staff and imports."""
    with transaction.atomic():
        group = Group.objects.select_for_update().get(pk=group.pk)
        if not person.is_member:
            raise MembershipRefused(_("Only members of the association can be in a group."))
        return _enter(group, person, role)


def leave(group: Group, *, by: User) -> None:
    """End the membership of `by`, from this moment on in every channel.

    Raises MembershipRefused for the only facilitator while others are still there; leaving twice changes nothing.
    """
    with transaction.atomic():
        group = Group.objects.select_for_update().get(pk=group.pk)
        current = group.memberships.filter(left_at=None)
        own = current.filter(user=by).first()
        if own is None:
            return
        others = current.exclude(user=by)
        led_by_others = others.filter(role=Membership.Role.FACILITATOR).exists()
        if own.role == Membership.Role.FACILITATOR and others.exists() and not led_by_others:
            raise MembershipRefused(_("You are the only facilitator. Ask a colleague to take over before you leave."))
        own.left_at = timezone.now()
        own.role = Membership.Role.MEMBER
        own.save(update_fields=["left_at", "role"])


def _enter(group: Group, person: User, role: str) -> Membership:
    own, created = Membership.objects.get_or_create(group=group, user=person, defaults={"role": role})
    if not created and own.left_at is not None:
        own.left_at, own.joined_at, own.role = None, timezone.now(), role
        own.save(update_fields=["left_at", "joined_at", "role"])
    return own
