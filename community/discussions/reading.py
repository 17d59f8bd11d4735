"""Read marks: up to which post somebody has read a topic, and up to when a whole forum. Visitors leave none."""

from contextlib import suppress
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import IntegrityError
from django.db.models import Count, F, Window
from django.utils import timezone
from django.utils.functional import cached_property

from community.discussions.attachments import HAS_FILES
from community.discussions.models import Forum, ForumMark, Post, Topic, TopicMark
from community.members.models import User
from core.addresses import address
from core.prepared import Prepared

POSTS_A_PAGE = 20
FACES = 7
COUNTED = 200  # colleagues in a topic: more are so many
HELPFUL_AT_MOST = 5  # that are linked above a topic
_FACE = ("display_name", "email", "picture")  # what an avatar and its name are made of

_in_place: Prepared[Post] = Prepared(
    lambda topic_id, start, end, user: _for_page(
        Post.objects.in_place().filter(topic=topic_id, position__gt=start, position__lte=end).order_by("position")
    ).with_answers_of(user)
)
_waiting_of: Prepared[Post] = Prepared(
    lambda topic_id, user: _for_page(
        Post.objects.waiting_of(user).filter(topic=topic_id).order_by("pk")
    ).with_answers_of(user)
)


def _for_page(posts):
    """With what a topic page shows of a post and its author."""
    author = ("credentials", "discipline", "licence_jurisdiction", "region", "hidden", "standing", "is_active")
    shown = ("topic", "position", "quoted", "content_html", "created", "updates_count", "poster")
    state = ("approved", "held_at", "removed", "removed_at", "helped_at", "with_count", "helpful_count")
    people = (f"poster__{name}" for name in (*_FACE, *author))
    return posts.select_related("poster").only(*shown, *state, *people).annotate(has_files=HAS_FILES)


class PostPaginator(Paginator):
    """Pages of a topic by the positions of its posts: the last page costs what the first one does.

    What the reader wrote and waits for a moderator has no position, and stands below all others.
    """

    def __init__(self, topic: Topic, user):
        super().__init__(Post.objects.none(), POSTS_A_PAGE)
        self.topic, self.user = topic, user

    @cached_property
    def count(self) -> int:
        return self.topic.posts_count

    def page(self, number) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        posts = _in_place(self.topic.pk, start, start + self.per_page, self.user)
        if self.topic.has_waiting and number == self.num_pages:
            posts += _waiting_of(self.topic.pk, self.user)
        return Page(posts, number, self)


def page_of(position: int) -> int:
    """The page on which the post at this position stands."""
    return max(position - 1, 0) // POSTS_A_PAGE + 1


def topic_url(forum_slug: str, topic_id: int, slug: str) -> str:
    """What `Topic.get_absolute_url` says, for lists: resolving the address costs more than all else in a row."""
    return f"{address('discussions:list')}{forum_slug}/{topic_id}-{slug}/"


def place_of(topic: Topic, position: int, anchor: str) -> str:
    """The address of one place in a topic."""
    page = page_of(position)
    query = f"?page={page}" if page > 1 else ""
    return f"{topic_url(topic.forum.slug, topic.pk, topic.slug)}{query}#{anchor}"


def resume_url(topic: Topic) -> str:
    """Where a reader goes on: the first post they have not read, or the start. Asks for `with_marks_of`."""
    if not topic.read_to:
        return topic_url(topic.forum.slug, topic.pk, topic.slug)
    if topic.read_to >= topic.posts_count:
        return place_of(topic, topic.posts_count, "latest")
    return place_of(topic, topic.read_to + 1, "new")


def mark_read(topic: Topic, *, by, upto: int) -> None:
    """Remember that `by` has seen the posts up to this position. One write, and none where it is known already.

    Asks for `with_marks_of`, whose `read_to` is what was known. A mark never goes back.
    """
    if not by.is_authenticated or upto <= topic.read_to:
        return
    if topic.read_to:
        TopicMark.objects.filter(topic=topic, user=by, read_to__lt=upto).update(read_to=upto)
        return
    with suppress(IntegrityError):  # it was merged or deleted since it was looked up
        TopicMark.objects.bulk_create(
            [TopicMark(topic=topic, user=by, read_to=upto)],
            update_conflicts=True,
            unique_fields=["topic", "user"],
            update_fields=["read_to"],
        )


def mark_forum_read(forum: Forum, *, by) -> None:
    """Everything that stands in this forum now has been read."""
    _mark_forums_read([forum.pk], by)


def mark_all_read(*, by) -> None:
    """The same for all forums in which `by` is at home."""
    _mark_forums_read(Forum.objects.shared_with(by).order_by().values_list("pk", flat=True), by)


def _mark_forums_read(forum_ids, by) -> None:
    now = timezone.now()
    ForumMark.objects.bulk_create(
        [ForumMark(forum_id=pk, user=by, read_until=now) for pk in forum_ids],
        update_conflicts=True,
        unique_fields=["forum", "user"],
        update_fields=["read_until"],
    )


def _writers_of(topic_id: int):
    """The marks of those who wrote in a topic, whoever wrote most first."""
    writers = TopicMark.objects.filter(topic=topic_id, posts_count__gt=0).order_by(F("posts_count").desc(), "pk")
    return TopicMark.objects.filter(pk__in=writers.values("pk")[:COUNTED]).order_by(F("posts_count").desc(), "pk")


_writers: Prepared[Any] = Prepared(
    lambda topic_id: (
        _writers_of(topic_id)
        .select_related("user")
        .annotate(total=Window(Count("pk")))
        .only("user", *(f"user__{name}" for name in _FACE))[:FACES]
    )
)


_helped: Prepared[Post] = Prepared(
    lambda topic_id: (
        Post.objects.filter(topic=topic_id, approved=True, helped_at__isnull=False)
        .select_related("poster")
        .only("topic", "position", "poster__display_name")
        .order_by("position")[:HELPFUL_AT_MOST]
    )
)


def what_helped(topic: Topic) -> list[Post]:
    """The posts that the author of a topic marked, each with its `url`. No query for a topic that is not solved."""
    if topic.solved_at is None:
        return []
    posts = _helped(topic.pk)
    for post in posts:
        post.url = place_of(topic, post.position or 1, f"post-{post.pk}")
    return posts


def colleagues_in(topic: Topic) -> tuple[list[User], int]:
    """Those who wrote most in a topic, and how many wrote in it, counted up to COUNTED."""
    marks = _writers(topic.pk)
    return [mark.user for mark in marks], marks[0].total if marks else 0


_unanswered: Prepared[Topic] = Prepared(
    lambda user, besides, limit: (
        Topic.objects.shared_with(user)
        .wanted_by(user)
        .unanswered()
        .exclude(poster=user.pk)
        .exclude(pk=besides)
        .select_related("forum")
        .only("subject", "slug", "created", "forum__name", "forum__slug")
        .order_by("-created")[:limit]
    )
)


def waiting_for_reply(user, *, limit: int = 3, besides: Topic | None = None) -> list[Topic]:
    """The newest topics that nobody has answered yet, among those shared with `user`; not their own, nor what they
    muted."""
    topics = _unanswered(user, besides.pk if besides else 0, limit)
    for topic in topics:
        topic.url = topic_url(topic.forum.slug, topic.pk, topic.slug)
    return topics
