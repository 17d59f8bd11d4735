from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.groups.permissions import GroupQuerySet, MembershipQuerySet
from core.zones import validate_zone


class Group(models.Model):
    """A circle of colleagues: a chapter, a consultation group or a learning community."""

    class Kind(models.TextChoices):
        CHAPTER = "chapter", _("Chapter")
        CONSULTATION = "consultation", _("Consultation group")
        COMMUNITY = "community", _("Learning community")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    purpose = models.TextField(_("what it is for"), max_length=1000)
    region = models.CharField(_("region"), max_length=80, blank=True)
    time_zone = models.CharField(
        _("time zone of its meetings"), max_length=64, default="UTC", validators=[validate_zone]
    )
    cadence = models.CharField(_("when it meets"), max_length=120, blank=True)
    listed = models.BooleanField(
        _("listed"), default=True, help_text=_("A consultation group that is not listed is known to its members only.")
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(listed=True) | Q(kind="consultation"), name="only_consultation_groups_hide"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:group", args=[self.slug])

    def clean(self) -> None:
        """A group stays of its kind: as a chapter, anybody could join a consultation group and read what it wrote."""
        super().clean()
        if self.pk and Group.objects.filter(pk=self.pk).exclude(kind=self.kind).exists():
            raise ValidationError({"kind": gettext("A group stays what it is. Set up a new one instead.")})


class Membership(models.Model):
    """One person in one group. Changed by the functions in `community.groups.membership` only."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        FACILITATOR = "facilitator", _("Facilitator")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["role", "joined_at"]
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="one_membership_a_person")]
        indexes = [models.Index(fields=["user", "group"], condition=Q(left_at=None), name="current_memberships")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"
