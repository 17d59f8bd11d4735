"""What a page shows of each post, worked out in one go: template tags in the loop would cost a third of the page."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from community.discussions.models import Post, Topic
from community.discussions.moments import ago, exactly
from core.templatetags.components import avatar

# Resolving an address costs more than all else here: done once a page, with a number that no post has.
_ADDRESSES: dict[str, tuple[str, list]] = {
    "url": ("discussions:post", [0]),
    "report_url": ("safety:report", ["post", 0]),
}


class Person:
    """How an author is shown, in all of their posts on a page. Who hides from the list of people is no link."""

    def __init__(self, user, *, for_member: bool):
        self.name = user.display_name if user else _("A former member")
        self.byline = user.byline if user else ""
        self.avatar = avatar(user)
        self.url = user.get_absolute_url() if user and user.is_listed and for_member else ""


def dress(posts: Sequence[Post], topic: Topic, user) -> None:
    """Give the posts of a page what `_posts.html` shows. Asks for `with_marks_of` on the topic; one query at most."""
    is_member = getattr(user, "is_member", False)
    people = {post.poster_id: Person(post.poster, for_member=is_member) for post in posts}
    addresses = {name: reverse(view, args=args) for name, (view, args) in _ADDRESSES.items()}
    topic_url = topic.get_absolute_url()
    answered = _names_of_answered(posts, topic)
    seen = topic.read_to
    for post in posts:
        for name, address in addresses.items():
            setattr(post, name, address.replace("/0/", f"/{post.pk}/"))
        post.topic = topic
        post.by = people[post.poster_id]
        post.quote_url = f"{topic_url}reply/?quote={post.pk}"
        post.ago, post.exactly = ago(post.created), exactly(post.created)
        post.is_own = post.poster_id is not None and post.poster_id == user.pk
        post.answers = answered.get(post.quoted_id)
        post.answers_url = addresses["url"].replace("/0/", f"/{post.quoted_id}/")
        post.is_first_new = bool(seen) and post.position > seen
        if post.is_first_new:
            seen = 0


def _names_of_answered(posts: Sequence[Post], topic: Topic) -> dict[int, str]:
    """Who wrote the posts that these answer to; a query only where one is on another page."""
    names = {post.pk: post.poster.display_name if post.poster else _("A former member") for post in posts}
    elsewhere = {post.quoted_id for post in posts if post.quoted_id} - names.keys()
    if elsewhere:
        rows = topic.posts.filter(pk__in=elsewhere, approved=True).values_list("pk", "poster__display_name")
        names |= {pk: name or _("A former member") for pk, name in rows}
    return names
