from django.apps import AppConfig


class RecurrenceConfig(AppConfig):
    """django-recurrence with the key type that its own migrations write; it brings no configuration itself."""

    name = "recurrence"
    label = "recurrence"
    default_auto_field = "django.db.models.BigAutoField"
