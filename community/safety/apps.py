from django.apps import AppConfig
from django.db.models import OuterRef


class SafetyConfig(AppConfig):
    """What protects the people who write here and those they write about."""

    name = "community.safety"
    label = "safety"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.members import backends
        from community.safety import letters, own_data, sanctions, trail  # models are ready only now

        letters.register()
        trail.register()
        own_data.register()
        sanctions.register()
        backends.know("is_kept_out", sanctions.kept_out(OuterRef("pk")))
        backends.on_removed(sanctions.look_at_removed)
