"""Coming in, leaving, and who leads. Every change is one function: one transaction, the group's row locked."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups import doors
from community.groups.doors import Door
from community.groups.models import Acceptance, Group, JoinRequest, Membership
from community.groups.permissions import acts_for_association, is_facilitator, may_manage_members
from community.groups.refusals import GroupRefused
from community.members.models import User
from community.notices import outbox
from core import audit

# What other rooms do in the same transaction when somebody is out of a group: `gone(group, person)`.
_departures: list[Callable[[Group, User], None]] = []


def on_departure(gone: Callable[[Group, User], None]) -> None:
    """Have `gone(group, person)` called in the transaction that ends a membership."""
    _departures.append(gone)


def join(group: Group, *, by: User) -> Membership:
    """Make `by` a member of an open group; joining twice changes nothing.

    Raises GroupRefused where the group is not open to them, or full.
    """
    with transaction.atomic():
        group = locked(group, by)
        door = doors.door(group, by)
        if door not in (Door.JOIN, Door.INSIDE, Door.SIGN):
            raise GroupRefused(doors.words(group, by))
        return enter(group, by, by=by)


def add(group: Group, person: User, *, by: User | None = None, role: str = Membership.Role.MEMBER) -> Membership:
    """Make `person` a member without asking whether the group is open: for founders, staff and imports.

    Like everybody, they see nothing of the group before they have signed its agreement. Raises GroupRefused where `by`
    does not look after the group's members, for staff who would let themselves in, and as `enter` does.
    """
    with transaction.atomic():
        group = locked(group, person)
        is_founder = by == person and not group.memberships.exists()
        if by is not None and not is_founder:
            if not may_manage_members(by, group):
                raise GroupRefused(_("Only its facilitators change who is in a group."))
            if by == person:
                raise GroupRefused(_("Nobody lets themselves in here. You can join on the group's own page."))
        if not person.is_member:
            raise GroupRefused(_("Only members of the association can be in a group."))
        own = enter(group, person, by=by, role=role)
        if by is not None and by != person:
            outbox.queue("group_added", person, target_id=own.pk)
        return own


def enter(group: Group, person: User, *, by: User | None, role: str = Membership.Role.MEMBER) -> Membership:
    """Write the membership and settle what was asked. The caller holds the group's lock and decided that it may be.

    Raises GroupRefused where the group is archived or no place is left.
    """
    own = group.memberships.filter(user=person).first()
    if own and own.left_at is None:
        return own
    if group.archived_at:
        raise GroupRefused(_("This group is archived. Nobody joins it any more."))
    if group.places_left == 0:
        raise GroupRefused(doors.full_words(group))
    own = own or Membership(group=group, user=person)
    own.role, own.joined_at, own.signed_edition = role, timezone.now(), None
    own.left_at, own.ending, own.reason = None, "", ""
    own.save()
    now = timezone.now()
    asked = group.requests.filter(user=person, decided_at=None)
    asked.update(outcome=JoinRequest.Outcome.APPROVED, decided_at=now, decided_by=by)
    Acceptance.objects.filter(invitation__group=group, user=person, entered_at=None).update(entered_at=now)
    group.invitations.open().filter(email__iexact=person.email).update(revoked_at=now)
    audit.write("group.member.joined", by=by, on=group, person=person)
    return own


def leave(group: Group, *, by: User) -> None:
    """End the membership of `by`, from this moment on in every channel.

    Raises GroupRefused for the only facilitator while others are still there; leaving twice changes nothing.
    """
    with transaction.atomic():
        group = locked(group, by)
        own = group.memberships.of(by).first()
        if own is None:
            return
        _must_leave_a_facilitator(group, own, _("You are the only facilitator. Hand over before you leave."))
        _end(own, Membership.Ending.LEFT)
        audit.write("group.member.left", by=by, on=group, person=by)


def must_hand_over(group: Group, user: User) -> bool:
    """Whether `user` is the only facilitator of others, and so cannot leave yet."""
    own = group.memberships.of(user).first()
    return own is not None and _is_last_to_lead(group, own)


def remove(member: Membership, *, by: User, reason: str) -> None:
    """End somebody's membership, with a reason that is told to them and to nobody else.

    Raises GroupRefused where `by` neither leads the group nor acts for the association, without a reason, and for a
    facilitator, whose membership the association alone can end.
    """
    with transaction.atomic():
        group = locked(member.group, by)
        own = group.memberships.filter(pk=member.pk, left_at=None).select_related("user").first()
        if not may_manage_members(by, group):
            raise GroupRefused(_("Only its facilitators change who is in a group."))
        if own is None:
            raise GroupRefused(_("They are not in this group any more."))
        if own.role == Membership.Role.FACILITATOR and not acts_for_association(by, group):
            raise GroupRefused(_("A facilitator leaves by themselves, or steps down first."))
        if not reason.strip():
            raise GroupRefused(_("Please give a reason. It is sent to them, and to nobody else."))
        _end(own, Membership.Ending.REMOVED, reason.strip())
        audit.write("group.member.removed", by=by, on=group, person=own.user)
        outbox.queue("group_removed", own.user, target_id=own.pk)


def appoint(member: Membership, *, by: User) -> None:
    """Make a member a facilitator beside the present ones.

    Raises GroupRefused where `by` neither leads the group nor acts for the association, or where the member has not
    signed its agreement.
    """
    with transaction.atomic():
        group = locked(member.group, by)
        _appoint(group, member, by=by)


def step_down(group: Group, *, by: User) -> None:
    """Make `by` a plain member again. Raises GroupRefused for the only facilitator."""
    with transaction.atomic():
        group = locked(group, by)
        own = group.memberships.of(by).filter(role=Membership.Role.FACILITATOR).first()
        if own is None:
            return
        _must_leave_a_facilitator(group, own, _("You are the only facilitator. Hand over to somebody first."))
        _step_down(group, own)


def hand_over(group: Group, *, to: Membership, by: User) -> None:
    """Make `to` a facilitator and `by` a plain member, both or neither. Raises GroupRefused as `appoint` does."""
    with transaction.atomic():
        group = locked(group, by)
        if not is_facilitator(by, group):
            raise GroupRefused(_("Only a facilitator hands over."))
        if to.user_id == by.pk:
            raise GroupRefused(_("You lead this group already. Choose somebody else."))
        _appoint(group, to, by=by)
        _step_down(group, group.memberships.of(by).get())


def locked(group: Group, user: User) -> Group:
    """The group's row, locked until the transaction ends, with how `user` stands before it now."""
    return Group.objects.select_for_update(of=("self",)).with_door_of(user).get(pk=group.pk)


