"""machina's polls: a question under a topic, its answers, and one vote a person.

Written by the functions in `community.discussions.polls` only.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from machina.apps.forum_conversation.forum_polls.abstract_models import (
    AbstractTopicPoll,
    AbstractTopicPollOption,
    AbstractTopicPollVote,
)


class TopicPoll(AbstractTopicPoll):
    """A question to all who read the topic. It is open for `duration` days, or as long as its topic is.

    `closed_at` is when somebody ended it before that.
    """

    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    # machina's fields that nothing here reads: everybody has one vote, which they may change
    max_options = None
    user_changes = None
    hide_results = None

    class Meta(AbstractTopicPoll.Meta):
        abstract = False
        verbose_name = _("poll")
        verbose_name_plural = _("polls")

    @property
    def ends_at(self) -> datetime | None:
        """When it closes by itself, if it does."""
        return None if self.duration is None else self.created + timedelta(days=self.duration)

    @property
    def is_over(self) -> bool:
        """Whether it takes no votes any more by itself; those of a closed topic take none either."""
        return self.closed_at is not None or (self.ends_at is not None and self.ends_at <= timezone.now())


class TopicPollOption(AbstractTopicPollOption):
    """One of the answers. `votes_count` is kept by the function that votes."""

    position = models.PositiveSmallIntegerField(_("position in the poll"), default=0)
    votes_count = models.PositiveIntegerField(_("votes"), default=0, editable=False)

    class Meta(AbstractTopicPollOption.Meta):
        abstract = False
        verbose_name = _("answer of a poll")
        verbose_name_plural = _("answers of polls")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="one_answer_a_position")]


class TopicPollVote(AbstractTopicPollVote):
    """What one person chose. `poll` is the answer's: it stands here so that the database can refuse a second vote, and
    it refuses any other poll here (`forum_polls.0003`)."""

    poll = models.ForeignKey(TopicPoll, on_delete=models.CASCADE, related_name="cast", db_index=False)
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("voter")
    )
    anonymous_key = None

    class Meta(AbstractTopicPollVote.Meta):
        abstract = False
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["poll", "voter"], name="one_vote_a_poll_and_person")]
