"""What one member has read of forums and topics, and which of them they follow or mute."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.discussions.forum.models import Forum
from community.discussions.forum_conversation.models import Topic


class TopicMark(models.Model):
    """What one member has read of, written in and wants from one topic.

    `following` is None as long as the member never wrote in the topic nor chose; False is their own choice, which
    writing again does not undo. A `muted` topic tells them nothing at all, unless somebody writes to them in it.
    """

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="marks", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_to = models.PositiveIntegerField(default=0)
    posts_count = models.PositiveIntegerField(default=0)
    following = models.BooleanField(null=True)
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "user"], name="one_mark_a_topic_and_member"),
            models.CheckConstraint(condition=~Q(following=True, muted=True), name="nobody_follows_what_they_mute"),
        ]
        indexes = [
            models.Index(fields=["topic"], condition=Q(following=True), name="followers_of_a_topic"),
            models.Index(fields=["user"], condition=Q(following=True), name="topics_that_one_follows"),
            models.Index(fields=["topic", "-posts_count"], condition=Q(posts_count__gt=0), name="writers_in_a_topic"),
        ]


class ForumMark(models.Model):
    """Up to when one member has read all of a forum. Without one, it is the day they joined."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forum", "user"], name="one_mark_a_forum_and_member")]


class FormerPlace(models.Model):
    """A forum that a topic stood in before it was moved: the topic's address there leads to where it is now."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="former_places", db_index=False)
    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "forum"], name="one_former_place_a_topic_and_forum")]


class FormerTopic(models.Model):
    """The number of a topic whose posts stand in another one now: its address leads there."""

    number = models.BigIntegerField(primary_key=True)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="former_topics")


class Watch(models.TextChoices):
    """What a member wants from a forum or a tag, where they said so."""

    FOLLOW = "follow", _("Follow")
    MUTE = "mute", _("Mute")


class ForumWatch(models.Model):
    """A forum that one member follows (each new topic in it is told) or mutes."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="watches", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    watch = models.CharField(max_length=6, choices=Watch)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forum", "user"], name="one_watch_a_forum_and_member")]


class TagWatch(models.Model):
    """The same for a word of the vocabulary: for topics that carry it as a tag."""

    tag = models.ForeignKey("core.Subject", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    watch = models.CharField(max_length=6, choices=Watch)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "user"], name="one_watch_a_tag_and_member")]
