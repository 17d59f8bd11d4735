"""Conversations whose time is over: a forum may say how long it keeps them, and deletes them whole after that.

The time counts from the last post that can be read. A conversation waits while a report about it is open or an appeal,
or a post in it waits to be read. The numbers of what was deleted stay in the audit trail. How long is said in the
admin, and of a group's own forum by those who lead the group.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from community.discussions import counters, locks
from community.discussions.models import Forum, Post, Topic
from community.discussions.permissions import may_state_retention
from community.discussions.refusals import DiscussionRefused
from community.safety.models import Decision, Report
from core import audit

LONGEST = 36_500  # days
BATCH = 20  # topics that go in one transaction
POSTS_AT_ONCE = 500


def check_days(days: int | None) -> int | None:
    """For how many days a forum keeps conversations, None for good. Raises DiscussionRefused for none or too many."""
    if days is not None and not 1 <= days <= LONGEST:
        raise DiscussionRefused(_("Conversations are kept for 1 to %(most)s days, or for good.") % {"most": LONGEST})
    return days


def state(forum: Forum, days: int | None, *, by) -> int:
    """Say how long a group's forum keeps conversations; returns of how many the time is over. They go in the coming
    night, but for what waits: that is not counted out, or the number would tell of reports.

    Raises DiscussionRefused for those who don't lead the group, and for what `check_days` refuses.
    """
    days = check_days(days)
    with transaction.atomic():
        found = locks.forums({forum.pk}).get(forum.pk)
        if found is None or not may_state_retention(by, found):
            raise DiscussionRefused(_("How long this forum keeps conversations can't be said by you."))
        if found.retention_days != days:
            Forum.objects.filter(pk=found.pk).update(retention_days=days)
            audit.write("discussions.forum.retention", by=by, on=found)
            found.retention_days = days
    return over(found, timezone.now()).count()


def over(forum: Forum, now: datetime) -> QuerySet[Topic]:
    """The conversations of a forum whose time is over; none where it keeps them, or is not open yet."""
    if forum.retention_days is None:
        return Topic.objects.none()
    before = now - timedelta(days=forum.retention_days)
    return Topic.objects.filter(forum=forum, forum__opened=True, last_post_on__lt=before)


def due(forum: Forum, now: datetime) -> QuerySet[Topic]:
    """Those of them of which nothing waits: to be read, or to be judged."""
    posts = Post.objects.filter(topic=OuterRef("pk"))
    topics = over(forum, now).exclude(Exists(posts.filter(held_at__isnull=False)))
    appealed = Decision.objects.filter(appeal__isnull=False, appeal__closed_at=None)
    for rows in (Report.objects.filter(closed_at=None), appealed):
        judged, with_it = (rows.filter(kind=kind).values("target_id") for kind in ("post", "attachment"))
        topics = topics.exclude(Exists(posts.filter(pk__in=judged)))
        topics = topics.exclude(Exists(posts.filter(attachments__in=with_it)))
    return topics


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
