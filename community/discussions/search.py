"""Search in posts, on a tsvector of their own, over exactly what the reader may see at that moment.

Ranking or counting all hits of a common word takes most of a second at a million posts. So hits come newest first, in
the order of relevance stand the newest 500, and counts stop at a cap. What finds the newest ones soonest hangs on how
many posts hold the words and how many the reader sees, so it is chosen here: left to itself, PostgreSQL's planner walks
down all posts for a few hits that lie far below.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.search import SearchHeadline, SearchRank
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import mark_safe

from community.discussions.models import Forum, Post, TopicTag
from community.discussions.search_terms import CONFIG, Terms, parse
from community.members.models import User
from core.models import Subject
from core.paging import cursor, read_cursor

CAP = 1000
RANKED = 500
HITS_A_PAGE = 20
FEW = 0.006  # the share of all posts up to which the index of words lists the hits soonest
WALK = 50_000  # posts that are looked through from the newest on, before the index is asked after all
MANY = 0.05  # the share from which on a walk to the end is the better one of two bad ways
SMALL = 20_000  # posts of a site, of which each way finds all at once
PEOPLE_OF_A_NAME = 50
WITHOUT_WORDS = 220  # letters of a post that is shown for something else than its words
_START, _STOP = "\x02", "\x03"  # no post holds these
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Days are those of the reader's zone; `until` is the last one."""

    words: str = ""
    author: str = ""
    forum: Forum | None = None
    kind: str = ""
    tag: Subject | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_anything(self) -> bool:
        chosen = (self.forum, self.kind, self.tag, self.since, self.until)
        return bool(
            self.words.strip() or self.author.strip() or any(each is not None and each != "" for each in chosen)
        )


@dataclass
class Hits:
    """One page of what was found. `count` is of all hits, as far as they were counted, and None on further pages;
    `older` is the cursor of the next page, where hits come newest first."""

    posts: list[Post] = field(default_factory=list)
    count: int | None = 0
    is_all: bool = True
    older: str = ""
    problem: str | Promise = ""

    @property
    def count_words(self) -> str:
        return "" if self.count is None else f"{self.count:,}" if self.is_all else f"{self.count:,}+"


def newest(user, wanted: Wanted, *, before: str = "") -> Hits:
    """The newest hits, or those before a cursor. Raises ValueError for a text that is no cursor."""
    place = read_cursor(before) if before else None
    terms = parse(wanted.words)
    if not _is_asked(wanted, terms):
        return Hits(problem=terms.problem)
    search = _Search(user, wanted, terms)
    if place:
        search.start_below(*place)
    found, is_all = search.newest(HITS_A_PAGE + 1 if place else CAP, at_least=HITS_A_PAGE + 1)
    rows = _dressed(found[:HITS_A_PAGE], terms)
    older = cursor(rows[-1].created, rows[-1].pk) if len(found) > HITS_A_PAGE else ""
    return Hits(rows, None if place else len(found), is_all, older, terms.problem)


def most_relevant(user, wanted: Wanted, *, page: int = 1) -> Hits:
    """One page of the newest 500 hits, the most relevant first; without words there is only the newest."""
    terms = parse(wanted.words)
    if terms.query is None or not _is_asked(wanted, terms):
        return newest(user, wanted)
    found, is_all = _Search(user, wanted, terms).newest(CAP, at_least=RANKED)
    rank = SearchRank(F("search"), terms.query, normalization=Value(1))
    ranked = Post.objects.filter(pk__in=found[:RANKED]).annotate(rank=rank).order_by("-rank", "-created", "-pk")
    start = (page - 1) * HITS_A_PAGE
    rows = _dressed(list(ranked.values_list("pk", flat=True)[start : start + HITS_A_PAGE]), terms)
    return Hits(rows, len(found), is_all, problem=terms.problem)


def search_posts(user, query: str, limit: int = 20, offset: int = 0) -> list[Post]:
    """One page of hits, newest first, each with topic, forum, poster and a `snippet` in which the hits are marked."""
    terms = parse(query)
    if terms.query is None:
        return []
    found, _is_all = _Search(user, Wanted(query), terms).newest(offset + limit, at_least=offset + limit)
    return _dressed(found[offset:], terms)


def count_posts(user, query: str, cap: int = CAP) -> int:
    """How many posts match, counted up to `cap`."""
    terms = parse(query)
    return len(_Search(user, Wanted(query), terms).newest(cap, at_least=cap)[0]) if terms.query is not None else 0


def _is_asked(wanted: Wanted, terms: Terms) -> bool:
    """Whether there is something to look for: a box that holds words of which nothing is left is not."""
    return wanted.is_anything and not (terms.query is None and wanted.words.strip())


