from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The one path that mail takes."""

    name = "community.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
