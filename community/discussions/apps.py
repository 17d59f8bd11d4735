from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    """Forums, topics and posts on machina's models."""

    name = "community.discussions"
    label = "discussions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.discussions import following, letters, reportable, trail  # models are ready only now
        from community.groups import membership

        letters.register()
        reportable.register()
        trail.register()
        membership.on_departure(following.let_go)
