from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.discussions.forum.models import Forum
from community.discussions.forum_conversation.models import Post, Topic
from community.safety.permissions import may_moderate
from core.audience import Audience
from core.documents import size_words
from core.files import LONGEST_NAME

LONGEST_ALT = 300


class Draft(models.Model):
    """What one member is writing and has not posted: a topic for a forum, a reply in a topic, or a change to a post.

    `more` holds the rest of the form by the names of its fields. Read by its writer alone, and as long as they may
    write there; gone once it is posted, or 14 days after the last key.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255, blank=True)
    body = models.TextField(blank=True)
    more = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(forum__isnull=False, topic=None, post=None)
                | Q(forum=None, topic__isnull=False, post=None)
                | Q(forum=None, topic=None, post__isnull=False),
                name="a_draft_is_for_one_place",
            ),
            models.UniqueConstraint(
                fields=["user", "forum", "topic", "post"], nulls_distinct=False, name="one_draft_a_place_and_person"
            ),
        ]


class PostVersion(models.Model):
    """What a post said before it was changed, for those who may see its history."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(max_length=255, blank=True)
    content = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="each_version_once_a_post")]


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of posts that `user` reads, of posts that wait for a moderator and are their own or theirs to judge,
        and of their own drafts for places that they still read."""
        posts = Q(post__in=Post.objects.visible_to(user).values("pk"))
        if not user.is_authenticated:
            return self.filter(posts)
        own = Draft.objects.filter(user=user.pk).filter(
            Q(forum__in=Forum.objects.shared_with(user).values("pk"))
            | Q(topic__in=Topic.objects.shared_with(user).values("pk"))
            | Q(post__in=Post.objects.shared_with(user).values("pk"))
        )
        waiting = Post.objects.filter(
            poster=user.pk, held_at__isnull=False, topic__forum__in=Forum.objects.shared_with(user).values("pk")
        )
        if may_moderate(user):
            waiting |= _judged_by(user)
        return self.filter(posts | Q(post__in=waiting.values("pk")) | Q(draft__in=own.values("pk")))


def _judged_by(moderator):
    """Posts that wait, where `moderator` reads; nothing waits inside groups."""
    forums = Forum.objects.shared_with(moderator).exclude(audience=Audience.GROUP)
    return Post.objects.filter(held_at__isnull=False, topic__forum__in=forums.values("pk"))


class Attachment(models.Model):
    """A file that came with a post, or comes with one that is being written. Its bytes lie under a random name.

    `alt` says what a picture shows, for those who don't see it. Changed by the functions in
    `community.discussions.attachments` only; the bytes go with the row, however that goes (`.attachments.on_delete`).
    """

    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    file = models.FileField(_("file"), upload_to="discussions/", max_length=100, unique=True)
    content_type = models.CharField(_("kind"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    alt = models.CharField(_("what it shows"), max_length=LONGEST_ALT, blank=True, default="")
    width = models.PositiveSmallIntegerField(_("width in pixels"), null=True, editable=False)
    height = models.PositiveSmallIntegerField(_("height in pixels"), null=True, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, draft=None) | Q(post=None, draft__isnull=False),
                name="an_attachment_belongs_to_one_text",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(file=""), name="an_attachment_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("discussions:attachment", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def size_words(self) -> str:
        return size_words(self.size)
