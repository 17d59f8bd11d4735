"""Words of the kept vocabulary on topics. Editors keep the vocabulary in the admin; here words are chosen from it."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from community.discussions import telling
from community.discussions.models import Topic, TopicTag
from community.discussions.refusals import DiscussionRefused
from core.models import Subject

MOST_TAGS = 3


def check_tags(tags: Iterable[Subject]) -> list[Subject]:
    """The tags, each once. Raises DiscussionRefused for too many."""
    chosen = list({tag.pk: tag for tag in tags}.values())
    if len(chosen) > MOST_TAGS:
        raise DiscussionRefused(
            _("Choose up to %(most)s words; these are %(count)s.") % {"most": MOST_TAGS, "count": len(chosen)}
        )
    return chosen


def put_on(topic: Topic, tags: Sequence[Subject]) -> None:
    """Have `topic` carry these tags and no others. Called with the topic's row locked, or while it is made."""
    TopicTag.objects.filter(topic=topic).exclude(tag__in=tags).delete()
    TopicTag.objects.bulk_create([TopicTag(topic=topic, tag=tag) for tag in tags], ignore_conflicts=True)


def change(topic: Topic, tags: Sequence[Subject]) -> None:
    """Have a topic that is read carry these tags from now on; who follows one that it did not carry is told of it.

    Called with the topic's row locked.
    """
    before = set(TopicTag.objects.filter(topic=topic).values_list("tag", flat=True))
    put_on(topic, tags)
    if fresh := [tag.pk for tag in tags if tag.pk not in before]:
        telling.that_it_is_tagged(topic, fresh)
