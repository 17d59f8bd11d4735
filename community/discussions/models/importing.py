from django.db import models
from django.db.models import Q
from django.utils import timezone

from community.discussions.forum.models import Forum
from community.discussions.forum_conversation.models import Post


class ForumImport(models.Model):
    """One archive that is brought into one forum, and how far that has come.

    `digest` is the SHA-256 of the whole file, so that places in it stay true; `place` is the byte and `number` the
    line or letter up to which all of it is there, `errors_size` how long the file of errors was then. `counts` holds
    numbers alone, by the words of `importing.report`: no word of the archive, no address, nothing that was found.
    """

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="imports")
    digest = models.CharField(max_length=64)
    place = models.PositiveBigIntegerField(default=0)
    number = models.PositiveIntegerField(default=0)
    errors_size = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forum", "digest"], name="an_archive_comes_once_into_a_forum")]


class ImportedPost(models.Model):
    """That something of an archive is here, so that it comes once, and so that what answers to it finds it.

    `key` is made of the number that it had there, which can't be read from it. The row stays when the post goes: what
    was deleted does not come back.
    """

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.UUIDField()
    post = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forum", "key"], name="imported_once_into_a_forum")]
        indexes = [models.Index(fields=["post"], condition=Q(post__isnull=False), name="imported_posts")]
