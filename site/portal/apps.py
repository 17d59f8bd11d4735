from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What composes the rooms: Today, search, the sitemap."""

    name = "portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
