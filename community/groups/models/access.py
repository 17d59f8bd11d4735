from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.groups.models.group import Group
from community.groups.permissions import glass_breakers

LASTS = timedelta(hours=24)  # from the grant
WAITS = timedelta(days=3)  # a request that nobody grants falls away


class AccessQuerySet(models.QuerySet):
    def granted(self):
        """By which a group was or is read."""
        return self.filter(granted_at__isnull=False)

    def open(self):
        """Granted, not ended, and not run out, by two people who both may do it still."""
        both = [Exists(glass_breakers().filter(pk=OuterRef(name))) for name in ("asked_by", "granted_by")]
        return self.granted().filter(*both, ended_at=None, expires_at__gt=Now())

    def waiting(self):
        """Asked for lately, and neither granted nor ended."""
        return self.filter(granted_at=None, ended_at=None, asked_at__gt=timezone.now() - WAITS)

    def of(self, user):
        """That `user` reads by: they asked for it, or granted it."""
        return self.filter(Q(asked_by=user) | Q(granted_by=user))

    def shown_to(self, user):
        """What `user` is told of in the admin. Who belongs to a group hears of what is read there as its members do,
        and nothing of requests: the one that it is about might be among them."""
        own = Group.objects.belonged_to(user).values("pk")
        return self.filter(Q(granted_at__isnull=False) | ~Q(group__in=own) | Q(asked_by=user))


class EmergencyAccess(models.Model):
    """Two of the staff together read inside a group, for a written reason and a short time; the group is told.

    Changed by the functions in `community.groups.emergency` only.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="accesses")
    reason = models.TextField(_("reason"), max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_by=None, granted_at=None, expires_at=None)
                | (
                    Q(granted_by__isnull=False, granted_at__isnull=False, expires_at__isnull=False)
                    & ~Q(granted_by=F("asked_by"))
                ),
                name="two_people_break_the_glass",
            ),
            models.UniqueConstraint(
                fields=["group", "asked_by"],
                condition=Q(granted_at=None, ended_at=None),
                name="one_waiting_access_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["group"], condition=Q(granted_at__isnull=False, ended_at=None), name="glass_broken")
        ]

    def __str__(self) -> str:
        return f"{self.asked_by_id} in {self.group_id}"

    @property
    def waits_until(self) -> datetime:
        """When it falls away unless it is granted."""
        return self.asked_at + WAITS

    @property
    def is_over(self) -> bool:
        """Granted, and ended or run out."""
        return self.granted_at is not None and (self.ended_at is not None or self.expires_at <= timezone.now())

    @property
    def over_at(self) -> datetime | None:
        """Until when it was or is read by; None where it never was."""
        return min(filter(None, (self.ended_at, self.expires_at))) if self.granted_at else None
