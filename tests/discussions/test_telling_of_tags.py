"""A tag that a topic is given after it began is told to those who follow the tag."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from community.discussions import following, forums, moderation, posting
from community.discussions.models import Post
from community.groups import membership
from community.members import blocks
from community.notices import bell, digests, preferences
from community.notices.models import Notice
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True, display_name="Otto Author")


@pytest.fixture
def tag(db):
    return Subject.objects.create(name="Supervision", slug="supervision")


@pytest.fixture
def other_tag(db):
    return Subject.objects.create(name="Fees", slug="fees")


@pytest.fixture
def reader(tag):
    """Somebody who follows the tag, and wants letters at once."""
    person = UserFactory(practitioner=True)
    following.watch_tag(tag, "follow", by=person)
    preferences.choose(by=person, of_kinds={"watch": "now"})
    return person


@pytest.fixture
def topic(author):
    return make_topic(by=author, subject="Marrowthorne")


def give(topic, *tags, run_jobs) -> list[str]:
    """Have its author edit the topic so that it carries these tags; the letters that went out."""
    post = Post.objects.get(pk=topic.first_post_id)
    mail.outbox.clear()
    posting.edit_post(post, by=post.poster, body=post.content, tags=tags, based_on=post.updates_count)
    run_jobs()
    return [address for letter in mail.outbox for address in letter.to]


def test_who_follows_a_tag_hears_of_a_topic_that_is_given_it_later(topic, tag, reader, run_jobs):
    run_jobs()

    assert give(topic, tag, run_jobs=run_jobs) == [reader.email]
    assert [notice.kind for notice in Notice.objects.filter(user=reader)] == ["watch"]
    assert bell.page(reader).notices[0].line.title == "Marrowthorne"


def test_nobody_hears_twice_of_a_topic(topic, tag, other_tag, reader, run_jobs):
    following.watch_tag(other_tag, "follow", by=reader)
    run_jobs()

    sent = [give(topic, *tags, run_jobs=run_jobs) for tags in ([tag], [], [tag], [tag, other_tag], [other_tag])]

    assert sent == [[reader.email], [], [], [], []]
    assert Notice.objects.filter(user=reader).count() == 1


def test_who_follows_the_forum_too_heard_of_it_when_it_began(author, tag, reader, run_jobs):
    forum = make_forum()
    following.watch_forum(forum, "follow", by=reader)
    topic = make_topic(forum, by=author)
    run_jobs()

    assert give(topic, tag, run_jobs=run_jobs) == []


def test_who_follows_the_forum_alone_hears_nothing_of_a_tag(topic, tag, run_jobs):
    run_jobs()
    following.watch_forum(topic.forum, "follow", by=UserFactory())

    assert give(topic, tag, run_jobs=run_jobs) == []


def test_who_has_been_in_the_topic_knows_it(topic, tag, reader, run_jobs):
    run_jobs()
    topic.marks.create(user=reader, read_to=1)

    assert give(topic, tag, run_jobs=run_jobs) == []


def test_the_author_hears_nothing_of_their_own(topic, tag, author, run_jobs):
    run_jobs()
    following.watch_tag(tag, "follow", by=author)

    assert give(topic, tag, run_jobs=run_jobs) == []


def test_a_topic_from_before_the_days_that_notices_are_kept_is_news_to_nobody(topic, tag, reader, run_jobs):
    run_jobs()
    Post.objects.filter(pk=topic.first_post_id).update(created=timezone.now() - bell.KEPT_FOR - timedelta(hours=1))

    assert give(topic, tag, run_jobs=run_jobs) == []
    assert not Notice.objects.exists()


def _loses_standing(topic, tag, reader):
    type(reader).objects.filter(pk=reader.pk).update(standing="lapsed")


def _follows_no_more(topic, tag, reader):
    following.watch_tag(tag, "", by=reader)


def _mutes_the_topic(topic, tag, reader):
    following.mute(topic, by=reader)


def _blocks_the_author(topic, tag, reader):
    blocks.block(topic.poster, by=reader)


def _wants_none(topic, tag, reader):
    preferences.choose(by=reader, of_kinds={"watch": "never"})


def _is_hidden(topic, tag, reader):
    moderation.hide_post(Post.objects.get(pk=topic.first_post_id), by=UserFactory())


HAPPENS = [_loses_standing, _follows_no_more, _mutes_the_topic, _blocks_the_author, _wants_none, _is_hidden]


@pytest.mark.parametrize("happens", HAPPENS)
def test_whether_it_is_told_is_decided_at_sending(topic, tag, reader, happens, run_jobs):
    run_jobs()
    post = Post.objects.get(pk=topic.first_post_id)
    mail.outbox.clear()
    posting.edit_post(post, by=post.poster, body=post.content, tags=[tag], based_on=0)

    happens(topic, tag, reader)
    run_jobs()

    assert mail.outbox == []


@pytest.mark.parametrize("happens", [_follows_no_more, _mutes_the_topic, _wants_none, _is_hidden])
def test_a_digest_tells_of_it_only_as_long_as_it_is_so(topic, tag, reader, happens, run_jobs):
    preferences.choose(by=reader, of_kinds={"watch": "daily"})
    run_jobs()
    assert give(topic, tag, run_jobs=run_jobs) == []

    happens(topic, tag, reader)
    digests.send_due(now=(timezone.now() + timedelta(days=1)).replace(hour=16))
    run_jobs()

    assert mail.outbox == []


def test_a_digest_tells_of_it(topic, tag, reader, run_jobs):
    preferences.choose(by=reader, of_kinds={"watch": "daily"})
    run_jobs()
    assert give(topic, tag, run_jobs=run_jobs) == []

    digests.send_due(now=(timezone.now() + timedelta(days=1)).replace(hour=16))
    run_jobs()

    assert [letter.to for letter in mail.outbox] == [[reader.email]]
    assert "Otto Author started a thread" in mail.outbox[0].body


def test_of_a_groups_topic_only_those_inside_hear_and_no_word_of_it(tag, reader, run_jobs):
    group = GroupFactory(consultation=True)
    leader = MembershipFactory(group=group, facilitator=True).user
    inside = UserFactory()
    put_in(group, inside)
    following.watch_tag(tag, "follow", by=inside)
    preferences.choose(by=inside, of_kinds={"watch": "now"})
    topic = make_topic(forums.forum_for_group(group), by=leader, subject="Marrowthorne")
    run_jobs()

    assert give(topic, tag, run_jobs=run_jobs) == [inside.email]
    assert "Marrowthorne" not in mail.outbox[0].subject + mail.outbox[0].body
    assert bell.page(reader).notices == []


def test_who_leaves_the_group_before_the_letter_goes_gets_none(tag, run_jobs):
    group = GroupFactory(consultation=True)
    leader = MembershipFactory(group=group, facilitator=True).user
    inside = UserFactory()
    put_in(group, inside)
    following.watch_tag(tag, "follow", by=inside)
    preferences.choose(by=inside, of_kinds={"watch": "now"})
    topic = make_topic(forums.forum_for_group(group), by=leader)
    run_jobs()
    mail.outbox.clear()
    posting.edit_post(topic.first_post, by=leader, body="How?", tags=[tag], based_on=0)

    membership.leave(group, by=inside)
    run_jobs()

    assert mail.outbox == []


def test_a_topic_that_begins_with_its_tags_is_told_by_one_job(author, tag, reader, run_jobs):
    run_jobs()
    mail.outbox.clear()

    posting.start_topic(make_forum(), by=author, subject="Fees", body="How?", tags=[tag])

    assert run_jobs() == 2  # the telling, and the letter
    assert [letter.to for letter in mail.outbox] == [[reader.email]]
