"""What a page shows of each post, worked out in one go: template tags in the loop would cost a third of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

from community.discussions import attachments, post_menu, reading
from community.discussions.answering import words
from community.discussions.models import Post, Reaction, Topic
from community.discussions.moments import Clock, ago
from community.safety import queue
from core.addresses import address
from core.templatetags.components import avatar, icon
from core.words import once_a_language


class Person:
    """How an author is shown, in all of their posts on a page. Who hides from the list of people is no link."""

    def __init__(self, user, *, url: str = ""):
        self.name = user.display_name if user else _("A former member")
        self.byline = user.byline if user else ""
        self.avatar = avatar(user)
        self.url = url


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
    people = _people_in(posts, is_member=getattr(user, "is_member", False))
    # an address is resolved once a page, with a number that no post has
    url, url_end = address("discussions:post", 0).rsplit("0", 1)
    report_url, report_end = address("safety:report", "post", 0).rsplit("0", 1)
    topic_url = reading.topic_url(topic.forum.slug, topic.pk, topic.slug)
    answered = _names_of_answered(posts, topic)
    attachments.dress(posts)
    dress_reactions(posts, user, may_answer=may.answer)
    post_menu.dress(posts, topic, user, takes_part=may.act)
    waits = waiting_words() if any(post.held_at for post in posts) else ""
    seen, reader = topic.read_to, user.pk
    clock = Clock()
    for post in posts:
        pk = post.id
        post.url = f"{url}{pk}{url_end}"
        post.report_url = f"{report_url}{pk}{report_end}"
        post.by = people[post.poster_id]
        post.quote_url = f"{topic_url}reply/?quote={pk}"
        post.ago, post.moment = clock.shows(post.created)
        post.exactly = clock.exactly(post.moment)
        post.is_own = post.poster_id is not None and post.poster_id == reader
        post.may_edit = may.reply and post.is_own and post.approved
        post.may_report = may.report and not post.is_own
        post.may_mark_helpful = may.mark_helpful and bool(post.approved) and post.position != 1
        post.has_more = bool(post.ways) or post.may_edit or post.may_report or (may.act and bool(post.approved))
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
    everywhere = address("discussions:all")
    for topic in topics:
        topic.resume_url = reading.resume_url(topic)
        topic.kind_words = kind_words(topic.kind) if topic.kind != Topic.Kind.DISCUSSION else ""
        topic.kind_url = f"{everywhere}?kind={topic.kind}"
        topic.chips = [
            (name, f"{everywhere}?tag={slug}")
            for slug, _space, name in (line.partition(" ") for line in topic.listed_tags.splitlines())
        ]


@once_a_language
def kind_words(kind: str) -> str:
    return str(Topic.Kind(kind).label)


def dress_rows(topics: Iterable[Topic]) -> None:
    """The same for a list, whose rows say too who wrote last, and when: of one without a reply, when it began."""
    dress_topics(topics)
    last_by, clock = _("last by %(name)s"), Clock()
    for topic in topics:
        topic.last_words = last_by % {"name": topic.last_name} if topic.last_name else ""
        is_answered = topic.last_post_id != topic.first_post_id
        topic.ago, topic.moment = clock.shows(topic.last_post_on if is_answered else topic.created)


def _people_in(posts: Sequence[Post], *, is_member: bool) -> dict[int | None, Person]:
    """Those who wrote these posts, by id; members may look up whoever does not hide."""
    url, url_end = address("members:person", 0).rsplit("0", 1)
    found: dict[int | None, Person] = {}
    for post in posts:
        pk = post.poster_id
        if pk not in found:
            is_linked = is_member and post.poster and post.poster.is_listed
            found[pk] = Person(post.poster, url=f"{url}{pk}{url_end}" if is_linked else "")
    return found


@dataclass(slots=True)
class ReactionShown:
    """One of the two reactions as it stands below a post: its icon and name, who made it, whether the reader did."""

    kind: str
    face: str
    words: str = ""
    is_mine: bool = False


def dress_reactions(posts: Sequence[Post], user, *, may_answer: bool) -> None:
    """Give posts what `_reactions.jinja` shows. Asks for `with_answers_of`."""
    reader = user.pk
    untouched = [ReactionShown(kind, _face(kind)) for kind in Reaction.Kind.values]
    for post in posts:
        post.may_react = may_answer and bool(post.approved) and post.poster_id != reader
        if post.with_count or post.helpful_count:
            made = (post.with_count, post.my_with), (post.helpful_count, post.my_helpful)
            post.short_answers = [
                ReactionShown(one.kind, one.face, words(count, is_mine), is_mine)
                for one, (count, is_mine) in zip(untouched, made, strict=True)
            ]
        else:
            post.short_answers = untouched if post.may_react else ()


_ICONS = {Reaction.Kind.WITH: "heart-handshake", Reaction.Kind.HELPFUL: "lightbulb"}


@once_a_language
def _face(kind: str) -> str:
    return format_html("{}{}", icon(_ICONS[Reaction.Kind(kind)], 16), Reaction.Kind(kind).label)


def waiting_words() -> str:
    """What the author of a held post or topic reads above it."""
    words = _("Only you see this yet: a moderator reads it first, and then everybody here does.")
    return f"{words} {queue.usual_wait_words()}".strip()


def _names_of_answered(posts: Sequence[Post], topic: Topic) -> dict[int, str]:
    """Who wrote the posts that these answer to; a query only where one is on another page."""
    if not any(post.quoted_id for post in posts):
        return {}
    there = {post.pk: post for post in posts}
    names = {pk: _name(post.poster and post.poster.display_name) for pk, post in there.items() if not post.removed}
    elsewhere = {post.quoted_id for post in posts if post.quoted_id} - there.keys()
    if elsewhere:
        rows = topic.posts.filter(pk__in=elsewhere, approved=True).values_list("pk", "poster__display_name")
        names |= {pk: _name(name) for pk, name in rows}
    return names


def _name(name: str | None) -> str:
    return name or _("A former member")
