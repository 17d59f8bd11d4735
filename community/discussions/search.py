"""Search in posts, on a tsvector of their own: newest first, over exactly what the reader may see.

Ranking or counting all hits of a common word takes most of a second at a million posts, so hits come newest first and
counts stop at a cap.
"""

import re

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.utils.html import escape
from django.utils.safestring import mark_safe

from community.discussions.models import Post
from core.markdown import without_controls

CAP = 1000
LONGEST_QUERY = 200
_IDLE_MINUS = re.compile(r"-+(?![\w\"])|-+(?=-)|(?<=\")-")  # a minus that leaves out no word; many overflow PostgreSQL
_START, _STOP = "\x02", "\x03"  # no post holds these


def posts_matching(user, query: str):
    """Posts that are shared with `user` and hold the words of `query`: quotes make a phrase, a minus leaves out."""
    return Post.objects.shared_with(user).filter(search=_parsed(query))


def search_posts(user, query: str, limit: int = 20, offset: int = 0) -> list[Post]:
    """One page of hits, newest first, each with topic, forum, poster and a `snippet` in which the hits are marked."""
    page = list(
        posts_matching(user, query)
        .for_reading()
        .select_related("topic__forum", "poster")
        .order_by("-created", "-pk")[offset : offset + limit]
    )
    snippets = _snippets([post.pk for post in page], query)
    for post in page:
        post.snippet = snippets[post.pk]
    return page


def count_posts(user, query: str, cap: int = CAP) -> int:
    """How many posts match, counted up to `cap`."""
    return posts_matching(user, query).order_by()[:cap].count()


def _parsed(query: str) -> SearchQuery:
    """The query as PostgreSQL reads what people type into search boxes."""
    words = _IDLE_MINUS.sub(" ", without_controls(query)[:LONGEST_QUERY])
    return SearchQuery(words, search_type="websearch", config="english")


def _snippets(post_ids: list[int], query: str) -> dict[int, str]:
    """For each post the part around the hits, as HTML."""
    headline = SearchHeadline(
        "content",
        _parsed(query),
        config="english",
        start_sel=_START,
        stop_sel=_STOP,
        max_words=32,
        min_words=12,
    )
    rows = Post.objects.filter(pk__in=post_ids).annotate(headline=headline).values_list("pk", "headline")
    return {pk: _marked(text) for pk, text in rows}


def _marked(headline: str) -> str:
    html = escape(" ".join(headline.split())).replace(_START, "<mark>").replace(_STOP, "</mark>")
    return mark_safe(html)  # noqa: S308 - escaped before the two marks are set
