"""Pages of a forum's topics: by where one stands in the order, so that any page costs what the first one does."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from community.discussions.models import Forum, Topic

TOPICS_A_PAGE = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


@dataclass
class TopicPage:
    """Some topics of a forum, newest activity first; `newer` and `older` are cursors of the pages beside it."""

    topics: list[Topic]
    newer: str = ""
    older: str = ""


def pinned(forum: Forum, user) -> list[Topic]:
    """What stands above the list: announcements, then what is kept on top."""
    topics = _topics(forum, user).filter(type__gt=Topic.TOPIC_POST)
    return list(topics.order_by("-type", "-last_post_on")[:TOPICS_A_PAGE])


def topics_of(forum: Forum, user, *, before: str = "", after: str = "") -> TopicPage:
    """One page of a forum's topics: the newest, or those before or after a cursor. ValueError for a bad cursor."""
    topics = _topics(forum, user).filter(type=Topic.TOPIC_POST)
    if after:
        moment, pk = _read(after)
        rows = topics.filter(Q(last_post_on__gt=moment) | Q(last_post_on=moment, pk__gt=pk))
        rows = list(rows.order_by("last_post_on", "pk")[: TOPICS_A_PAGE + 1])
        has_newer, rows = len(rows) > TOPICS_A_PAGE, rows[:TOPICS_A_PAGE][::-1]
        has_older = True
    else:
        if before:
            moment, pk = _read(before)
            # the first condition alone would do for the index; the second leaves out what was seen already
            topics = topics.filter(last_post_on__lte=moment).exclude(last_post_on=moment, pk__gte=pk)
        rows = list(topics.order_by("-last_post_on", "-pk")[: TOPICS_A_PAGE + 1])
        has_older, rows = len(rows) > TOPICS_A_PAGE, rows[:TOPICS_A_PAGE]
        has_newer = bool(before)
    if not rows:
        return TopicPage([])
    return TopicPage(rows, _cursor(rows[0]) if has_newer else "", _cursor(rows[-1]) if has_older else "")


def _topics(forum: Forum, user):
    topics = Topic.objects.filter(forum=forum, approved=True).with_news_for(user)
    topics = topics.select_related("poster", "last_post__poster")
    return topics.defer("last_post__content", "last_post__content_html", "last_post__search")


def _cursor(topic: Topic) -> str:
    return f"{(topic.last_post_on - _EPOCH) // timedelta(microseconds=1)}-{topic.pk}"


def _read(cursor: str) -> tuple[datetime, int]:
    found = _CURSOR.fullmatch(cursor)
    if not found:
        raise ValueError("Not a cursor.")
    try:
        return _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
    except OverflowError as error:
        raise ValueError("Not a cursor.") from error
