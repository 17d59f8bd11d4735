from django.conf import settings
from django.db import models

from community.discussions.forum_conversation.models import Post


class Mention(models.Model):
    """That a post calls somebody by an @ and their name.

    `written` is the name as it stands in the text, so that the text comes out the same when it is rendered again,
    whatever they are called by then. Whether they may still see the post is asked whenever it counts.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    written = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="one_mention_a_post_and_person")]
