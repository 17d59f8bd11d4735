from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SanctionQuerySet(models.QuerySet):
    def in_force(self):
        """Those that keep somebody from writing, or out, now. The clock of the database lifts them."""
        return self.exclude(kind=Sanction.Kind.WARN).filter(Q(until=None) | Q(until__gt=Now()), lifted_at=None)


class Sanction(models.Model):
    """What moderators tell or forbid one member, until when, and why.

    A warning forbids nothing; a pause counts outside of groups. Without `until` a removal lasts until it is lifted.
    """

    class Kind(models.TextChoices):
        WARN = "warn", _("Warned")
        PAUSE = "pause", _("Paused: may read and not write")
        REMOVE = "remove", _("Removed: is out of all that is for members")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    words = models.TextField(_("why"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="pause") | Q(until__isnull=False), name="a_pause_ends"),
            models.CheckConstraint(condition=~Q(kind="warn") | Q(until=None), name="a_warning_has_no_end"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("made_at")), name="a_sanction_ends_later"),
        ]
        indexes = [models.Index(fields=["person", "-made_at"], name="sanctions_of_a_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"

    @property
    def last_day(self) -> date | None:
        """The day that was chosen, to the end of which it lasts: in the zone of whoever chose it."""
        if self.until is None:
            return None
        zone = ZoneInfo(self.by.time_zone) if self.by else None
        return timezone.localdate(self.until - timedelta(microseconds=1), zone)

    @property
    def is_in_force(self) -> bool:
        lasts = self.lifted_at is None and (self.until is None or self.until > timezone.now())
        return lasts and self.kind != self.Kind.WARN


class Note(models.Model):
    """A word between moderators about a thing or a person. Members never read it."""

    kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(_("note"), max_length=1000)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("note between moderators")
        verbose_name_plural = _("notes between moderators")
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["kind", "target_id", "made_at"], name="notes_on_a_thing")]

    def __str__(self) -> str:
        return f"note on {self.kind} {self.target_id}"
