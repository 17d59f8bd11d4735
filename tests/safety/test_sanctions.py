"""Warn and pause: from the next request on, until the clock or a moderator lifts it, and never inside groups."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.discussions import answering, drafts, forums, moderation, places, polls, posting
from community.discussions.refusals import DiscussionRefused
from community.safety import appeals, sanctions
from community.safety.models import Decision, Sanction
from events import rsvp
from factories import attachments as attached
from factories.discussions import make_forum, make_topic
from factories.events import occurrence
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory


@pytest.fixture
def member(db):
    return UserFactory(display_name="Max Member", practitioner=True)


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def test_a_pause_counts_on_the_next_request_and_ends_by_the_clock(client, member, mo, topic):
    client.force_login(member)
    reply = f"{topic.get_absolute_url()}reply/"
    assert client.get(reply).status_code == 200

    made = sanctions.impose(member, "pause", by=mo, words="Please take a breath.", until=in_days(3))

    assert client.get(reply).status_code in (302, 403, 404)
    assert client.post(reply, {"body": "Words"}).status_code in (302, 403, 404, 409)
    assert topic.posts.count() == 1
    assert client.get(topic.get_absolute_url()).status_code == 200
    with pytest.raises(DiscussionRefused):
        posting.reply(topic, by=member, body="Words")
    Sanction.objects.filter(pk=made.pk).update(
        made_at=timezone.now() - timedelta(days=4), until=timezone.now() - timedelta(seconds=1)
    )
    assert client.get(reply).status_code == 200


@pytest.mark.parametrize(
    ("kind", "until", "writes"), [("warn", None, True), ("pause", 2, False), ("remove", None, False)]
)
def test_what_each_forbids(member, mo, kind, until, writes):
    forum = make_forum()
    sanctions.impose(member, kind, by=mo, words="Why.", until=in_days(until) if until else None)

    assert sanctions.is_kept_out(member) is not writes
    if not writes:
        with pytest.raises(DiscussionRefused):
            posting.start_topic(forum, by=member, subject="S", body="B")


def test_it_does_not_count_inside_groups(member, mo):
    group = GroupFactory(kind="community")
    put_in(group, member)
    sanctions.impose(member, "pause", by=mo, words="Why.", until=in_days(3))

    assert posting.start_topic(forums.forum_for_group(group), by=member, subject="S", body="B").approved


def test_the_member_hears_and_reads_it(client, member, mo, run_jobs):
    sanctions.impose(member, "pause", by=mo, words="Please take a breath.", until=in_days(3))
    run_jobs()
    client.force_login(member)

    page = client.get(reverse("safety:decisions")).content.decode()

    [letter] = mail.outbox
    assert "Please take a breath." in letter.body
    assert mo.display_name not in letter.body
    assert "Please take a breath." in page
    assert "and ends by itself" in page


def test_lifted_by_an_appeal_to_another_moderator(member, mo, other_mo):
    sanctions.impose(member, "pause", by=mo, words="Why.", until=in_days(3))
    asked = appeals.appeal(Decision.objects.get(), by=member, words="It was not me.")

    appeals.close(asked, by=other_mo, outcome="lifted", words="Right.")

    assert sanctions.in_force(member) is None


def test_a_new_one_takes_the_place_of_the_old(member, mo):
    sanctions.impose(member, "remove", by=mo, words="Why.")
    sanctions.impose(member, "pause", by=mo, words="Less.", until=in_days(1))

    assert Sanction.objects.filter(person=member).in_force().get().kind == "pause"


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 302), ("member", 404), ("staff", 404), ("themselves", 404), ("moderator", 302)]
)
def test_who_may(client, member, mo, who, status):
    person = {"member": UserFactory(), "staff": UserFactory(staff=True), "themselves": member, "moderator": mo}.get(who)
    if person:
        client.force_login(person)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()

    sent = client.post(
        reverse("safety:person", args=[member.pk]), {"kind": "pause", "until": until, "words": "Take a breath."}
    )

    assert sent.status_code == status
    assert Sanction.objects.exists() == (who == "moderator")


def test_a_moderator_does_not_judge_themselves(client, mo):
    client.force_login(mo)

    assert client.get(reverse("safety:person", args=[mo.pk])).status_code == 404
    with pytest.raises(sanctions.SanctionRefused):
        sanctions.impose(mo, "warn", by=mo, words="Me.")


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "pause", "until": "", "words": "kept words"},
        {"kind": "pause", "until": "2001-01-01", "words": "kept words"},
        {"kind": "pause", "until": "9999-12-31", "words": "kept words"},
        {"kind": "nonsense", "until": "", "words": "kept words"},
        {"kind": "warn", "until": "x", "words": "kept words"},
    ],
)
def test_what_makes_no_sense_is_said_and_kept(client, member, mo, sent):
    client.force_login(mo)

    page = client.post(reverse("safety:person", args=[member.pk]), sent)

    assert page.status_code == 422
    assert "kept words" in page.content.decode()
    assert not Sanction.objects.exists()


def test_lifting_belongs_to_that_person(client, member, mo):
    made = sanctions.impose(member, "remove", by=mo, words="Why.")
    client.force_login(mo)

    assert client.post(reverse("safety:lift", args=[UserFactory().pk, made.pk])).status_code == 404
    assert client.post(reverse("safety:lift", args=[member.pk, made.pk])).status_code == 302
    assert sanctions.in_force(member) is None


def test_what_happened_in_groups_is_not_on_the_page(client, author, circle, mo):
    group, leader, _other = circle
    inside = posting.start_topic(forums.forum_for_group(group), by=author, subject="Peregrath", body="Lindisquay.")
    moderation.hide(inside.first_post, by=leader, reason="Dunmarrow.")
    client.force_login(mo)

    page = client.get(reverse("safety:person", args=[author.pk])).content.decode()

    for words in ("Peregrath", "Lindisquay", "Dunmarrow", group.name):
        assert words not in page


def test_known_to_the_request_without_another_query(client, member, django_assert_num_queries):
    client.force_login(member)
    request = client.get("/").wsgi_request
    person = get_user(request)

    with django_assert_num_queries(0):
        assert not sanctions.is_kept_out(person)


@pytest.fixture
def paused(member, mo):
    """Puts the member under a pause."""
    return lambda: sanctions.impose(member, "pause", by=mo, words="Why.", until=in_days(3))


def test_whoever_is_paused_reads_on(member, paused):
    topic = make_topic(make_forum())
    paused()

    assert type(topic).objects.visible_to(member).filter(pk=topic.pk).exists()


WRITING = {
    "a topic": lambda own, other, by: posting.start_topic(other.forum, by=by, subject="S", body="B"),
    "a reply": lambda own, other, by: posting.reply(other, by=by, body="B"),
    "an edit": lambda own, other, by: posting.edit_post(own.first_post, by=by, subject="S", body="B", based_on=0),
    "a vote": lambda own, other, by: polls.vote(other.poll, other.poll.options.get(text="Yes").pk, by=by),
    "a reaction": lambda own, other, by: answering.react(other.first_post, "with", by=by),
    "taking it back": lambda own, other, by: answering.take_back(other.first_post, "helpful", by=by),
    "a file": lambda own, other, by: attached.put(places.in_topic(other), by),
}


@pytest.mark.parametrize("what", WRITING)
def test_a_pause_forbids_all_writing(member, paused, what):
    forum = make_forum()
    own = make_topic(forum, by=member)
    other = posting.start_topic(
        forum, by=UserFactory(), subject="Asked", body="B", poll=polls.NewPoll("Agreed?", ("Yes", "No"))
    )
    answering.react(other.first_post, "helpful", by=member)
    paused()

    with pytest.raises(DiscussionRefused):
        WRITING[what](own, other, member)


def test_a_pause_leaves_drafts_and_answers_to_meetings(client, member, mo, topic):
    place = places.in_topic(topic)
    drafts.save(place, by=member, body="Begun before.", based_on="")
    meeting = occurrence()
    rsvp.rsvp(meeting, by=member)
    sanctions.impose(member, "pause", by=mo, words="Why.", until=in_days(3))
    client.force_login(member)

    assert "Begun before." in client.get(reverse("discussions:drafts")).content.decode()
    assert client.post(reverse("discussions:save-draft"), {"place": place.key, "body": "More"}).status_code == 404
    assert client.post(reverse("events:not-go", args=[meeting.pk])).status_code == 302
    assert client.post(reverse("events:go", args=[meeting.pk])).status_code == 302
    assert meeting.rsvps.get(user=member).state == "going"
