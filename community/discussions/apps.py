from django.apps import AppConfig
from django.db.models.signals import post_delete

from core import files, strays


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
            own_data,
            reportable,
            trail,
            undoing,
        )
        from community.discussions.models import Attachment
        from community.groups import membership

        letters.register()
        feeds.register()
        reportable.register()
        first_posts.register()
        undoing.register()
        measures.register()
        trail.register()
        own_data.register()
        files.register(attachments.FOLDER, attachments.file_for)
        strays.register(attachments.FOLDER, Attachment._meta.get_field("file"))
        post_delete.connect(attachments.on_delete, sender="discussions.Attachment")
        membership.on_departure(following.let_go)
