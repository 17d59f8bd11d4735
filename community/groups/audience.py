"""For whom a thing is written: the world, members, practitioners, or one group.

Every forum, event and page has an audience. It is written where people read and where they write, and
`readable_by` is the one place that says who that is.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    WORLD = "world", _("Everybody")
    MEMBERS = "members", _("Members of the association")
    PRACTITIONERS = "practitioners", _("Practitioners")
    GROUP = "group", _("One group")


def readable_by(user, prefix: str = "") -> Q:
    """The condition on a row with `audience` and `group` (reached by `prefix`, such as "forum__") that `user` reads it.

    Decided anew at every call: losing standing or leaving a group counts on the next request.
    """
    from community.groups.models import Group  # this module is imported by models

    allowed = Q(**{f"{prefix}audience": Audience.WORLD})
    if getattr(user, "is_member", False):
        allowed |= Q(**{f"{prefix}audience": Audience.MEMBERS})
        inside = Group.objects.entered_by(user).values("pk")
        allowed |= Q(**{f"{prefix}audience": Audience.GROUP, f"{prefix}group__in": inside})
        if user.is_practitioner:
            allowed |= Q(**{f"{prefix}audience": Audience.PRACTITIONERS})
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


def audience_words(audience: str, group_name: str = "") -> str:
    """Who reads what has this audience, as a sentence."""
    if audience == Audience.WORLD:
        return gettext("Anybody on the web can read this")
    if audience == Audience.PRACTITIONERS:
        return gettext("Practitioners whose license was checked can read this")
    if audience == Audience.GROUP:
        return gettext("Members of %(group)s can read this") % {"group": group_name}
    return gettext("Members of the association can read this")
