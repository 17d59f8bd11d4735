"""machina's topics and posts. Nobody's words go when an account goes: the poster keys refuse to cascade.

Written by the functions in `community.discussions.posting` only. machina's `save` and `delete` recount the topic and
the forum and write whole rows over other people's changes, so here they are Django's own.
"""

from html import unescape

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Deferrable, Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from machina.apps.forum_conversation.abstract_models import AbstractPost, AbstractTopic

from community.discussions.threads import PostQuerySet, TopicQuerySet
from core.addresses import address


class Topic(AbstractTopic):
    """A thread: a subject and its posts. `posts_count` is also the position of the last post.

    `kind` is what its author asked for; `closes_at` (aware) is when it closes by itself, and `end_chosen_at` when its
    author moved that; `solved_at` is when its author first marked a post as one that helped.
    """

    class Kind(models.TextChoices):
        DISCUSSION = "discussion", _("Discussion")
        QUESTION = "question", _("Question")
        CASE = "case", _("Case consultation")
        RESOURCE = "resource", _("Resource")
        LOOKING = "looking", _("Looking for a colleague")

    forum = models.ForeignKey(
        "forum.Forum", on_delete=models.PROTECT, related_name="topics", db_index=False, verbose_name=_("forum")
    )
    poster = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        verbose_name=_("author"),
    )
    slug = models.SlugField(_("address"), max_length=80, db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DISCUSSION)
    tags = models.ManyToManyField(
        "core.Subject", through="discussions.TopicTag", related_name="+", blank=True, verbose_name=_("tags")
    )
    type = models.PositiveSmallIntegerField(
        _("place in the list"), choices=AbstractTopic.TYPE_CHOICES, default=AbstractTopic.TOPIC_POST
    )
    status = models.PositiveSmallIntegerField(
        _("state"), choices=AbstractTopic.STATUS_CHOICES, default=AbstractTopic.TOPIC_UNLOCKED
    )
    approved = models.BooleanField(_("approved"), default=True)
    closes_at = models.DateTimeField(_("closes by itself"), null=True, blank=True)
    end_chosen_at = models.DateTimeField(_("end chosen"), null=True, editable=False)
    solved_at = models.DateTimeField(_("helped since"), null=True, blank=True)
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
            models.Index(fields=["forum", "-created", "-id"], name="newest_topics_of_a_forum"),
            models.Index(fields=["-last_post_on", "-id"], name="topics_by_activity"),
            models.Index(fields=["-created", "-id"], name="newest_topics"),
            models.Index(fields=["-last_post_on", "-id"], condition=Q(solved_at__isnull=False), name="solved_topics"),
            models.Index(fields=["forum"], condition=Q(type__gt=0), name="pinned_topics"),
            models.Index(fields=["forum", "kind", "-last_post_on", "-id"], name="topics_of_a_kind"),
            models.Index(fields=["poster", "-last_post_on", "-id"], name="topics_of_a_person"),
            models.Index(fields=["-created"], condition=Q(posts_count=1, approved=True), name="unanswered_topics"),
            models.Index(fields=["closes_at"], condition=Q(closes_at__isnull=False), name="topics_that_close"),
            # asked for each post that is deleted
            models.Index(fields=["first_post"], name="topics_by_first_post"),
            models.Index(fields=["last_post"], name="topics_by_last_post"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return address("discussions:topic", self.forum.slug, self.pk, self.slug)

    @property
    def reply_count(self) -> int:
        return max(self.posts_count - 1, 0)

    @property
    def is_pinned(self) -> bool:
        return self.type != self.TOPIC_POST

    @property
    def is_locked(self) -> bool:
        """Whether nobody answers any more: a moderator closed it, or its time is over."""
        return self.status == self.TOPIC_LOCKED or (self.closes_at is not None and self.closes_at <= timezone.now())

    save = models.Model.save
    delete = models.Model.delete


class Post(AbstractPost):
    """What one person wrote, as Markdown and as the HTML that it was rendered to once.

    `position` counts from 1 within the topic, in the order of writing; pages, permalinks and read marks are sums with
    it, so that the last page costs what the first one does. `subject` is the topic's on its first post, for the
    search, and empty on all others.

    Read are those that are `approved`. Of the others, `held_at` says since when one waits for a moderator, and
    `removed` who took one away: then its place in the topic says so, without its words. A reply gets its place once it
    may be read, so one that waits has none.
    """

    class Removed(models.TextChoices):
        AUTHOR = "author", _("Removed by its author")
        MODERATOR = "moderator", _("Removed by a moderator")

    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="posts", db_index=False, verbose_name=_("topic")
    )
    poster = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
        db_index=False,
        verbose_name=_("author"),
    )
    position = models.PositiveIntegerField(_("position in the topic"), null=True)
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
    held_at = models.DateTimeField(_("waits since"), null=True, editable=False)
    removed = models.CharField(_("removed by"), max_length=10, choices=Removed, blank=True, default="", editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    helped_at = models.DateTimeField(_("helped since"), null=True, editable=False)
    with_count = models.PositiveIntegerField(_("with you"), default=0, editable=False)
    helpful_count = models.PositiveIntegerField(_("helpful"), default=0, editable=False)
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
            ),
            models.CheckConstraint(
                condition=Q(approved=False) | Q(removed="", held_at=None), name="a_post_that_is_read_is_there"
            ),
            models.CheckConstraint(
                condition=Q(approved=False) | Q(position__isnull=False), name="a_post_that_is_read_has_a_place"
            ),
            models.CheckConstraint(
                condition=Q(removed="", removed_at=None) | (~Q(removed="") & Q(removed_at__isnull=False)),
                name="a_removed_post_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["-created", "-id"], name="newest_posts"),
            models.Index(fields=["poster", "-created"], name="posts_of_a_person"),
            models.Index(fields=["-removed_at"], condition=~Q(removed=""), name="removed_posts"),
            models.Index(fields=["held_at"], condition=Q(held_at__isnull=False), name="held_posts"),
            models.Index(fields=["quoted"], condition=Q(quoted__isnull=False), name="posts_that_quote"),
            models.Index(fields=["topic", "position"], condition=Q(helped_at__isnull=False), name="posts_that_helped"),
            GinIndex(fields=["search"], name="words_of_posts"),
        ]

    def __str__(self) -> str:
        return self.subject or f"post {self.pk}"

    def get_absolute_url(self) -> str:
        return address("discussions:post", self.pk)

    @property
    def is_edited(self) -> bool:
        return self.updates_count > 0

    @property
    def plain_words(self) -> str:
        """What it says in one line, without its markup: for lists."""
        return " ".join(unescape(strip_tags(self.content_html)).split())

    save = models.Model.save
    delete = models.Model.delete
