"""Letters about coming in. A subject names no group, and neither does a letter about a group that not every reader of
the letter may know."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from community.groups import invitations
from community.groups.letters import known_name
from community.groups.models import Acceptance, Group, Invitation, JoinRequest
from community.notices import kinds


def asked(recipient, target_id: int) -> dict | None:
    """To a facilitator: that somebody asks to join, as long as it is unanswered and they lead the group."""
    led = Group.objects.facilitated_by(recipient).filter(archived_at=None)
    waiting = JoinRequest.objects.filter(pk=target_id, decided_at=None, group__in=led.values("pk"))
    request = waiting.select_related("group").first()
    if request is None:
        return None
    return {"name": known_name(request.group, recipient), "path": _path("groups:people", request.group, recipient)}


def answered(recipient, target_id: int) -> dict | None:
    """To who asked: the answer, as long as it is true and they may know of the group."""
    decided = JoinRequest.objects.filter(pk=target_id, user=recipient).select_related("group")
    request = decided.exclude(outcome__in=["", JoinRequest.Outcome.WITHDRAWN]).first()
    if request is None:
        return None
    is_in = request.outcome == JoinRequest.Outcome.APPROVED
    known = Group.objects.belonged_to(recipient) if is_in else Group.objects.visible_to(recipient)
    if not known.filter(pk=request.group_id).exists():
        return None
    return {
        "name": known_name(request.group, recipient),
        "is_in": is_in,
        "asked_on": request.made_at,
        "answer": request.answer,
        "path": _path("groups:agreement", request.group, recipient) if is_in else reverse("groups:list"),
    }


def invited(recipient, target_id: int) -> dict | None:
    """To an address, with or without an account: the link, as long as it is open and its maker leads the group."""
    letters = Invitation.objects.open().filter(pk=target_id, group__archived_at=None).exclude(email="")
    invitation = letters.select_related("group", "made_by").first()
    if invitation is None:
        return None
    group = Group.objects.filter(pk=invitation.group_id)
    if not group.facilitated_by(invitation.made_by).exists() or group.belonged_to(recipient).exists():
        return None
    return {
        "name": known_name(invitation.group, recipient),
        "inviter": invitation.made_by,
        "words": invitation.words,
        "until": _day_for(recipient or invitation.made_by, invitation.expires_at),
        "path": reverse("groups:invitation_link", args=[invitations.token(invitation)]),
    }


def _day_for(person, moment: datetime) -> date:
    """The day as this person counts it: who has no account here reads the same as who invites them."""
    return timezone.localtime(moment, ZoneInfo(person.time_zone)).date()


def taken(recipient, target_id: int) -> dict | None:
    """To who made an invitation: that somebody took it up, as long as they lead the group."""
    led = Group.objects.facilitated_by(recipient)
    accepted = Acceptance.objects.filter(pk=target_id, invitation__group__in=led.values("pk"))
    acceptance = accepted.select_related("invitation__group", "user").first()
    if acceptance is None:
        return None
    group = acceptance.invitation.group
    return {
        "name": known_name(group, recipient),
        "is_waiting": acceptance.entered_at is None,
        "path": _path("groups:people", group, recipient),
    }


def register() -> None:
    for name, context in {"join_asked": asked, "join_answered": answered, "invitation_taken": taken}.items():
        kinds.register(kinds.Kind(name, f"groups/mail/{name}", context))
    kinds.register(kinds.Kind("group_invitation", "groups/mail/group_invitation", invited, to_addresses=True))


def _path(view: str, group: Group, recipient) -> str:
    """A page of the group; where the letter does not name it that of all groups, since the address tells the name."""
    return reverse(view, args=[group.slug]) if known_name(group, recipient) else reverse("groups:list")
