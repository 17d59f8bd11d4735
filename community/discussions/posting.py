"""Writing: a new topic, a reply, a change to one's own post. Each in one transaction.

A reply locks its topic, so that posts get their positions one after the other; counters of the forum are added to in
place, last, so that replies in other topics of it hardly wait. Nothing here reads a topic's other posts: a reply costs
the same whatever the size of topic and forum.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions import (
    attachments,
    drafts,
    history,
    holding,
    mentions,
    pacing,
    places,
    polls,
    telling,
    topic_kinds,
)
from community.discussions.models import FormerTopic, Forum, Post, Topic, TopicMark
from community.discussions.permissions import may_edit, may_post
from community.discussions.refusals import DiscussionRefused
from community.discussions.tags import change as change_tags
from community.discussions.tags import check_tags
from community.discussions.tags import put_on as put_tags_on
from core import markdown
from core.models import Subject

NO_BODY = gettext_lazy("There is nothing here yet. Write a line or two first.")
NO_SUBJECT = gettext_lazy("Give it a subject, so that colleagues know what it is about.")
LONGEST_BODY = markdown.MAX_LENGTH
LONGEST_SUBJECT = 140
SENT_TWICE_WITHIN = timedelta(minutes=5)


def start_topic(
    forum: Forum,
    *,
    by,
    subject: str,
    body: str,
    kind: str = Topic.Kind.DISCUSSION,
    tags: Collection[Subject] = (),
    poll: polls.NewPoll | None = None,
    written_for: str | None = None,
) -> Topic:
    """Start a topic; its author follows it. The same words sent twice in a row start one topic.

    `written_for` is the audience that the author was shown. Raises DiscussionRefused with a sentence where the words
    are too many or too few, where `by` may not post here, where other people would read it now, and where the forum
    holds no topics of this kind.
    """
    subject, body, tags = check_subject(subject), check_body(body), check_tags(tags)
    with transaction.atomic():
        pacing.wait_turn(by)
        locked = Forum.objects.visible_to(by).select_related("group").select_for_update(of=("self",), no_key=True)
        forum = locked.filter(pk=forum.pk).first()
        if forum is None or not may_post(by, forum):
            raise DiscussionRefused(_("You can't start a topic in this forum any more. Your words are still below."))
        if written_for is not None and written_for != forum.audience:
            raise DiscussionRefused(
                _("Who can read this forum has changed while you wrote: %(audience)s. Please look again.")
                % {"audience": forum.audience_words}
            )
        kind = topic_kinds.check_kind(kind, forum)
        now, waits = timezone.now(), holding.is_held(by, forum)
        again = Topic.objects.filter(
            forum=forum, poster=by, subject=subject, first_post__content=body, created__gte=now - SENT_TWICE_WITHIN
        ).first()
        if again is not None:
            drafts.posted(by=by, forum=forum)
            return again
        pacing.check_topics(by)
        topic = Topic.objects.create(
            forum=forum,
            poster=by,
            subject=subject,
            slug=slug_of(subject),
            kind=kind,
            closes_at=topic_kinds.closes_at(kind, now),
            created=now,
            last_post_on=now,
            posts_count=0 if waits else 1,
            approved=not waits,
        )
        post = _insert(topic, by=by, body=body, position=None if waits else 1, subject=subject, now=now)
        Topic.objects.filter(pk=topic.pk).update(first_post=post, last_post=post)
        topic.forum, topic.first_post, topic.last_post = forum, post, post
        if tags:
            put_tags_on(topic, tags)
        if poll is not None:
            polls.add_poll(topic, poll)
        attachments.settle(post, places.in_forum(forum), by=by)
        if not waits:
            _begin_to_be_read(topic, post, topics=1)
    return topic


def reply(topic: Topic, *, by, body: str, quoting: Post | None = None) -> Post:
    """Answer in a topic; who answers follows it, and everybody who follows it gets a letter.

    The same words sent twice in a row are one post. Raises DiscussionRefused with a sentence where the words are too
    many or too few, where the topic is locked, and where `by` may not post here (any more).
    """
    body = check_body(body)
    with transaction.atomic():
        pacing.wait_turn(by)
        # a move that it waited for changes what the row is joined to, and a merge makes it another row
        found = _locked(topic.pk, by) or _locked(topic.pk, by) or _locked(_heir_of(topic), by)
        if found is None or not may_post(by, found.forum):
            raise DiscussionRefused(_("You can't answer in this thread any more. Your words are still below."))
        topic = found
        if topic.is_locked:
            raise DiscussionRefused(_("This thread was closed while you wrote. Your words are still below."))
        now = timezone.now()
        last = topic.last_post
        if last is not None and _is_sent_twice(last, by=by, body=body, now=now):
            drafts.posted(by=by, topic=topic)
            return last
        if quoting is not None and quoting.topic_id != topic.pk:
            quoting = None
        if waits := holding.is_held(by, topic.forum):
            again = holding.sent_before(by, body, topic=topic)
            if again is not None:
                drafts.posted(by=by, topic=topic)
                return again
        pacing.check_replies(by)
        position = None if waits else topic.posts_count + 1
        post = _insert(topic, by=by, body=body, position=position, quoted=quoting, now=now)
        attachments.settle(post, places.in_topic(topic), by=by)
        if not waits:
            Topic.objects.filter(pk=topic.pk).update(posts_count=position, last_post=post, last_post_on=now)
            _begin_to_be_read(topic, post)
    return post


def publish(post: Post) -> None:
    """Have a post be read that waited, or was turned down while it did: it stands last in its topic, written now.

    Called in the transaction of who lets it through, with the topic's row locked and `post.topic` as it stands.
    """
    topic, now = post.topic, timezone.now()
    is_first = topic.first_post_id == post.pk
    post.position, post.created, post.updated = topic.posts_count + 1, now, now
    there = {"approved": True, "held_at": None, "removed": "", "removed_at": None}
    Post.objects.filter(pk=post.pk).update(position=post.position, created=now, updated=now, **there)
    begun = {"approved": True, "created": now, "closes_at": topic_kinds.closes_at(topic.kind, now)} if is_first else {}
    Topic.objects.filter(pk=topic.pk).update(posts_count=post.position, last_post=post, last_post_on=now, **begun)
    if is_first:
        polls.begin(topic, now)
    if is_first or topic.approved:
        _begin_to_be_read(topic, post, topics=int(is_first))
    elif post.poster is not None:
        _mark_written(topic, by=post.poster, position=post.position)


def edit_post(
    post: Post,
    *,
    by,
    body: str,
    subject: str | None = None,
    kind: str | None = None,
    tags: Collection[Subject] | None = None,
    without: Collection[int] = (),
    based_on: int,
) -> Post:
    """Change one's own post; subject, kind and tags of the topic with its first one. What is None stays as it is, and
    so do its files but for those `without`.

    `based_on` is the `updates_count` of the version that was open in the editor. Raises DiscussionRefused where the
    post has changed since, where the topic is locked, where `by` may not post here any more, where they have changed
    or called enough for now, and where the forum holds no topics of this kind.
    """
    body, tags = check_body(body), tags if tags is None else check_tags(tags)
    with transaction.atomic():
        pacing.wait_turn(by)
        topic = Topic.objects.select_for_update(of=("self",), no_key=True).filter(pk=post.topic_id).first()
        post = Post.objects.visible_to(by).select_related("topic__forum__group").filter(pk=post.pk).first()
        if topic is None or post is None or not may_edit(by, post):
            raise DiscussionRefused(_("This post can't be changed any more. Your words are still below."))
        if post.updates_count != based_on:
            raise DiscussionRefused(
                _("This post was changed in another window since you opened it. Save again to replace that version.")
            )
        pacing.count("edits", by)
        history.keep(post)
        now = timezone.now()
        text = mentions.render(body, forum=post.topic.forum, by=by)
        changes = _words(body, text) | {"updates_count": F("updates_count") + 1, "updated": now, "updated_by": by}
        if post.position == 1:
            if subject is not None:
                rename(topic, check_subject(subject))
            if kind is not None and kind != topic.kind:
                _change_kind(topic, kind)
            if tags is not None:
                change_tags(topic, tags)
        Post.objects.filter(pk=post.pk).update(**changes)
        if fresh := mentions.note(post, text.calls):
            # by itself, since a call that another edit takes out leaves no row, and an old post's rows are old
            pacing.count("mentions", by, more=len(fresh))
        if fresh and post.approved:
            telling.about(post, ways=["mention"])
        attachments.settle(post, places.in_post(post), by=by, without=without)
        post.refresh_from_db(fields=["content", "content_html", "subject", "updates_count", "updated", "updated_by"])
        post.topic.refresh_from_db(fields=["subject", "slug", "kind"])
    return post


def rename(topic: Topic, subject: str) -> None:
    """Give a locked topic another subject, and its first post with it."""
    Topic.objects.filter(pk=topic.pk).update(subject=subject, slug=slug_of(subject))
    Post.objects.filter(topic=topic, position=1).update(subject=subject)


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


def _heir_of(topic: Topic) -> int | None:
    """The topic that it has become part of."""
    return FormerTopic.objects.filter(number=topic.pk).values_list("topic", flat=True).first()


def _locked(topic_id: int | None, by) -> Topic | None:
    rows = Topic.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    return rows.select_related("forum__group", "last_post").defer("last_post__search").filter(pk=topic_id).first()


def _change_kind(topic: Topic, kind: str) -> None:
    """The forum is locked, so that its audience stays what it is looked at for."""
    forum = Forum.objects.select_for_update(of=("self",), no_key=True).get(pk=topic.forum_id)
    Topic.objects.filter(pk=topic.pk).update(kind=topic_kinds.check_kind(kind, forum, of=topic))


def slug_of(subject: str) -> str:
    """The part of a topic's address that people can read."""
    return slugify(subject)[:80].strip("-_") or "topic"


def _words(body: str, text: mentions.Text) -> dict:
    return {"content": body, "content_html": text.html, "renderer": markdown.VERSION}


def _begin_to_be_read(topic: Topic, post: Post, *, topics: int = 0) -> None:
    """A post stands at its place: it is counted, and told to those whom it concerns."""
    if post.poster is not None and post.position is not None:
        _mark_written(topic, by=post.poster, position=post.position)
    telling.about(post)
    _count_in_forum(topic.forum, post, topics=topics)


def _insert(
    topic: Topic, *, by, body: str, position: int | None, now, subject: str = "", quoted: Post | None = None
) -> Post:
    """A post at its place, or one that waits for a moderator and has none."""
    text = mentions.render(body, forum=topic.forum, by=by)
    post = Post.objects.create(
        topic=topic,
        poster=by,
        position=position,
        approved=position is not None,
        held_at=None if position is not None else now,
        subject=subject,
        quoted=quoted,
        created=now,
        updated=now,
        **_words(body, text),
    )
    if text.calls:
        pacing.count("mentions", by, more=len(text.calls))
        mentions.note(post, text.calls)
    return post


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
