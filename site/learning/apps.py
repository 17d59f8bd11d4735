from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import first_steps


class LearningConfig(AppConfig):
    """Continuing-education listings."""

    name = "learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from learning.models import CeIndexPage, CeListingPage

        first_steps.register(
            _("List a first workshop or course"),
            lambda: reverse("wagtailadmin_explore", args=[CeIndexPage.objects.values_list("pk", flat=True).first()]),
            first_steps.has_rows(CeListingPage.objects.live()),
            order=60,
        )
