"""Messages of an archive come to stand in a forum: each once, in its conversation, at its place by the time it was
written.

A message goes where one stands that it answers to. Where none is here and it says that it replies, it goes to the
newest conversation of its subject in which somebody wrote not long before or after. Else it begins one. It is never
older than what it answers to, nor newer than now.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Model
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from community.discussions import counters, locks
from community.discussions.importing.messages import Message
from community.discussions.models import Forum, ImportedPost, Post, Topic, TopicMark
from community.discussions.posting import slug_of
from community.safety import identifiers
from core import markdown

SAME_TALK = timedelta(days=90)  # within which a reply belongs to the conversation of its subject


@dataclass(frozen=True, slots=True)
class _Here:
    """A post that a message answers to."""

    pk: int
    topic: Topic
    created: datetime


@dataclass
class _Batch:
    """What is known and what is made while one batch arrives."""

    forum: Forum
    here: dict[UUID, _Here]
    by_subject: dict[str, list[Topic]]
    new_topics: list[Topic] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    out_of_order: set[int] = field(default_factory=set)


def bring(forum: Forum, messages: Sequence[Message]) -> Counter[str]:
    """Have `messages` stand in `forum`; what was counted. Called in a transaction that holds the forum's lock, while
    nobody reads it yet."""
    known = set(_known(forum, {message.key for message in messages}))
    fresh = {message.key: message for message in reversed(messages) if message.key not in known}
    arriving = [message for message in messages if fresh.get(message.key) is message]
    counts = Counter(known=len(messages) - len(arriving))
    if not arriving:
        return counts
    batch = _Batch(forum, *_standing(forum, arriving))
    members = _members({message.address for message in arriving})
    topic_numbers, post_numbers = (new_ids(model, len(arriving)) for model in (Topic, Post))
    last, now = forum.last_post_on or timezone.now(), timezone.now()
    for message, topic_number, number in zip(arriving, topic_numbers, post_numbers, strict=True):
        topic, answered = _conversation(batch, message)
        last = min(message.written or last, now)
        if topic is None:
            topic = _new_topic(batch, message, topic_number, last)
        created = max(last, answered.created if answered else topic.created)
        poster = members.get(message.address)
        _add(batch, message, topic, answered, Post(pk=number, poster_id=poster, created=created, updated=created))
        counts += _counted(message, poster, now.year)
    _write(batch, arriving)
    return counts + Counter(posts=len(batch.posts), topics=len(batch.new_topics))


def _known(forum: Forum, keys: Collection[UUID]) -> dict[UUID, int | None]:
    """What is here already, by key: the number of its post, None where that has gone again."""
    rows = ImportedPost.objects.filter(forum=forum, key__in=keys).values_list("key", "post")
    return dict(rows)


def _standing(forum: Forum, arriving: Iterable[Message]) -> tuple[dict[UUID, _Here], dict[str, list[Topic]]]:
    """The posts that these answer to, and the conversations of their subjects; the topics locked, each one object."""
    answered = _known(forum, {key for message in arriving for key in message.answers})
    posts = Post.objects.filter(pk__in=[pk for pk in answered.values() if pk], topic__forum=forum)
    placed = {pk: (topic, created) for pk, topic, created in posts.values_list("pk", "topic", "created")}
    subjects = {message.subject.lower() for message in arriving if message.is_reply and message.subject}
    same = Topic.objects.filter(forum=forum).alias(small=Lower("subject")).filter(small__in=subjects)
    topics = locks.topics({topic for topic, _created in placed.values()} | set(same.values_list("pk", flat=True)))
    here = {key: _Here(pk, topics[placed[pk][0]], placed[pk][1]) for key, pk in answered.items() if pk and pk in placed}
    by_subject: dict[str, list[Topic]] = {}
    for topic in topics.values():
        by_subject.setdefault(topic.subject.lower(), []).append(topic)
    return here, by_subject


def _conversation(batch: _Batch, message: Message) -> tuple[Topic | None, _Here | None]:
    """Where a message goes, and the post that it answers to, if it names one that is here."""
    answered = next((batch.here[key] for key in message.answers if key in batch.here), None)
    if answered is not None:
        return answered.topic, answered
    if not message.is_reply or not message.subject:
        return None, None
    same = batch.by_subject.get(message.subject.lower(), ())
    near = [
        topic for topic in same if message.written is None or abs(message.written - topic.last_post_on) <= SAME_TALK
    ]
    return max(near, key=lambda topic: topic.last_post_on, default=None), None


def _new_topic(batch: _Batch, message: Message, number: int, moment: datetime) -> Topic:
    subject = message.subject or _("No subject")
    topic = Topic(
        pk=number,
        forum=batch.forum,
        subject=subject,
        slug=slug_of(subject),
        posts_count=0,
        created=moment,
        last_post_on=moment,
    )
    batch.new_topics.append(topic)
    batch.by_subject.setdefault(subject.lower(), []).append(topic)
    return topic


def _add(batch: _Batch, message: Message, topic: Topic, answered: _Here | None, post: Post) -> None:
    """The last place is the post's, until `_write` puts those in order that arrived late."""
    topic.posts_count += 1
    post.topic, post.position = topic, topic.posts_count
    post.content, post.content_html, post.renderer = message.body, markdown.render(message.body), markdown.VERSION
    if post.position == 1:
        post.subject = topic.subject
        topic.first_post_id, topic.poster_id = post.pk, post.poster_id
    elif answered is not None and answered.pk != topic.first_post_id:
        post.quoted_id = answered.pk
    if post.created < topic.last_post_on:
        batch.out_of_order.add(topic.pk)
    else:
        topic.last_post_on, topic.last_post_id = post.created, post.pk
    batch.posts.append(post)
    batch.here[message.key] = _Here(post.pk, topic, post.created)


