"""What moderators do with posts and topics: hide a post, move a conversation."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from community.discussions.models import FormerPlace, Forum, ForumMark, Post, Topic, TopicMark
from community.discussions.permissions import may_move
from community.discussions.refusals import DiscussionRefused
from core import audit
from core.audience import Audience, is_wider


def hide_post(post: Post, *, by) -> None:
    """Have nobody read this post any more; with the first post goes its topic. Its position stays taken.

    Hiding twice changes nothing.
    """
    with transaction.atomic():
        topic = Topic.objects.select_for_update(of=("self",), no_key=True).get(pk=post.topic_id)
        gone = {"approved": False, "removed": Post.Removed.MODERATOR, "removed_at": timezone.now()}
        if not Post.objects.filter(pk=post.pk, approved=True).update(**gone, updated_by=by):
            return
        audit.write("discussions.post.hidden", by=by, on=post, person=post.poster)
        if post.position == 1:
            Topic.objects.filter(pk=topic.pk).update(approved=False)
        last = topic.posts.filter(approved=True).order_by("-position").first()
        if last is not None:
            Topic.objects.filter(pk=topic.pk).update(last_post=last, last_post_on=last.created)
        recount(topic.forum_id)


def destinations(topic: Topic, *, by) -> QuerySet[Forum]:
    """The forums that `by` may move a topic to: those that they read and that no more people read."""
    written_for = topic.forum.audience
    narrower = [name for name in Audience.values if name != Audience.GROUP and not is_wider(name, than=written_for)]
    forums = Forum.objects.visible_to(by).filter(audience__in=narrower).exclude(pk=topic.forum_id)
    return forums if may_move(by, topic) else forums.none()


def move(topic: Topic, to_forum: Forum, *, by) -> Topic:
    """Have a topic stand in another forum, in every channel from the next request on; its old address leads there.

    Read marks stay: who has read it, or the whole forum that it comes from, has read it there too. Moving it to where
    it is changes nothing. Raises DiscussionRefused for people who may not move it, for a group's conversations, and
    where more people would read what was written for fewer.
    """
    with transaction.atomic():
        found = Topic.objects.select_for_update(of=("self",), no_key=True).filter(pk=topic.pk).first()
        if found is None:
            raise DiscussionRefused(_("This conversation is not there any more."))
        # in the order of their ids, so that two moves never wait for each other; the lock keeps both audiences
        ids = {found.forum_id, to_forum.pk}
        forums = Forum.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk").in_bulk()
        found.forum = old = forums[found.forum_id]
        if not may_move(by, found) or not Topic.objects.visible_to(by).filter(pk=found.pk).exists():
            raise DiscussionRefused(_("This conversation can't be moved by you."))
        new = forums.get(to_forum.pk)
        if new is None or not Forum.objects.visible_to(by).filter(pk=new.pk).exists():
            raise DiscussionRefused(_("That forum is not there any more. Please choose another."))
        if new.pk == old.pk:
            return found
        _check_audience(old, new)
        Topic.objects.filter(pk=found.pk).update(forum=new)
        FormerPlace.objects.get_or_create(topic=found, forum=old)
        _keep_read(found, old)
        for forum_id in sorted(ids):
            recount(forum_id)
        audit.write("discussions.topic.moved", by=by, on=found)
        found.forum = new
    return found


def recount(forum_id: int) -> None:
    """Write a forum's counters and its last post anew, from its rows. Called within a transaction."""
    forum = Forum.objects.select_for_update(no_key=True).get(pk=forum_id)
    topics = Topic.objects.filter(forum=forum, approved=True)
    newest = topics.order_by("-last_post_on", "-pk").first()
    Forum.objects.filter(pk=forum.pk).update(
        direct_topics_count=topics.count(),
        direct_posts_count=Post.objects.filter(topic__in=topics, approved=True).count(),
        last_post=newest and newest.last_post_id,
        last_post_on=newest and newest.last_post_on,
    )


def _check_audience(old: Forum, new: Forum) -> None:
    if Audience.GROUP in (old.audience, new.audience):
        raise DiscussionRefused(_("What a group reads stays within the group."))
    if is_wider(new.audience, than=old.audience):
        raise DiscussionRefused(
            _("This was written for fewer people than read %(forum)s, so it can't be moved there.")
            % {"forum": new.name}
        )


def _keep_read(topic: Topic, old: Forum) -> None:
    """Write into the topic's own marks what those who marked its forum as read had read of it by that."""
    marks = ForumMark.objects.filter(forum=old, read_until__gte=topic.created)
    readers = marks.values_list("user", flat=True)
    TopicMark.objects.bulk_create([TopicMark(topic=topic, user_id=pk) for pk in readers], ignore_conflicts=True)
    read_until = ForumMark.objects.filter(forum=old, user=OuterRef(OuterRef("user"))).values("read_until")
    read = topic.posts.filter(created__lte=Subquery(read_until)).order_by("-position").values("position")[:1]
    TopicMark.objects.filter(topic=topic, user__in=marks.values("user")).update(
        read_to=Greatest("read_to", Coalesce(Subquery(read), 0))
    )
