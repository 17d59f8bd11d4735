from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.discussions.forum_conversation.models import Post


class Reaction(models.Model):
    """One of two short answers that need no words. They are counted on the post, and on nobody's profile."""

    class Kind(models.TextChoices):
        WITH = "with", _("With you")
        HELPFUL = "helpful", _("Helpful")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user", "kind"], name="each_reaction_once_a_person")]


class SavedPost(models.Model):
    """A post that one member keeps for later. Only they know."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="each_post_saved_once")]
        indexes = [models.Index(fields=["user", "-saved_at", "-id"], name="saved_posts_newest_first")]
