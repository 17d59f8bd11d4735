"""How much one person posts in a while: counted from the posts, in the transaction that writes the next one."""

from django.db.models import OuterRef, QuerySet, Subquery

from community.discussions.models import Mention, Post, Topic
from community.discussions.refusals import DiscussionRefused
from community.safety import limits


def wait_turn(by) -> None:
    """Have one person's posts be written one at a time, so that none is missed in the count."""
    limits.wait_turn(by)


def check_topics(by) -> None:
    """Raise DiscussionRefused, with the time left, where `by` has started enough for now."""
    # the index is by the last post, which is never before the first
    _check("topics", Topic.objects.filter(poster=by.pk), "created", by)


def check_replies(by) -> None:
    """The same for answers."""
    _check("replies", Post.objects.filter(poster=by.pk), "created", by)


def check_mentions(by, count: int) -> None:
    """The same for calling `count` people."""
    written = Post.objects.filter(pk=OuterRef("post")).order_by().values("created")
    rows = Mention.objects.filter(post__poster=by.pk).annotate(at=Subquery(written))
    _check("mentions", rows, "at", by, more=count)


def _check(what: str, rows: QuerySet, moment: str, by, *, more: int = 1) -> None:
    try:
        limits.check(what, rows, moment, by=by, more=more)
    except limits.LimitReached as refusal:
        raise DiscussionRefused(f"{refusal}") from refusal
