"""Pages of topics: by where one stands in the order, so that any page costs what the first one does."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db.models import F, Q

from community.discussions.models import Forum, Topic
from community.discussions.selection import MOMENTS, Selection, selected
from core.prepared import Prepared

TOPICS_A_PAGE = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)
_SHOWN = [
    *("subject", "slug", "kind", "type", "status", "approved", "posts_count"),
    *("created", "last_post_on", "closes_at", "solved_at", "first_post", "last_post"),
    *("poster__display_name", "poster__email", "poster__picture"),
]
_OF_FORUM = ["forum__name", "forum__slug", "forum__audience"]


@dataclass
class TopicPage:
    """Some topics, newest first; `newer` and `older` are cursors of the pages beside it."""

    topics: list[Topic]
    selection: Selection
    newer: str = ""
    older: str = ""

    @property
    def newer_url(self) -> str:
        return self.selection.query(after=self.newer)

    @property
    def older_url(self) -> str:
        return self.selection.query(before=self.older)

    @property
    def newest_url(self) -> str:
        return self.selection.query() or "?"


def pinned(forum: Forum, user) -> list[Topic]:
    """What stands above the list: announcements, then what is kept on top."""
    return _standing(_pinned(forum.pk, user), forum)


def topics_of(forum: Forum, user, selection: Selection, *, before: str = "", after: str = "") -> TopicPage:
    """One page of a forum's topics: the newest, or those before or after a cursor. ValueError for a bad cursor.

    The list of everything leaves out what is pinned above it.
    """
    page = _page(forum.pk, user, selection, before, after)
    _standing(page.topics, forum)
    return page


def topics_for(user, selection: Selection, *, before: str = "", after: str = "") -> TopicPage:
    """The same over all forums in which `user` is at home."""
    return _page(None, user, selection, before, after)


def _page(forum_id: int | None, user, selection: Selection, before: str, after: str) -> TopicPage:
    moment, pk = _read(after or before) if after or before else (None, None)
    query = _query(selection.show, selection.kind, selection.sort)
    rows = query(user, forum_id, selection.tag or None, moment, pk, bool(after), TOPICS_A_PAGE + 1)
    has_more, rows = len(rows) > TOPICS_A_PAGE, rows[:TOPICS_A_PAGE]
    if after:
        rows.reverse()
    if not rows:
        return TopicPage([], selection)
    has_newer, has_older = (has_more, True) if after else (bool(before), has_more)
    newer, older = (_cursor(getattr(row, selection.moment), row.pk) for row in (rows[0], rows[-1]))
    return TopicPage(rows, selection, newer if has_newer else "", older if has_older else "")


@cache
def _query(show: str, kind: str, sort: str) -> Prepared[Topic]:
    """What is asked for one kind of list."""
    column = MOMENTS[sort]

    def build(user, forum_id, tag, moment, pk, is_backwards, most):
        topics = selected(user, forum_id, show, kind, tag)
        if forum_id is not None and not (show or kind or sort or tag):
            topics = topics.filter(type=Topic.TOPIC_POST)
        if moment is not None and is_backwards:
            topics = topics.filter(Q(**{f"{column}__gt": moment}) | Q(**{column: moment, "pk__gt": pk}))
        elif moment is not None:
            # the first condition alone would do for the index; the second leaves out what was seen already
            topics = topics.filter(**{f"{column}__lte": moment}).exclude(**{column: moment, "pk__gte": pk})
        order = [column, "pk"] if is_backwards else [f"-{column}", "-pk"]
        return _dressed(topics, user, with_forum=forum_id is None).order_by(*order)[:most]

    return Prepared(build)


def _dressed(topics, user, *, with_forum: bool = False):
    related = ["poster", *(["forum"] if with_forum else [])]
    shown = [*_SHOWN, *(_OF_FORUM if with_forum else ["forum"])]
    last_name = F("last_post__poster__display_name")
    return topics.with_news_for(user).with_tags().annotate(last_name=last_name).select_related(*related).only(*shown)


_pinned: Prepared[Topic] = Prepared(
    lambda forum_id, user: _dressed(
        Topic.objects.filter(forum=forum_id, approved=True, type__gt=Topic.TOPIC_POST), user
    ).order_by("-type", "-last_post_on")[:TOPICS_A_PAGE]
)


def _standing(topics: list[Topic], forum: Forum) -> list[Topic]:
    for topic in topics:
        topic.forum = forum
    return topics


def _cursor(moment: datetime, pk: int) -> str:
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}-{pk}"


def _read(cursor: str) -> tuple[datetime, int]:
    found = _CURSOR.fullmatch(cursor)
    if not found:
        raise ValueError("Not a cursor.")
    return _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
