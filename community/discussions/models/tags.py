from django.db import models

from community.discussions.forum_conversation.models import Topic


class TopicTag(models.Model):
    """A word of the kept vocabulary (`core.Subject`) on a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey("core.Subject", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "tag"], name="each_tag_once_a_topic")]
