"""Many at once: processes that fork, on a database of their own. Each race is shown with the lock off first."""

import contextlib
import os
import time
import traceback

import pytest
from django.db import connections, transaction

from community.discussions import forums, moderation, posting
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from community.notices.models import Mail
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory

PROCESSES = 8
REPLIES = 10


def at_once(*works) -> list[int]:
    """Run each function in a process of its own, all from one moment on; the exit codes: 0, or 1 after an error."""
    connections.close_all()
    start = time.time() + 0.3
    children = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                time.sleep(max(0, start - time.time()))
                work()
                code = 0
            except BaseException:  # noqa: BLE001 - a child must never return into the test run
                traceback.print_exc()
            finally:
                connections.close_all()
                os._exit(code)
        children.append(pid)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]


def counters(forum: Forum) -> tuple:
    forum = Forum.objects.get(pk=forum.pk)
    return forum.direct_topics_count, forum.direct_posts_count, forum.last_post_id, forum.last_post_on


def assert_counters_are_what_the_rows_say(forum: Forum) -> None:
    before = counters(forum)
    with transaction.atomic():
        moderation.recount(forum.pk)
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
    assert Mail.objects.filter(recipient=topic.poster).count() == PROCESSES * REPLIES


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
