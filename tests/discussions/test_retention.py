"""Conversations go whole once their forum's time is over, with everything that hangs on them."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from community.discussions import (
    answering,
    archive,
    attachments,
    counters,
    forums,
    moderation,
    places,
    posting,
    retention,
)
from community.discussions.forum_forms import ForumForm
from community.discussions.models import Attachment, Draft, Forum, Post, SavedPost, Topic
from community.discussions.refusals import DiscussionRefused
from community.discussions.tasks import delete_due_conversations
from community.groups.models import Group
from community.safety import appeals, reports
from community.safety.models import Decision
from core.models import AuditEntry
from core.uploads import clean_upload
from factories.discussions import make_forum, make_topic
from factories.files import sent
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator


def aged(topic: Topic, days: float) -> Topic:
    for post in topic.posts.order_by("position"):
        archive.backdate(post, timezone.now() - timedelta(days=days))
    return topic


@pytest.fixture
def forum(db):
    forum = make_forum()
    Forum.objects.filter(pk=forum.pk).update(retention_days=30)
    forum.refresh_from_db()
    return forum


def test_what_is_older_goes_and_the_rest_stays(forum):
    old, young, elsewhere = aged(make_topic(forum, replies=2), 31), aged(make_topic(forum), 29), aged(make_topic(), 900)

    count = retention.delete_due()

    assert count == 1
    assert set(Topic.objects.values_list("pk", flat=True)) == {young.pk, elsewhere.pk}
    assert not Post.objects.filter(topic=old.pk).exists()
    assert list(counters.differences()) == []
    row = AuditEntry.objects.get(action="discussions.topic.expired")
    assert (row.actor_id, row.target_id, row.person_id) == (None, old.pk, None)


def test_a_conversation_that_somebody_went_on_with_stays(forum):
    topic = aged(make_topic(forum), 90)
    posting.reply(topic, by=UserFactory(), body="Still here.")

    assert retention.delete_due() == 0


def test_pinned_closed_and_hidden_ones_go_too(forum):
    pinned, closed, hidden = (aged(make_topic(forum), 40) for _topic in range(3))
    Topic.objects.filter(pk=pinned.pk).update(type=Topic.TOPIC_ANNOUNCE)
    Topic.objects.filter(pk=closed.pk).update(status=Topic.TOPIC_LOCKED)
    moderation.hide_post(hidden.first_post, by=UserFactory())

    assert retention.delete_due() == 3
    assert list(counters.differences()) == []


def test_everything_that_hangs_on_it_goes_with_it(forum, django_capture_on_commit_callbacks):
    writer, reader = UserFactory(), UserFactory()
    topic = make_topic(forum, by=writer)
    place = places.in_topic(topic)
    attachments.attach(place, by=writer, upload=clean_upload(sent()), name="notes.pdf")
    post = posting.reply(topic, by=writer, body="With a file.")
    answering.react(post, "with", by=reader)
    SavedPost.objects.create(user=reader, post=post)
    Draft.objects.create(user=reader, topic=topic, body="Half")
    quoting = make_topic(make_forum())
    other = posting.reply(quoting, by=reader, body="Elsewhere.")
    Post.objects.filter(pk=other.pk).update(quoted=post)
    stored = Attachment.objects.get(post=post).file.name
    aged(topic, 60)

    with django_capture_on_commit_callbacks(execute=True):
        retention.delete_due()

    assert not default_storage.exists(stored)
    assert not Draft.objects.filter(user=reader).exists()
    assert Post.objects.get(pk=other.pk).quoted is None
    assert list(counters.differences()) == []


def test_an_open_report_and_a_waiting_post_keep_it(forum):
    reported, waiting = aged(make_topic(forum), 40), aged(make_topic(forum), 40)
    reports.report("post", reported.first_post_id, by=UserFactory(), reason="rules")
    Post.objects.create(
        topic=waiting, poster=UserFactory(), position=None, content="x", content_html="x", renderer=1, approved=False,
        held_at=timezone.now(),
    )  # fmt: skip

    assert retention.delete_due() == 0


def test_an_open_appeal_keeps_it(forum):
    topic, mo, other = aged(make_topic(forum, replies=1), 40), *(as_moderator(UserFactory()) for _person in range(2))
    reply = topic.posts.get(position=2)
    moderation.hide(reply, by=mo, reason="Why.")
    asked = appeals.appeal(Decision.objects.get(), by=reply.poster, words="Please look.")

    assert retention.delete_due() == 0
    appeals.close(asked, by=other, outcome="upheld", words="It stays.")
    assert retention.delete_due() == 1


def test_the_number_that_leaders_read_tells_of_no_report(led):
    forum, leader = led
    topics = [aged(make_topic(forum, by=leader), 40) for _topic in range(2)]
    before = retention.state(forum, 30, by=leader)
    member = UserFactory(practitioner=True)
    put_in(forum.group, member)

    reports.report("post", topics[0].first_post_id, by=member, reason="harm")

    assert (before, retention.state(forum, 30, by=leader)) == (2, 2)
    assert retention.delete_due() == 1


def test_it_goes_in_batches(forum, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "POSTS_AT_ONCE", 2)
    for _topic in range(5):
        aged(make_topic(forum, replies=2), 40)

    assert retention.delete_due() == 5
    assert Forum.objects.get(pk=forum.pk).direct_posts_count == 0


def test_the_nightly_job_does_it(forum):
    aged(make_topic(forum), 40)

    delete_due_conversations(timestamp=0)

    assert not Topic.objects.exists()


def test_the_forum_says_how_long_it_keeps_them(client, forum):
    client.force_login(UserFactory())

    said = client.get(forum.get_absolute_url()).content.decode()
    other = client.get(make_forum().get_absolute_url()).content.decode()

    assert "30 days after the last post" in said
    assert "after the last post" not in other


@pytest.mark.parametrize(("days", "kept"), [("30", 30), ("", None)])
def test_staff_say_it_in_the_admin(db, days, kept):
    forum = make_forum()
    form = ForumForm(
        {"name": forum.name, "description": "", "category": "", "audience": "members", "retention_days": days},
        instance=forum,
    )

    assert form.is_valid(), form.errors
    form.save()

    assert Forum.objects.get(pk=forum.pk).retention_days == kept


@pytest.mark.parametrize("days", ["0", "-1", "x", "9" * 30])
def test_a_time_that_is_none_is_answered_beside_the_field(db, days):
    form = ForumForm({"name": "A", "description": "", "category": "", "audience": "members", "retention_days": days})

    assert not form.is_valid()
    assert form.errors["retention_days"]


def test_a_group_s_forum_keeps_what_is_said(db):
    assert forums.forum_for_group(GroupFactory()).retention_days is None


@pytest.fixture
def led(db):
    """A group's forum, and who leads the group."""
    group, leader = GroupFactory(), UserFactory(practitioner=True)
    put_in(group, leader, role="facilitator")
    return forums.forum_for_group(group), leader


