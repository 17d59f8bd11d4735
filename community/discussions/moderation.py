"""What becomes of posts and topics once they are there: removed, hidden, put back, let through, closed, pinned, moved.

Each function checks, locks in the order of `community.discussions.locks`, changes, counts, notes it in the audit trail
and tells whoever is concerned, in one transaction.
"""

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from community.discussions import answering, counters, history, locks, mentions, posting, trail
from community.discussions.looking_after import check_reason, locked_post, locked_topics, tell_author, tell_starter
from community.discussions.models import FormerPlace, Forum, ForumMark, Post, Topic, TopicMark
from community.discussions.permissions import (
    hidden_over,
    may_amend,
    may_approve,
    may_hide,
    may_move,
    may_remove,
    may_restore,
)
from community.discussions.refusals import DiscussionRefused
from community.groups.models import Group
from community.safety.permissions import may_moderate
from core import audit
from core.audience import Audience, is_wider

# Posts ---------------------------------------------------------------------------------------------------------------


def remove(post: Post, *, by) -> None:
    """Take away one's own post. Where nobody has answered, a topic goes with its first one; otherwise it stands.

    A second time changes nothing. Raises DiscussionRefused for somebody else's.
    """
    with transaction.atomic():
        found = locked_post(post, by)
        if found.removed:
            return
        if not may_remove(by, found):
            raise DiscussionRefused(_("Only your own posts can be removed by you."))
        is_alone = not found.topic.posts.filter(approved=True).exclude(pk=found.pk).exists()
        take_away(found, Post.Removed.AUTHOR, whole=is_alone)
        audit.write("discussions.post.removed", by=by, on=found, person=by)


def hide(post: Post, *, by, reason: str, whole: bool = False) -> None:
    """Have nobody read somebody else's post any more; they are told why. `whole` takes the topic with its first post.

    One that waits is turned down by it. A second time changes nothing. Raises DiscussionRefused for those who don't
    look after the place.
    """
    reason = check_reason(reason)
    with transaction.atomic():
        found = locked_post(post, by)
        if found.removed:
            return
        if not may_hide(by, found):
            raise DiscussionRefused(_("This post can't be hidden by you."))
        take_away(found, Post.Removed.MODERATOR, whole=whole or not is_answered(found))
        tell_author("discussions.post.hidden", found, by=by, reason=reason)


def hide_post(post: Post, *, by) -> None:
    """Have nobody read this post any more; with the first post goes its topic. Its position stays taken.

    For what decides on a report, which asks who may. Hiding twice changes nothing.
    """
    with transaction.atomic():
        found = locks.post(post.pk)
        if found is None or found.removed:
            return
        take_away(found, Post.Removed.MODERATOR, whole=True)
        audit.write("discussions.post.hidden", by=by, on=found, person=found.poster)


def restore(post: Post, *, by, reason: str = "") -> None:
    """Put back what a moderator hid, with a reason for its author, or what one removed oneself.

    Raises DiscussionRefused for others, and for words that are gone for good.
    """
    with transaction.atomic():
        found = locked_post(post, by)
        if not found.removed:
            return
        if not may_restore(by, found):
            raise DiscussionRefused(_("This post can't be put back by you."))
        if found.removed == Post.Removed.AUTHOR:
            audit.write("discussions.post.put_back", by=by, on=found, person=by)
        else:
            tell_author("discussions.post.restored", found, by=by, reason=check_reason(reason))
        if found.position is None and found.removed == Post.Removed.AUTHOR:  # no way around who reads it first
            Post.objects.filter(pk=found.pk).update(held_at=timezone.now(), removed="", removed_at=None)
        elif found.position is None:  # it was turned down before anybody read it
            posting.publish(found)
        else:
            put_back(found)


def restorable(user) -> QuerySet[Post]:
    """What `user` can put back, newest first: what was hidden where they look after it, and what they removed."""
    places = Q(topic__forum__audience=Audience.GROUP, topic__forum__group__in=Group.objects.facilitated_by(user))
    if may_moderate(user):
        places |= ~Q(topic__forum__audience=Audience.GROUP)
    hidden = Q(removed=Post.Removed.MODERATOR) & places & ~Q(poster=user.pk) & ~Q(pk__in=hidden_over(user).values("pk"))
    own = Q(removed=Post.Removed.AUTHOR, poster=user.pk)
    posts = Post.objects.filter(hidden | own, topic__forum__in=Forum.objects.visible_to(user)).exclude(content="")
    return posts.select_related("topic__forum__group", "poster").defer("search").order_by("-removed_at", "-pk")


