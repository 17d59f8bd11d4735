"""Writing: a new topic, a reply, a change to one's own post. Each in one transaction.

A reply locks its topic, so that posts get their positions one after the other; counters of the forum are added to in
place, last, so that replies in other topics of it hardly wait. Nothing here reads a topic's other posts: a reply costs
the same whatever the size of topic and forum.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions import following
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.discussions.permissions import may_edit, may_post
from community.discussions.refusals import DiscussionRefused
from core import markdown

NO_BODY = gettext_lazy("There is nothing here yet. Write a line or two first.")
NO_SUBJECT = gettext_lazy("Give it a subject, so that colleagues know what it is about.")
LONGEST_BODY = markdown.MAX_LENGTH
LONGEST_SUBJECT = 140
SENT_TWICE_WITHIN = timedelta(minutes=5)


def start_topic(forum: Forum, *, by, subject: str, body: str, written_for: str | None = None) -> Topic:
    """Start a topic; its author follows it. The same words sent twice in a row start one topic.

    `written_for` is the audience that the author was shown. Raises DiscussionRefused with a sentence where the words
    are too many or too few, where `by` may not post here, and where other people would read it now.
    """
    subject, body = check_subject(subject), check_body(body)
    with transaction.atomic():
        locked = Forum.objects.visible_to(by).select_related("group").select_for_update(of=("self",), no_key=True)
        forum = locked.filter(pk=forum.pk).first()
        if forum is None or not may_post(by, forum):
            raise DiscussionRefused(_("You can't start a topic in this forum any more. Your words are still below."))
        if written_for is not None and written_for != forum.audience:
            raise DiscussionRefused(
                _("Who can read this forum has changed while you wrote: %(audience)s. Please look again.")
                % {"audience": forum.audience_words}
            )
        now = timezone.now()
        again = Topic.objects.filter(
            forum=forum, poster=by, subject=subject, first_post__content=body, created__gte=now - SENT_TWICE_WITHIN
        ).first()
        if again is not None:
            return again
        topic = Topic.objects.create(
            forum=forum, poster=by, subject=subject, slug=_slug(subject), created=now, last_post_on=now, posts_count=1
        )
        post = _insert(topic, by=by, body=body, position=1, subject=subject, now=now)
        Topic.objects.filter(pk=topic.pk).update(first_post=post, last_post=post)
        topic.forum, topic.first_post, topic.last_post = forum, post, post
        _mark_written(topic, by=by, position=1)
        _count_in_forum(forum, post, topics=1)
    return topic


def reply(topic: Topic, *, by, body: str, quoting: Post | None = None) -> Post:
    """Answer in a topic; who answers follows it, and everybody who follows it gets a letter.

    The same words sent twice in a row are one post. Raises DiscussionRefused with a sentence where the words are too
    many or too few, where the topic is locked, and where `by` may not post here (any more).
    """
    body = check_body(body)
    with transaction.atomic():
        found = _locked(topic, by) or _locked(topic, by)  # a move that it waited for changes what the row is joined to
        if found is None or not may_post(by, found.forum):
            raise DiscussionRefused(_("You can't answer in this thread any more. Your words are still below."))
        topic = found
        if topic.is_locked:
            raise DiscussionRefused(_("This thread was closed while you wrote. Your words are still below."))
        now = timezone.now()
        last = topic.last_post
        if last is not None and _is_sent_twice(last, by=by, body=body, now=now):
            return last
        if quoting is not None and quoting.topic_id != topic.pk:
            quoting = None
        position = topic.posts_count + 1
        post = _insert(topic, by=by, body=body, position=position, quoted=quoting, now=now)
        Topic.objects.filter(pk=topic.pk).update(posts_count=position, last_post=post, last_post_on=now)
        _mark_written(topic, by=by, position=position)
        following.tell_followers(post)
        _count_in_forum(topic.forum, post)
    return post


def edit_post(post: Post, *, by, body: str, subject: str | None = None, based_on: int) -> Post:
    """Change one's own post; the subject with the first post of a topic.

    `based_on` is the `updates_count` of the version that was open in the editor. Raises DiscussionRefused where the
    post has changed since, where the topic is locked, and where `by` may not post here any more.
    """
    body = check_body(body)
    with transaction.atomic():
        topic = Topic.objects.select_for_update(of=("self",), no_key=True).filter(pk=post.topic_id).first()
        post = Post.objects.visible_to(by).select_related("topic__forum__group").filter(pk=post.pk).first()
        if topic is None or post is None or not may_edit(by, post):
            raise DiscussionRefused(_("This post can't be changed any more. Your words are still below."))
        if post.updates_count != based_on:
            raise DiscussionRefused(
                _("This post was changed in another window since you opened it. Save again to replace that version.")
            )
        now = timezone.now()
        changes = _words(body) | {"updates_count": F("updates_count") + 1, "updated": now, "updated_by": by}
        if subject is not None and post.position == 1:
            subject = check_subject(subject)
            changes["subject"] = subject
            Topic.objects.filter(pk=topic.pk).update(subject=subject, slug=_slug(subject))
        Post.objects.filter(pk=post.pk).update(**changes)
        post.refresh_from_db(fields=["content", "content_html", "subject", "updates_count", "updated", "updated_by"])
        post.topic.refresh_from_db(fields=["subject", "slug"])
    return post


def check_body(body: str) -> str:
    """The text as it is kept. Raises DiscussionRefused where there is none, or too much."""
    body = markdown.without_controls(body).strip("\n").rstrip()
    if not body.strip():
        raise DiscussionRefused(NO_BODY)
    if len(body) > LONGEST_BODY:
        raise DiscussionRefused(
            _("This is %(count)s characters long, and a post holds %(most)s. Please shorten it, or post two.")
            % {"count": f"{len(body):,}", "most": f"{LONGEST_BODY:,}"}
        )
    return body


def check_subject(subject: str) -> str:
    """The subject as it is kept: one line. Raises DiscussionRefused where there is none, or too much."""
    subject = " ".join(markdown.without_controls(subject).split())
    if not subject:
        raise DiscussionRefused(NO_SUBJECT)
    if len(subject) > LONGEST_SUBJECT:
        raise DiscussionRefused(
            _("A subject has at most %(most)s characters; this one has %(count)s.")
            % {"most": LONGEST_SUBJECT, "count": len(subject)}
        )
    return subject


def _locked(topic: Topic, by) -> Topic | None:
    rows = Topic.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    return rows.select_related("forum__group", "last_post").defer("last_post__search").filter(pk=topic.pk).first()


def _slug(subject: str) -> str:
    return slugify(subject)[:80].strip("-_") or "topic"


def _words(body: str) -> dict:
    return {"content": body, "content_html": markdown.render(body), "renderer": markdown.VERSION}


def _insert(topic: Topic, *, by, body: str, position: int, now, subject: str = "", quoted: Post | None = None) -> Post:
    return Post.objects.create(
        topic=topic,
        poster=by,
        position=position,
        subject=subject,
        quoted=quoted,
        created=now,
        updated=now,
        **_words(body),
    )


def _is_sent_twice(last: Post, *, by, body: str, now) -> bool:
    """Whether these are the words that `by` has just posted: a double click, or a form sent again."""
    return last.poster_id == by.pk and last.content == body and now - last.created < SENT_TWICE_WITHIN


def _mark_written(topic: Topic, *, by, position: int) -> None:
    """The author has read up to their own post, has one more in the topic, and follows it unless they chose not to."""
    TopicMark.objects.bulk_create([TopicMark(topic=topic, user=by)], ignore_conflicts=True)
    TopicMark.objects.filter(topic=topic, user=by).update(
        read_to=Greatest("read_to", Value(position)),
        posts_count=F("posts_count") + 1,
        following=Coalesce("following", Value(True)),
    )


def _count_in_forum(forum: Forum, post: Post, *, topics: int = 0) -> None:
    """Add to the forum's counters in place; of two replies at once the later one is its last post."""
    is_newest = When(last_post_on__gt=post.created, then=F("last_post"))
    Forum.objects.filter(pk=forum.pk).update(
        direct_posts_count=F("direct_posts_count") + 1,
        direct_topics_count=F("direct_topics_count") + topics,
        last_post=Case(is_newest, default=Value(post.pk)),
        last_post_on=Greatest("last_post_on", Value(post.created, output_field=DateTimeField())),
    )
