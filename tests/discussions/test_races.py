"""Many at once: processes that fork, on a database of their own. Each race is shown with the lock off first."""

import contextlib
import time

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from community.discussions import counters as counting
from community.discussions import forums, moderation, posting
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from core.audience import is_wider
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator
from racing import at_once

PROCESSES = 8
REPLIES = 10


def counters(forum: Forum) -> tuple:
    forum = Forum.objects.get(pk=forum.pk)
    return forum.direct_topics_count, forum.direct_posts_count, forum.last_post_id, forum.last_post_on


def assert_counters_are_what_the_rows_say(forum: Forum) -> None:
    before = counters(forum)
    with transaction.atomic():
        counting.recount(forum.pk)
    assert counters(forum) == before


@pytest.mark.usefixtures("fresh_database")
def test_without_the_lock_positions_collide():
    """What the lock on the topic is for: reading the count and writing the next one are two steps."""
    topic = make_topic()

    def careless_reply():
        for _reply in range(REPLIES):
            count = Topic.objects.get(pk=topic.pk).posts_count
            time.sleep(0.002)
            Topic.objects.filter(pk=topic.pk).update(posts_count=count + 1)

    at_once(*[careless_reply] * PROCESSES)

    assert Topic.objects.get(pk=topic.pk).posts_count < 1 + PROCESSES * REPLIES


@pytest.mark.usefixtures("fresh_database")
def test_replies_of_many_get_one_position_each_and_every_counter_is_exact():
    topic = make_topic()
    people = [UserFactory() for _person in range(PROCESSES)]

    def replies_of(person_id):
        def work():
            person = User.objects.get(pk=person_id)
            for number in range(REPLIES):
                posting.reply(topic, by=person, body=f"Reply {number}")

        return work

    codes = at_once(*[replies_of(person.pk) for person in people])

    topic.refresh_from_db()
    total = 1 + PROCESSES * REPLIES
    positions = list(Post.objects.filter(topic=topic).order_by("position").values_list("position", flat=True))
    last = Post.objects.get(topic=topic, position=total)
    assert codes == [0] * PROCESSES
    assert positions == list(range(1, total + 1))
    assert (topic.posts_count, topic.last_post, topic.last_post_on) == (total, last, last.created)
    assert counters(topic.forum) == (1, total, last.pk, last.created)
    assert (
        list(TopicMark.objects.filter(user__in=people).values_list("posts_count", flat=True)) == [REPLIES] * PROCESSES
    )
    created = list(Post.objects.filter(topic=topic).order_by("position").values_list("created", flat=True))
    assert created == sorted(created)
    told = ProcrastinateJob.objects.filter(task_name__endswith="tell_of_post")
    assert told.count() == 1 + PROCESSES * REPLIES


@pytest.mark.usefixtures("fresh_database")
def test_replies_in_many_topics_of_a_forum_count_exactly_while_topics_start_and_posts_go():
    forum = make_forum()
    topics = [make_topic(forum) for _topic in range(4)]
    people = [UserFactory() for _person in range(PROCESSES)]

    def work_of(number):
        def work():
            person = User.objects.get(pk=people[number].pk)
            for turn in range(REPLIES):
                post = posting.reply(topics[(number + turn) % 4], by=person, body=f"Reply {turn}")
                if turn % 4 == 1:
                    posting.start_topic(forum, by=person, subject=f"Topic {turn}", body="Words")
                if turn % 4 == 2:
                    moderation.hide_post(post, by=person)

        return work

    codes = at_once(*[work_of(number) for number in range(PROCESSES)])

    assert codes == [0] * PROCESSES
    assert counters(forum)[0] == 4 + PROCESSES * 3
    assert_counters_are_what_the_rows_say(forum)
    for topic in Topic.objects.filter(forum=forum):
        assert topic.posts_count == Post.objects.filter(topic=topic).count()


@pytest.mark.usefixtures("fresh_database")
def test_a_topic_that_is_locked_takes_nothing_afterwards():
    topic = make_topic()
    people = [UserFactory() for _person in range(4)]

    def replies_of(person_id):
        def work():
            person = User.objects.get(pk=person_id)
            for number in range(200):
                try:
                    posting.reply(topic, by=person, body=f"Reply {number}")
                except DiscussionRefused:
                    return
            raise AssertionError("It was never locked for this one.")

        return work

    def lock():
        time.sleep(0.2)
        Topic.objects.filter(pk=topic.pk).update(status=Topic.TOPIC_LOCKED)

    codes = at_once(lock, *[replies_of(person.pk) for person in people])

    topic.refresh_from_db()
    assert codes == [0] * 5
    assert topic.is_locked
    assert topic.posts_count == topic.posts.count()


