"""What ends somebody's access ends it on their very next request, in every channel; each is first shown to be open."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from secret import KINDS, Secret, kinds_in, told

from community.discussions import following, forums, moderation, posting, telling
from community.discussions.models import Post, Topic
from community.groups import agreements, archiving, membership
from community.groups.models import Agreement, Group
from community.groups.refusals import GroupRefused
from community.members import standing
from community.members.models import User
from community.notices.models import Mail
from community.safety import sanctions
from core import audit
from core.audience import Audience
from core.models import AuditEntry
from events import rsvp, scheduling
from events.models import Occurrence, Rsvp
from factories.discussions import make_forum, make_topic
from factories.events import EventFactory
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator


def _leave(secret: Secret) -> None:
    membership.leave(secret.group, by=secret.insider)


def _remove(secret: Secret) -> None:
    membership.remove(secret.group.memberships.get(user=secret.insider), by=secret.leader, reason="We part.")


def _publish(secret: Secret) -> None:
    draft = Agreement.objects.create(kind=secret.group.kind, body="A new wording.")
    agreements.publish(draft, by=UserFactory(superuser=True), counsel_confirmed=True)


def _add(secret: Secret) -> None:
    agreements.write_addition(secret.group, by=secret.leader, body="And no phones.")


def _lapse(secret: Secret) -> None:
    standing.lapse(secret.insider, by=UserFactory(superuser=True))


def _shut_out(secret: Secret) -> None:
    sanctions.impose(secret.insider, "remove", by=as_moderator(UserFactory()), words="Why.")


def _close(secret: Secret) -> None:
    standing.close(secret.insider, by=UserFactory(superuser=True))


EVENTS = {
    "leaving": _leave,
    "removal": _remove,
    "a new agreement": _publish,
    "a new addition": _add,
    "a lapsed standing": _lapse,
    "a closed account": _close,
    "a removal by moderators": _shut_out,
}


@dataclass(frozen=True)
class Channel:
    """One way on which somebody inside finds a canary. One that is the group's own is gone with the access, and not
    only empty of it."""

    address: str
    canary: str
    is_own: bool = True

    def of(self, secret: Secret) -> str:
        """The address with the ids of the secret."""
        day = secret.meeting.original_date
        ids = {
            "group": f"/groups/{secret.group.slug}/",
            "forum": f"/discussions/{secret.topic.forum.slug}/",
            "topic": secret.topic.get_absolute_url(),
            "post": secret.answer.pk,
            "stored": reverse("core:file", args=[secret.file.file.name]),
            "file": secret.file.pk,
            "clip": reverse("discussions:attachment", args=[secret.clip.pk]),
            "meeting": secret.meeting.get_absolute_url(),
            "calendar": reverse("events:calendar-file", args=[secret.meeting.event_id, secret.meeting.event.slug, day]),
            "join": reverse("events:join", args=[secret.meeting.pk]),
            "month": reverse("events:month", args=[f"{secret.meeting.local_date:%Y-%m}"]),
        }
        return self.address.format(**ids)


CHANNELS = {
    "the group's home": Channel("{group}", "subject", is_own=False),
    "the list of groups": Channel("/groups/", "name", is_own=False),
    "its roster": Channel("{group}people/", "roster"),
    "its files": Channel("{group}files/", "file"),
    "a file": Channel("{group}files/{file}/", "bytes"),
    "a stored file": Channel("{stored}", "bytes"),
    "the way to its forum": Channel("/discussions/group/hollowgate/", "slug"),
    "the list of forums": Channel("/discussions/", "name", is_own=False),
    "its forum": Channel("{forum}", "subject"),
    "a topic": Channel("{topic}", "answer"),
    "its poll": Channel("{topic}", "question"),
    "a post's file": Channel("{clip}", "clip's bytes"),
    "the box to reply": Channel("{topic}reply/", "subject"),
    "a quoted post": Channel("{topic}reply/?quote={post}", "answer"),
    "a post's address": Channel("/discussions/post/{post}/", "subject"),
    "the form to report": Channel("/report/post/{post}/", "subject"),
    "search in posts": Channel("/search/?q=umberwick&kind=discussions", "subject", is_own=False),
    "search in discussions": Channel("/discussions/search/?q=umberwick", "subject", is_own=False),
    "the most relevant of it": Channel("/discussions/search/?q=umberw*&order=relevance", "subject", is_own=False),
    "all by one author": Channel("/discussions/search/?since=2000-01-01", "subject", is_own=False),
    "the filter by forum": Channel("/discussions/search/", "name", is_own=False),
    "search in events": Channel("/search/?q=marrowthorne", "summary", is_own=False),
    "a meeting": Channel("{meeting}", "venue"),
    "a meeting's calendar file": Channel("{calendar}", "address"),
    "the way into the online meeting": Channel("{join}", "link"),
    "the agenda": Channel("/events/", "title", is_own=False),
    "a month": Channel("{month}", "title", is_own=False),
    "Today: meetings": Channel("/today/", "title", is_own=False),
    "Today: threads": Channel("/today/", "subject", is_own=False),
}
# On the doorstep of their group stands who has not signed a new wording: it is named in the list of groups.
STILL_NAMED = {("a new agreement", "the list of groups"), ("a new addition", "the list of groups")}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("event", EVENTS)
def test_what_was_open_is_shut_on_the_next_request(client, secret, event, channel):
    following.follow(secret.topic, by=secret.insider)
    client.force_login(secret.insider)
    way = CHANNELS[channel]
    address = way.of(secret)
    assert way.canary in told(client.get(address)), "those inside find it"

    EVENTS[event](secret)

    response = client.get(address)
    assert (way.canary in told(response, address)) == ((event, channel) in STILL_NAMED)
    if way.is_own:
        is_asked_to_log_in = response.status_code == 302 and response["Location"].startswith("/accounts/login/")
        assert response.status_code == 404 or is_asked_to_log_in


@pytest.mark.parametrize("event", EVENTS)
def test_nobody_acts_whose_access_ended(client, secret, event):
    client.force_login(secret.insider)
    group, topic, meeting = secret.group, secret.topic.get_absolute_url(), secret.meeting.pk
    EVENTS[event](secret)
    before = _state(secret)

    forms = {
        f"{topic}reply/": {"body": "Once more."},
        f"{topic}follow/": {"watch": "follow"},
        f"/discussions/{secret.topic.forum.slug}/watch/": {"watch": "follow"},
        f"/discussions/post/{secret.answer.pk}/react/": {"with": "yes"},
        f"/discussions/post/{secret.answer.pk}/save/": {"saved": "yes"},
        f"/discussions/{secret.topic.forum.slug}/new/": {"subject": "Once more", "body": "Once more."},
        f"/discussions/{secret.topic.forum.slug}/read/": {},
        f"/report/post/{secret.answer.pk}/": {"reason": "harm"},
        reverse("events:go", args=[meeting]): {"quiet": "1"},
        f"/groups/{group.slug}/files/": {"file": ""},
    }
    for address, form in forms.items():
        assert client.post(address, form).status_code in (302, 403, 404), address

    assert _state(secret) == before


def _state(secret: Secret) -> list:
    mine = Rsvp.objects.filter(user=secret.insider).values_list("occurrence", "state", "quiet")
    marks = secret.topic.marks.filter(user=secret.insider).values_list("read_to", "following")
    return [Post.objects.count(), Topic.objects.count(), list(mine), list(marks)]


@pytest.mark.parametrize("event", ["nothing", *EVENTS])
def test_letters_are_withheld_that_were_queued_before(secret, run_jobs, event):
    run_jobs()
    following.follow(secret.topic, by=secret.insider)
    telling.tell_of_post(posting.reply(secret.topic, by=secret.leader, body="Once more.").pk)
    changed = secret.meeting.event
    changed.venue = "Another house"
    scheduling.change_event(changed, by=secret.leader)
    if event != "nothing":
        EVENTS[event](secret)

    run_jobs()

    kept = Mail.objects.filter(recipient=secret.insider, kind__in=["reply", "event_changed"]).order_by("kind")
    wanted = Mail.State.SENT if event == "nothing" else Mail.State.WITHHELD
    assert [(letter.kind, letter.state) for letter in kept] == [("event_changed", wanted), ("reply", wanted)]


@pytest.mark.parametrize("event", ["leaving", "removal", "a lapsed standing", "a closed account"])
def test_the_audit_trail_names_the_group_no_longer(secret, event):
    entries = AuditEntry.objects.filter(target_kind="groups.group", target_id=secret.group.pk)
    assert "name" in kinds_in(" ".join(line.thing for line in audit.lines(secret.insider, entries)))

    EVENTS[event](secret)

    viewer = User.objects.get(pk=secret.insider.pk)
    assert kinds_in(" ".join(line.thing for line in audit.lines(viewer, entries))) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_signing_the_new_wording_opens_it_again(client, secret, channel):
    following.follow(secret.topic, by=secret.insider)
    client.force_login(secret.insider)
    _publish(secret)
    way = CHANNELS[channel]

    edition = agreements.text_for(Group.objects.get(pk=secret.group.pk)).edition
    agreements.sign(secret.group, by=secret.insider, edition=edition)

    assert way.canary in told(client.get(way.of(secret)))


# Seats --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ["leaving", "removal"])
def test_the_seat_of_whoever_goes_is_the_next_ones(secret, run_jobs, event):
    waits = UserFactory(practitioner=True)
    put_in(secret.group, waits)
    rsvp.set_capacity(secret.meeting, 1)
    Rsvp.objects.filter(occurrence=secret.meeting).exclude(user=secret.insider).delete()
    assert rsvp.rsvp(secret.meeting, by=waits).state == "waiting"

    EVENTS[event](secret)
    run_jobs()

    seats = dict(Rsvp.objects.filter(occurrence=secret.meeting).values_list("user", "state"))
    assert seats == {secret.insider.pk: "cancelled", waits.pk: "going"}
    assert Mail.objects.filter(kind="rsvp_promoted", recipient=waits, state="sent").exists()


def test_a_host_who_goes_is_no_host_of_what_is_for_the_group(secret):
    event = secret.meeting.event
    event.hosts.set([secret.insider, secret.leader])

    _leave(secret)

    assert list(event.hosts.all()) == [secret.leader]


def test_seats_elsewhere_and_in_the_past_stay(secret):
    person = secret.insider
    elsewhere = EventFactory().occurrences.get()
    rsvp.rsvp(elsewhere, by=person)
    Occurrence.objects.filter(pk=secret.meeting.pk).update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )

    _leave(secret)

    assert set(Rsvp.objects.filter(user=person).values_list("state", flat=True)) == {"going"}


def test_a_seat_waits_for_those_who_have_to_sign(client, secret):
    """Theirs it stays; and until they sign they see no meeting."""
    _publish(secret)
    client.force_login(secret.insider)

    assert client.get(secret.meeting.get_absolute_url()).status_code == 404
    assert Rsvp.objects.get(occurrence=secret.meeting, user=secret.insider).state == "going"


# Archiving ----------------------------------------------------------------------------------------------------------

NOT_IN_AN_ARCHIVE = {
    "the box to reply",
    "a quoted post",
    "the way into the online meeting",
    "the agenda",
    "a month",
    "Today: meetings",
    "the list of groups",
}


@pytest.mark.parametrize("channel", sorted(CHANNELS.keys() - NOT_IN_AN_ARCHIVE))
def test_those_inside_read_on_in_an_archived_group(client, secret, channel):
    following.follow(secret.topic, by=secret.insider)
    client.force_login(secret.insider)
    archiving.archive(secret.group, by=secret.leader)

    assert CHANNELS[channel].canary in told(client.get(CHANNELS[channel].of(secret)))


def test_nobody_acts_in_an_archived_group(client, secret):
    archiving.archive(secret.group, by=secret.leader)
    before = _state(secret)
    client.force_login(secret.leader)
    topic = secret.topic.get_absolute_url()

    for address, form in {
        f"{topic}reply/": {"body": "Once more."},
        f"/discussions/{secret.topic.forum.slug}/new/": {"subject": "Once more", "body": "Once more."},
        reverse("events:go", args=[secret.meeting.pk]): {},
    }.items():
        client.post(address, form)
    with pytest.raises(rsvp.RsvpRefused, match="archived"):
        rsvp.rsvp(secret.meeting, by=secret.leader)
    with pytest.raises(scheduling.SchedulingRefused, match="archived"):
        EventFactory(by=secret.leader, group=Group.objects.get(pk=secret.group.pk), audience="group")
    with pytest.raises(scheduling.SchedulingRefused, match="archived"):
        scheduling.change_event(secret.meeting.event, by=secret.leader)
    with pytest.raises(GroupRefused):
        membership.add(secret.group, UserFactory(), by=secret.leader)

    assert _state(secret) == before
    assert not Rsvp.objects.filter(user=secret.leader).exists()


def test_outsiders_know_of_a_group_until_it_is_archived(client, db):
    leader = UserFactory(practitioner=True)
    group = GroupFactory(consultation=True, name="Brackenmoor circle")
    put_in(group, leader, role="facilitator")
    client.force_login(UserFactory())
    assert all("name" in told(client.get(address)) for address in ("/groups/", group.get_absolute_url()))

    archiving.archive(group, by=leader)

    assert "name" not in told(client.get("/groups/"))
    assert client.get(group.get_absolute_url()).status_code == 404


def test_what_was_to_come_is_called_off_with_a_letter(secret, run_jobs):
    series = EventFactory(by=secret.leader, group=secret.group, audience="group", repeats="weekly")
    begun = EventFactory(by=secret.leader, group=secret.group, audience="group")
    Occurrence.objects.filter(event=begun).update(
        starts_at=timezone.now() - timedelta(minutes=5), ends_at=timezone.now() + timedelta(hours=1)
    )
    run_jobs()

    archiving.archive(secret.group, by=secret.leader)
    run_jobs()

    assert not series.occurrences.filter(cancelled_at=None).exists()
    assert not begun.occurrences.exclude(cancelled_at=None).exists()
    told_of = Mail.objects.filter(kind="event_cancelled", state="sent").values_list("recipient", flat=True)
    assert list(told_of) == [secret.insider.pk]


def test_the_dates_of_an_archived_group_are_not_written_ahead(secret):
    series = EventFactory(by=secret.leader, group=secret.group, audience="group", repeats="weekly")
    Group.objects.filter(pk=secret.group.pk).update(archived_at=timezone.now())  # before there was anything to call off
    type(series).objects.filter(pk=series.pk).update(planned_until=timezone.now().date())

    assert scheduling.extend_occurrences() == 0


# A moved topic ------------------------------------------------------------------------------------------------------

OF_A_TOPIC = ["{old}", "{new}", "{forum}", "/discussions/post/{post}/", "/search/?q=umberwick", "/report/post/{post}/"]


@pytest.mark.parametrize("channel", [*OF_A_TOPIC, "/today/"])
def test_a_moved_topic_is_gone_for_those_it_is_not_for_any_more(client, db, channel):
    narrow = make_forum("Practice", audience=Audience.PRACTITIONERS)
    asker, reader = UserFactory(practitioner=True), UserFactory()
    topic = make_topic(make_forum("Everybody"), by=asker, subject="Peregrath again", body="In Lindisquay, Umberwick.")
    moderator = UserFactory(superuser=True, practitioner=True)
    old, forum = topic.get_absolute_url(), topic.forum.get_absolute_url()
    new = old.replace(topic.forum.slug, narrow.slug)
    address = channel.format(old=old, new=new, forum=forum, post=topic.first_post_id)
    client.force_login(reader)
    assert "subject" in told(client.get(address, follow=True)) or channel == "{new}"

    moderation.move(topic, forums.Forum.objects.get(pk=narrow.pk), by=moderator)

    response = client.get(address, follow=True)
    assert "subject" not in told(response, address)
    assert response.status_code == (200 if channel in ("{forum}", "/search/?q=umberwick", "/today/") else 404)
    client.force_login(asker)
    assert "subject" in told(client.get(new))


def test_a_letter_about_a_moved_topic_is_withheld(db, run_jobs):
    narrow = make_forum("Practice", audience=Audience.PRACTITIONERS)
    topic, reader = make_topic(make_forum("Everybody")), UserFactory()
    following.follow(topic, by=reader)
    telling.tell_of_post(posting.reply(topic, by=UserFactory(practitioner=True), body="An answer.").pk)

    moderation.move(topic, narrow, by=UserFactory(superuser=True, practitioner=True))
    run_jobs()

    assert Mail.objects.get(kind="reply", recipient=reader).state == Mail.State.WITHHELD


def test_every_canary_has_a_channel_here_or_is_of_the_doorstep():
    """What stands in no channel of those inside: what only a facilitator, a writer or somebody on the doorstep is
    shown, and what stands beside another one on the page of the topic."""
    found = {channel.canary for channel in CHANNELS.values()}
    beside = {"post", "option", "clip", "alt"}

    assert set(KINDS.values()) - found - beside == {"purpose", "agenda", "addition", "asked", "word", "draft", "town"}
