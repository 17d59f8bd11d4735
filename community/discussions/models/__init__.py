"""Rows of this room. The forums, topics, posts and polls themselves are machina's, in `community.discussions.forum`,
`.forum_conversation` and `.forum_polls`; they are imported from here too."""

from community.discussions.forum.models import Forum
from community.discussions.forum_conversation.models import Post, Topic
from community.discussions.forum_polls.models import TopicPoll, TopicPollOption, TopicPollVote
from community.discussions.models.answering import Reaction, SavedPost
from community.discussions.models.importing import ForumImport, ImportedPost
from community.discussions.models.marks import (
    FormerPlace,
    FormerTopic,
    ForumMark,
    ForumWatch,
    TagWatch,
    TopicMark,
    Watch,
)
from community.discussions.models.mentions import Mention
from community.discussions.models.tags import TopicTag
from community.discussions.models.writing import Attachment, Draft, PostVersion

__all__ = [
    "Attachment",
    "Draft",
    "FormerPlace",
    "FormerTopic",
    "Forum",
    "ForumImport",
    "ForumMark",
    "ForumWatch",
    "ImportedPost",
    "Mention",
    "Post",
    "PostVersion",
    "Reaction",
    "SavedPost",
    "TagWatch",
    "Topic",
    "TopicMark",
    "TopicPoll",
    "TopicPollOption",
    "TopicPollVote",
    "TopicTag",
    "Watch",
]
