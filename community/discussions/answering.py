"""Short answers without words: two reactions to a post, and what helped the one who asked.

Reactions are counted on the post. Who made them is shown nowhere; readers see their own and a number.
"""

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.discussions import pacing, telling
from community.discussions.models import Post, Reaction, Topic
from community.discussions.permissions import may_mark_helpful, may_react
from community.discussions.refusals import DiscussionRefused
from community.notices import bell

COUNTERS = {Reaction.Kind.WITH: "with_count", Reaction.Kind.HELPFUL: "helpful_count"}


def react(post: Post, kind: str, *, by) -> None:
    """Add one's reaction; a second one of a kind changes nothing. Raises DiscussionRefused where `by` may not, and
    TooOften."""
    with transaction.atomic():
        _check_reaction(post, kind, by)
        _row, is_new = Reaction.objects.get_or_create(post=post, user=by, kind=kind)
        if is_new:
            _count(post, kind, 1)


def take_back(post: Post, kind: str, *, by) -> None:
    """Take one's reaction back; where there is none, nothing changes."""
    with transaction.atomic():
        _check_reaction(post, kind, by)
        gone, _of = Reaction.objects.filter(post=post, user=by, kind=kind).delete()
        if gone:
            _count(post, kind, -1)


def mark_helpful(post: Post, *, by) -> None:
    """Say as the asker that a reply helped; its author is told. Raises DiscussionRefused for everybody else."""
    with transaction.atomic():
        post = _of_the_asker(post, by)
        if Post.objects.filter(pk=post.pk, helped_at=None).update(helped_at=timezone.now()):
            settle(post.topic_id)
            telling.that_it_helped(post)


def unmark_helpful(post: Post, *, by) -> None:
    """Take that back. Raises DiscussionRefused for everybody but the asker."""
    with transaction.atomic():
        post = _of_the_asker(post, by)
        Post.objects.filter(pk=post.pk).update(helped_at=None)
        settle(post.topic_id)
        bell.forget("helped", post.pk)


def settle(topic_id: int) -> None:
    """Write anew since when a topic has something that helped: the first of what can be read of it.

    Called in the transaction that marks a post, or that takes one out of the topic or puts it back.
    """
    there = Post.objects.filter(topic=topic_id, approved=True, helped_at__isnull=False)
    first = there.aggregate(first=Min("helped_at"))["first"]
    Topic.objects.filter(pk=topic_id).update(solved_at=first)


def words(count: int, is_mine: bool) -> str:
    """How many reacted, without a name: "you and 3 colleagues". Empty for nobody."""
    others = count - 1 if is_mine else count
    if is_mine and others > 0:
        return ngettext("you and %(count)s colleague", "you and %(count)s colleagues", others) % {
            "count": f"{others:,}"
        }
    if is_mine:
        return _("you")
    return ngettext("%(count)s colleague", "%(count)s colleagues", others) % {"count": f"{others:,}"} if others else ""


def _check_reaction(post: Post, kind: str, by) -> None:
    found = Post.objects.shared_with(by).select_related("topic__forum__group").filter(pk=post.pk).first()
    if kind not in COUNTERS or found is None or not may_react(by, found):
        raise DiscussionRefused(_("You can't react to this post."))
    pacing.count("reactions", by)


def _of_the_asker(post: Post, by) -> Post:
    """The post, with its topic locked, where `by` asked and may say what helped."""
    topic = Topic.objects.select_for_update(of=("self",), no_key=True).filter(pk=post.topic_id).first()
    found = Post.objects.shared_with(by).select_related("topic__forum__group").filter(pk=post.pk).first()
    if topic is None or found is None or not may_mark_helpful(by, found):
        raise DiscussionRefused(_("Only the one who asked can say what helped."))
    return found


def _count(post: Post, kind: str, by: int) -> None:
    counter = COUNTERS[Reaction.Kind(kind)]
    Post.objects.filter(pk=post.pk).update(**{counter: F(counter) + by})
