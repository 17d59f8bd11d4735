"""What is kept about one person, as one file of theirs."""

import json

import pytest

from community.discussions import answering, drafts, following, forums, places, polls, posting, saved
from community.groups import membership
from community.members import blocks
from community.notices import preferences
from community.safety import reports
from community.safety.models import Note
from core import own_data
from core.models import Subject
from events import rsvp
from factories.attachments import put
from factories.discussions import make_forum, make_topic
from factories.events import EventFactory
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory, as_moderator

URL = "/account/data/"


@pytest.fixture
def person(db):
    return UserFactory(display_name="Ida Owner", practitioner=True)


def data_of(person) -> dict:
    return json.loads("".join(own_data.document(person)))


def test_the_file_is_for_the_person_alone_and_stays_on_no_way(client, person):
    assert client.get(URL).status_code == 302
    client.force_login(person)

    response = client.get(URL)

    found = json.loads(response.getvalue())
    assert found["account"][0]["email"] == person.email
    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert response["Cache-Control"] == "private, no-store"
    assert f'href="{URL}"' in client.get("/account/").text
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize("standing", ["applicant", "lapsed"])
def test_whoever_is_no_member_has_it_too(client, standing, db):
    person = UserFactory(**{standing: True})
    client.force_login(person)

    assert json.loads(client.get(URL).getvalue())["account"][0]["email"] == person.email


def test_all_that_somebody_wrote_chose_and_answered_is_there(person):
    forum, tag = make_forum("Fees"), Subject.objects.create(name="Trauma", slug="trauma")
    topic = posting.start_topic(
        forum, by=person, subject="Own thread", body="Own words", tags=[tag], poll=polls.NewPoll("Which?", ("A", "B"))
    )
    answer = posting.reply(topic, by=UserFactory(display_name="Otto Other"), body="Their words")
    polls.vote(topic.poll, topic.poll.options.get(text="B").pk, by=person)
    answering.react(answer, "with", by=person)
    answering.react(topic.first_post, "with", by=answer.poster)
    saved.save(answer, by=person)
    following.watch_forum(forum, "follow", by=person)
    following.watch_tag(tag, "mute", by=person)
    drafts.save(places.in_topic(topic), by=person, body="Half a sentence", based_on="")
    put(places.in_topic(topic), person, name="notes.pdf")
    reports.report("post", answer.pk, by=person, reason="rules", words="Please look")
    blocks.block(answer.poster, by=person)
    preferences.choose(by=person, of_kinds={"reply": "weekly"}, of_places={forum.pk: "never"})
    meeting = EventFactory(title="Evening").occurrences.get()
    rsvp.rsvp(meeting, by=person)

    found = data_of(person)

    (post,) = found["posts"]
    assert (post["text"], post["thread"], post["forum"]) == ("Own words", "Own thread", "Fees")
    assert [(row["question"], row["answer"]) for row in found["votes"]] == [("Which?", "B")]
    assert [(row["address"], row["reaction"]) for row in found["reactions"]] == [(answer.get_absolute_url(), "with")]
    assert [row["address"] for row in found["saved_posts"]] == [answer.get_absolute_url()]
    assert [row["text"] for row in found["drafts"]] == ["Half a sentence"]
    assert [row["name"] for row in found["files"]] == ["notes.pdf"]
    assert [(row["reason"], row["words"]) for row in found["reports"]] == [("rules", "Please look")]
    assert [row["name"] for row in found["blocks"]] == ["Otto Other"]
    assert {(row["kind"], row["place"], row["frequency"]) for row in found["mail_preferences"]} == {
        ("reply", "", "weekly"),
        ("", "Fees", "never"),
    }
    assert {row["choice"] for row in found["followed_and_muted"]} == {"follow", "mute"}
    assert [(row["event"], row["state"]) for row in found["rsvps"]] == [("Evening", "going")]
    assert "Their words" not in json.dumps(found)


def test_what_moderators_note_is_in_no_file(person):
    moderator = as_moderator(UserFactory())
    Note.objects.create(kind="user", target_id=person.pk, by=moderator, words="Lindisquay")

    assert "Lindisquay" not in json.dumps(data_of(person))


def test_who_reported_and_decided_is_in_no_file_of_the_author(person):
    topic = make_topic(by=person)
    reporter = UserFactory(display_name="Rae Reporter")
    moderator = as_moderator(UserFactory(display_name="Mo Moderator"))
    report = reports.report("post", topic.first_post_id, by=reporter, reason="rules", words="Lindisquay")
    reports.close(report, by=moderator, outcome="hidden", reason="Off the topic")

    text = json.dumps(data_of(person))

    assert "Off the topic" in text
    assert not {word for word in ("Rae", "Mo Moderator", "Lindisquay", reporter.email) if word in text}


def test_who_left_a_group_takes_nothing_of_it_along(person):
    group = GroupFactory(consultation=True, name="Umberwick circle", listed=False)
    leader = MembershipFactory(group=group, facilitator=True).user
    put_in(group, person)
    topic = make_topic(forums.forum_for_group(group), by=leader, subject="Marrowthorne")
    posting.reply(topic, by=person, body="> **Leader:** In Lindisquay\n\nAnd I")
    answering.react(topic.first_post, "with", by=person)
    saved.save(topic.first_post, by=person)
    drafts.save(places.in_topic(topic), by=person, body="> Peregrath", based_on="")
    words = ("Marrowthorne", "Lindisquay", "Peregrath", "Umberwick")
    inside = json.dumps(data_of(person))

    membership.leave(group, by=person)

    outside = json.dumps(data_of(person))
    assert [word for word in words if word not in inside] == []
    assert [word for word in words if word in outside] == []


@pytest.mark.parametrize("count", [1, 20])
def test_it_costs_the_same_whatever_somebody_wrote(person, count, django_assert_num_queries, without_limits):
    topic = make_topic()
    for number in range(count):
        post = posting.reply(topic, by=person, body=f"Reply {number}")
        saved.save(post, by=person)
        drafts.save(places.in_topic(make_topic()), by=person, body="Half", based_on="")

    with django_assert_num_queries(QUERIES):
        data_of(person)


QUERIES = 28
