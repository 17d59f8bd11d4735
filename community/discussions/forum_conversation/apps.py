from machina.apps.forum_conversation.apps import ForumConversationAppConfig


class OurForumConversationConfig(ForumConversationAppConfig):
    """machina's topics and posts, changed by our functions only: its counting receivers are left out."""

    default = True  # the class imported above is a candidate too
    name = "community.discussions.forum_conversation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        pass
