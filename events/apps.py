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
        from community.groups import archiving, membership  # models are ready only now
        from events import letters, own_data, reportable, rsvp, scheduling, trail
        from events.models import Event

        letters.register_kinds()
        trail.register()
        own_data.register()
        reportable.register()
        membership.on_departure(rsvp.let_go)
        membership.on_departure(scheduling.let_go)
        archiving.on_archive(scheduling.call_off)
        first_steps.register(
            _("Set up a first event"),
            lambda: reverse("meetings:add"),
            first_steps.has_rows(Event.objects.all()),
            order=90,
        )
