"""Where somebody writes: a forum, for a new topic; a topic, for a reply; a post of theirs, for a change to it."""

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from community.discussions.models import Draft, Forum, Post, Topic
from community.discussions.permissions import may_edit, may_post, may_reply

_KEY = re.compile(r"(forum|topic|post)-([1-9]\d{0,17})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """One of the three, with the forum that it stands in at hand."""

    forum: Forum
    topic: Topic | None = None
    post: Post | None = None

    @property
    def kind(self) -> str:
        return "post" if self.post else "topic" if self.topic else "forum"

    @property
    def thing(self) -> Forum | Topic | Post:
        return self.post or self.topic or self.forum

    @property
    def key(self) -> str:
        """How a form names the place: "topic-12"."""
        return f"{self.kind}-{self.thing.pk}"

    @property
    def columns(self) -> dict[str, Any]:
        """What a draft for this place has in its columns."""
        return {"forum_id": None, "topic_id": None, "post_id": None} | {f"{self.kind}_id": self.thing.pk}

    @property
    def named(self) -> dict[str, Forum | Topic | Post]:
        """The place as the one keyword that it is."""
        return {self.kind: self.thing}

    @property
    def composer_url(self) -> str:
        """The page on which one writes there."""
        if self.post:
            return reverse("discussions:edit", args=[self.post.pk])
        if self.topic:
            return f"{self.topic.get_absolute_url()}reply/"
        return reverse("discussions:new", args=[self.forum.slug])

    @property
    def thread(self) -> Topic | None:
        """The topic that is there already, if any."""
        return self.post.topic if self.post else self.topic

    def may_write(self, user) -> bool:
        if self.post:
            return may_edit(user, self.post)
        return may_reply(user, self.topic) if self.topic else may_post(user, self.forum)


def in_forum(forum: Forum) -> Place:
    return Place(forum)


def in_topic(topic: Topic) -> Place:
    return Place(topic.forum, topic=topic)


def in_post(post: Post) -> Place:
    return Place(post.topic.forum, post=post)


def of(draft: Draft) -> Place:
    """Where a draft goes. Asks for the draft with its places, as `drafts.of` has it."""
    if draft.post:
        return in_post(draft.post)
    if draft.topic:
        return in_topic(draft.topic)
    if draft.forum:
        return in_forum(draft.forum)
    raise ValueError("A draft is for one place.")


def find(key: str, user) -> Place | None:
    """The place that a form names, where `user` may write there now."""
    found = _KEY.fullmatch(key)
    if not found:
        return None
    place = _FINDERS[found[1]](int(found[2]), user)
    return place if place is not None and place.may_write(user) else None


def _forum(pk: int, user) -> Place | None:
    forum = Forum.objects.shared_with(user).select_related("group").filter(pk=pk).first()
    return in_forum(forum) if forum else None


def _topic(pk: int, user) -> Place | None:
    topic = Topic.objects.shared_with(user).select_related("forum__group").filter(pk=pk).first()
    return in_topic(topic) if topic else None


def _post(pk: int, user) -> Place | None:
    post = Post.objects.shared_with(user).select_related("topic__forum__group").filter(pk=pk, poster=user.pk).first()
    return in_post(post) if post else None


_FINDERS = {"forum": _forum, "topic": _topic, "post": _post}
