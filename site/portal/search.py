"""One search across all rooms. Each room says what a reader may see; nothing is decided here.

Posts have an index of their own (community.discussions.search); the rest goes through modelsearch. Counts stop at
`CAP`: a common word is not counted to its end.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import ArticlePage
from community.discussions import search as posts
from community.members.models import User
from events.models import Event
from learning.models import CeListingPage

CAP = 1000
HITS_OF_EACH = 3
HITS_A_PAGE = 15


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is searched: `count(user, query)` stops at CAP, `hits(user, query, start, stop)`."""

    name: str
    label: str
    count: Callable[[Any, str], int]
    hits: Callable[[Any, str, int, int], list]


@dataclass
class Shelf:
    """The hits of one kind."""

    kind: Kind
    count: int
    hits: list = field(default_factory=list)

    @property
    def count_words(self) -> str:
        return f"{CAP:,}+" if self.count >= CAP else f"{self.count:,}"


@dataclass
class Result:
    """What a search found: counts of every kind, and hits of all kinds or pages of one."""

    shelves: list[Shelf]
    chosen: Shelf | None = None
    page: Page | None = None

    @property
    def is_empty(self) -> bool:
        return not any(shelf.count for shelf in self.shelves)


def _indexed(found_by: Callable[[Any], Any]) -> tuple[Callable, Callable]:
    """Count and hits over the rows of a model, indexed by modelsearch, that a reader finds."""

    def count(user, query):
        return min(found_by(user).search(query).count(), CAP)

    def hits(user, query, start, stop):
        return list(found_by(user).search(query)[start:stop])

    return count, hits


def _people(user, query):
    words = Q()
    for word in query.split()[:5]:
        words &= (
            Q(display_name__icontains=word)
            | Q(city__icontains=word)
            | Q(region__icontains=word)
            | Q(credentials__icontains=word)
            | Q(bio__icontains=word)
        )
    return User.objects.visible_to(user).filter(words)


KINDS = [
    Kind("articles", _("Articles"), *_indexed(ArticlePage.objects.visible_to)),
    Kind("learning", _("Learning"), *_indexed(CeListingPage.objects.visible_to)),
    Kind(
        "discussions",
        _("Discussions"),
        lambda user, query: posts.count_posts(user, query, cap=CAP),
        lambda user, query, start, stop: posts.search_posts(user, query, limit=stop - start, offset=start),
    ),
    Kind("events", _("Events"), *_indexed(Event.objects.shared_with)),
    Kind(
        "people",
        _("People"),
        lambda user, query: _people(user, query)[:CAP].count(),
        lambda user, query, start, stop: list(_people(user, query).order_by("display_name")[start:stop]),
    ),
]


def search(user, query: str, *, kind: str = "", page: str | int = 1) -> Result:
    """Everything that `user` may see and that matches `query`: a few hits of each kind, or one kind by pages.

    Raises InvalidPage where there is no such page.
    """
    shelves = [Shelf(each, each.count(user, query)) for each in KINDS]
    chosen = next((shelf for shelf in shelves if shelf.kind.name == kind), None)
    if chosen is None:
        for shelf in shelves:
            if shelf.count:
                shelf.hits = shelf.kind.hits(user, query, 0, HITS_OF_EACH)
        return Result(shelves)
    paper = Paginator(range(chosen.count), HITS_A_PAGE).page(page)
    if chosen.count:
        chosen.hits = chosen.kind.hits(user, query, paper.start_index() - 1, paper.end_index())
    return Result(shelves, chosen, paper)
