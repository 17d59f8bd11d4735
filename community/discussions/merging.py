"""Two topics become one, or one becomes two. Posts stand in the order of time, without a gap; nobody's words are lost.

What stays, stays itself: its address, subject, kind, tags and state. What was read stays read as far as nothing unread
stands before it. Who followed either topic follows what became of it, unless they chose otherwise for the one that
stays. Posts take their files, reactions, versions and marks along. A poll goes with its question; two in one topic are
refused. A reply that somebody is writing goes along too, below what they were writing there already.
"""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from community.discussions import answering, counters, locks, posting, telling
from community.discussions.looking_after import check_reason, locked_topics, tell_starter
from community.discussions.models import (
    Attachment,
    Draft,
    FormerPlace,
    FormerTopic,
    Post,
    Topic,
    TopicMark,
    TopicPoll,
    TopicTag,
)
from community.discussions.moderation import check_audience, keep_read
from community.discussions.permissions import may_shape
from community.discussions.refusals import DiscussionRefused
from community.discussions.trail import note
from community.notices.models import Notice
from community.safety import decisions

_TABLES = {"posts": sql.Identifier(Post._meta.db_table), "marks": sql.Identifier(TopicMark._meta.db_table)}

_JOIN_MARKS = """
WITH placed AS (
    SELECT topic_id, position, row_number() OVER (ORDER BY created, topic_id = %(into)s, position) AS new
    FROM {posts} WHERE topic_id IN (%(into)s, %(gone)s) AND position IS NOT NULL
), known AS (
    SELECT user_id, sum(posts_count) AS posts_count,
        coalesce(max(read_to) FILTER (WHERE topic_id = %(into)s), 0) AS here,
        coalesce(max(read_to) FILTER (WHERE topic_id = %(gone)s), 0) AS there,
        bool_or(following) FILTER (WHERE topic_id = %(into)s) AS follows_here,
        bool_or(following) FILTER (WHERE topic_id = %(gone)s) AS follows_there,
        coalesce(bool_or(muted) FILTER (WHERE topic_id = %(into)s), false) AS muted_here,
        coalesce(bool_or(muted) FILTER (WHERE topic_id = %(gone)s), false) AS muted_there
    FROM {marks} WHERE topic_id IN (%(into)s, %(gone)s) GROUP BY user_id
)
INSERT INTO {marks} (topic_id, user_id, read_to, posts_count, following, muted)
SELECT %(into)s, known.user_id,
    least(
        coalesce(next_here.new, (SELECT count(*) + 1 FROM placed)),
        coalesce(next_there.new, (SELECT count(*) + 1 FROM placed))
    ) - 1,
    known.posts_count,
    CASE WHEN known.follows_here IS NOT NULL OR known.muted_here THEN known.follows_here ELSE known.follows_there END,
    CASE WHEN known.follows_here IS NOT NULL OR known.muted_here THEN known.muted_here ELSE known.muted_there END
FROM known
LEFT JOIN placed next_here ON next_here.topic_id = %(into)s AND next_here.position = known.here + 1
LEFT JOIN placed next_there ON next_there.topic_id = %(gone)s AND next_there.position = known.there + 1
ON CONFLICT (topic_id, user_id) DO UPDATE SET read_to = excluded.read_to, posts_count = excluded.posts_count,
    following = excluded.following, muted = excluded.muted
"""

_JOIN_POSTS = """
UPDATE {posts} post SET topic_id = %(into)s, position = placed.new,
    subject = CASE WHEN placed.new = 1 THEN %(subject)s ELSE '' END
FROM (
    SELECT id, row_number() OVER (ORDER BY created, topic_id = %(into)s, position) AS new
    FROM {posts} WHERE topic_id IN (%(into)s, %(gone)s) AND position IS NOT NULL
) placed
WHERE placed.id = post.id AND (post.topic_id, post.position) IS DISTINCT FROM (%(into)s, placed.new)
"""

_PLACED_APART = """placed AS (
    SELECT id, position, id = ANY(%(moved)s) AS is_moved,
        count(*) FILTER (WHERE id = ANY(%(moved)s)) OVER upto AS moved_upto,
        count(*) FILTER (WHERE NOT id = ANY(%(moved)s)) OVER upto AS kept_upto
    FROM {posts} WHERE topic_id = %(old)s AND position IS NOT NULL
    WINDOW upto AS (ORDER BY position)
)
"""

