"""Blocking: no mail, mention or notice from somebody. Nobody is told."""

from community.members.models import Block, User


def has_blocked(user: User, other_id: int) -> bool:
    """Whether `user` wants nothing from the person with this id."""
    return Block.objects.filter(blocker=user, blocked_id=other_id).exists()


def block(other: User, *, by: User) -> None:
    """Stop mail, mentions and notices that come from `other`. Blocking oneself or twice changes nothing."""
    if other.pk != by.pk:
        Block.objects.get_or_create(blocker=by, blocked=other)


def unblock(other: User, *, by: User) -> None:
    """Let mail, mentions and notices from `other` come again."""
    Block.objects.filter(blocker=by, blocked=other).delete()
