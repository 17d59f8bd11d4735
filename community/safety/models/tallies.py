from django.conf import settings
from django.db import models
from django.utils import timezone


class Tally(models.Model):
    """How often one person did something since a moment not long ago, for what leaves no row of its own to count.

    Written by `community.safety.limits` only, and by nobody read.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=20)
    since = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "what"], name="one_tally_a_person_and_thing")]

    def __str__(self) -> str:
        return f"{self.count} {self.what} of {self.person_id}"
