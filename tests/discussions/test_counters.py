"""`manage.py recount` finds every counter that is not what the rows say, and writes it anew."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from community.discussions import answering, counters, polls, posting
from community.discussions.models import Forum, Post, Topic, TopicMark, TopicPollOption
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory

LONG_AGO = timezone.now() - timedelta(days=400)


@pytest.fixture
def topic(db):
    """One that has something of everything that is counted."""
    poll = polls.NewPoll("Which?", ("This", "That"))
    forum = make_forum()
    topic = posting.start_topic(forum, by=UserFactory(), subject="Which?", body="I wonder.", poll=poll)
    posting.reply(topic, by=UserFactory(), body="This.")
    answering.react(topic.first_post, "with", by=UserFactory())
    answering.react(topic.first_post, "helpful", by=UserFactory())
    polls.vote(topic.poll, topic.poll.options.first().pk, by=UserFactory())
    make_topic(forum, replies=2)
    return Topic.objects.get(pk=topic.pk)


BREAKAGES = {
    "forums direct_topics_count": lambda topic: Forum.objects.update(direct_topics_count=7),
    "forums direct_posts_count": lambda topic: Forum.objects.update(direct_posts_count=7),
    "forums last_post_id": lambda topic: Forum.objects.update(last_post=None),
    "forums last_post_on": lambda topic: Forum.objects.update(last_post_on=LONG_AGO),
    "topics posts_count": lambda topic: Topic.objects.filter(pk=topic.pk).update(posts_count=9),
    "topics first_post_id": lambda topic: Topic.objects.filter(pk=topic.pk).update(first_post=topic.last_post),
    "topics last_post_id": lambda topic: Topic.objects.filter(pk=topic.pk).update(last_post=topic.first_post),
    "topics last_post_on": lambda topic: Topic.objects.filter(pk=topic.pk).update(last_post_on=LONG_AGO),
    "posts with_count": lambda topic: Post.objects.filter(pk=topic.first_post_id).update(with_count=5),
    "posts helpful_count": lambda topic: Post.objects.filter(pk=topic.first_post_id).update(helpful_count=0),
    "posts position": lambda topic: Post.objects.filter(pk=topic.last_post_id).update(position=5),
    "marks posts_count": lambda topic: TopicMark.objects.filter(topic=topic, user=topic.poster).update(posts_count=4),
    "marks read_to": lambda topic: TopicMark.objects.filter(topic=topic, user=topic.poster).update(read_to=44),
    "answers of polls votes_count": lambda topic: TopicPollOption.objects.filter(poll__topic=topic).update(
        votes_count=3
    ),
}


def test_what_the_site_writes_is_exact(topic, capsys):
    call_command("recount", check=True)

    assert "Every counter is what its rows say." in capsys.readouterr().out


@pytest.mark.parametrize("what", BREAKAGES)
def test_what_is_wrong_is_found_and_repaired(topic, capsys, what):
    table, column = what.rsplit(" ", 1)
    BREAKAGES[what](topic)

    with pytest.raises(SystemExit) as ended:
        call_command("recount", check=True)
    said = capsys.readouterr().out
    still = {(found.table, found.column) for found in counters.differences()}
    call_command("recount")

    assert ended.value.code == 1
    assert f"{column} is" in said
    assert (table, column) in still
    assert list(counters.differences()) == []


def test_checking_says_no_words_of_anybody(topic, capsys):
    Topic.objects.update(posts_count=9)

    with pytest.raises(SystemExit):
        call_command("recount", check=True)

    assert "Which?" not in capsys.readouterr().out


@pytest.mark.parametrize("number", [1, 20])
def test_looking_costs_the_same_for_one_topic_and_twenty(db, django_assert_num_queries, number):
    for _number in range(number):
        make_topic(replies=1)

    with django_assert_num_queries(14):
        assert list(counters.differences()) == []
