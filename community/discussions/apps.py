from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    """Forums, topics and posts on machina's models."""

    name = "community.discussions"
    label = "discussions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.discussions import letters, moderation  # models are ready only now

        letters.register()
        moderation.register()
