"""That a post was hidden stands in the audit trail; not what it said, nor where, for those who may not read there."""

import pytest

from community.discussions import forums, moderation, trail
from core import audit
from core.models import AuditEntry
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory
from factories.members import UserFactory


def test_hiding_a_post_is_written_once(db):
    topic, moderator = make_topic(replies=1), UserFactory()
    post = topic.posts.order_by("position").last()

    moderation.hide_post(post, by=moderator)
    moderation.hide_post(post, by=moderator)

    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id, row.person_id) == ("discussions.post.hidden", moderator.pk, post.poster_id)
    assert (row.target_kind, row.target_id) == ("forum_conversation.post", post.pk)


def test_a_hidden_post_is_named_by_its_forum(db):
    topic = make_topic(make_forum("Trauma work"), subject="Canary subject", body="Canary body")
    moderation.hide_post(topic.first_post, by=UserFactory())

    assert trail.post_names(UserFactory(), [topic.first_post.pk]) == {topic.first_post.pk: "a post in Trauma work"}
    assert trail.topic_names(UserFactory(), [topic.pk]) == {topic.pk: "a topic in Trauma work"}


@pytest.mark.parametrize("superuser", [False, True])
def test_a_post_of_a_group_is_a_post_to_those_who_are_not_inside(db, superuser):
    forum = forums.forum_for_group(GroupFactory(hidden=True, name="Peregrath"))
    post = AuditEntry(
        action="discussions.post.hidden",
        actor_id=UserFactory(display_name="Mo").pk,
        target_kind="forum_conversation.post",
        target_id=_post_in(forum).pk,
        person_id=UserFactory(display_name="Canary").pk,
    )

    [line] = audit.lines(UserFactory(superuser=superuser), [post])

    assert (line.actor, line.person, line.thing) == ("Mo", "a person", "a post")


def _post_in(forum):
    """A post of that forum, without somebody who would have to be inside to write it."""
    topic = make_topic()
    type(topic).objects.filter(pk=topic.pk).update(forum=forum)
    return topic.first_post


@pytest.mark.parametrize("number", [1, 20])
def test_naming_posts_and_topics_costs_one_query_each(db, django_assert_num_queries, number):
    topics = [make_topic() for _number in range(number)]
    reader = UserFactory()

    with django_assert_num_queries(1):
        assert len(trail.post_names(reader, [topic.first_post_id for topic in topics])) == number
    with django_assert_num_queries(1):
        assert len(trail.topic_names(reader, [topic.pk for topic in topics])) == number
