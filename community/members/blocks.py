"""Blocking: no mail, mention or notice from somebody. Nobody is told."""

from community.members.models import Block, User


def block(other: User, *, by: User) -> None:
    """Stop mail, mentions and notices that come from `other`. Blocking oneself or twice changes nothing."""
    if other.pk != by.pk:
        Block.objects.get_or_create(blocker=by, blocked=other)


def unblock(other: User, *, by: User) -> None:
    """Let mail, mentions and notices from `other` come again."""
    Block.objects.filter(blocker=by, blocked=other).delete()
