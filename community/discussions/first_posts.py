"""The first posts of a member (`FIRST_POSTS_WAIT`, two) wait until a moderator has read them. Practitioners, staff and
those who moderate skip it; nothing waits inside groups."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from community.discussions import holding, moderation
from community.discussions.models import Forum, ImportedPost, Post
from community.discussions.refusals import DiscussionRefused
from community.notices import outbox
from community.safety import kinds
from community.safety.permissions import may_moderate
from core.audience import Audience


def waits(user) -> bool:
    """Whether what `user` posts outside of groups waits: until so many of their posts there were let through. What
    they once wrote to a list was not."""
    first = settings.FIRST_POSTS_WAIT
    if not first or user.is_practitioner or user.is_staff:
        return False
    if outbox.is_quiet():  # a demonstration is built, or what happened long ago is brought along
        return False
    read = Post.objects.filter(poster=user, position__isnull=False).exclude(removed=Post.Removed.MODERATOR)
    imported = Exists(ImportedPost.objects.filter(post=OuterRef("pk")))
    there = read.exclude(topic__forum__audience=Audience.GROUP).exclude(imported).order_by()
    return len(there.values_list("pk")[:first]) < first and not may_moderate(user)


def waiting_for(user) -> QuerySet[Post]:
    """What waits for the moderator `user`, the oldest first: of places that they read, and not their own."""
    read = Forum.objects.visible_to(user).exclude(audience=Audience.GROUP).filter(pk=OuterRef("topic__forum"))
    rows = Post.objects.filter(Exists(read), ~Q(poster=user.pk) | Q(poster=None), held_at__isnull=False)
    return rows.defer("search").order_by("held_at", "pk")


def since(post_id: int):
    return Post.objects.filter(pk=post_id).order_by().values_list("held_at", flat=True).first()


def approve(post_id: int, by) -> None:
    _do(post_id, lambda post: moderation.approve(post, by=by))


def decline(post_id: int, by, words: str) -> None:
    _do(post_id, lambda post: moderation.hide(post, by=by, reason=words))


def register() -> None:
    holding.register(waits)


def _do(post_id: int, act) -> None:
    post = Post.objects.filter(pk=post_id, held_at__isnull=False).first()
    if post is None:
        raise kinds.Refused(_("Another moderator has decided this one."))
    try:
        act(post)
    except DiscussionRefused as refusal:
        raise kinds.Refused(str(refusal)) from refusal
