from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What people are told, on the site and by mail: the one path that mail takes."""

    name = "community.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.notices import digests, own_data  # models are ready only now

        digests.register()
        own_data.register()
