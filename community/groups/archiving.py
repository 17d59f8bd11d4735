"""Putting a group away, and taking it out again. Nothing is lost: those inside read on, and nobody joins or posts."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups.membership import locked
from community.groups.models import Group
from community.groups.permissions import may_look_after
from community.groups.refusals import GroupRefused
from community.members.models import User
from core import audit

# What other rooms do in the same transaction when a group is put away: `ended(group, by)`.
_endings: list[Callable[[Group, User], None]] = []


def on_archive(ended: Callable[[Group, User], None]) -> None:
    """Have `ended(group, by)` called in the transaction that archives a group."""
    _endings.append(ended)


def archive(group: Group, *, by: User) -> None:
    """Put a group away, from this moment on in every channel. A second time changes nothing.

    Raises GroupRefused where `by` neither leads the group nor looks after it in the admin.
    """
    with transaction.atomic():
        group = locked(group, by)
        _must_look_after(group, by)
        if group.archived_at:
            return
        group.archived_at = timezone.now()
        group.save(update_fields=["archived_at"])
        audit.write("group.archived", by=by, on=group)
        for ended in _endings:
            ended(group, by)


def reopen(group: Group, *, by: User) -> None:
    """Take a group out again, with everybody and everything that is in it. Raises GroupRefused as `archive` does."""
    with transaction.atomic():
        group = locked(group, by)
        _must_look_after(group, by)
        if group.archived_at is None:
            return
        group.archived_at = None
        group.save(update_fields=["archived_at"])
        audit.write("group.reopened", by=by, on=group)


def _must_look_after(group: Group, by: User) -> None:
    if not may_look_after(by, group):
        raise GroupRefused(_("Only its facilitators archive a group, or open it again."))
