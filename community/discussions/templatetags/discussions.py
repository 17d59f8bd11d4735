"""Threads on other rooms' pages, and the words for moments."""

from django import template

from community.discussions import moments, reading
from community.discussions.models import Topic
from community.groups.permissions import is_inside
from core.audience import Audience

register = template.Library()

register.filter("ago", moments.ago)
register.filter("exactly", moments.exactly)


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
