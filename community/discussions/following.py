"""Following a topic: whoever writes in it follows it, and everybody may choose. Followers get a letter a reply."""

from django.core import signing

from community.discussions.models import Post, Topic, TopicMark
from community.groups.models import Group
from community.members.models import User
from community.notices import outbox
from core.audience import Audience

SALT = "discussions.unfollow"


def follow(topic: Topic, *, by) -> None:
    """Get a letter for each reply from now on."""
    _choose(topic.pk, by.pk, following=True)


def unfollow(topic: Topic, *, by) -> None:
    """Get no more letters about this topic, whatever one writes in it later."""
    _choose(topic.pk, by.pk, following=False)


def unfollow_token(topic_id: int, user_id: int) -> str:
    """What a letter carries so that its reader can stop following without logging in. It does nothing else."""
    return signing.dumps([topic_id, user_id], salt=SALT)


def unfollow_by_token(token: str, *, confirmed: bool) -> bool:
    """Stop following by a letter's link, once confirmed. False where the link is not one of ours."""
    try:
        topic_id, user_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return False
    if confirmed:
        TopicMark.objects.filter(topic=topic_id, user=user_id).update(following=False)
    return True


def let_go(group: Group, person: User) -> None:
    """Have somebody who is out of a group follow nothing in it. Should they come back, they choose anew."""
    theirs = TopicMark.objects.filter(topic__forum__group=group, topic__forum__audience=Audience.GROUP, user=person)
    theirs.filter(following=True).update(following=None)


def tell_followers(post: Post) -> None:
    """Queue a letter for each follower but the author. Whether it may go out is decided when it is sent."""
    marks = TopicMark.objects.filter(topic=post.topic_id, following=True).exclude(user=post.poster_id)
    followers = User.objects.members().filter(pk__in=marks.values("user"))
    outbox.queue_all("reply", followers.only("pk").order_by(), target_id=post.pk, actor=post.poster)


def _choose(topic_id: int, user_id: int, *, following: bool) -> None:
    TopicMark.objects.bulk_create(
        [TopicMark(topic_id=topic_id, user_id=user_id, following=following)],
        update_conflicts=True,
        unique_fields=["topic", "user"],
        update_fields=["following"],
    )
