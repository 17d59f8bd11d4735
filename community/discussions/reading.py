"""Read marks: up to which post somebody has read a topic, and up to when a whole forum. Visitors leave none."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet, Window
from django.utils import timezone
from django.utils.functional import cached_property

from community.discussions.models import Forum, ForumMark, Post, Topic, TopicMark
from community.members.models import User

POSTS_A_PAGE = 20
FACES = 7


class PostPaginator(Paginator):
    """Pages of a topic by the positions of its posts: the last page costs what the first one does."""

    def __init__(self, topic: Topic, posts: QuerySet[Post]):
        super().__init__(posts, POSTS_A_PAGE)
        self.topic, self.posts = topic, posts

    @cached_property
    def count(self) -> int:
        return self.topic.posts_count

    def page(self, number) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        posts = self.posts.filter(position__gt=start, position__lte=start + self.per_page).order_by("position")
        return Page(list(posts), number, self)


def page_of(position: int) -> int:
    """The page on which the post at this position stands."""
    return max(position - 1, 0) // POSTS_A_PAGE + 1


def place_of(topic: Topic, position: int, anchor: str) -> str:
    """The address of one place in a topic."""
    page = page_of(position)
    query = f"?page={page}" if page > 1 else ""
    return f"{topic.get_absolute_url()}{query}#{anchor}"


def resume_url(topic: Topic) -> str:
    """Where a reader goes on: the first post they have not read, or the start. Asks for `with_marks_of`."""
    if not topic.read_to:
        return topic.get_absolute_url()
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
    TopicMark.objects.bulk_create(
        [TopicMark(topic=topic, user=by, read_to=upto)],
        update_conflicts=True,
        unique_fields=["topic", "user"],
        update_fields=["read_to"],
    )


def mark_forum_read(forum: Forum, *, by) -> None:
    """Everything that stands in this forum now has been read."""
    ForumMark.objects.bulk_create(
        [ForumMark(forum=forum, user=by, read_until=timezone.now())],
        update_conflicts=True,
        unique_fields=["forum", "user"],
        update_fields=["read_until"],
    )


def colleagues_in(topic: Topic) -> tuple[list[User], int]:
    """Those who wrote most in a topic, and how many wrote in it."""
    rows = (
        TopicMark.objects.filter(topic=topic, posts_count__gt=0)
        .select_related("user")
        .annotate(total=Window(Count("pk")))
        .order_by(F("posts_count").desc(), "pk")[:FACES]
    )
    marks = list(rows)
    return [mark.user for mark in marks], marks[0].total if marks else 0


def waiting_for_reply(user, *, limit: int = 3, besides: Topic | None = None) -> list[Topic]:
    """The newest topics that nobody has answered yet, among those shared with `user`; not their own."""
    topics = Topic.objects.shared_with(user).unanswered().exclude(poster=user.pk)
    if besides is not None:
        topics = topics.exclude(pk=besides.pk)
    return list(topics.select_related("forum").order_by("-created")[:limit])
