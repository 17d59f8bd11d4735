"""Letters about posts. Each is written when it is sent, from what its reader may see, wants and has not muted then.

Those about forums of the world and of members bring the whole text; those about the forums of practitioners and groups
only say that something is there.
"""

from django.utils.translation import gettext_lazy as _

from community.discussions import following, news
from community.discussions.models import Mention, Post, TopicMark
from community.notices import kinds, preferences
from community.notices.envelope import Thread, stop_path
from community.notices.models import Frequency


def post_context(kind: str):
    """The function that says what the letter of this kind about one post says."""

    def context(recipient, target_id: int) -> dict | None:
        posts = Post.objects.shared_with(recipient).select_related("topic__forum", "topic__poster", "poster", "quoted")
        post = posts.filter(pk=target_id).first()
        if post is None or not _IS_SO[kind](recipient, post) or not _is_wanted(kind, recipient, post):
            return None
        forum = post.topic.forum
        shows_words = forum.audience in news.WITH_WORDS
        return {
            "shows_words": shows_words,
            "post": post if shows_words else None,
            "topic": post.topic if shows_words else None,
            "forum": forum if shows_words else None,
            "post_path": post.get_absolute_url(),
            "thread": thread_of(post),
            "stop_path": stop_path(kind, post.pk, recipient.pk),
        }

    return context


def thread_of(post: Post) -> Thread:
    """Where a letter about this post stands in the reader's mail program: below those about what it answers."""
    before = [post.topic.first_post_id, post.quoted_id]
    answers = [f"post-{pk}" for pk in dict.fromkeys(before) if pk is not None and pk != post.pk]
    return Thread(f"post-{post.pk}", answers, f"forum-{post.topic.forum_id}")


def helped_context(recipient, target_id: int) -> dict | None:
    """The same for the author of a post that helped: it is their own, and so no part of the thread in their mail."""
    context = post_context("helped")(recipient, target_id)
    return context and context | {"thread": None}


def _is_mentioned(recipient, post: Post) -> bool:
    return post.poster_id != recipient.pk and Mention.objects.filter(post=post, user=recipient.pk).exists()


def _is_quoted(recipient, post: Post) -> bool:
    return post.poster_id != recipient.pk and post.quoted is not None and post.quoted.poster_id == recipient.pk


def _follows(recipient, post: Post) -> bool:
    marks = TopicMark.objects.filter(topic=post.topic_id, user=recipient.pk, following=True)
    return post.poster_id != recipient.pk and marks.exists()


def _watches(recipient, post: Post) -> bool:
    return post.poster_id != recipient.pk and recipient.pk in following.watchers(post.topic)


def _helped(recipient, post: Post) -> bool:
    return post.helped_at is not None and post.poster_id == recipient.pk


_IS_SO = {"mention": _is_mentioned, "quote": _is_quoted, "reply": _follows, "watch": _watches, "helped": _helped}


def _is_wanted(kind: str, recipient, post: Post) -> bool:
    wanted = preferences.frequency(recipient, kind, post.topic.forum_id)
    return wanted != Frequency.NEVER and not following.muted(post.topic, [recipient.pk])


def register() -> None:
    kinds.register_places(news.places)
    for name, label, frequency, stop, stop_label in [
        ("mention", _("Somebody mentions you"), Frequency.AT_ONCE, None, ""),
        ("quote", _("Somebody answers what you wrote"), Frequency.AT_ONCE, None, ""),
        (
            "reply",
            _("A reply in a thread that you follow"),
            Frequency.AT_ONCE,
            following.stop_thread,
            _("No more letters about this thread"),
        ),
        (
            "watch",
            _("A new thread in a forum or on a topic that you follow"),
            Frequency.DAILY,
            following.stop_watching,
            _("Stop following this forum and its topics"),
        ),
        ("helped", _("Something that you wrote helped"), Frequency.DAILY, None, ""),
    ]:
        context = helped_context if name == "helped" else post_context(name)
        kinds.register(
            kinds.Kind(
                name,
                f"discussions/mail/{name}",
                context,
                label=label,
                frequency=frequency,
                lines=news.lines,
                stop=stop,
                stop_label=stop_label,
            )
        )
