from django.apps import AppConfig


class MembersConfig(AppConfig):
    """People: accounts, standing, profiles, blocks."""

    name = "community.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.members import letters, profiles  # models are ready only now
        from core import files

        letters.register()
        files.register("pictures/", profiles.may_see_picture)
