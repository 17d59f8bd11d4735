"""The audience of a forum or an event, which may be one group: `readable_by` says who is in it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audience import Audience, audience_words, audiences_of


def readable_by(user, prefix: str = "") -> Q:
    """The condition on a row with `audience` and `group` (reached by `prefix`, such as "forum__") that `user` reads it.

    Decided anew at every call: losing standing, leaving a group or a new wording of its agreement counts on the next
    request.
    """
    return _in_audience(user, prefix, lambda groups: groups.read_by(user))


def shared_by(user, prefix: str = "") -> Q:
    """The same for taking part, which an emergency access does not give: it reads, and does nothing else."""
    return _in_audience(user, prefix, lambda groups: groups.entered_by(user))


def _in_audience(user, prefix: str, inside) -> Q:
    from community.groups.models import Group  # this module is imported by models

    allowed = Q(**{f"{prefix}audience__in": audiences_of(user)})
    if getattr(user, "is_member", False):
        groups = inside(Group.objects).values("pk")
        allowed |= Q(**{f"{prefix}audience": Audience.GROUP, f"{prefix}group__in": groups})
    return allowed


class AudienceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows whose audience includes `user`."""
        return self.filter(readable_by(user))


class HasAudience(models.Model):
    """Fields for a model that has an audience; `group` is the one group where the audience is a group."""

    audience = models.CharField(_("who can read it"), max_length=13, choices=Audience, default=Audience.MEMBERS)
    group = models.ForeignKey(
        "groups.Group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("group"),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(audience=Audience.GROUP) | Q(group__isnull=False),
                name="%(app_label)s_%(class)s_audience_group",
            )
        ]

    @property
    def audience_words(self) -> str:
        """Who reads it, as a sentence for those who read and those who write."""
        group = self.group if self.audience == Audience.GROUP else None
        return audience_words(self.audience, group.name if group else "")
