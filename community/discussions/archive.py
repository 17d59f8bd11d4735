"""Posts that are older than their rows: a demo community, and later an association's list archive."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from community.discussions import counters
from community.discussions.models import Post, Topic


def backdate(post: Post, moment: datetime) -> None:
    """Have `post` written at `moment` (aware), with the dates that its topic and forum derive from it.

    A topic keeps its order: raises ValueError for a moment in the future, before the post above or after the one below,
    and for a post that waits for a moderator.
    """
    if moment > timezone.now():
        raise ValueError("A post can't come from the future.")
    if post.position is None:
        raise ValueError("A post that waits has no place yet.")
    with transaction.atomic():
        topic = Topic.objects.select_for_update(of=("self",), no_key=True).get(pk=post.topic_id)
        neighbours = dict(
            Post.objects.filter(topic=topic, position__in=[post.position - 1, post.position + 1]).values_list(
                "position", "created"
            )
        )
        above, below = neighbours.get(post.position - 1), neighbours.get(post.position + 1)
        if (above and moment < above) or (below and moment > below):
            raise ValueError("The posts of a topic keep their order.")
        Post.objects.filter(pk=post.pk).update(created=moment, updated=moment)
        if post.position == 1:
            Topic.objects.filter(pk=topic.pk).update(created=moment)
        if post.position == topic.posts_count:
            Topic.objects.filter(pk=topic.pk).update(last_post_on=moment)
            counters.recount(topic.forum_id)
    post.created = post.updated = moment
