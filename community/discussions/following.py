"""Following and muting: a topic, a forum, a word of the vocabulary.

Whoever writes in a topic follows it, unless they chose otherwise. Of a followed topic each reply is told, of a followed
forum or tag each new topic. What is muted tells nothing, unless somebody writes to them: calls them, or answers their
words; that stands among their notices and is not mailed. The nearer choice counts: a topic that one follows speaks in
a forum that one muted.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from community.discussions.models import Forum, ForumWatch, Post, TagWatch, Topic, TopicMark, TopicTag, Watch
from community.groups.models import Group
from community.members.models import User
from community.notices import bell
from core.audience import Audience
from core.models import Subject


def follow(topic: Topic, *, by) -> None:
    """Hear of each reply from now on."""
    _choose(topic.pk, by.pk, following=True)


def unfollow(topic: Topic, *, by) -> None:
    """Hear no more of replies in this topic, whatever one writes in it later."""
    _choose(topic.pk, by.pk, following=False)
    bell.let_go(by.pk, "reply", topic.pk)


def mute(topic: Topic, *, by) -> None:
    """Hear nothing of this topic, and see it in no list of what is unread."""
    _choose(topic.pk, by.pk, following=False, muted=True)
    bell.let_go(by.pk, "reply", topic.pk)


def watch_forum(forum: Forum, watch: str, *, by) -> None:
    """Follow or mute a forum; an empty text lets go of what was chosen. What one follows in it stays followed."""
    _watch(ForumWatch.objects, watch, forum=forum, user=by)


def watch_tag(tag: Subject, watch: str, *, by) -> None:
    """The same for the topics that carry a tag."""
    _watch(TagWatch.objects, watch, tag=tag, user=by)


def choice_for(topic: Topic) -> str:
    """What was chosen for a topic: follow, mute, or nothing. Asks for `with_marks_of`."""
    return Watch.FOLLOW if topic.following else Watch.MUTE if topic.muted else ""


def let_go(group: Group, person: User) -> None:
    """Have somebody who is out of a group follow nothing in it. Should they come back, they choose anew."""
    private = {"forum__group": group, "forum__audience": Audience.GROUP}
    theirs = TopicMark.objects.filter(**{f"topic__{name}": value for name, value in private.items()}, user=person)
    theirs.filter(following=True).update(following=None)
    ForumWatch.objects.filter(**private, user=person, watch=Watch.FOLLOW).delete()


def followers(topic: Topic) -> set[int]:
    """Who hears of each reply, by their ids."""
    return set(TopicMark.objects.filter(topic=topic, following=True).values_list("user", flat=True))


def watchers(topic: Topic) -> set[int]:
    """Who follows the forum or a tag of a topic, by their ids."""
    forum = ForumWatch.objects.filter(forum=topic.forum_id, watch=Watch.FOLLOW).values_list("user")
    tags = TagWatch.objects.filter(tag__in=_tags_of(topic), watch=Watch.FOLLOW).values_list("user")
    return {pk for (pk,) in forum.union(tags)}


def watchers_of(tag_ids: Collection[int], topic: Topic) -> set[int]:
    """Who follows one of these tags, as far as a topic carries them, by their ids."""
    carried = _tags_of(topic).filter(tag__in=tag_ids)
    return set(TagWatch.objects.filter(tag__in=carried, watch=Watch.FOLLOW).values_list("user", flat=True))


def hears_of(user, topics: Collection[int]) -> dict[str, set[int]]:
    """Which of these topics (ids) somebody follows, so that each reply is told, and of which they follow the forum or a
    tag, so that its beginning is."""
    replies = TopicMark.objects.filter(user=user, topic__in=topics, following=True).values_list("topic", flat=True)
    forums = ForumWatch.objects.filter(user=user, watch=Watch.FOLLOW).values("forum")
    tags = TagWatch.objects.filter(user=user, watch=Watch.FOLLOW).values("tag")
    tagged = TopicTag.objects.filter(topic__in=topics, tag__in=tags).values("topic")
    watched = Topic.objects.filter(Q(forum__in=forums) | Q(pk__in=tagged), pk__in=topics)
    return {"reply": set(replies), "watch": set(watched.values_list("pk", flat=True))}


def readers(topic: Topic, people: Collection[int]) -> set[int]:
    """Those of `people` who have been in a topic."""
    marks = TopicMark.objects.filter(topic=topic, user__in=people, read_to__gt=0)
    return set(marks.values_list("user", flat=True))


def muted(topic: Topic, people: Collection[int]) -> set[int]:
    """Those of `people` whom a topic tells nothing: who muted it, or its forum or a tag of it and don't follow it."""
    marks = TopicMark.objects.filter(Q(muted=True) | Q(following=True), topic=topic, user__in=people)
    nearer = dict(marks.values_list("user", "muted"))
    forum = ForumWatch.objects.filter(forum=topic.forum_id, watch=Watch.MUTE, user__in=people).values_list("user")
    tags = TagWatch.objects.filter(tag__in=_tags_of(topic), watch=Watch.MUTE, user__in=people).values_list("user")
    wider = {pk for (pk,) in forum.union(tags)}
    return {pk for pk, is_muted in nearer.items() if is_muted} | (wider - nearer.keys())


def stop_thread(user_id: int, post_id: int) -> None:
    """What the way out of a letter about a reply does: hear no more of replies in its topic."""
    post = Post.objects.filter(pk=post_id).only("topic").first()
    if post is not None:
        TopicMark.objects.filter(topic=post.topic_id, user=user_id).update(following=False)
        bell.let_go(user_id, "reply", post.topic_id)


def stop_watching(user_id: int, post_id: int) -> None:
    """What the way out of a letter about a new topic does: follow neither its forum nor its tags any more."""
    post = Post.objects.filter(pk=post_id).select_related("topic").first()
    if post is not None:
        ForumWatch.objects.filter(forum=post.topic.forum_id, user=user_id, watch=Watch.FOLLOW).delete()
        TagWatch.objects.filter(tag__in=_tags_of(post.topic), user=user_id, watch=Watch.FOLLOW).delete()


def _tags_of(topic: Topic):
    return TopicTag.objects.filter(topic=topic).values("tag")


def _choose(topic_id: int, user_id: int, *, following: bool, muted: bool = False) -> None:
    TopicMark.objects.bulk_create(
        [TopicMark(topic_id=topic_id, user_id=user_id, following=following, muted=muted)],
        update_conflicts=True,
        unique_fields=["topic", "user"],
        update_fields=["following", "muted"],
    )


def _watch(rows: Any, watch: str, **of: Any) -> None:
    """Remember what `of`, a person and a thing, chose; nothing for an empty text."""
    if watch:
        rows.update_or_create(**of, defaults={"watch": watch})
    else:
        rows.filter(**of).delete()
