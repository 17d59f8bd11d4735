"""Locks, in one order for everybody: reports and appeals that are decided first (`records.hold`); the row of who writes
(`pacing.wait_turn`); the forum that a topic is started in, or else topics by their numbers; then posts; then the forums
they stand in, by their numbers; counters last. Who takes them in this order never waits in a circle.

The topic's lock guards its posts: their places, words and states, and the topic's own counters. The forum's guards its
audience and its counters. Called within a transaction.
"""

from collections.abc import Iterable

from django.db import transaction

from community.discussions.models import Forum, Post, Topic

ATTEMPTS = 5


class _WentElsewhere(Exception):
    """The post stands in another topic by now: the lock on the one that it left is given back."""


def topics(ids: Iterable[int]) -> dict[int, Topic]:
    """Topics as they stand, by number."""
    rows = Topic.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(ids))
    return {topic.pk: topic for topic in rows.order_by("pk")}


def forums(ids: Iterable[int]) -> dict[int, Forum]:
    """Forums as they stand, by number: nobody changes who reads them meanwhile."""
    rows = Forum.objects.select_related("group").select_for_update(of=("self",), no_key=True)
    return {forum.pk: forum for forum in rows.filter(pk__in=set(ids)).order_by("pk")}


def post(pk: int) -> Post | None:
    """A post as it stands, with its topic locked and read anew, and its forum; None once it is gone."""
    for _attempt in range(ATTEMPTS):
        topic_id = Post.objects.filter(pk=pk).order_by().values_list("topic", flat=True).first()
        if topic_id is None:
            return None
        try:
            with transaction.atomic():  # a savepoint
                topics([topic_id])
                found = Post.objects.select_related("topic__forum__group", "poster").defer("search").get(pk=pk)
                if found.topic_id != topic_id:
                    raise _WentElsewhere
                return found
        except (_WentElsewhere, Post.DoesNotExist):
            continue
    return None