_MARKS_APART = """
WITH {placed}, written AS (
    SELECT poster_id, count(*) AS number FROM {posts} WHERE id = ANY(%(moved)s) AND approved GROUP BY poster_id
), known AS (
    SELECT mark.id, mark.user_id, mark.following, mark.muted, coalesce(placed.moved_upto, 0) AS moved_upto,
        coalesce(placed.kept_upto, 0) AS kept_upto, coalesce(written.number, 0) AS number
    FROM {marks} mark LEFT JOIN placed ON placed.position = mark.read_to
    LEFT JOIN written ON written.poster_id = mark.user_id WHERE mark.topic_id = %(old)s
), there AS (
    INSERT INTO {marks} (topic_id, user_id, read_to, posts_count, following, muted)
    SELECT %(new)s, user_id, moved_upto, number, following, muted FROM known
)
UPDATE {marks} mark SET read_to = known.kept_upto, posts_count = mark.posts_count - known.number
FROM known WHERE known.id = mark.id
"""

_POSTS_APART = """
WITH {placed}
UPDATE {posts} post SET topic_id = CASE WHEN placed.is_moved THEN %(new)s ELSE %(old)s END,
    position = CASE WHEN placed.is_moved THEN placed.moved_upto ELSE placed.kept_upto END,
    subject = CASE WHEN NOT placed.is_moved THEN post.subject WHEN placed.moved_upto = 1 THEN %(subject)s ELSE '' END
FROM placed WHERE placed.id = post.id AND (placed.is_moved OR post.position <> placed.kept_upto)
"""


def partners(topic: Topic, *, by, limit: int = 12) -> list[Topic]:
    """Topics of the same forum that this one may become part of, the newest first."""
    if not may_shape(by, topic):
        return []
    others = Topic.objects.visible_to(by).filter(forum=topic.forum_id).exclude(pk=topic.pk)
    return list(others.only("subject", "last_post_on", "posts_count").order_by("-last_post_on")[:limit])


def merge(topic: Topic, into: Topic, *, by, reason: str) -> Topic:
    """Have all posts of `topic` stand in `into`, by their time, from the next request on; its address leads there.

    Raises DiscussionRefused for those who don't look after both, where more people would read what was written for
    fewer, for what a group reads and another forum, and where both have a poll.
    """
    reason = check_reason(reason)
    if topic.pk == into.pk:
        raise DiscussionRefused(_("That is the same conversation. Choose another one."))
    with transaction.atomic():
        gone, stays = locked_topics(topic, into, by=by)
        forums = locks.forums({gone.forum_id, stays.forum_id})
        gone.forum, stays.forum = forums[gone.forum_id], forums[stays.forum_id]
        check_audience(gone.forum, stays.forum)
        if TopicPoll.objects.filter(topic__in=[gone, stays]).count() > 1:
            raise DiscussionRefused(_("Both conversations have a poll, and one can hold only one."))
        tell_starter("discussions.topic.merged", gone, by=by, reason=reason)
        read_in_gone = gone.posts.filter(approved=True).count()
        for one in (gone, stays):
            keep_read(one, one.forum)
        parts = {"into": stays.pk, "gone": gone.pk, "subject": stays.subject}
        _run(_JOIN_MARKS, parts)
        _run(_JOIN_POSTS, parts)
        Post.objects.filter(topic=gone).update(topic=stays, subject="")  # what waits, and has no place yet
        Post.objects.filter(topic=stays, position__gt=1).exclude(subject="").update(subject="")
        _take_along(gone, stays)
        gone.delete()
        _settle(stays)
        counts = {gone.forum_id: (-1, -read_in_gone), stays.forum_id: (0, read_in_gone)}
        if gone.forum_id == stays.forum_id:
            counts = {stays.forum_id: (-1, 0)}
        for forum_id in sorted(counts):
            topics, posts = counts[forum_id]
            counters.count_in_forum(forum_id, topics=topics, posts=posts)
    return Topic.objects.select_related("forum").get(pk=stays.pk)


