from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import first_steps


class EventsConfig(AppConfig):
    """Events, their occurrences and who comes."""

    name = "events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from events import letters  # models are ready only now
        from events.models import Event

        letters.register_kinds()
        first_steps.register(
            _("Set up a first event"),
            lambda: reverse("meetings:add"),
            first_steps.has_rows(Event.objects.all()),
            order=90,
        )
