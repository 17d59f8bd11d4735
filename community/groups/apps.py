from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import first_steps


class GroupsConfig(AppConfig):
    """Chapters, consultation groups and learning communities."""

    name = "community.groups"
    label = "groups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.groups.models import Group  # models are ready only now

        first_steps.register(
            _("Set up a first chapter"),
            lambda: reverse("circles:add"),
            first_steps.has_rows(Group.objects.all()),
            order=80,
        )
