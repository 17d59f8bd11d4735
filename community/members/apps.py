from django.apps import AppConfig


class MembersConfig(AppConfig):
    """People: accounts, standing, profiles, blocks."""

    name = "community.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.members import letters, profiles, trail  # models are ready only now
        from core import files

        letters.register()
        trail.register()
        files.register("pictures/", profiles.picture_for)
