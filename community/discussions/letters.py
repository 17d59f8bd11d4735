"""The letter to those who follow a topic. It is written when it is sent, from what its reader may see then."""

from django.urls import reverse

from community.discussions.following import unfollow_token
from community.discussions.models import Post, TopicMark
from community.notices import kinds
from core.audience import Audience

WITH_WORDS = {Audience.WORLD, Audience.MEMBERS}  # letters about all other forums only say that something is there


def reply_context(recipient, target_id: int) -> dict | None:
    """What the letter about one reply says; None where the recipient may not see it, follows no more or wrote it."""
    posts = Post.objects.shared_with(recipient).select_related("topic__forum__group", "poster")
    post = posts.filter(pk=target_id).exclude(poster=recipient.pk).first()
    if post is None or not TopicMark.objects.filter(topic=post.topic_id, user=recipient.pk, following=True).exists():
        return None
    forum = post.topic.forum
    shows_words = forum.audience in WITH_WORDS
    return {
        "shows_words": shows_words,
        "post": post if shows_words else None,
        "topic": post.topic if shows_words else None,
        "forum": forum,
        "post_path": post.get_absolute_url(),
        "unfollow_path": reverse("discussions:unfollow", args=[unfollow_token(post.topic_id, recipient.pk)]),
    }


def register() -> None:
    kinds.register(kinds.Kind("reply", "discussions/mail/reply", reply_context))
