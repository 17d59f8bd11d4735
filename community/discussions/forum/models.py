"""machina's forum tree, with the audience that every forum has."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from machina.apps.forum.abstract_models import AbstractForum
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey

from community.discussions.threads import ForumQuerySet
from community.groups.audience import HasAudience


class ForumManager(TreeManager.from_queryset(ForumQuerySet)):
    """Tree order, with the words of `ForumQuerySet`."""


class Forum(HasAudience, AbstractForum):
    """A place for topics that its audience reads, or a category that holds such places.

    Made and changed by the functions in `community.discussions.forums`. `group` also names the owner of a forum that
    more people than the group read. A category is read where one of its forums is: its own audience says nothing.
    """

    parent = TreeForeignKey(
        "self",
        null=True,
        blank=True,
        related_name="children",
        on_delete=models.PROTECT,
        limit_choices_to={"type": AbstractForum.FORUM_CAT},
        verbose_name=_("category"),
    )
    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("Another forum has this address.")},
    )
    description = models.TextField(_("description"), max_length=500, blank=True, default="")
    retention_days = models.PositiveIntegerField(
        _("keep conversations for (days)"),
        null=True,
        blank=True,
        help_text=_("Conversations in which nobody has written for longer are deleted whole. Empty: they are kept."),
    )
    opened = models.BooleanField(
        _("open"), default=True, help_text=_("What was imported is read by nobody until it is opened.")
    )

    # machina's fields that nothing here reads
    image = None
    link = None
    link_redirects = None
    link_redirects_count = None
    display_sub_forum_list = None

    objects = ForumManager()

    class Meta(HasAudience.Meta, AbstractForum.Meta):
        abstract = False
        app_label = "forum"
        verbose_name = _("forum")
        verbose_name_plural = _("forums")
        constraints = [
            *HasAudience.Meta.constraints,
            models.UniqueConstraint(fields=["group"], condition=Q(audience="group"), name="one_private_forum_a_group"),
            models.CheckConstraint(condition=~Q(retention_days=0), name="a_retention_is_a_day_at_least"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("discussions:forum", args=[self.slug])

    # machina's own writes the address anew from the name, and recounts the forum when it moves
    save = MPTTModel.save
