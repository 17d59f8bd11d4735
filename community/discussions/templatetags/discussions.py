"""Threads on other rooms' pages, and the words for moments."""

from django import template

from community.discussions import moments, polls, reading, topic_kinds
from community.discussions.models import Topic
from community.groups.permissions import may_read_inside
from core.audience import Audience
from core.prepared import Prepared

register = template.Library()

register.filter("ago", moments.ago)
register.filter("exactly", moments.exactly)


_THREADS = 5
_newest = Prepared(
    lambda group_id, user: (
        Topic.objects.visible_to(user)
        .filter(forum__group=group_id, forum__audience=Audience.GROUP)
        .with_news_for(user)
        .select_related("forum")
        .only("subject", "slug", "posts_count", "last_post_on", "forum__slug")
        .order_by("-last_post_on")[:_THREADS]
    )
)


@register.inclusion_tag("discussions/_group_threads.html")
def group_threads(group, user, is_inside: bool | None = None):
    """The newest threads of a group's own forum, for those inside; nothing for anybody else.

    `is_inside` spares the question where the page has asked it before; which threads are read does not hang on it.
    """
    if not (may_read_inside(user, group) if is_inside is None else is_inside):
        return {"is_inside": False}
    topics = _newest(group.pk, user)
    for topic in topics:
        topic.resume_url = reading.resume_url(topic)
    return {"is_inside": True, "group": group, "topics": topics}


@register.inclusion_tag("discussions/_poll.html", takes_context=True)
def poll_of(context, topic):
    """The poll of a topic as the reader of the page sees it. Two queries, for a topic that `has_poll`."""
    poll = topic.poll
    poll.topic = topic
    return {
        "poll": polls.shown(
            poll, context["request"].user, may_answer=context["may"].reply, looks_after=topic.is_looked_after
        ),
        "topic": topic,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("discussions/_search_end.html", takes_context=True)
def search_end(context, topic):
    """Until when somebody looks for a colleague, and what its author may change about that."""
    user = context["request"].user
    return {
        "topic": topic,
        "may_close": topic_kinds.may_close(user, topic),
        "may_extend": topic_kinds.may_extend(user, topic),
        "csrf_token": context.get("csrf_token"),
    }
