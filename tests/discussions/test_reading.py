from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.discussions import archive, posting, reading
from community.discussions.models import Forum, ForumMark, Post, Topic, TopicMark
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture
def reader(db):
    return UserFactory(practitioner=True, date_joined=timezone.now() - timedelta(days=1))


def marked(topic, user) -> Topic:
    return Topic.objects.with_news_for(user).select_related("forum").get(pk=topic.pk)


def is_new(topic, user) -> bool:
    return marked(topic, user).is_new


def has_news(forum, user) -> bool:
    return Forum.objects.with_news_for(user).get(pk=forum.pk).has_news


def test_a_topic_is_new_until_it_was_read(reader):
    topic = make_topic(replies=2)
    before = is_new(topic, reader), has_news(topic.forum, reader)

    reading.mark_read(marked(topic, reader), by=reader, upto=3)

    assert before == (True, True)
    assert (is_new(topic, reader), has_news(topic.forum, reader)) == (False, False)


def test_a_reply_makes_it_new_again_for_everybody_but_its_author(reader):
    topic = make_topic()
    reading.mark_read(marked(topic, reader), by=reader, upto=1)
    author = UserFactory()

    posting.reply(topic, by=author, body="Words")

    assert is_new(topic, reader)
    assert not is_new(topic, author)


def test_what_was_there_before_one_joined_is_not_new(db):
    topic = make_topic()
    archive.backdate(topic.first_post, timezone.now() - timedelta(days=3))

    assert not is_new(topic, UserFactory())
    assert not has_news(topic.forum, UserFactory())


def test_marking_a_forum_as_read_covers_what_stands_there_now(reader):
    forum = make_forum()
    old = make_topic(forum)

    reading.mark_forum_read(forum, by=reader)
    reading.mark_forum_read(forum, by=reader)
    new = make_topic(forum)

    assert (is_new(old, reader), is_new(new, reader), has_news(forum, reader)) == (False, True, True)
    assert ForumMark.objects.filter(user=reader).count() == 1


def test_a_mark_never_goes_back(reader):
    topic = make_topic(replies=4)
    stale = marked(topic, reader)
    reading.mark_read(stale, by=reader, upto=2)
    two_windows = marked(topic, reader)
    reading.mark_read(marked(topic, reader), by=reader, upto=5)

    reading.mark_read(two_windows, by=reader, upto=3)

    assert TopicMark.objects.get(topic=topic, user=reader).read_to == 5


def test_reading_again_writes_nothing(client, reader, django_assert_num_queries):
    topic = make_topic()
    client.force_login(reader)
    client.get(topic.get_absolute_url())

    with django_assert_num_queries(0):
        reading.mark_read(marked_topic := Topic(pk=topic.pk, posts_count=1), by=AnonymousUser(), upto=1)
    marked_topic.read_to = 1
    with django_assert_num_queries(0):
        reading.mark_read(marked_topic, by=reader, upto=1)


def test_a_visitor_leaves_no_mark(client, db):
    topic = make_topic(make_forum(audience="world"))
    marks = TopicMark.objects.count()

    client.get(topic.get_absolute_url())

    assert TopicMark.objects.count() == marks
    assert "sessionid" not in client.cookies


def test_following_before_reading_does_not_count_as_read(client, reader):
    topic = make_topic()
    client.force_login(reader)

    client.post(f"{topic.get_absolute_url()}follow/", {"watch": "follow"})

    assert is_new(topic, reader)


@pytest.mark.parametrize(
    ("read_to", "place"),
    [(0, ""), (5, "#new"), (19, "#new"), (20, "?page=2#new"), (44, "?page=3#new"), (45, "?page=3#latest")],
)
def test_a_reader_goes_on_where_they_stopped(reader, read_to, place):
    topic = make_topic()
    Topic.objects.update(posts_count=45)
    TopicMark.objects.create(topic=topic, user=reader, read_to=read_to)

    assert reading.resume_url(marked(topic, reader)) == topic.get_absolute_url() + place


def test_the_page_says_where_the_new_ones_start(client, reader):
    topic = make_topic(replies=2)
    client.force_login(reader)
    first = client.get(topic.get_absolute_url()).content.decode()
    posting.reply(topic, by=UserFactory(), body="The new one")

    second = client.get(topic.get_absolute_url()).content.decode()
    third = client.get(topic.get_absolute_url()).content.decode()

    assert "New since you were here" not in first
    assert second.count("New since you were here") == 1
    assert second.index('id="new"') < second.index("The new one")
    assert second.index('id="new"') > second.index("Reply number 2")
    assert "New since you were here" not in third


def test_colleagues_are_those_who_wrote_most(reader):
    topic = make_topic(replies=9)
    posting.reply(topic, by=reader, body="One")
    posting.reply(topic, by=topic.poster, body="Two")
    posting.reply(topic, by=reader, body="Three")

    people, count = reading.colleagues_in(topic)

    assert people[:2] == [topic.poster, reader]
    assert (len(people), count) == (reading.FACES, 11)


def test_waiting_for_a_reply(reader):
    waiting = make_topic(subject="Anybody?")
    make_topic(replies=1)
    make_topic(by=reader)
    locked = make_topic()
    Topic.objects.filter(pk=locked.pk).update(status=Topic.TOPIC_LOCKED)
    make_topic(make_forum(audience="practitioners"))
    reader.licence_checked_on = None

    assert reading.waiting_for_reply(reader) == [waiting]
    assert reading.waiting_for_reply(reader, besides=waiting) == []


def test_positions_are_kept_by_the_database(db):
    from django.db import IntegrityError, connection

    topic = make_topic(replies=1)
    Post.objects.filter(topic=topic).update(position=1)

    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
