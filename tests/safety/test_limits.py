"""How much one person posts in a while, by how well they are known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import posting
from community.discussions.models import Post, Topic
from community.discussions.refusals import DiscussionRefused
from community.notices import outbox
from community.safety import limits, reports
from community.safety.limits import Limit, Trust
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator
from racing import all_at_once


@pytest.fixture
def few(db, monkeypatch):
    """Small numbers, so that a test reaches them."""
    for name, old in limits.LIMITS.items():
        monkeypatch.setitem(limits.LIMITS, name, Limit(old.within, (2, 3, 4, 5), old.sentence))


def write(person, topic, count: int) -> None:
    for number in range(count):
        posting.reply(topic, by=person, body=f"Answer {number} of {person.pk}, {Post.objects.count()}")


@pytest.mark.parametrize("trust", Trust)
def test_each_trust_has_its_number(few, trust):
    person = {
        Trust.NEW: lambda: UserFactory(),
        Trust.VERIFIED: lambda: UserFactory(practitioner=True),
        Trust.FACILITATOR: lambda: UserFactory(),
        Trust.STAFF: lambda: as_moderator(UserFactory()),
    }[trust]()
    if trust == Trust.FACILITATOR:
        put_in(GroupFactory(), person, role="facilitator")
    topic = make_topic(make_forum())

    assert limits.trust_of(person) == trust
    write(person, topic, (2, 3, 4, 5)[trust])
    with pytest.raises(DiscussionRefused, match="You can go on in 60 minutes"):
        write(person, topic, 1)


def test_who_has_been_here_for_a_month_is_known(db):
    assert limits.trust_of(UserFactory(date_joined=timezone.now() - timedelta(days=31))) == Trust.VERIFIED


def test_the_time_left_is_that_of_the_oldest(few):
    person, topic = UserFactory(), make_topic(make_forum())
    write(person, topic, 2)
    first = Post.objects.filter(poster=person).order_by("pk").first()
    Post.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(minutes=40))

    with pytest.raises(DiscussionRefused, match=r"within an hour\. You can go on in 20 minutes"):
        write(person, topic, 1)

    Post.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(minutes=61))
    write(person, topic, 1)


def test_topics_mentions_and_reports_too(few):
    person, forum = UserFactory(), make_forum()
    named = [UserFactory(display_name=f"Quill {name}") for name in ("Amber", "Birch", "Cedar")]
    topic = make_topic(forum, replies=3)
    for number in range(2):
        posting.start_topic(forum, by=person, subject=f"Subject {number}", body="Words")

    with pytest.raises(DiscussionRefused, match=r"conversations within a day\. You can go on in 24 hours"):
        posting.start_topic(forum, by=person, subject="One more", body="Words")
    Post.objects.filter(poster=person).update(created=timezone.now() - timedelta(hours=2))
    with pytest.raises(DiscussionRefused, match="called 2 people"):
        posting.reply(topic, by=person, body=" ".join(f"@{each.display_name}," for each in named))
    posts = list(Post.objects.filter(topic=topic).order_by("position"))
    for post in posts[:2]:
        reports.report("post", post.pk, by=person, reason="rules")
    with pytest.raises(limits.LimitReached, match="reported 2 things"):
        reports.report("post", posts[2].pk, by=person, reason="rules")
    reports.report("post", posts[2].pk, by=person, reason="danger")


def test_what_was_typed_is_kept(client, few):
    person, topic = UserFactory(), make_topic(make_forum())
    write(person, topic, 2)
    client.force_login(person)

    page = client.post(f"{topic.get_absolute_url()}reply/", {"body": "Lindisquay, kept."})

    assert page.status_code in (409, 422)
    assert "Lindisquay, kept." in page.content.decode()
    assert "You can go on in 60 minutes" in page.content.decode()


def test_the_same_words_sent_twice_are_no_third(few):
    person, topic = UserFactory(), make_topic(make_forum())
    write(person, topic, 1)
    last = posting.reply(topic, by=person, body="The last.")

    assert posting.reply(topic, by=person, body="The last.") == last


def test_what_is_brought_along_has_no_limit(few):
    person, topic = UserFactory(), make_topic(make_forum())

    with outbox.quietly():
        write(person, topic, 4)


def test_one_question_while_there_is_room(db, django_assert_num_queries):
    person = UserFactory()

    with django_assert_num_queries(1):
        limits.check("topics", Topic.objects.filter(poster=person), "created", by=person)


def _write_at_once(topic_id: int, person_id: int, number: int) -> str:
    limits.LIMITS["replies"] = Limit(timedelta(hours=1), (2, 2, 2, 2), "%(most)s")
    topic = Topic.objects.get(pk=topic_id)
    posting.reply(topic, by=UserFactory._meta.model.objects.get(pk=person_id), body=f"Answer {number}")
    return "posted"


def test_many_at_once_pass_no_limit(fresh_database):
    person, forum = UserFactory(), make_forum()
    topics = [make_topic(forum) for _each in range(6)]

    jobs = [(_write_at_once, topic.pk, person.pk, number) for number, topic in enumerate(topics)]
    answers = all_at_once(jobs, refusals=(DiscussionRefused,))

    assert answers.count("posted") == 2
    assert Post.objects.filter(poster=person).count() == 2
