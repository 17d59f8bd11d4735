from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.safety.models.reports import Report
from core.addresses import address


class Decision(models.Model):
    """What somebody who looks after a place did to another person's words or account, and why.

    `action` is a word of the audit trail; `kind` and `target_id` name the thing, by the kinds of
    `community.safety.kinds`. `circle_id` is the group that it happened in, None outside of groups; `report` is the one
    that it came of. `waiting_since` is set where a thing waited to be let through.
    """

    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    circle_id = models.BigIntegerField(null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="decisions_on_a_person"),
            models.Index(fields=["kind", "target_id"], name="decisions_on_a_thing"),
            models.Index(fields=["made_at"], condition=Q(waiting_since__isnull=False), name="decisions_on_what_waited"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.kind} {self.target_id}"

    def get_absolute_url(self) -> str:
        return address("safety:decision", self.pk)


class Appeal(models.Model):
    """The person whom a decision touches asks once that another person looks at it.

    `by_moderators` says that moderators judge it: always outside of groups, and in one where nobody else leads it.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("It stays as it was decided")
        LIFTED = "lifted", _("The decision is lifted")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    words = models.TextField(_("what should be looked at again?"), max_length=1000)
    made_at = models.DateTimeField(default=timezone.now)
    by_moderators = models.BooleanField(default=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_appeal_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], condition=Q(closed_at=None), name="open_appeals")]

    def __str__(self) -> str:
        return f"appeal against {self.decision_id}"

    def get_absolute_url(self) -> str:
        return address("safety:appeal", self.pk)
