"""What its author asks for with a topic: where each kind is possible, what its boxes become, when it closes by itself.

The database refuses a case consultation where more people read than practitioners or one group, whoever writes it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.discussions.models import Forum, Topic
from community.discussions.permissions import may_post
from community.discussions.refusals import DiscussionRefused
from core.audience import Audience

CASE_AUDIENCES: Collection[str] = (Audience.PRACTITIONERS, Audience.GROUP)
OPEN_FOR = timedelta(days=14)  # how long one looks for a colleague, and how much longer once


def kinds_in(forum: Forum) -> list[Topic.Kind]:
    """The kinds of topic that a forum can hold."""
    return [kind for kind in Topic.Kind if kind != Topic.Kind.CASE or forum.audience in CASE_AUDIENCES]


def changes_of_kind(topic: Topic, forum: Forum) -> list[Topic.Kind]:
    """The kinds that the author of `topic` may choose from. Looking for a colleague has an end, so it stays what it
    is, and nothing else becomes it."""
    if topic.kind == Topic.Kind.LOOKING:
        return [Topic.Kind.LOOKING]
    return [kind for kind in kinds_in(forum) if kind != Topic.Kind.LOOKING]


def check_kind(kind: str, forum: Forum, of: Topic | None = None) -> Topic.Kind:
    """The kind, for a new topic in `forum`, or instead of what the topic `of` is now.

    Raises DiscussionRefused where it is not possible.
    """
    if kind == Topic.Kind.CASE and forum.audience not in CASE_AUDIENCES:
        raise DiscussionRefused(
            _("Bring a case where only practitioners or one group read. Here, ask without speaking of a person.")
        )
    if kind not in (kinds_in(forum) if of is None else changes_of_kind(of, forum)):
        raise DiscussionRefused(_("Choose one of these kinds."))
    return Topic.Kind(kind)


def as_case(seeing: str, tried: str, need: str) -> str:
    """The three boxes of a case consultation as one text."""
    parts = [(_("What I am seeing"), seeing), (_("What I tried"), tried), (_("What I need from you"), need)]
    return "\n\n".join(f"## {heading}\n\n{words.strip()}" for heading, words in parts)


def as_resource(link: str, why: str) -> str:
    """A link, and below it why it helps."""
    return f"<{link}>\n\n{why.strip()}"


def as_search(modality: str, region: str, insurance: str, more: str = "") -> str:
    """What kind of colleague is looked for, as a list, and what else was said."""
    facts = [(_("Modality"), modality), (_("Region"), region), (_("Insurance"), insurance)]
    lines = "\n".join(f"- **{name}:** {words}" for name, words in facts if words)
    return f"{lines}\n\n{more.strip()}".strip()


def closes_at(kind: str, now: datetime) -> datetime | None:
    """When a topic of this kind that starts `now` closes by itself, if it does."""
    return now + OPEN_FOR if kind == Topic.Kind.LOOKING else None


def may_close(user, topic: Topic) -> bool:
    """Whether `user` may close their own search now."""
    return _is_own_search(user, topic) and not topic.is_locked and may_post(user, topic.forum)


def may_extend(user, topic: Topic) -> bool:
    """Whether `user` may give their own search more time: once, before or after it has run out by itself."""
    is_open = topic.status == Topic.TOPIC_UNLOCKED and topic.end_chosen_at is None
    return _is_own_search(user, topic) and is_open and may_post(user, topic.forum)


def close(topic: Topic, *, by) -> None:
    """End a search before its time. Raises DiscussionRefused unless it is open and one's own."""
    with transaction.atomic():
        topic = _locked(topic, by)
        if not may_close(by, topic):
            raise DiscussionRefused(_("This is closed already, or not yours to close."))
        now = timezone.now()
        Topic.objects.filter(pk=topic.pk).update(closes_at=now, end_chosen_at=now)


def extend(topic: Topic, *, by) -> None:
    """Look for 14 more days. Raises DiscussionRefused for whoever may not, and the second time."""
    with transaction.atomic():
        topic = _locked(topic, by)
        if not may_extend(by, topic):
            raise DiscussionRefused(_("This can be kept open longer once, by whoever started it. Start a new one."))
        now = timezone.now()
        ends = max(topic.closes_at or now, now) + OPEN_FOR
        Topic.objects.filter(pk=topic.pk).update(closes_at=ends, end_chosen_at=now)


def _is_own_search(user, topic: Topic) -> bool:
    return topic.kind == Topic.Kind.LOOKING and topic.poster_id is not None and topic.poster_id == user.pk


def _locked(topic: Topic, by) -> Topic:
    found = Topic.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=topic.pk)
    topic_now = found.select_related("forum__group").first()
    if topic_now is None:
        raise DiscussionRefused(_("This conversation is not there any more."))
    return topic_now
