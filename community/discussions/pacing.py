"""How much one person posts in a while: counted from the posts, in the transaction that writes the next one. What
leaves no post is counted by itself."""

from django.db.models import QuerySet

from community.discussions.models import Post, Topic
from community.discussions.refusals import DiscussionRefused
from community.safety import limits


class TooOften(DiscussionRefused):
    """That it was enough for now, and when it goes on."""


def wait_turn(by) -> None:
    """Have one person's posts be written one at a time, so that none is missed in the count."""
    limits.wait_turn(by)


def check_topics(by) -> None:
    """Raise TooOften, with the time left, where `by` has started enough for now."""
    # the index is by the last post, which is never before the first
    _check("topics", Topic.objects.filter(poster=by.pk), "created", by)


def check_replies(by) -> None:
    """The same for answers."""
    _check("replies", Post.objects.filter(poster=by.pk), "created", by)


def count(what: str, by, *, more: int = 1) -> None:
    """Count `more` reactions, uploads, saved drafts, changes of a post, people called or names looked up, and raise
    TooOften for too many."""
    try:
        limits.tally(what, by=by, more=more)
    except limits.LimitReached as refusal:
        raise TooOften(f"{refusal}") from refusal


def _check(what: str, rows: QuerySet, moment: str, by) -> None:
    try:
        limits.check(what, rows, moment, by=by)
    except limits.LimitReached as refusal:
        raise TooOften(f"{refusal}") from refusal
