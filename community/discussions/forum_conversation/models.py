"""machina's topics and posts. Nobody's words go when an account goes: the poster keys refuse to cascade.

Written by the functions in `community.discussions.posting` only. machina's `save` and `delete` recount the topic and
the forum and write whole rows over other people's changes, so here they are Django's own.
"""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from machina.apps.forum_conversation.abstract_models import AbstractPost, AbstractTopic

from community.discussions.threads import PostQuerySet, TopicQuerySet


class Topic(AbstractTopic):
    """A thread: a subject and its posts. `posts_count` is also the position of the last post."""

    forum = models.ForeignKey(
        "forum.Forum", on_delete=models.PROTECT, related_name="topics", db_index=False, verbose_name=_("forum")
    )
    poster = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("author")
    )
    slug = models.SlugField(_("address"), max_length=80, db_index=False)
    type = models.PositiveSmallIntegerField(
        _("kind"), choices=AbstractTopic.TYPE_CHOICES, default=AbstractTopic.TOPIC_POST
    )
    status = models.PositiveSmallIntegerField(
        _("state"), choices=AbstractTopic.STATUS_CHOICES, default=AbstractTopic.TOPIC_UNLOCKED
    )
    approved = models.BooleanField(_("approved"), default=True)
    created = models.DateTimeField(_("started"), default=timezone.now)
    last_post_on = models.DateTimeField(_("last post"), default=timezone.now)
    first_post = models.ForeignKey(
        "forum_conversation.Post",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        verbose_name=_("first post"),
    )
    last_post = models.ForeignKey(
        "forum_conversation.Post",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        verbose_name=_("last post"),
    )

    # machina's fields that nothing here reads
    views_count = None
    updated = None
    subscribers = None
    approved_objects = None

    objects = TopicQuerySet.as_manager()

    class Meta(AbstractTopic.Meta):
        abstract = False
        app_label = "forum_conversation"
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        indexes = [
            models.Index(fields=["forum", "-last_post_on", "-id"], name="topics_of_a_forum"),
            models.Index(fields=["forum"], condition=Q(type__gt=0), name="pinned_topics"),
            models.Index(fields=["-created"], condition=Q(posts_count=1, approved=True), name="unanswered_topics"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("discussions:topic", args=[self.forum.slug, self.pk, self.slug])

    @property
    def reply_count(self) -> int:
        return max(self.posts_count - 1, 0)

    @property
    def is_pinned(self) -> bool:
        return self.type != self.TOPIC_POST

    save = models.Model.save
    delete = models.Model.delete


class Post(AbstractPost):
    """What one person wrote, as Markdown and as the HTML that it was rendered to once.

    `position` counts from 1 within the topic, in the order of writing; pages, permalinks and read marks are sums with
    it, so that the last page costs what the first one does. `subject` is the topic's on its first post, for the
    search, and empty on all others.
    """

    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="posts", db_index=False, verbose_name=_("topic")
    )
    poster = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
        verbose_name=_("author"),
    )
    position = models.PositiveIntegerField(_("position in the topic"))
    quoted = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="quoted_by",
        db_index=False,
        verbose_name=_("answers to"),
    )
    subject = models.CharField(_("subject"), max_length=255, blank=True, default="")
    content = models.TextField(_("text"))
    content_html = models.TextField(_("text as HTML"), editable=False)
    renderer = models.PositiveSmallIntegerField(_("version of the renderer"), editable=False)
    approved = models.BooleanField(_("approved"), default=True)
    created = models.DateTimeField(_("written"), default=timezone.now)
    updated = models.DateTimeField(_("changed"), default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        verbose_name=_("changed by"),
    )
    search = models.GeneratedField(
        expression=SearchVector("subject", weight="A", config="english")
        + SearchVector("content", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    # machina's fields that nothing here reads
    anonymous_key = None
    username = None
    enable_signature = None
    update_reason = None
    approved_objects = None

    objects = PostQuerySet.as_manager()

    class Meta(AbstractPost.Meta):
        abstract = False
        app_label = "forum_conversation"
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["created", "id"]
        constraints = [
            # deferred, so that positions can change places within a transaction
            models.UniqueConstraint(
                fields=["topic", "position"], deferrable=Deferrable.DEFERRED, name="one_post_a_position"
            )
        ]
        indexes = [
            models.Index(fields=["-created", "-id"], name="newest_posts"),
            models.Index(fields=["quoted"], condition=Q(quoted__isnull=False), name="posts_that_quote"),
            GinIndex(fields=["search"], name="words_of_posts"),
        ]

    def __str__(self) -> str:
        return self.subject or f"post {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("discussions:post", args=[self.pk])

    @property
    def is_edited(self) -> bool:
        return self.updates_count > 0

    save = models.Model.save
    delete = models.Model.delete