class _Search:
    """The posts that are wanted, and ways of finding the newest of them. Each way finds the same."""

    def __init__(self, user, wanted: Wanted, terms: Terms) -> None:
        self.user, self.terms = user, terms
        self.posts = Post.objects.shared_with(user)
        self.place: Q | None = None
        is_small = wanted.forum is not None and wanted.forum.direct_posts_count <= WALK
        self.is_narrow = bool(wanted.author.strip() or wanted.tag or is_small)
        if wanted.author.strip():
            people = User.objects.filter(display_name__icontains=wanted.author.strip()).order_by("pk")
            self.posts = self.posts.filter(poster__in=list(people.values_list("pk", flat=True)[:PEOPLE_OF_A_NAME]))
        if wanted.forum:
            self.posts = self.posts.filter(topic__forum=wanted.forum.pk)
        if wanted.tag:
            self.posts = self.posts.filter(Exists(TopicTag.objects.filter(topic=OuterRef("topic"), tag=wanted.tag)))
        if wanted.kind:
            self.posts = self.posts.filter(topic__kind=wanted.kind)
        if wanted.since:
            self.posts = self.posts.filter(created__gte=_start_of(wanted.since))
        if wanted.until:
            self.posts = self.posts.filter(created__lt=_start_of(wanted.until + _DAY))

    def start_below(self, moment: datetime, pk: int) -> None:
        self.place = Q(created__lte=moment) & ~Q(created=moment, pk__gte=pk)
        self.posts = self.posts.filter(self.place)

    def newest(self, most: int, *, at_least: int) -> tuple[list[int], bool]:
        """The ids of the newest hits, and whether these are all of them.

        Up to `most`; fewer, but `at_least` so many, where the others would take long to find.
        """
        if self.terms.query is None:
            return self._all_of(_ids(self._in_order(self.posts), most), most)
        total = _guess(Post.objects.all())
        if total <= SMALL:
            return self._all_of(self.looked_up(most), most)
        share = _guess(Post.objects.filter(search=self.terms.query)) / total
        if self.is_narrow or share <= FEW:
            return self._all_of(self.looked_up(most), most)
        found = self.met_on_a_walk(most)
        if len(found) >= at_least:
            return found, False
        return self._all_of(self.met_on_a_walk(most, to_the_end=True) if share > MANY else self.looked_up(most), most)

    def looked_up(self, most: int) -> list[int]:
        """The hits by the index of words, or by what else is narrow, and then sorted: for words that few posts hold."""
        by_no_index = (F("created") + Value(timedelta())).desc()
        return _ids(self._holding(self.posts).order_by(by_no_index, "-pk"), most)

    def met_on_a_walk(self, most: int, *, to_the_end: bool = False) -> list[int]:
        """The hits among the newest posts, or among all from the newest on: for words that many of them hold."""
        posts = self.posts
        if not to_the_end:
            down = Post.objects.filter(self.place) if self.place else Post.objects.all()
            last = list(self._in_order(down).values_list("created", flat=True)[WALK : WALK + 1])
            posts = posts.filter(created__gte=last[0]) if last else posts
        return _ids(self._in_order(self._holding(posts)), most)

    def _holding(self, posts: QuerySet[Post]) -> QuerySet[Post]:
        return posts.filter(search=self.terms.query)

    @staticmethod
    def _in_order(posts: QuerySet[Post]) -> QuerySet[Post]:
        return posts.order_by("-created", "-pk")

    @staticmethod
    def _all_of(found: list[int], most: int) -> tuple[list[int], bool]:
        return found, len(found) < most


def _guess(posts: QuerySet[Post]) -> float:
    return json.loads(posts.order_by().values("pk").explain(format="json"))[0]["Plan"]["Plan Rows"]


def _ids(posts: QuerySet[Post], most: int) -> list[int]:
    return list(posts.values_list("pk", flat=True)[:most])


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _dressed(found: Sequence[int], terms: Terms) -> list[Post]:
    """These posts in this order, with topic, forum, poster and a `snippet`."""
    rows = Post.objects.filter(pk__in=found).for_reading().select_related("topic__forum", "poster")
    if terms.query is None:
        rows = rows.annotate(headline=Left("content", WITHOUT_WORDS))
    else:
        around = SearchHeadline(
            "content",
            terms.query,
            config=CONFIG,
            start_sel=_START,
            stop_sel=_STOP,
            max_words=30,
            min_words=15,
            max_fragments=2,
            fragment_delimiter=" … ",
        )
        rows = rows.annotate(headline=around)
    posts = {post.pk: post for post in rows}
    for post in posts.values():
        post.snippet = _marked(post.headline)
    return [posts[pk] for pk in found]


def _marked(headline: str) -> str:
    html = escape(" ".join(headline.split())).replace(_START, "<mark>").replace(_STOP, "</mark>")
    return mark_safe(html)  # noqa: S308 - escaped before the two marks are set