@pytest.mark.usefixtures("fresh_database")
def test_a_group_gets_one_forum_however_many_need_it_first():
    from factories.groups import GroupFactory

    group = GroupFactory()

    codes = at_once(*[lambda: forums.forum_for_group(group)] * PROCESSES)

    assert codes == [0] * PROCESSES
    assert Forum.objects.filter(group=group).count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_words_for_members_are_never_in_a_forum_for_the_world():
    """Topics start while staff widen the forum: either the first topic is too late, or the widening is."""
    people = [UserFactory() for _person in range(3)]

    for attempt in range(5):
        forum = make_forum(audience="members")

        def widen(forum=forum):
            with contextlib.suppress(DiscussionRefused):
                forums.change_audience(forum, "world")

        def start_as(person_id, forum=forum, attempt=attempt):
            def work():
                with contextlib.suppress(DiscussionRefused):
                    posting.start_topic(
                        forum,
                        by=User.objects.get(pk=person_id),
                        subject=f"Topic {attempt}",
                        body="For members",
                        written_for="members",
                    )

            return work

        codes = at_once(widen, *[start_as(person.pk) for person in people])

        forum.refresh_from_db()
        assert codes == [0] * 4
        assert forum.audience == "members" or not forum.topics.exists()


@pytest.mark.usefixtures("fresh_database")
def test_new_forums_get_a_place_of_their_own_in_the_tree():
    codes = at_once(*[lambda name=name: forums.create_forum(f"Forum {name}") for name in range(PROCESSES)])

    trees = list(Forum.objects.values_list("tree_id", flat=True))
    assert codes == [0] * PROCESSES
    assert len(set(trees)) == PROCESSES


def _moderator() -> User:
    return as_moderator(UserFactory(practitioner=True))


@pytest.mark.usefixtures("fresh_database")
def test_without_the_lock_a_second_move_brings_a_topic_back_out():
    """What the lock on the topic is for: it was looked at where members read it, and moved where fewer do meanwhile."""
    topic, practitioners, beside = make_topic(), make_forum(audience="practitioners"), make_forum()

    def careless_move(place, pause):
        def work():
            old = Topic.objects.select_related("forum").get(pk=topic.pk).forum
            time.sleep(pause)
            if not is_wider(place.audience, than=old.audience):
                Topic.objects.filter(pk=topic.pk).update(forum=place)

        return work

    at_once(careless_move(practitioners, 0.2), careless_move(beside, 0.4))

    assert Topic.objects.get(pk=topic.pk).forum == beside


@pytest.mark.usefixtures("fresh_database")
def test_moves_there_and_back_with_replies_between_count_exactly_and_lose_no_word():
    places = [make_forum() for _place in range(3)]
    topics = [make_topic(places[0]) for _topic in range(3)]
    movers = [_moderator() for _mover in range(4)]
    people = [UserFactory() for _person in range(4)]

    def moves_of(number):
        def work():
            by = User.objects.get(pk=movers[number].pk)
            for turn in range(REPLIES):
                moderation.move(topics[(number + turn) % 3], places[(number + 2 * turn) % 3], by=by)

        return work

    def replies_of(number):
        def work():
            by = User.objects.get(pk=people[number].pk)
            for turn in range(REPLIES):
                posting.reply(topics[(number + turn) % 3], by=by, body=f"Reply {turn} of {number}")

        return work

    codes = at_once(*[work(number) for number in range(4) for work in (moves_of, replies_of)])

    assert codes == [0] * 8
    assert Post.objects.count() == 3 + 4 * REPLIES
    for place in places:
        assert_counters_are_what_the_rows_say(place)
    for topic in Topic.objects.all():
        assert topic.posts_count == topic.posts.count()
        assert not topic.former_places.exclude(forum__in=places).exists()


@pytest.mark.usefixtures("fresh_database")
def test_of_two_moves_at_once_none_lets_more_people_read():
    """One moderator moves it to practitioners, the other to another forum for members: it never comes back out."""
    movers = [_moderator() for _mover in range(2)]
    practitioners, beside = make_forum(audience="practitioners"), make_forum()

    for _attempt in range(5):
        topic = make_topic()

        def to(place, by_id, topic=topic):
            def work():
                with contextlib.suppress(DiscussionRefused):
                    moderation.move(topic, place, by=User.objects.get(pk=by_id))

            return work

        codes = at_once(to(practitioners, movers[0].pk), to(beside, movers[1].pk))

        assert codes == [0, 0]
        assert Topic.objects.get(pk=topic.pk).forum == practitioners


@pytest.mark.usefixtures("fresh_database")
def test_words_for_members_are_not_moved_into_a_forum_that_is_being_opened_to_the_world():
    mover = _moderator()

    for _attempt in range(5):
        topic, place = make_topic(), make_forum()

        def widen(place=place):
            with contextlib.suppress(DiscussionRefused):
                forums.change_audience(place, "world")

        def move(topic=topic, place=place):
            with contextlib.suppress(DiscussionRefused):
                moderation.move(topic, place, by=User.objects.get(pk=mover.pk))

        codes = at_once(widen, move)

        place.refresh_from_db()
        assert codes == [0, 0]
        assert place.audience == "members" or not place.topics.exists()


@pytest.mark.usefixtures("fresh_database")
def test_a_reply_that_waited_for_a_move_arrives_where_the_topic_is_now():
    topic, place, mover, person = make_topic(), make_forum(), _moderator(), UserFactory()

    def slow_move():
        with transaction.atomic():
            moderation.move(topic, place, by=User.objects.get(pk=mover.pk))
            time.sleep(0.6)

    def reply():
        time.sleep(0.3)
        posting.reply(topic, by=User.objects.get(pk=person.pk), body="While it moved.")

    codes = at_once(slow_move, reply)

    assert codes == [0, 0]
    assert counters(place)[:2] == (1, 2)
    assert counters(topic.forum)[:2] == (0, 0)
