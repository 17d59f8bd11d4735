"""Atom feeds of the newest posts: of a public forum or topic for everybody, and of all that one member may read.

A feed leaves the site and lies with whoever runs the reader's program, so it says what a letter may say: posts of the
world's and of members' forums with their words, of all others that something is there.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions.models import Forum, Post, Topic
from community.discussions.news import WITH_WORDS
from community.members import secret_addresses
from core.audience import Audience

NEWEST = 50
PURPOSE = "discussions"
_COLUMNS = [
    *("pk", "content_html", "created", "updated", "updates_count", "position", "poster__display_name"),
    *("topic__subject", "topic__forum__name", "topic__forum__audience"),
]


@dataclass(frozen=True)
class Feed:
    """What one feed says. `path` is the page that it belongs to, `own_path` its own address, if it is no secret."""

    title: str
    path: str
    posts: Sequence[Post]
    own_path: str = ""

    @property
    def etag(self) -> str:
        """Another one whenever anything in it is."""
        rows = [
            (post.pk, post.updates_count, post.updated, post.topic.subject, post.topic.forum.name, _author(post))
            for post in self.posts
        ]
        return f'"{hashlib.sha256(repr((self.title, rows)).encode()).hexdigest()[:32]}"'

    @property
    def changed_at(self) -> datetime | None:
        return max((post.updated for post in self.posts), default=None)

    def as_atom(self) -> str:
        base = settings.WAGTAILADMIN_BASE_URL
        feed = Atom1Feed(
            title=self.title,
            link=base + self.path,
            description=None,
            feed_url=base + self.own_path if self.own_path else None,
            language=settings.LANGUAGE_CODE,
        )
        for post in self.posts:
            url = base + post.get_absolute_url()
            shows_words = post.topic.forum.audience in WITH_WORDS
            feed.add_item(
                title=_title(post) if shows_words else _without_words(post),
                link=url,
                description=post.content_html if shows_words else "",
                author_name=_author(post) if shows_words else None,
                pubdate=post.created,
                updateddate=post.updated,
                unique_id=url,
                categories=[post.topic.forum.name] if shows_words else (),
            )
        return feed.writeString("utf-8")


def of_forum(forum: Forum, reader) -> Feed:
    """The newest posts of one forum. Those lie in the topics that were active last, as many at most."""
    active = Topic.objects.filter(forum=forum.pk, approved=True).order_by("-last_post_on", "-pk")
    topics = list(active.values_list("pk", flat=True)[:NEWEST])
    posts = Post.objects.visible_to(reader).filter(topic__in=topics, position__gt=F("topic__posts_count") - NEWEST)
    own_path = reverse("discussions:forum-feed", args=[forum.slug]) if forum.audience == Audience.WORLD else ""
    return Feed(_name_of(forum), forum.get_absolute_url() if _is_told(forum) else _home(), _newest(posts), own_path)


def of_topic(topic: Topic, reader) -> Feed:
    """The newest posts of one public topic."""
    posts = Post.objects.visible_to(reader).filter(topic=topic.pk, position__gt=topic.posts_count - NEWEST)
    own_path = reverse("discussions:topic-feed", args=[topic.forum.slug, topic.pk, topic.slug])
    return Feed(topic.subject, topic.get_absolute_url(), _newest(posts), own_path)


def of_reader(reader) -> Feed:
    """The newest posts of all forums in which `reader` is at home."""
    return Feed(_("My discussions"), _home(), _newest(Post.objects.shared_with(reader)))


def places(key: str, user) -> list[tuple[str, str]]:
    """Where a member's key leads: all that they read, or one forum of it. No address says what a forum is called."""
    forums = Forum.objects.shared_with(user).order_by("name").values_list("pk", "name")
    of_one = [(name, reverse("discussions:my-feed-of-forum", args=[key, pk])) for pk, name in forums]
    return [(_("All that I may read"), reverse("discussions:my-feed", args=[key])), *of_one]


def register() -> None:
    secret_addresses.register(
        secret_addresses.Purpose(
            PURPOSE,
            gettext_lazy("Discussions in a feed reader"),
            gettext_lazy(
                "New posts in an Atom feed. Those of the forums that all members read stand there with their words; of "
                "those for practitioners and of your groups it only says that there is something."
            ),
            places,
        )
    )


def _newest(posts: QuerySet[Post]) -> list[Post]:
    return list(posts.select_related("topic__forum", "poster").only(*_COLUMNS).order_by("-created", "-pk")[:NEWEST])


def _home() -> str:
    return reverse("discussions:list")


def _is_told(forum: Forum) -> bool:
    return forum.audience in WITH_WORDS


def _name_of(forum: Forum) -> str:
    if _is_told(forum):
        return forum.name
    return _("One of your groups") if forum.audience == Audience.GROUP else _("For practitioners")


def _title(post: Post) -> str:
    if post.position == 1:
        return post.topic.subject
    return _("Answer: %(subject)s") % {"subject": post.topic.subject}


def _without_words(post: Post) -> str:
    if post.topic.forum.audience == Audience.GROUP:
        return _("Something new in one of your groups")
    return _("Something new for practitioners")


def _author(post: Post) -> str:
    return post.poster.display_name if post.poster else _("A former member")
