"""What all who look after a place do alike: they find the row as it stands and locked, give a reason, and what they did
is noted and told to whom it concerns."""

from django.utils.translation import gettext as _

from community.discussions import locks, trail
from community.discussions.models import Forum, Post, Topic
from community.discussions.permissions import may_shape
from community.discussions.refusals import DiscussionRefused
from community.safety import decisions
from core import lines

LONGEST_REASON = 500


def check_reason(words: str) -> str:
    """The reason as its reader gets it. Raises DiscussionRefused where there is none, or too much."""
    words = lines.tidy(words)
    if not words:
        raise DiscussionRefused(_("Write a sentence that tells them why."))
    if len(words) > LONGEST_REASON:
        raise DiscussionRefused(_("A reason has at most %(most)s characters.") % {"most": LONGEST_REASON})
    return words


def locked_post(post: Post, by) -> Post:
    """The post as it stands, with its topic locked. Raises DiscussionRefused where `by` does not read its forum."""
    found = locks.post(post.pk)
    if found is None or not Forum.objects.visible_to(by).filter(pk=found.topic.forum_id).exists():
        raise DiscussionRefused(_("This post is not there any more."))
    return found


def locked_topics(*topics: Topic, by) -> list[Topic]:
    """Topics as they stand, locked. Raises DiscussionRefused unless `by` reads and looks after all of them."""
    found = locks.topics(topic.pk for topic in topics)
    visible = set(Topic.objects.visible_to(by).filter(pk__in=found).values_list("pk", flat=True))
    if any(topic.pk not in visible for topic in topics):
        raise DiscussionRefused(_("This conversation is not there any more."))
    if not all(may_shape(by, topic) for topic in found.values()):
        raise DiscussionRefused(_("This conversation can't be changed by you."))
    return [found[topic.pk] for topic in topics]


def tell_author(action: str, post: Post, *, by, reason: str) -> None:
    """Note what was done to somebody's post, and have them hear why."""
    trail.note(action, by=by, on=post, forum=post.topic.forum, person=post.poster)
    decisions.record(
        action,
        by=by,
        person=post.poster,
        kind="post",
        target_id=post.pk,
        words=reason,
        waiting_since=post.held_at,
    )


def tell_starter(action: str, topic: Topic, *, by, reason: str) -> None:
    """Note what was done to a topic, and have whoever started it hear why."""
    trail.note(action, by=by, on=topic, forum=topic.forum, person=topic.poster)
    if topic.first_post_id:
        first = topic.first_post_id
        decisions.record(action, by=by, person=topic.poster, kind="post", target_id=first, words=reason)
