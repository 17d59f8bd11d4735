"""The choice to follow or mute, on the page of a forum and of a tag's threads."""

from django import template

from community.discussions.following_views import of_forum, of_tag
from community.discussions.models import TagWatch
from core.models import Subject
from core.prepared import Prepared

register = template.Library()

_of_tag: Prepared[str] = Prepared(
    lambda slug, user_id: TagWatch.objects.filter(tag__slug=slug, user=user_id).values_list("watch", flat=True)
)


@register.inclusion_tag("discussions/_watch_card.html", takes_context=True)
def forum_watch(context, forum):
    """Asks for `for_page_of`."""
    return _card(context, of_forum(forum, forum.watch))


@register.inclusion_tag("discussions/_watch_card.html", takes_context=True)
def tag_watch(context, slug: str):
    """The same for a word of the vocabulary. One query."""
    user = context["request"].user
    chosen = _of_tag.first(slug, user.pk) if user.is_authenticated else None
    return _card(context, of_tag(Subject(slug=slug), chosen or ""))


def _card(context, choice) -> dict:
    """What follows a member around is no visitor's."""
    return {"choice": choice, "csrf_token": context.get("csrf_token"), "user": context["request"].user}
