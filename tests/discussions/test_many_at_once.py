"""Fifty processes post into twelve topics of one forum while another closes, moves, merges and splits them.

Afterwards every counter is exact, every position is taken once, no word is lost, and what was closed took nothing.
A few rounds in the normal suite; all fifty with RACE_ROUNDS=50.
"""

import contextlib
import os
import time

import pytest
from django.db import transaction
from django.db.models import F, Max, QuerySet

from community.discussions import counters, merging, moderation, posting, reading
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator
from racing import at_once

ROUNDS = int(os.environ.get("RACE_ROUNDS", "2"))
PROCESSES, TOPICS, REPLIES = 50, 12, 4


def _write(number: int, person_id: int, topic_ids: list[int]):
    """Answer in one topic after the other, wherever it stands by then."""

    def work():
        person = User.objects.get(pk=person_id)
        for turn in range(REPLIES):
            topic = Topic(pk=topic_ids[(number + turn) % TOPICS])
            with contextlib.suppress(DiscussionRefused):
                posting.reply(topic, by=person, body=f"Reply {turn} of {number}.")

    return work


def _look_after(moderator_id: int, topic_ids: list[int], place_id: int):
    """Close, reopen, move there and back, hide, split and merge, all the while."""

    def work():
        by = User.objects.get(pk=moderator_id)
        there, home = Forum.objects.get(pk=place_id), Topic.objects.get(pk=topic_ids[0]).forum
        for turn in range(6):
            one, two, three = (
                Topic.objects.filter(pk=topic_ids[(turn * 2 + step) % TOPICS]).first() for step in range(3)
            )
            for do in (
                lambda one=one: moderation.close(one, by=by, reason="Because."),
                lambda two=two: moderation.move(two, there, by=by),
                lambda one=one, three=three: merging.merge(three, one, by=by, reason="Because."),
                lambda two=two: _split_last(two, by),
                lambda two=two: _hide_last(two, by),
                lambda one=one: moderation.reopen(one, by=by),
                lambda two=two: moderation.move(two, home, by=by),
            ):
                if None not in (one, two, three):
                    with contextlib.suppress(DiscussionRefused):
                        do()

    return work


def _split_last(topic: Topic, by: User) -> None:
    last = topic.posts.filter(position__gt=1).order_by("-position").values_list("pk", flat=True)[:2]
    merging.split(topic, list(last), by=by, subject="Apart", reason="Because.")


def _hide_last(topic: Topic, by: User) -> None:
    last = topic.posts.filter(position__gt=1).order_by("-position").first()
    if last is not None:
        moderation.hide(last, by=by, reason="Because.")


def _all_at_once() -> list[int]:
    """Fifty who write and one who looks after the place; how each ended."""
    forum, place = make_forum(), make_forum()
    topics = [make_topic(forum).pk for _topic in range(TOPICS)]
    people = [UserFactory().pk for _person in range(PROCESSES)]
    moderator = as_moderator(UserFactory(practitioner=True))
    writers = [_write(number, person, topics) for number, person in enumerate(people)]
    return at_once(_look_after(moderator.pk, topics, place.pk), *writers)


@pytest.mark.usefixtures("fresh_database")
def test_without_the_locks_the_same_work_goes_wrong(monkeypatch):
    """The negative control: the very same functions, with every row lock off."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *args, **options: rows._chain())

    codes = _all_at_once()

    assert set(codes) != {0} or list(counters.differences())


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("turn", range(ROUNDS))
def test_fifty_write_while_one_looks_after_the_place(turn):
    codes = _all_at_once()

    assert codes == [0] * (PROCESSES + 1)
    assert list(counters.differences()) == []
    for topic in Topic.objects.annotate(last=Max("posts__position")):
        assert topic.posts_count == topic.last
        created = list(topic.posts.order_by("position").values_list("created", flat=True))
        assert created == sorted(created)
    assert not TopicMark.objects.filter(read_to__gt=F("topic__posts_count")).exists()
    assert Post.objects.values("poster", "content").distinct().count() == Post.objects.count()


@pytest.mark.usefixtures("fresh_database")
def test_what_is_closed_takes_nothing_afterwards():
    topic, moderator = make_topic(), as_moderator(UserFactory(practitioner=True))
    people = [UserFactory().pk for _person in range(8)]

    def close():
        time.sleep(0.2)
        moderation.close(Topic(pk=topic.pk), by=User.objects.get(pk=moderator.pk), reason="Because.")
        seen = Topic.objects.get(pk=topic.pk).posts_count
        time.sleep(0.5)
        assert Topic.objects.get(pk=topic.pk).posts_count == seen

    def write(person_id):
        def work():
            person = User.objects.get(pk=person_id)
            for number in range(500):
                try:
                    posting.reply(Topic(pk=topic.pk), by=person, body=f"{number}")
                except DiscussionRefused:
                    return
            raise AssertionError("It was never closed for this one.")

        return work

    assert at_once(close, *[write(person) for person in people]) == [0] * 9
    assert list(counters.differences()) == []


@pytest.mark.usefixtures("fresh_database")
def test_a_reply_that_waited_for_a_merge_arrives_where_the_conversation_is_now():
    forum = make_forum()
    gone, stays = make_topic(forum), make_topic(forum)
    moderator, person = as_moderator(UserFactory(practitioner=True)), UserFactory()

    def slow_merge():
        with transaction.atomic():
            merging.merge(gone, stays, by=User.objects.get(pk=moderator.pk), reason="The same.")
            time.sleep(0.6)

    def reply():
        time.sleep(0.3)
        posting.reply(gone, by=User.objects.get(pk=person.pk), body="While it was merged.")

    assert at_once(slow_merge, reply) == [0, 0]
    assert Post.objects.get(content="While it was merged.").topic_id == stays.pk
    assert list(counters.differences()) == []


@pytest.mark.usefixtures("fresh_database")
def test_two_who_merge_crosswise_end_with_one_conversation():
    forum = make_forum()
    moderators = [as_moderator(UserFactory(practitioner=True)).pk for _moderator in range(2)]

    for _turn in range(5):
        one, two = make_topic(forum, replies=2), make_topic(forum, replies=2)

        def merge(gone, stays, by_id):
            def work():
                with contextlib.suppress(DiscussionRefused):
                    merging.merge(gone, stays, by=User.objects.get(pk=by_id), reason="The same.")

            return work

        codes = at_once(merge(one, two, moderators[0]), merge(two, one, moderators[1]))

        assert codes == [0, 0]
        assert Topic.objects.filter(pk__in=[one.pk, two.pk]).get().posts_count == 6
        assert list(counters.differences()) == []


@pytest.mark.usefixtures("fresh_database")
def test_who_reads_a_topic_that_is_being_merged_leaves_no_mark_and_no_error():
    forum, reader = make_forum(), UserFactory()
    gone, stays = make_topic(forum), make_topic(forum)
    moderator = as_moderator(UserFactory(practitioner=True))
    seen = Topic.objects.with_marks_of(reader).get(pk=gone.pk)

    merging.merge(gone, stays, by=moderator, reason="The same.")
    reading.mark_read(seen, by=reader, upto=1)

    assert not TopicMark.objects.filter(user=reader).exists()
