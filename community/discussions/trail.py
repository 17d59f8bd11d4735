"""What this room writes into the audit trail, and how posts and topics are named in it: by their forum, no words."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions.models import Forum, Post, Topic
from core import audit

ACTIONS = {
    "discussions.post.hidden": gettext_lazy("hid a post"),
    "discussions.topic.moved": gettext_lazy("moved a conversation"),
}


def post_names(viewer, ids: Collection[int]) -> dict[int, str]:
    readable = Post.objects.filter(pk__in=ids, topic__forum__in=Forum.objects.visible_to(viewer))
    rows = readable.order_by().values_list("pk", "topic__forum__name")
    return {pk: _("a post in %(forum)s") % {"forum": forum} for pk, forum in rows}


def topic_names(viewer, ids: Collection[int]) -> dict[int, str]:
    readable = Topic.objects.filter(pk__in=ids, forum__in=Forum.objects.visible_to(viewer))
    rows = readable.order_by().values_list("pk", "forum__name")
    return {pk: _("a topic in %(forum)s") % {"forum": forum} for pk, forum in rows}


def register() -> None:
    audit.register_actions(ACTIONS, by_staff=True)
    audit.register(Post._meta.label_lower, post_names, unnamed=gettext_lazy("a post"))
    audit.register(Topic._meta.label_lower, topic_names, unnamed=gettext_lazy("a topic"))