def split(topic: Topic, post_ids: Collection[int], *, by, subject: str, reason: str) -> Topic:
    """Start a new topic of the same forum with some answers of this one; whoever wrote them is told why.

    It has the same tags, and who follows one follows both. The first post stays. Raises DiscussionRefused for those who
    don't look after the place, and for posts that don't stand in this topic.
    """
    subject, reason, moved = posting.check_subject(subject), check_reason(reason), sorted(set(post_ids))
    with transaction.atomic():
        [old] = locked_topics(topic, by=by)
        posts = Post.objects.filter(topic=old, pk__in=moved, position__gt=1).select_related("poster").defer("search")
        going = list(posts.order_by("position"))
        if not moved or len(going) != len(moved):
            raise DiscussionRefused(_("Choose answers of this conversation. Its first post stays where it is."))
        if not any(post.approved for post in going):
            raise DiscussionRefused(_("Choose at least one post that can be read."))
        old.forum = locks.forums([old.forum_id])[old.forum_id]
        new = Topic.objects.create(
            forum=old.forum,
            poster=going[0].poster,
            subject=subject,
            slug=posting.slug_of(subject),
            created=going[0].created,
            last_post_on=going[0].created,
            first_post=going[0],
            posts_count=0,
        )
        TopicTag.objects.bulk_create(
            [
                TopicTag(topic=new, tag_id=tag)
                for tag in TopicTag.objects.filter(topic=old).values_list("tag", flat=True)
            ]
        )
        keep_read(old, old.forum)
        parts = {"old": old.pk, "new": new.pk, "moved": moved, "subject": subject}
        _run(_MARKS_APART, parts)
        _run(_POSTS_APART, parts)
        for one in (old, new):
            _settle(one)
        counters.count_in_forum(old.forum_id, topics=+1)
        note("discussions.topic.split", by=by, on=new, forum=old.forum, person=new.poster)
        for post in {post.poster_id: post for post in reversed(going)}.values():
            about = {"kind": "post", "target_id": post.pk}
            decisions.record("discussions.topic.split", by=by, person=post.poster, words=reason, **about)
    return Topic.objects.select_related("forum").get(pk=new.pk)


def _take_along(gone: Topic, stays: Topic) -> None:
    """What hangs on the topic that ends: its poll, former addresses, and what people are writing in it."""
    TopicPoll.objects.filter(topic=gone).update(topic=stays)
    places = set(FormerPlace.objects.filter(topic=gone).values_list("forum", flat=True)) | {gone.forum_id}
    FormerPlace.objects.bulk_create(
        [FormerPlace(topic=stays, forum_id=forum_id) for forum_id in sorted(places - {stays.forum_id})],
        ignore_conflicts=True,
    )
    FormerTopic.objects.filter(topic=gone).update(topic=stays)
    FormerTopic.objects.create(number=gone.pk, topic=stays)
    _keep_notices(gone, stays)
    here = {draft.user_id: draft for draft in Draft.objects.select_for_update().filter(topic=stays)}
    now = timezone.now()
    for draft in Draft.objects.select_for_update().filter(topic=gone).order_by("pk"):
        other = here.get(draft.user_id)
        if other is None:
            Draft.objects.filter(pk=draft.pk).update(topic=stays, saved_at=now)
            continue
        both = "\n\n".join(filter(None, (other.body, draft.body)))
        Draft.objects.filter(pk=other.pk).update(body=both, saved_at=now)
        Attachment.objects.filter(draft=draft).update(draft=other)
        draft.delete()


def _keep_notices(gone: Topic, stays: Topic) -> None:
    """One unread notice a conversation and person is enough."""
    told = Notice.objects.filter(thread_id=gone.pk, kind__in=telling.NEAREST_FIRST)
    here = Notice.objects.filter(thread_id=stays.pk, user=OuterRef("user"), kind=OuterRef("kind"), read_at=None)
    told.filter(Exists(here), read_at=None).update(read_at=timezone.now(), waits_for="")
    told.update(thread_id=stays.pk)


def _settle(topic: Topic) -> None:
    """Write what a topic says of its posts, once they have their places."""
    placed = Post.objects.filter(topic=topic, position__isnull=False)
    first = placed.get(position=1)
    Topic.objects.filter(pk=topic.pk).update(
        posts_count=placed.count(),
        first_post=first,
        poster=first.poster_id,
        created=first.created,
        last_post=placed.order_by("-position").first(),
    )
    counters.find_last_post(topic.pk)
    answering.settle(topic.pk)


def _run(statement: str, parts: dict) -> None:
    with connection.cursor() as cursor:
        placed = sql.SQL(_PLACED_APART).format(**_TABLES)
        cursor.execute(sql.SQL(statement).format(placed=placed, **_TABLES), parts)  # type: ignore[arg-type] # constants
