from django.apps import AppConfig
from django.db.models.signals import post_delete

from core import files


class DiscussionsConfig(AppConfig):
    """Forums, topics and posts on machina's models."""

    name = "community.discussions"
    label = "discussions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # models are ready only now
        from community.discussions import (
            attachments,
            feeds,
            first_posts,
            following,
            letters,
            measures,
            reportable,
            trail,
            undoing,
        )
        from community.groups import membership

        letters.register()
        feeds.register()
        reportable.register()
        first_posts.register()
        undoing.register()
        measures.register()
        trail.register()
        files.register(attachments.FOLDER, attachments.file_for)
        post_delete.connect(attachments.on_delete, sender="discussions.Attachment")
        membership.on_departure(following.let_go)
