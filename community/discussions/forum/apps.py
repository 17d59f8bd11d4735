from machina.apps.forum.apps import ForumAppConfig


class OurForumConfig(ForumAppConfig):
    """machina's forum with an audience. Its receivers write permission rows that nothing of ours asks: left out."""

    default = True  # the class imported above is a candidate too
    name = "community.discussions.forum"
    default_auto_field = "django.db.models.AutoField"

    def ready(self):
        pass
