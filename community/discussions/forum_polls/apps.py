from machina.apps.forum_conversation.forum_polls.apps import ForumPollsAppConfig


class OurForumPollsConfig(ForumPollsAppConfig):
    """machina's polls, with one vote a person that the database insists on."""

    default = True  # the class imported above is a candidate too
    name = "community.discussions.forum_polls"
    default_auto_field = "django.db.models.AutoField"
