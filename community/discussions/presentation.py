"""What a page shows of each post, worked out in one go: template tags in the loop would cost a third of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from community.discussions import attachments, post_menu, reading
from community.discussions.answering import words
from community.discussions.models import Post, Reaction, Topic
from community.discussions.moments import ago, exactly
from community.safety import queue
from core.addresses import address
from core.templatetags.components import avatar


class Person:
    """How an author is shown, in all of their posts on a page. Who hides from the list of people is no link."""

    def __init__(self, user, *, for_member: bool):
        self.name = user.display_name if user else _("A former member")
        self.byline = user.byline if user else ""
        self.avatar = avatar(user)
        self.url = address("members:person", user.pk) if for_member and user and user.is_listed else ""


@dataclass(frozen=True)
class Allowed:
    """What the reader may do with the posts of a topic. What hangs on the post too is worked out in `dress`."""

    act: bool = False  # at all: visitors don't, nor who reads by an emergency access
    reply: bool = False
    answer: bool = False  # by a reaction
    mark_helpful: bool = False
    report: bool = False


def dress(posts: Sequence[Post], topic: Topic, user, may: Allowed) -> None:
    """Give the posts of a page what `_posts.jinja` shows. Asks for `with_marks_of` on the topic; one query at most."""
    is_member = getattr(user, "is_member", False)
    authors = {post.poster_id: post.poster for post in posts}
    people = {pk: Person(author, for_member=is_member) for pk, author in authors.items()}
    # an address is resolved once a page, with a number that no post has
    url, url_end = address("discussions:post", 0).rsplit("0", 1)
    report_url, report_end = address("safety:report", "post", 0).rsplit("0", 1)
    topic_url = reading.topic_url(topic.forum.slug, topic.pk, topic.slug)
    answered = _names_of_answered(posts, topic)
    attachments.dress(posts)
    dress_reactions(posts, user, may_answer=may.answer)
    post_menu.dress(posts, topic, user, takes_part=may.act)
    waits = waiting_words() if any(post.held_at for post in posts) else ""
    seen = topic.read_to
    for post in posts:
        post.url = f"{url}{post.pk}{url_end}"
        post.report_url = f"{report_url}{post.pk}{report_end}"
        post.by = people[post.poster_id]
        post.quote_url = f"{topic_url}reply/?quote={post.pk}"
        post.ago, post.exactly = ago(post.created), exactly(post.created)
        post.is_own = post.poster_id is not None and post.poster_id == user.pk
        post.may_edit = may.reply and post.is_own and post.approved
        post.may_report = may.report and not post.is_own
        post.may_mark_helpful = may.mark_helpful and bool(post.approved) and post.position != 1
        if post.held_at:
            post.waiting_words = waits
        if post.removed:
            post.removed_words, post.removed_ago = post.get_removed_display(), ago(post.removed_at or post.updated)
        post.answers = answered.get(post.quoted_id) if post.quoted_id else None
        post.answers_url = f"{url}{post.quoted_id}{url_end}"
        post.is_first_new = bool(seen) and post.position is not None and post.position > seen
        if post.is_first_new:
            seen = 0


def dress_topics(topics: Iterable[Topic]) -> None:
    """Give topics what their labels show. Asks for `with_marks_of` and `with_tags`."""
    kinds = {kind.value: str(kind.label) for kind in Topic.Kind}
    everywhere = address("discussions:all")
    for topic in topics:
        topic.resume_url = reading.resume_url(topic)
        topic.kind_words = kinds[topic.kind] if topic.kind != Topic.Kind.DISCUSSION else ""
        topic.kind_url = f"{everywhere}?kind={topic.kind}"
        topic.chips = [
            (name, f"{everywhere}?tag={slug}")
            for slug, _space, name in (line.partition(" ") for line in topic.listed_tags.splitlines())
        ]


def dress_rows(topics: Iterable[Topic]) -> None:
    """The same for a list, whose rows say too who wrote last."""
    dress_topics(topics)
    last_by = _("last by %(name)s")
    for topic in topics:
        author = topic.last_post.poster if topic.last_post else None
        topic.last_words = last_by % {"name": author.display_name} if author else ""


@dataclass(slots=True)
class ReactionShown:
    """One of the two reactions as it stands below a post: its name, who made it, and whether the reader did."""

    kind: str
    label: str
    icon: str
    words: str
    is_mine: bool


def dress_reactions(posts: Sequence[Post], user, *, may_answer: bool) -> None:
    """Give posts what `_reactions.jinja` shows. Asks for `with_answers_of`."""
    with_you, helpful = str(Reaction.Kind.WITH.label), str(Reaction.Kind.HELPFUL.label)
    for post in posts:
        post.may_react = may_answer and bool(post.approved) and post.poster_id != user.pk
        post.short_answers = [
            ReactionShown("with", with_you, "heart-handshake", words(post.with_count, post.my_with), post.my_with),
            ReactionShown("helpful", helpful, "lightbulb", words(post.helpful_count, post.my_helpful), post.my_helpful),
        ]


def waiting_words() -> str:
    """What the author of a held post or topic reads above it."""
    words = _("Only you see this yet: a moderator reads it first, and then everybody here does.")
    return f"{words} {queue.usual_wait_words()}".strip()


def _names_of_answered(posts: Sequence[Post], topic: Topic) -> dict[int, str]:
    """Who wrote the posts that these answer to; a query only where one is on another page."""
    there = {post.pk: post for post in posts}
    names = {pk: _name(post.poster and post.poster.display_name) for pk, post in there.items() if not post.removed}
    elsewhere = {post.quoted_id for post in posts if post.quoted_id} - there.keys()
    if elsewhere:
        rows = topic.posts.filter(pk__in=elsewhere, approved=True).values_list("pk", "poster__display_name")
        names |= {pk: _name(name) for pk, name in rows}
    return names


def _name(name: str | None) -> str:
    return name or _("A former member")
