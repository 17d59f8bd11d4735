"""Conversations whose time is over: a forum may say how long it keeps them, and deletes them whole after that.

The time counts from the last post that can be read. A conversation waits while a report about it is open, or a post in
it waits to be read. The numbers of what was deleted stay in the audit trail.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from community.discussions import counters, locks
from community.discussions.models import Forum, Post, Topic
from community.safety.models import Report
from core import audit

BATCH = 20  # topics that go in one transaction
POSTS_AT_ONCE = 500


def due(forum: Forum, now: datetime) -> QuerySet[Topic]:
    """The conversations of a forum whose time is over; none where it keeps them."""
    if forum.retention_days is None:
        return Topic.objects.none()
    posts = Post.objects.filter(topic=OuterRef("pk"))
    reported = Report.objects.filter(kind="post", closed_at=None).values("target_id")
    topics = Topic.objects.filter(forum=forum, last_post_on__lt=now - timedelta(days=forum.retention_days))
    return topics.exclude(Exists(posts.filter(held_at__isnull=False))).exclude(Exists(posts.filter(pk__in=reported)))


def delete_due(now: datetime | None = None) -> int:
    """Delete all that is due, some of one forum at a time; how many conversations those were."""
    now, count = now or timezone.now(), 0
    for forum in Forum.objects.filter(retention_days__isnull=False).order_by("pk"):
        while some := _delete_some(forum, now):
            count += some
    return count


def _delete_some(forum: Forum, now: datetime) -> int:
    with transaction.atomic():
        ids = list(due(forum, now).order_by("last_post_on").values_list("pk", flat=True)[:BATCH])
        locks.topics(ids)
        topics = list(due(forum, now).filter(pk__in=ids).order_by("pk"))  # what nobody answered or moved meanwhile
        read = Post.objects.filter(topic__in=topics, topic__approved=True, approved=True).count()
        for topic in topics:
            audit.write("discussions.topic.expired", by=None, on=topic)
            while some := list(topic.posts.order_by("-pk").values_list("pk", flat=True)[:POSTS_AT_ONCE]):
                Post.objects.filter(pk__in=some).defer("search", "content", "content_html").delete()
            topic.delete()
        if topics:
            counters.count_in_forum(forum.pk, topics=-sum(topic.approved for topic in topics), posts=-read)
    return len(topics)