def test_who_leads_a_group_says_how_long_its_forum_keeps(client, led):
    forum, leader = led
    old = aged(posting.start_topic(forum, by=leader, subject="Old", body="B"), 40)
    client.force_login(leader)
    page = f"/discussions/group/{forum.group.slug}/keeping/"
    link = page in client.get(f"/groups/{forum.group.slug}/edit/").content.decode()

    sent = client.post(page, {"days": "30"}, follow=True)

    assert link
    assert "1 conversation is older." in sent.content.decode()
    assert "deleted 30 days after the last post" in sent.content.decode()
    assert AuditEntry.objects.get(action="discussions.forum.retention").actor_id == leader.pk
    assert retention.delete_due() == 1
    assert not Topic.objects.filter(pk=old.pk).exists()
    client.post(page, {"days": ""})
    forum.refresh_from_db()
    assert forum.retention_days is None


@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 302), ("stranger", 404), ("member", 404), ("moderator", 404), ("superuser", 404), ("leader", 302)],
)
def test_who_may_say_it(client, led, who, status):
    forum, leader = led
    member = UserFactory(practitioner=True)
    put_in(forum.group, member)
    person = {"stranger": UserFactory(practitioner=True), "member": member, "leader": leader}.get(who)
    person = person or {"moderator": as_moderator(UserFactory()), "superuser": UserFactory(superuser=True)}.get(who)
    if person:
        client.force_login(person)

    sent = client.post(f"/discussions/group/{forum.group.slug}/keeping/", {"days": "9"})

    forum.refresh_from_db()
    assert sent.status_code == status
    assert forum.retention_days == (9 if who == "leader" else None)
    if person and who != "leader":
        with pytest.raises(DiscussionRefused):
            retention.state(forum, 9, by=person)


@pytest.mark.parametrize("days", ["0", "-1", "36501", "x", "1\x00", "99999999999999999999"])
def test_a_time_that_makes_no_sense_is_said_beside_it(client, led, days):
    forum, leader = led
    client.force_login(leader)

    answer = client.post(f"/discussions/group/{forum.group.slug}/keeping/", {"days": days})

    assert answer.status_code == 422
    assert answer.context["form"].errors["days"]
    for wrong in (0, retention.LONGEST + 1):
        with pytest.raises(DiscussionRefused):
            retention.state(forum, wrong, by=leader)


def test_other_forums_and_archived_groups_keep_what_they_said(led):
    forum, leader = led
    Group.objects.filter(pk=forum.group_id).update(archived_at=timezone.now())

    for each in (forum, make_forum(group=forum.group)):
        with pytest.raises(DiscussionRefused):
            retention.state(each, 9, by=leader)
