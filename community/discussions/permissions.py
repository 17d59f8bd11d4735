"""Who may write and change. Who may read is `visible_to` in `community.discussions.threads`."""

from community.discussions.models import Forum, Post, Topic
from community.groups.permissions import is_inside
from community.safety.permissions import may_moderate
from core.audience import Audience


def may_post(user, forum: Forum) -> bool:
    """Members whom the forum's audience includes; applicants and visitors read at most. An archived group is closed."""
    if not getattr(user, "is_member", False) or not forum.is_forum:
        return False
    if forum.audience == Audience.PRACTITIONERS:
        return user.is_practitioner
    if forum.audience == Audience.GROUP:
        group = forum.group  # the database says that there is one
        return group is not None and group.archived_at is None and is_inside(user, group)
    return True


def may_reply(user, topic: Topic) -> bool:
    """Whoever may post in the forum, as long as the topic is open."""
    return not topic.is_locked and may_post(user, topic.forum)


def may_edit(user, post: Post) -> bool:
    """One's own words, wherever one may still post, while the topic is open."""
    return post.poster_id is not None and post.poster_id == user.pk and may_reply(user, post.topic)


def may_move(user, topic: Topic) -> bool:
    """Moderators, what stands in no group's forum. Pages know it from `TopicQuerySet.with_moves_by`."""
    return topic.forum.audience != Audience.GROUP and may_moderate(user)