def _appoint(group: Group, member: Membership, *, by: User) -> None:
    if not may_manage_members(by, group):
        raise GroupRefused(_("Only a facilitator makes somebody a facilitator."))
    own = group.memberships.current().signed().filter(pk=member.pk).select_related("user").first()
    if own is None:
        raise GroupRefused(_("They have to be in the group and to have signed its agreement first."))
    if own.role == Membership.Role.FACILITATOR:
        return
    if own.user_id == by.pk:
        raise GroupRefused(_("Somebody else has to make you a facilitator."))
    own.role = Membership.Role.FACILITATOR
    own.save(update_fields=["role"])
    audit.write("group.facilitator.appointed", by=by, on=group, person=own.user)


def _step_down(group: Group, own: Membership) -> None:
    own.role = Membership.Role.MEMBER
    own.save(update_fields=["role"])
    audit.write("group.facilitator.stepped_down", by=own.user, on=group, person=own.user)


def _must_leave_a_facilitator(group: Group, own: Membership, sentence: str) -> None:
    if _is_last_to_lead(group, own):
        raise GroupRefused(sentence)


def _is_last_to_lead(group: Group, own: Membership) -> bool:
    others = group.memberships.current().exclude(pk=own.pk)
    led_by_others = others.filter(role=Membership.Role.FACILITATOR).exists()
    return own.role == Membership.Role.FACILITATOR and others.exists() and not led_by_others


def _end(own: Membership, ending: str, reason: str = "") -> None:
    own.left_at, own.ending, own.reason = timezone.now(), ending, reason
    own.role, own.signed_edition = Membership.Role.MEMBER, None
    own.save()
    for gone in _departures:
        gone(own.group, own.user)
