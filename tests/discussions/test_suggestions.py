from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import archive, posting, suggestions
from factories.articles import SubjectFactory
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture
def member(db):
    return UserFactory(date_joined=timezone.now() - timedelta(days=300))


def test_the_unanswered_come_first_then_interests_then_the_newest(member):
    about = make_topic(subject="Telehealth from a car", replies=1)
    unanswered = make_topic(subject="Fees")
    newest = make_topic(subject="Lost umbrella", replies=1)
    member.interests.add(SubjectFactory(name="Telehealth"), SubjectFactory(name="Grief & loss"))

    assert suggestions.threads_for(member) == [unanswered, about, newest]


def test_what_is_mine_read_closed_old_or_private_is_no_suggestion(client, member):
    read = make_topic()
    make_topic(by=member)
    answered = make_topic()
    posting.reply(answered, by=member, body="Words")
    make_topic(make_forum(audience="practitioners"))
    closed = make_topic()
    type(closed).objects.filter(pk=closed.pk).update(status=closed.TOPIC_LOCKED)
    archive.backdate(make_topic().first_post, timezone.now() - timedelta(days=60))
    client.force_login(member)
    client.get(read.get_absolute_url())

    assert suggestions.threads_for(member) == []


def test_followed_threads_with_news_are_told_apart(member):
    mine = make_topic(by=member)
    quiet = make_topic(by=member)
    posting.reply(mine, by=UserFactory(), body="An answer")

    assert suggestions.followed_with_news(member) == [mine]
    assert suggestions.threads_for(member) == []
    assert quiet not in suggestions.followed_with_news(member)


def test_who_leaves_the_audience_loses_the_suggestion(member):
    member.licence_checked_on = timezone.localdate()
    member.save()
    topic = make_topic(make_forum(audience="practitioners"), by=member)
    posting.reply(topic, by=UserFactory(practitioner=True), body="An answer")
    before = suggestions.followed_with_news(member)

    member.licence_checked_on = None

    assert before == [topic]
    assert suggestions.followed_with_news(member) == []


@pytest.mark.parametrize("topics", [1, 20])
def test_the_queries_of_suggestions(member, django_assert_num_queries, topics):
    forum = make_forum()
    for _topic in range(topics):
        make_topic(forum)

    with django_assert_num_queries(2):
        assert [topic.get_absolute_url() for topic in suggestions.threads_for(member)]
    with django_assert_num_queries(1):
        suggestions.followed_with_news(member)