def approve(post: Post, *, by) -> None:
    """Let a post through that waits: it stands at the end of its topic, as if it were written now, and those who
    follow are told. A second time changes nothing. Raises DiscussionRefused for those who don't look after the place.
    """
    with transaction.atomic():
        found = locked_post(post, by)
        if found.approved:
            return
        if not may_approve(by, found):
            raise DiscussionRefused(_("This post does not wait any more."))
        posting.publish(found)
        tell_author(
            "discussions.post.approved", found, by=by, reason=_("Your words can be read now. Thank you for waiting.")
        )


def amend(post: Post, *, by, body: str, subject: str | None = None, reason: str, based_on: int) -> None:
    """Edit somebody else's post; its author is told why, and sees in its history what was changed.

    `based_on` is the `updates_count` of the version that was open. Raises DiscussionRefused where the post has changed
    since, and for those who don't look after the place.
    """
    body, reason = posting.check_body(body), check_reason(reason)
    subject = subject if subject is None else posting.check_subject(subject)
    with transaction.atomic():
        found = locked_post(post, by)
        if not may_amend(by, found):
            raise DiscussionRefused(_("This post can't be edited by you."))
        if found.updates_count != based_on:
            raise DiscussionRefused(
                _("This post was changed in another window since you opened it. Save again to replace that version.")
            )
        history.keep(found)
        text = mentions.render(body, forum=found.topic.forum, by=found.poster or by)
        history.rewrite(found, content=body, content_html=text.html, updated=timezone.now(), updated_by=by)
        mentions.note(found, text.calls)
        if subject is not None and found.position == 1:
            posting.rename(found.topic, subject)
        tell_author("discussions.post.edited", found, by=by, reason=reason)


def take_away(post: Post, who: Post.Removed, *, whole: bool) -> None:
    """Have nobody read a locked post any more; with `whole` a first post takes its topic with it."""
    topic = post.topic
    gone = {"approved": False, "held_at": None, "removed": who, "removed_at": timezone.now()}
    takes_topic = whole and post.position == 1 and topic.approved
    read_in_topic = topic.posts.filter(approved=True).count() if takes_topic else 0
    Post.objects.filter(pk=post.pk).update(**gone)
    if not post.approved:
        return
    counters.count_of_author(post, -1)
    counters.find_last_post(topic.pk)
    if post.helped_at:
        answering.settle(topic.pk)
    if takes_topic:
        Topic.objects.filter(pk=topic.pk).update(approved=False)
        counters.count_in_forum(topic.forum_id, topics=-1, posts=-read_in_topic)
    elif topic.approved:
        counters.count_in_forum(topic.forum_id, posts=-1)


def put_back(post: Post) -> None:
    """Have a locked post be read again where it stood; a first post brings its topic back."""
    topic = post.topic
    Post.objects.filter(pk=post.pk).update(approved=True, removed="", removed_at=None)
    counters.count_of_author(post, +1)
    counters.find_last_post(topic.pk)
    if post.helped_at:
        answering.settle(topic.pk)
    if topic.approved:
        counters.count_in_forum(topic.forum_id, posts=+1)
    elif post.position == 1:
        Topic.objects.filter(pk=topic.pk).update(approved=True)
        counters.count_in_forum(topic.forum_id, topics=+1, posts=topic.posts.filter(approved=True).count())


def is_answered(post: Post) -> bool:
    return post.position != 1 or post.topic.posts.filter(approved=True).exclude(pk=post.pk).exists()


# Topics --------------------------------------------------------------------------------------------------------------


def close(topic: Topic, *, by, reason: str) -> None:
    """Have nobody answer any more; whoever started it is told why. Closing twice changes nothing.

    Raises DiscussionRefused for those who don't look after the place.
    """
    reason = check_reason(reason)
    with transaction.atomic():
        [found] = locked_topics(topic, by=by)
        if found.status != Topic.TOPIC_LOCKED:
            Topic.objects.filter(pk=found.pk).update(status=Topic.TOPIC_LOCKED)
            tell_starter("discussions.topic.closed", found, by=by, reason=reason)


