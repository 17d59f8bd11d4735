"""The list of forums, as one reader finds it: their groups' first, then the others under their headings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from community.discussions.models import Forum
from community.discussions.moments import Clock
from community.discussions.reading import topic_url
from core.addresses import address
from core.audience import Audience, audience_words
from core.prepared import Prepared

OWN_AT_ONCE = 12  # forums of one's groups that are shown before one asks for all
LONGEST_SUBJECT = 60  # that stands beside a forum

_rows: Prepared[tuple] = Prepared(
    lambda user: (
        Forum.objects.shared_with(user)
        .with_news_for(user)
        .values_list(
            *("name", "slug", "description", "audience", "group__name", "parent", "parent__name"),
            *("direct_topics_count", "last_post_on", "last_post__poster__display_name"),
            *("last_post__topic", "last_post__topic__slug", "last_post__topic__subject", "is_muted", "has_news"),
        )
    )
)


@dataclass(slots=True)
class Row:
    """One forum of the list, with what was said there last."""

    name: str
    slug: str
    description: str
    audience: str
    group_name: str | None
    category_id: int | None
    category: str | None
    topics_count: int
    last_post_on: datetime | None
    last_poster: str | None
    last_topic_id: int | None
    last_topic_slug: str | None
    last_subject: str | None
    is_muted: bool
    is_unread: bool
    url: str = ""
    last_url: str = ""
    audience_words: str = ""
    ago: str = ""
    moment: str = ""

    def __post_init__(self) -> None:
        if self.last_subject and len(self.last_subject) > LONGEST_SUBJECT:
            self.last_subject = f"{self.last_subject[: LONGEST_SUBJECT - 1].rstrip()}…"
        self.is_unread = self.is_unread and not self.is_muted
        self.url = f"{address('discussions:list')}{self.slug}/"
        if self.last_topic_id and self.last_topic_slug:
            self.last_url = topic_url(self.slug, self.last_topic_id, self.last_topic_slug)
        self.audience_words = audience_words(self.audience, self.group_name or "")


@dataclass
class Overview:
    """What is shown: the forums of one's groups, those with the latest posts first, and the rest by category."""

    own: list[Row] = field(default_factory=list)
    more_of_own: int = 0
    categories: list[tuple[str | None, list[Row]]] = field(default_factory=list)


def overview(user, *, all_of_own: bool = False) -> Overview:
    """The forums in which `user` is at home. One query; a muted forum stands last among its neighbors."""
    own: list[Row] = []
    by_category: dict[int | None, list[Row]] = {}
    clock = Clock()
    for values in _rows(user):
        row = Row(*values)
        if row.last_post_on:
            row.ago, row.moment = clock.shows(row.last_post_on)
        if row.audience == Audience.GROUP:
            own.append(row)
        else:
            by_category.setdefault(row.category_id, []).append(row)
    own.sort(key=lambda row: (row.is_muted, -row.last_post_on.timestamp() if row.last_post_on else 0))
    shown = own if all_of_own else own[:OWN_AT_ONCE]
    categories = [(rows[0].category, _muted_last(rows)) for rows in by_category.values()]
    return Overview(shown, len(own) - len(shown), categories)


def _muted_last(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.is_muted)
