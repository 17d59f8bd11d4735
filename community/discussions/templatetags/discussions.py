"""Threads on other rooms' pages, and the words for moments and audiences."""

from django import template

from community.discussions import moments, reading
from community.discussions.models import Topic
from community.groups.audience import Audience
from community.groups.permissions import is_inside

register = template.Library()

_ICONS = {
    Audience.WORLD: "globe",
    Audience.MEMBERS: "users",
    Audience.PRACTITIONERS: "badge-check",
    Audience.GROUP: "lock",
}

register.filter("ago", moments.ago)
register.filter("exactly", moments.exactly)


@register.filter
def audience_icon(forum) -> str:
    """The icon that stands beside the words for who can read a forum."""
    return _ICONS[forum.audience]


@register.inclusion_tag("discussions/_group_threads.html")
def group_threads(group, user, limit: int = 5):
    """The newest threads of a group's own forum, for those inside; nothing for anybody else."""
    if not is_inside(user, group):
        return {"is_inside": False}
    topics = Topic.objects.visible_to(user).filter(forum__group=group, forum__audience=Audience.GROUP)
    topics = list(topics.with_news_for(user).select_related("forum", "poster").order_by("-last_post_on")[:limit])
    for topic in topics:
        topic.resume_url = reading.resume_url(topic)
    return {"is_inside": True, "group": group, "topics": topics}
