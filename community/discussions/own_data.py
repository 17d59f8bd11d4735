"""What this room keeps about one person, for `core.own_data`."""

from collections.abc import Iterator, Mapping

from django.db.models import Q

from community.discussions import drafts, places
from community.discussions.models import (
    Attachment,
    Forum,
    ForumWatch,
    Post,
    Reaction,
    SavedPost,
    TagWatch,
    Topic,
    TopicMark,
    TopicPollVote,
)
from community.groups.audience import shared_by
from core import own_data
from core.addresses import address


def posts(user) -> Iterator[Mapping]:
    """What they wrote where they are at home, also what waits or was removed."""
    there = Q(topic__approved=True) | Q(topic__poster=user.pk)
    rows = Post.objects.filter(shared_by(user, "topic__forum__"), there, topic__forum__opened=True, poster=user.pk)
    columns = ("pk", "topic__forum__name", "topic__subject", "content", "created", "updated", "removed", "held_at")
    for pk, forum, thread, text, created, updated, removed, held_at in own_data.read(rows.values_list(*columns)):
        yield {
            "address": address("discussions:post", pk),
            "forum": forum,
            "thread": thread,
            "text": text,
            "created": created,
            "updated": updated,
            "removed_by": removed,
            "waits_since": held_at,
        }


def files(user) -> Iterator[Mapping]:
    """The files that came with those, or wait in drafts."""
    rows = Attachment.objects.visible_to(user).filter(added_by=user.pk)
    rows = rows.filter(Q(draft__isnull=False) | Q(post__in=Post.objects.shared_with(user).values("pk")))
    for pk, name, alt, size, moment in own_data.read(rows.values_list("pk", "name", "alt", "size", "added_at")):
        yield {"address": address("discussions:attachment", pk), "name": name, "shows": alt, "size": size, "at": moment}


def written(user) -> Iterator[Mapping]:
    """What they have not posted yet."""
    for draft in own_data.read(drafts.of(user)):
        yield {
            "address": places.of(draft).composer_url,
            "subject": draft.subject,
            "text": draft.body,
            "more": draft.more,
            "saved_at": draft.saved_at,
        }


def votes(user) -> Iterator[Mapping]:
    topics = Topic.objects.shared_with(user).values("pk")
    rows = TopicPollVote.objects.filter(voter=user.pk, poll__topic__in=topics)
    columns = ("poll__question", "poll_option__text", "timestamp")
    for question, answer, moment in own_data.read(rows.values_list(*columns)):
        yield {"question": question, "answer": answer, "at": moment}


def reactions(user) -> Iterator[Mapping]:
    rows = Reaction.objects.filter(user=user.pk, post__in=_shared_posts(user))
    for post, kind, moment in own_data.read(rows.values_list("post", "kind", "made_at")):
        yield {"address": address("discussions:post", post), "reaction": kind, "at": moment}


def saved(user) -> Iterator[Mapping]:
    rows = SavedPost.objects.filter(user=user.pk, post__in=_shared_posts(user))
    for post, thread, moment in own_data.read(rows.values_list("post", "post__topic__subject", "saved_at")):
        yield {"address": address("discussions:post", post), "thread": thread, "at": moment}


def chosen(user) -> Iterator[Mapping]:
    """What they follow and mute."""
    marks = TopicMark.objects.filter(Q(following=True) | Q(muted=True), user=user.pk)
    marks = marks.filter(topic__in=Topic.objects.shared_with(user).values("pk"))
    for thread, muted in own_data.read(marks.values_list("topic__subject", "muted")):
        yield {"thread": thread, "choice": "mute" if muted else "follow"}
    forums = ForumWatch.objects.filter(user=user.pk, forum__in=Forum.objects.shared_with(user).values("pk"))
    for forum, choice in own_data.read(forums.values_list("forum__name", "watch")):
        yield {"forum": forum, "choice": choice}
    for tag, choice in own_data.read(TagWatch.objects.filter(user=user.pk).values_list("tag__name", "watch")):
        yield {"tag": tag, "choice": choice}


def register() -> None:
    own_data.register("posts", posts)
    own_data.register("files", files)
    own_data.register("drafts", written)
    own_data.register("votes", votes)
    own_data.register("reactions", reactions)
    own_data.register("saved_posts", saved)
    own_data.register("followed_and_muted", chosen)


def _shared_posts(user):
    return Post.objects.shared_with(user).values("pk")
