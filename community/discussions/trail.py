"""What this room writes into the audit trail, and how posts and topics are named in it: by their forum, no words."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions.models import Forum, Post, Topic
from community.groups.permissions import is_inside
from core import audit
from core.audience import Audience

BY_STAFF = {
    "discussions.forum.opened": gettext_lazy("opened a forum that was brought from elsewhere"),
    "discussions.forum.shut": gettext_lazy("shut an empty forum, for what is brought from elsewhere"),
}
BY_MODERATORS = {
    "discussions.post.hidden": gettext_lazy("hid a post"),
    "discussions.post.restored": gettext_lazy("put back a post"),
    "discussions.post.approved": gettext_lazy("let a post through"),
    "discussions.post.edited": gettext_lazy("edited somebody's post"),
    "discussions.post.purged": gettext_lazy("removed client details from a post"),
    "discussions.poll.closed": gettext_lazy("closed a poll"),
    "discussions.topic.closed": gettext_lazy("closed a conversation"),
    "discussions.topic.reopened": gettext_lazy("opened a closed conversation again"),
    "discussions.topic.placed": gettext_lazy("pinned or unpinned a conversation"),
    "discussions.topic.merged": gettext_lazy("merged two conversations"),
    "discussions.topic.split": gettext_lazy("split a conversation"),
    "discussions.topic.moved": gettext_lazy("moved a conversation"),
    "discussions.topic.expired": gettext_lazy("deleted a conversation whose time was over"),
}
# In a group those who lead it do the same. Who they are is known to those inside alone; a moderator from outside of it,
# who acts on a report or an appeal, acts for the association.
INSIDE = ".inside"
BY_MEMBERS = {
    "discussions.forum.retention": gettext_lazy("said how long a group's forum keeps conversations"),
    "discussions.post.removed": gettext_lazy("removed a post of their own"),
    "discussions.post.put_back": gettext_lazy("put back a post of their own"),
    "discussions.post.cleaned": gettext_lazy("removed client details from a post of their own"),
}


def note(action: str, *, by, on: Post | Topic, forum: Forum, person=None) -> None:
    """Write a row about what somebody did who looks after `forum`."""
    acts_inside = by is not None and forum.audience == Audience.GROUP and is_inside(by, forum.group)
    audit.write(f"{action}{INSIDE if acts_inside else ''}", by=by, on=on, person=person)


def post_names(viewer, ids: Collection[int]) -> dict[int, str]:
    readable = Post.objects.filter(pk__in=ids, topic__forum__in=Forum.objects.visible_to(viewer))
    rows = readable.order_by().values_list("pk", "topic__forum__name")
    return {pk: _("a post in %(forum)s") % {"forum": forum} for pk, forum in rows}


def topic_names(viewer, ids: Collection[int]) -> dict[int, str]:
    readable = Topic.objects.filter(pk__in=ids, forum__in=Forum.objects.visible_to(viewer))
    rows = readable.order_by().values_list("pk", "forum__name")
    return {pk: _("a topic in %(forum)s") % {"forum": forum} for pk, forum in rows}


def forum_names(viewer, ids: Collection[int]) -> dict[int, str]:
    return dict(Forum.objects.visible_to(viewer).filter(pk__in=ids).order_by().values_list("pk", "name"))


def register() -> None:
    audit.register_actions(BY_STAFF | BY_MODERATORS, by_staff=True)
    audit.register_actions({f"{action}{INSIDE}": words for action, words in BY_MODERATORS.items()} | BY_MEMBERS)
    audit.register(Forum._meta.label_lower, forum_names, unnamed=gettext_lazy("a forum"))
    audit.register(Post._meta.label_lower, post_names, unnamed=gettext_lazy("a post"))
    audit.register(Topic._meta.label_lower, topic_names, unnamed=gettext_lazy("a topic"))
