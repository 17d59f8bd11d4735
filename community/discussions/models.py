"""What one member has to do with forums and topics. The forums, topics and posts themselves are machina's, in
`community.discussions.forum` and `.forum_conversation`; they can be imported from here too."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from community.discussions.forum.models import Forum
from community.discussions.forum_conversation.models import Post, Topic

__all__ = ["FormerPlace", "Forum", "ForumMark", "Post", "Topic", "TopicMark"]


class TopicMark(models.Model):
    """What one member has read of, written in and wants from one topic.

    `following` is None as long as the member never wrote in the topic nor chose; False is their own choice, which
    writing again does not undo.
    """

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="marks", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_to = models.PositiveIntegerField(default=0)
    posts_count = models.PositiveIntegerField(default=0)
    following = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="one_mark_a_topic_and_member")]
        indexes = [
            models.Index(fields=["topic"], condition=Q(following=True), name="followers_of_a_topic"),
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