def reopen(topic: Topic, *, by) -> None:
    """Let people answer again. Raises DiscussionRefused for those who don't look after the place."""
    with transaction.atomic():
        [found] = locked_topics(topic, by=by)
        if found.status == Topic.TOPIC_LOCKED:
            Topic.objects.filter(pk=found.pk).update(status=Topic.TOPIC_UNLOCKED)
            trail.note("discussions.topic.reopened", by=by, on=found, forum=found.forum, person=found.poster)


def place(topic: Topic, where: int, *, by) -> None:
    """Have a topic stand in the list by its time (`TOPIC_POST`), above it (`TOPIC_STICKY`), or above all others as an
    announcement (`TOPIC_ANNOUNCE`). Raises DiscussionRefused for those who don't look after the place."""
    with transaction.atomic():
        [found] = locked_topics(topic, by=by)
        if where not in dict(Topic.TYPE_CHOICES):
            raise DiscussionRefused(_("Choose one of these places."))
        if found.type != where:
            Topic.objects.filter(pk=found.pk).update(type=where)
            trail.note("discussions.topic.placed", by=by, on=found, forum=found.forum, person=found.poster)


def destinations(topic: Topic, *, by) -> QuerySet[Forum]:
    """The forums that `by` may move a topic to: those that they read and that no more people read."""
    written_for = topic.forum.audience
    narrower = [name for name in Audience.values if name != Audience.GROUP and not is_wider(name, than=written_for)]
    forums = Forum.objects.visible_to(by).filter(audience__in=narrower).exclude(pk=topic.forum_id)
    return forums if may_move(by, topic) else forums.none()


def move(topic: Topic, to_forum: Forum, *, by, reason: str = "") -> Topic:
    """Have a topic stand in another forum, in every channel from the next request on; its old address leads there.

    Read marks stay: who has read it, or the whole forum that it comes from, has read it there too. Moving it to where
    it is changes nothing. Raises DiscussionRefused for people who may not move it, for a group's conversations, and
    where more people would read what was written for fewer.
    """
    with transaction.atomic():
        found = locks.topics([topic.pk]).get(topic.pk)
        if found is None:
            raise DiscussionRefused(_("This conversation is not there any more."))
        forums = locks.forums({found.forum_id, to_forum.pk})
        found.forum = old = forums[found.forum_id]
        if not may_move(by, found) or not Topic.objects.visible_to(by).filter(pk=found.pk).exists():
            raise DiscussionRefused(_("This conversation can't be moved by you."))
        new = forums.get(to_forum.pk)
        if new is None or not Forum.objects.visible_to(by).filter(pk=new.pk).exists():
            raise DiscussionRefused(_("That forum is not there any more. Please choose another."))
        if new.pk == old.pk:
            return found
        check_audience(old, new)
        read_in_topic = found.posts.filter(approved=True).count()
        Topic.objects.filter(pk=found.pk).update(forum=new)
        FormerPlace.objects.get_or_create(topic=found, forum=old)
        keep_read(found, old)
        for forum_id, sign in sorted({old.pk: -1, new.pk: +1}.items()):
            counters.count_in_forum(forum_id, topics=sign, posts=sign * read_in_topic)
        tell_starter("discussions.topic.moved", found, by=by, reason=reason or _("It fits better there."))
        found.forum = new
    return found


def check_audience(old: Forum, new: Forum) -> None:
    """Raise DiscussionRefused where more people would read in `new` what was written in `old`."""
    if old.pk == new.pk:
        return
    if Audience.GROUP in (old.audience, new.audience):
        raise DiscussionRefused(_("What a group reads stays within the group."))
    if is_wider(new.audience, than=old.audience):
        raise DiscussionRefused(
            _("This was written for fewer people than read %(forum)s, so it can't be moved there.")
            % {"forum": new.name}
        )


def keep_read(topic: Topic, old: Forum) -> None:
    """Write into the topic's own marks what those who marked its forum as read had read of it by that."""
    marks = ForumMark.objects.filter(forum=old, read_until__gte=topic.created)
    readers = marks.values_list("user", flat=True)
    TopicMark.objects.bulk_create([TopicMark(topic=topic, user_id=pk) for pk in readers], ignore_conflicts=True)
    read_until = ForumMark.objects.filter(forum=old, user=OuterRef(OuterRef("user"))).values("read_until")
    read = topic.posts.filter(created__lte=Subquery(read_until), position__isnull=False)
    TopicMark.objects.filter(topic=topic, user__in=marks.values("user")).update(
        read_to=Greatest("read_to", Coalesce(Subquery(read.order_by("-position").values("position")[:1]), 0))
    )
