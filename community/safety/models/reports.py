from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """Somebody asks the moderators to look at one thing. It discloses that thing and what the reporter ticks, no more.

    `kind` and `target_id` name the thing, by the kinds that rooms register in `community.safety.kinds`. Whose it is and
    the group that it comes from are kept, so that those who have a part in it are left out by one query; `named` are
    the moderators of whom the reporter says that they have one, and once it is closed those whose words it showed too.
    """

    class Reason(models.TextChoices):
        DANGER = "danger", _("Someone may be in danger")
        CLIENT = "client", _("It could identify a client")
        HARM = "harm", _("It is hurtful or harassing")
        RULES = "rules", _("It breaks another rule")

    class Outcome(models.TextChoices):
        LEFT = "left", _("Left as it is")
        HIDDEN = "hidden", _("Hidden")

    kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("what is the matter?"), max_length=10, choices=Reason)
    words = models.TextField(_("anything to add?"), max_length=1000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    circle_id = models.BigIntegerField(null=True, blank=True)
    named = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("a word to whoever reported it"), max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id", "reporter"], condition=Q(closed_at=None), name="one_open_report_a_person"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_report_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(closed_at=None), name="open_reports"),
            models.Index(fields=["-closed_at", "-id"], condition=Q(closed_at__isnull=False), name="decided_reports"),
            models.Index(fields=["reporter", "-made_at"], name="reports_of_a_person"),
        ]
        permissions = [("moderate", "Can read reports and act on them")]

    def __str__(self) -> str:
        return f"{self.reason}: {self.kind} {self.target_id}"


class Disclosure(models.Model):
    """One thing beside a reported one that its reporter shows the moderators too. It goes when the report is closed."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="disclosures")
    kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        constraints = [models.UniqueConstraint(fields=["report", "kind", "target_id"], name="each_thing_once_a_report")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """How a form names the thing."""
        return f"{self.kind}-{self.target_id}"
