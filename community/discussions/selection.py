"""Which topics a list shows, and in which order: what the address of a list says, and addresses that say otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions.models import Topic, TopicMark, TopicTag
from community.discussions.threads import TopicQuerySet
from core.models import Subject
from core.prepared import Prepared

SHOWS = {
    "unread": gettext_lazy("Unread"),
    "unanswered": gettext_lazy("Unanswered"),
    "mine": gettext_lazy("Mine"),
    "following": gettext_lazy("Following"),
    "solved": gettext_lazy("Solved"),
}
PERSONAL = {"unread", "mine", "following"}  # each means somebody
EMPTY = {  # what would fill a list, for those who find nothing in it
    "unread": gettext_lazy("You have read all that is new. What colleagues write from now on will stand here."),
    "unanswered": gettext_lazy("Every thread has an answer. The next question will stand here until somebody answers."),
    "mine": gettext_lazy("You have not started a thread here. A question that you carry around is a good first one."),
    "following": gettext_lazy("Follow a thread, or write in one, and it will stand here."),
    "solved": gettext_lazy("When somebody marks what helped them in a thread of theirs, it will stand here."),
}
SORTS = {"": gettext_lazy("Latest activity"), "new": gettext_lazy("Newest")}
MOMENTS = {"": "last_post_on", "new": "created"}  # what they go by

vocabulary: Prepared[tuple[str, str]] = Prepared(lambda: Subject.objects.order_by("name").values_list("slug", "name"))


@dataclass(frozen=True)
class Link:
    words: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Selection:
    """What a list shows; an empty word leaves nothing out. `tag` is a slug."""

    show: str = ""
    kind: str = ""
    tag: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Selection":
        """What an address says. Raises ValueError for words that mean nothing."""
        found = cls(*(query.get(name, "") for name in ("show", "kind", "tag", "sort")))
        known = found.show in ("", *SHOWS) and found.kind in ("", *Topic.Kind.values) and found.sort in SORTS
        if not known or "\0" in found.tag:
            raise ValueError("No such list.")
        return found

    @property
    def is_everything(self) -> bool:
        """Whether this is the list as it comes: all topics, those with the latest posts first."""
        return self == Selection()

    @property
    def is_personal(self) -> bool:
        return self.show in PERSONAL

    @property
    def empty_words(self) -> str:
        """What would fill this list, where it is empty."""
        if self.kind or self.tag:
            return _("No thread is all of this. Leave something out, or start one.")
        return str(EMPTY.get(self.show, ""))

    @property
    def moment(self) -> str:
        """The column by which the list is sorted, newest first."""
        return MOMENTS[self.sort]

    def query(self, **more: str) -> str:
        """The same as the end of an address, with what else it is to say: "?show=mine&kind=case", or nothing."""
        said = {name: word for name, word in (vars(self) | more).items() if word}
        return f"?{urlencode(said)}" if said else ""


def shows(*, for_member: bool) -> list[tuple[str, str]]:
    """What can be shown to somebody: the word of the address, and the words for people."""
    return [(word, str(words)) for word, words in SHOWS.items() if for_member or word not in PERSONAL]


class Bar:
    """The links above a list by which somebody chooses what it shows; what else they chose stays."""

    def __init__(self, selection: Selection, *, for_member: bool, kinds: Iterable[Topic.Kind] = Topic.Kind) -> None:
        def links(name: str, choices: Iterable[tuple[str, str]]) -> list[Link]:
            chosen = getattr(selection, name)
            return [
                Link(words, replace(selection, **{name: word}).query() or "?", word == chosen)
                for word, words in choices
            ]

        self.shows = links("show", [("", _("All")), *shows(for_member=for_member)])
        self.kinds = links("kind", [("", _("Any kind")), *((kind.value, str(kind.label)) for kind in kinds)])
        tags = vocabulary()
        self.tags = links("tag", [("", _("Any tag")), *tags]) if tags else []
        self.sorts = links("sort", [(word, str(words)) for word, words in SORTS.items()])
        self.is_of_vocabulary = not selection.tag or any(link.is_current for link in self.tags)
        self.menus = [
            (str(name), next((link.words for link in menu if link.is_current), ""), menu)
            for name, menu in ((_("Kind"), self.kinds), (_("Tag"), self.tags), (_("Sorted by"), self.sorts))
            if menu
        ]


def selected(user, forum_id: int | None, show: str, kind: str, tag: str | None) -> TopicQuerySet:
    """The topics of a list, over all forums in which `user` is at home, or of one that they read."""
    if show == "mine":
        topics = Topic.objects.started_by(user)
    elif forum_id is None:
        topics = Topic.objects.shared_with(user)
    else:
        topics = Topic.objects.filter(approved=True)
    if forum_id is not None:
        topics = topics.filter(forum=forum_id)
    if show == "unread":
        topics = topics.news_for(user)
    elif show == "unanswered":
        topics = topics.unanswered()
    elif show == "following":
        topics = topics.filter(pk__in=TopicMark.objects.filter(user=user.pk, following=True).values("topic"))
    elif show == "solved":
        topics = topics.filter(solved_at__isnull=False)
    if kind:
        topics = topics.filter(kind=kind)
    if tag is not None:
        topics = topics.filter(Exists(TopicTag.objects.filter(topic=OuterRef("pk"), tag__slug=tag)))
    return topics
