"""Asking to come into a group, and the answer of those who lead it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups import doors
from community.groups.doors import Door
from community.groups.membership import enter, locked
from community.groups.models import Group, JoinRequest, Membership
from community.groups.permissions import is_facilitator
from community.groups.refusals import GroupRefused
from community.members.models import User
from community.notices import outbox
from core import audit

AGAIN_AFTER = timedelta(days=7)  # from a "no" until the same person can ask the same group once more
ASKS_A_DAY = 3  # of one person in one group: each is a letter to the facilitators

Outcome = JoinRequest.Outcome


def ask(group: Group, *, by: User, words: str = "") -> JoinRequest:
    """Ask the facilitators of a group to be let in, and tell them by mail. Asking twice changes nothing.

    Raises GroupRefused where the group is not one that they can ask, or has said no to them within `AGAIN_AFTER`.
    """
    with transaction.atomic():
        group = locked(group, by)
        waiting = group.requests.filter(user=by, decided_at=None).first()
        if waiting:
            return waiting
        if not Group.objects.visible_to(by).filter(pk=group.pk).exists():
            raise GroupRefused(_("This group is joined by invitation."))
        if doors.door(group, by) != Door.ASK:
            raise GroupRefused(doors.words(group, by))
        now = timezone.now()
        earlier = group.requests.filter(user=by)
        if earlier.filter(outcome=Outcome.DECLINED, decided_at__gt=now - AGAIN_AFTER).exists():
            raise GroupRefused(_("You were answered a few days ago. Please wait a week before you ask again."))
        if earlier.filter(made_at__gt=now - timedelta(days=1)).count() >= ASKS_A_DAY:
            raise GroupRefused(_("You asked several times today. Please come back tomorrow."))
        made = group.requests.create(user=by, words=words.strip())
        audit.write("group.request.made", by=by, on=group, person=by)
        outbox.queue_all("join_asked", _facilitators(group), target_id=made.pk, actor=by)
    return made


def withdraw(group: Group, *, by: User) -> None:
    """Take back what `by` asked. Without an open request nothing changes."""
    with transaction.atomic():
        group = locked(group, by)
        waiting = group.requests.filter(user=by, decided_at=None).first()
        if waiting is None:
            return
        _decide(waiting, Outcome.WITHDRAWN, by)
        audit.write("group.request.withdrawn", by=by, on=group, person=by)


def approve(request: JoinRequest, *, by: User, answer: str = "") -> Membership:
    """Let the asker in, as a member who has yet to sign, and write to them.

    Raises GroupRefused where `by` does not lead the group, where somebody answered before, where the asker is no
    member of the association any more, and where the group is archived or full: then the request stays open.
    """
    with transaction.atomic():
        waiting = _waiting(request, by)
        if not waiting.user.is_member:
            raise GroupRefused(_("They are not a member of the association at the moment."))
        own = enter(waiting.group, waiting.user, by=by)
        _decide(waiting, Outcome.APPROVED, by, answer)
        outbox.queue("join_answered", waiting.user, target_id=waiting.pk, actor=by)
    return own


def decline(request: JoinRequest, *, by: User, answer: str = "") -> None:
    """Say no to the asker, and write to them.

    Raises GroupRefused where `by` does not lead the group, or where somebody answered before.
    """
    with transaction.atomic():
        waiting = _waiting(request, by)
        _decide(waiting, Outcome.DECLINED, by, answer)
        audit.write("group.request.declined", by=by, on=waiting.group, person=waiting.user)
        outbox.queue("join_answered", waiting.user, target_id=waiting.pk, actor=by)


def _waiting(request: JoinRequest, by: User) -> JoinRequest:
    """The request as it stands, with its group's row locked, for one who may answer it."""
    group = locked(request.group, by)
    if not is_facilitator(by, group):
        raise GroupRefused(_("Only its facilitators answer who asks to join."))
    waiting = group.requests.filter(pk=request.pk, decided_at=None).select_related("user").first()
    if waiting is None:
        raise GroupRefused(_("This request is answered already, or was taken back."))
    waiting.group = group
    return waiting


def _decide(waiting: JoinRequest, outcome: str, by: User, answer: str = "") -> None:
    waiting.outcome, waiting.answer = outcome, answer.strip()
    waiting.decided_at, waiting.decided_by = timezone.now(), by
    waiting.save(update_fields=["outcome", "answer", "decided_at", "decided_by"])


def _facilitators(group: Group) -> list[User]:
    leading = group.memberships.current().signed().filter(role=Membership.Role.FACILITATOR)
    return [own.user for own in leading.select_related("user")]
