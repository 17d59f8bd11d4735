"""Votes of many at once, on a database of their own: first what happens without the lock and without the constraint."""

import contextlib
import time

import pytest
from django.db import connection
from django.db.models import F

from community.discussions import counters, polls, posting
from community.discussions.models import Topic, TopicPoll, TopicPollOption, TopicPollVote
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from factories.discussions import make_forum
from factories.members import UserFactory
from racing import all_at_once

PEOPLE, TRIES = 10, 20  # 200 second votes


def with_poll() -> TopicPoll:
    poll = polls.NewPoll("Which?", ("One", "Two", "Three"))
    topic = posting.start_topic(make_forum(), by=UserFactory(), subject="Which?", body="Say.", poll=poll)
    return TopicPoll.objects.get(topic=topic)


def careless_vote(poll_id: int, person_id: int) -> None:
    """Looks for an earlier vote, and writes one where there is none: two steps."""
    for option in TopicPollOption.objects.filter(poll=poll_id)[:TRIES]:
        if not TopicPollVote.objects.filter(poll=poll_id, voter=person_id).exists():
            time.sleep(0.05)
            TopicPollVote.objects.create(poll_id=poll_id, poll_option=option, voter_id=person_id)
            TopicPollOption.objects.filter(pk=option.pk).update(votes_count=F("votes_count") + 1)


def votes(poll_id: int, person_id: int) -> None:
    """The same person in one of many windows, changing their mind."""
    person = User.objects.get(pk=person_id)
    poll = TopicPoll.objects.get(pk=poll_id)
    options = list(poll.options.values_list("pk", flat=True))
    for number in range(TRIES):
        with contextlib.suppress(DiscussionRefused):
            polls.vote(poll, options[(number + person_id) % 3], by=person)


def close_soon(poll_id: int, author_id: int) -> None:
    time.sleep(0.3)
    polls.close(TopicPoll.objects.get(pk=poll_id), by=User.objects.get(pk=author_id))


@pytest.mark.usefixtures("fresh_database")
def test_without_lock_and_constraint_one_person_has_many_votes():
    poll, person = with_poll(), UserFactory()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE forum_polls_topicpollvote DROP CONSTRAINT one_vote_a_poll_and_person")

    all_at_once([(careless_vote, poll.pk, person.pk)] * 8, refusals=())

    assert TopicPollVote.objects.filter(voter=person).count() > 1


@pytest.mark.usefixtures("fresh_database")
def test_of_two_hundred_double_votes_none_counts_and_the_counts_are_exact():
    poll, person = with_poll(), UserFactory()

    all_at_once([(votes, poll.pk, person.pk)] * PEOPLE, refusals=())

    assert TopicPollVote.objects.filter(voter=person).count() == 1
    assert sum(poll.options.values_list("votes_count", flat=True)) == 1
    assert not list(counters.differences())


@pytest.mark.usefixtures("fresh_database")
def test_votes_of_many_who_change_their_mind_are_counted_exactly():
    poll, people = with_poll(), [UserFactory() for _person in range(PEOPLE)]

    all_at_once([(votes, poll.pk, person.pk) for person in people], refusals=())

    assert TopicPollVote.objects.count() == PEOPLE
    assert sum(poll.options.values_list("votes_count", flat=True)) == PEOPLE
    assert not list(counters.differences())


@pytest.mark.usefixtures("fresh_database")
def test_no_vote_arrives_after_a_poll_was_closed():
    poll, people = with_poll(), [UserFactory() for _person in range(6)]
    author = Topic.objects.get(poll=poll).poster

    all_at_once([(votes, poll.pk, person.pk) for person in people] + [(close_soon, poll.pk, author.pk)], refusals=())

    closed_at = TopicPoll.objects.get(pk=poll.pk).closed_at
    assert closed_at is not None
    assert not TopicPollVote.objects.filter(timestamp__gt=closed_at).exists()
    assert not list(counters.differences())
