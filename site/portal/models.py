from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SkippedStep(models.Model):
    """A newcomer's step that somebody chose to leave out. Which steps are done is seen from what they set."""

    class Step(models.TextChoices):
        ZONE = "zone", _("Your time zone")
        CHAPTER = "chapter", _("A chapter near you")
        INTERESTS = "interests", _("Two interests")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="a_step_is_skipped_once")]

    def __str__(self) -> str:
        return f"{self.step} of {self.user_id}"