def _write(batch: _Batch, arriving: Iterable[Message]) -> None:
    """Posts and topics have their numbers, so that each is written once; the database looks at their keys at the
    end."""
    Topic.objects.bulk_create(batch.new_topics)
    Post.objects.bulk_create(batch.posts)
    ImportedPost.objects.bulk_create(
        ImportedPost(forum=batch.forum, key=message.key, post=post)
        for message, post in zip(arriving, batch.posts, strict=True)
    )
    _put_in_order(batch.out_of_order)
    grown = {post.topic_id for post in batch.posts} - {topic.pk for topic in batch.new_topics}
    counters.recount_topics(grown | batch.out_of_order)
    _count_authors(batch.posts)
    counters.count_in_forum(batch.forum.pk, topics=len(batch.new_topics), posts=len(batch.posts))


def _put_in_order(topic_ids: Collection[int]) -> None:
    """Positions by the time of writing. Their constraint is looked at when all is done."""
    if not topic_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE forum_conversation_post post SET position = placed.position FROM (SELECT id, row_number() OVER"
            " (PARTITION BY topic_id ORDER BY created, id) AS position FROM forum_conversation_post"
            " WHERE topic_id = ANY(%s) AND position IS NOT NULL) placed"
            " WHERE placed.id = post.id AND placed.position <> post.position",
            [list(topic_ids)],
        )


def _count_authors(posts: Iterable[Post]) -> None:
    """How many posts each member has in each topic. They follow none of it: what is old writes them no letters."""
    written = Counter((post.topic_id, post.poster_id) for post in posts if post.poster_id)
    topics, people = ({pair[place] for pair in written} for place in (0, 1))
    for mark in TopicMark.objects.filter(topic__in=topics, user__in=people):
        if (mark.topic_id, mark.user_id) in written:
            written[mark.topic_id, mark.user_id] += mark.posts_count
    TopicMark.objects.bulk_create(
        [TopicMark(topic_id=topic, user_id=user, posts_count=count) for (topic, user), count in written.items()],
        update_conflicts=True,
        unique_fields=["topic", "user"],
        update_fields=["posts_count"],
    )


def _members(addresses: Iterable[str]) -> dict[str, int]:
    """Whose addresses these are: those that their people have shown to be theirs, and ASCII without controls alone,
    so that none counts for one that looks alike."""
    wanted = {each: each.lower() for each in addresses if each.isascii() and each.isprintable() and each}
    rows = EmailAddress.objects.filter(verified=True, user__is_active=True).alias(small=Lower("email"))
    rows = rows.filter(small__in=set(wanted.values()))
    people = {email.lower(): user for email, user in rows.values_list("email", "user")}
    return {address: people[small] for address, small in wanted.items() if small in people}


def _counted(message: Message, poster: int | None, this_year: int) -> Counter[str]:
    """What the report says of a message: numbers, and nothing of what was found."""
    counts = Counter({"by members" if poster else "by others": 1, "shortened": int(message.is_shortened)})
    counts.update(f"attached {kind}" for kind in message.attached)
    found = identifiers.find(f"{message.subject}\n{message.body}", this_year=this_year)
    counts.update(f"found {hit.kind}" for hit in found)
    return counts


def new_ids(model: type[Model], count: int) -> list[int]:
    """As many ids as rows are to be written, taken from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]
