"""Who may write and change. Who may read is `visible_to` in `community.discussions.threads`.

Those who look after a place are the moderators of the association, and in what only a group reads those who lead it:
no moderator does anything there from outside. Nobody judges their own words. In an archived group nothing is shaped any
more, but what should not stand there can still be taken away.
"""

from django.db.models import Q, QuerySet

from community.discussions.models import Forum, Post, Topic
from community.groups.permissions import is_facilitator, is_inside
from community.safety import sanctions
from community.safety.models import Report
from community.safety.permissions import may_moderate
from core.audience import Audience


def may_post(user, forum: Forum) -> bool:
    """Members whom the forum's audience includes, and whom no moderator paused; applicants and visitors read at most.
    An archived group is closed, and inside of one no moderator's pause counts."""
    if not getattr(user, "is_member", False) or not forum.is_forum:
        return False
    if forum.audience != Audience.GROUP and sanctions.is_kept_out(user):
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


def may_react(user, post: Post) -> bool:
    """Whoever may post there, to what others wrote; in a closed topic too."""
    return post.approved and post.poster_id != user.pk and may_post(user, post.topic.forum)


def may_mark_helpful(user, post: Post) -> bool:
    """Whoever started the topic, its replies, while they may post there; in a closed topic too."""
    asked = post.topic.poster_id is not None and post.topic.poster_id == user.pk
    return asked and post.approved and post.position != 1 and may_post(user, post.topic.forum)


def looks_after(user, forum: Forum) -> bool:
    """Whoever moderates in this forum. That they read it too is asked by `visible_to`."""
    if forum.audience == Audience.GROUP:
        return forum.group is not None and is_facilitator(user, forum.group)
    return may_moderate(user)


def may_shape(user, topic: Topic) -> bool:
    """Close, reopen, pin, merge and split: who looks after the place, as long as it is no archived group's."""
    return _is_in_use(topic.forum) and looks_after(user, topic.forum)


def may_state_retention(user, forum: Forum) -> bool:
    """Who leads a group, of what it alone reads. Of other forums it is said in the admin."""
    return forum.audience == Audience.GROUP and _is_in_use(forum) and looks_after(user, forum)


def may_open(user, forum: Forum) -> bool:
    """Let people read what was brought from elsewhere: staff who look after forums."""
    return forum.audience != Audience.GROUP and user.has_perm("forum.change_forum")


def may_move(user, topic: Topic) -> bool:
    """Moderators, what stands in no group's forum. Pages know it from `TopicQuerySet.with_moves_by`."""
    return topic.forum.audience != Audience.GROUP and may_moderate(user)


def may_remove(user, post: Post) -> bool:
    """One's own words that are read or wait to be, in a closed topic and an archived group too."""
    return _is_own(user, post) and not post.removed


def may_hide(user, post: Post) -> bool:
    """Somebody else's, where one looks after the place."""
    return not post.removed and _judges(user, post)


def may_restore(user, post: Post) -> bool:
    """What somebody else wrote and a moderator took away, but for a report that names `user`; one's own where one took
    it away oneself. What has no words any more stays away."""
    if not post.removed or not post.content:
        return False
    if post.removed == Post.Removed.AUTHOR:
        return _is_own(user, post) and _is_in_use(post.topic.forum)
    return _judges(user, post) and not hidden_over(user).filter(pk=post.pk).exists()


def hidden_over(user) -> QuerySet[Post]:
    """Posts that were hidden for a report that names `user`, of them or of a file of theirs: others put them back."""
    rows = Report.objects.filter(outcome=Report.Outcome.HIDDEN, named=user.pk).values("target_id")
    return Post.objects.filter(Q(pk__in=rows.filter(kind="post")) | Q(attachments__in=rows.filter(kind="attachment")))


def may_approve(user, post: Post) -> bool:
    """Somebody else's that waits."""
    return post.held_at is not None and _judges(user, post)


def may_amend(user, post: Post) -> bool:
    """Edit somebody else's words, where one looks after the place."""
    return not post.removed and _is_in_use(post.topic.forum) and _judges(user, post)


def may_split(user, post: Post) -> bool:
    """Start a new topic with this answer."""
    return bool(post.position) and post.position != 1 and may_shape(user, post.topic)


def may_see_history(user, post: Post) -> bool:
    """Who wrote it, and who looks after the place."""
    return _is_own(user, post) or looks_after(user, post.topic.forum)


def may_purge(user, post: Post) -> bool:
    """Remove client details: who wrote it, and who looks after the place."""
    return _is_own(user, post) or looks_after(user, post.topic.forum)


def _is_own(user, post: Post) -> bool:
    return getattr(user, "is_member", False) and post.poster_id is not None and post.poster_id == user.pk


def _judges(user, post: Post) -> bool:
    return not (post.poster_id and post.poster_id == user.pk) and looks_after(user, post.topic.forum)


def _is_in_use(forum: Forum) -> bool:
    """In no archived group."""
    return forum.audience != Audience.GROUP or (forum.group is not None and forum.group.archived_at is None)
