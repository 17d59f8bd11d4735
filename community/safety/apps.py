from django.apps import AppConfig


class SafetyConfig(AppConfig):
    """What protects the people who write here and those they write about."""

    name = "community.safety"
    label = "safety"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.safety import letters, trail  # models are ready only now

        letters.register()
        trail.register()
