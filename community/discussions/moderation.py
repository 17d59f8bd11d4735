"""Taking a post out of sight, on a moderator's word."""

from collections.abc import Iterable

from django.db import transaction

from community.discussions.models import Forum, Post, Topic
from community.safety import kinds


def hide_post(post: Post, *, by) -> None:
    """Have nobody read this post any more; with the first post goes its topic. Its position stays taken.

    Hiding twice changes nothing.
    """
    with transaction.atomic():
        topic = Topic.objects.select_for_update(of=("self",), no_key=True).get(pk=post.topic_id)
        if not Post.objects.filter(pk=post.pk, approved=True).update(approved=False, updated_by=by):
            return
        if post.position == 1:
            Topic.objects.filter(pk=topic.pk).update(approved=False)
        last = topic.posts.filter(approved=True).order_by("-position").first()
        if last is not None:
            Topic.objects.filter(pk=topic.pk).update(last_post=last, last_post_on=last.created)
        recount(topic.forum_id)


def recount(forum_id: int) -> None:
    """Write a forum's counters and its last post anew, from its rows. Called within a transaction."""
    forum = Forum.objects.select_for_update(no_key=True).get(pk=forum_id)
    topics = Topic.objects.filter(forum=forum, approved=True)
    newest = topics.order_by("-last_post_on", "-pk").first()
    Forum.objects.filter(pk=forum.pk).update(
        direct_topics_count=topics.count(),
        direct_posts_count=Post.objects.filter(topic__in=topics, approved=True).count(),
        last_post=newest and newest.last_post_id,
        last_post_on=newest and newest.last_post_on,
    )


def may_see(user, post_id: int) -> bool:
    return Post.objects.visible_to(user).filter(pk=post_id).exists()


def disclose(post_ids: Iterable[int]) -> dict[int, kinds.Disclosed]:
    """Reported posts, for a moderator. Of a group they learn no more than that it is one."""
    posts = Post.objects.select_related("topic__forum", "poster").filter(pk__in=post_ids)
    return {post.pk: _disclosed(post) for post in posts}


def _disclosed(post: Post) -> kinds.Disclosed:
    forum = post.topic.forum
    return kinds.Disclosed(
        author_id=post.poster_id,
        author=str(post.poster or ""),
        html=post.content_html,
        place="" if forum.audience == "group" else f"{forum.name}: {post.topic.subject}",
        is_hidden=not post.approved,
    )


def hide(post_id: int, by) -> None:
    post = Post.objects.filter(pk=post_id).first()
    if post is not None:
        hide_post(post, by=by)


def register() -> None:
    kinds.register(kinds.Kind("post", may_see=may_see, disclose=disclose, hide=hide))
