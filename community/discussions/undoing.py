"""What an appeal takes back when it is lifted, or a moderator who sees a report otherwise. Who may was asked by then; a
moderator who judges for a group is not inside of it."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions import history, locks, mentions, moderation, posting, trail
from community.discussions.models import FormerPlace, Post, PostVersion, Topic
from community.discussions.refusals import DiscussionRefused
from community.safety import decisions, kinds
from community.safety.models import Decision

# What was done, to whoever wrote it.
TOLD = {
    "discussions.post.hidden": gettext_lazy("hid your post"),
    "discussions.post.restored": gettext_lazy("put back your post"),
    "discussions.post.approved": gettext_lazy("let your post through"),
    "discussions.post.edited": gettext_lazy("edited your post"),
    "discussions.post.purged": gettext_lazy("removed client details from your post"),
    "discussions.topic.closed": gettext_lazy("closed your conversation"),
    "discussions.topic.merged": gettext_lazy("merged your conversation with another one"),
    "discussions.topic.split": gettext_lazy("split a conversation that you wrote in"),
    "discussions.topic.moved": gettext_lazy("moved your conversation"),
}


def put_back(post_id: int, by) -> None:
    """Have a post be read again that was hidden or turned down. Raises `kinds.Refused` for words that are gone."""
    with transaction.atomic():
        post = _post(post_id)
        if post.removed != Post.Removed.MODERATOR:
            return
        if not post.content:
            raise kinds.Refused(_("Its words are gone for good, so it can't be put back."))
        if post.position is None:
            posting.publish(post)
        else:
            moderation.put_back(post)
        trail.note("discussions.post.restored", by=by, on=post, forum=post.topic.forum, person=post.poster)


def give_words_back(made: Decision, by) -> None:
    """Have a post say again what it said before a moderator edited it. What they wrote stays in its history."""
    with transaction.atomic():
        post = _post(made.target_id)
        before = _their_words(post, made)
        if before is None or post.removed:
            raise kinds.Refused(_("Its earlier words are not kept any more."))
        history.keep(post)
        text = mentions.render(before.content, forum=post.topic.forum, by=post.poster or by)
        history.rewrite(post, content=before.content, content_html=text.html, updated=timezone.now(), updated_by=by)
        mentions.note(post, text.calls)
        trail.note("discussions.post.edited", by=by, on=post, forum=post.topic.forum, person=post.poster)


def reopen(made: Decision, by) -> None:
    with transaction.atomic():
        topic = _post(made.target_id).topic
        if topic.status == Topic.TOPIC_LOCKED:
            Topic.objects.filter(pk=topic.pk).update(status=Topic.TOPIC_UNLOCKED)
            trail.note("discussions.topic.reopened", by=by, on=topic, forum=topic.forum, person=topic.poster)


def move_back(made: Decision, by) -> None:
    """To the forum that it was moved from, unless more people read it by now."""
    topic = _post(made.target_id).topic
    place = FormerPlace.objects.filter(topic=topic).exclude(forum=topic.forum_id).order_by(F("pk").desc()).first()
    if place is None:
        raise kinds.Refused(_("The forum that it came from is not there any more."))
    try:
        moderation.move(topic, place.forum, by=by)
    except DiscussionRefused as refusal:
        raise kinds.Refused(str(refusal)) from refusal


def register() -> None:
    decisions.register(
        {
            "discussions.post.hidden": lambda made, by: put_back(made.target_id, by),
            "discussions.post.edited": give_words_back,
            "discussions.topic.closed": reopen,
            "discussions.topic.moved": move_back,
            "discussions.topic.merged": None,
            "discussions.topic.split": None,
            "discussions.post.purged": None,
        }
    )
    decisions.register_told(TOLD)
    decisions.register_told({"discussions.post.hidden": gettext_lazy("did not let your post through")}, waited=True)


def _their_words(post: Post, made: Decision) -> PostVersion | None:
    """What a post said last before a decision, as its author wrote it."""
    rows = PostVersion.objects.filter(post=post, written_by=made.person_id, written_at__lte=made.made_at)
    return rows.order_by("-number").first()


def _post(post_id: int) -> Post:
    """The post that a decision is about, locked with its topic; of a topic, its first."""
    post = locks.post(post_id)
    if post is None:
        raise kinds.Refused(_("It is not there any more."))
    return post
