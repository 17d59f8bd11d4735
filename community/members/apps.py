from django.apps import AppConfig


class MembersConfig(AppConfig):
    """People: accounts, standing, profiles, blocks."""

    name = "community.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.members import letters, own_data, profiles, trail  # models are ready only now
        from community.members.models import User
        from core import files, strays

        letters.register()
        trail.register()
        own_data.register()
        files.register("pictures/", profiles.picture_for)
        strays.register("pictures/", User._meta.get_field("picture"))
