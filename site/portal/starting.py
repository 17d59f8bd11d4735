"""Starting a group with all that belongs to it: its first meeting, and letters to those whom its founder invites."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from community.groups import invitations, starting
from community.groups.models import Group
from community.members.models import User
from core.audience import Audience
from events import scheduling
from events.models import Event


def start(
    *,
    by: User,
    kind: str,
    version: int,
    given: Mapping[str, Any],
    meeting: Event | None = None,
    emails: Iterable[str] = (),
) -> Group:
    """All of it or nothing. `meeting` is for the group alone, has neither title nor group yet, and is led by `by`.

    Raises what `community.groups.starting.start`, `events.scheduling.create_event` and
    `community.groups.invitations.invite_all` raise.
    """
    with transaction.atomic():
        group = starting.start(by=by, kind=kind, version=version, given=given)
        if meeting is not None:
            meeting.group, meeting.audience, meeting.title = group, Audience.GROUP, group.name
            meeting.kind = _kind_of_meeting(group)
            scheduling.create_event(meeting, by=by, hosts=[by])
        if addresses := list(emails):
            invitations.invite_all(group, by=by, emails=addresses)
    return group


def _kind_of_meeting(group: Group) -> str:
    is_small = group.kind == Group.Kind.CONSULTATION
    return Event.Kind.CASE_CONSULTATION if is_small else Event.Kind.WORKSHOP
