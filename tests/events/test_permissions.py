"""Who sees what: a table of readers and audiences, and of readers and addresses."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.urls import reverse
from django.utils import timezone

from events import rsvp
from events.models import Event, Occurrence
from factories.events import EventFactory, RsvpFactory, occurrence
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

READERS = {
    "visitor": AnonymousUser,
    "applicant": lambda: UserFactory(applicant=True),
    "lapsed": lambda: UserFactory(lapsed=True),
    "member": UserFactory,
    "practitioner": lambda: UserFactory(practitioner=True),
    "superuser": lambda: UserFactory(superuser=True),
}


def events_manager():
    """Staff with the one permission, given in the Wagtail admin."""
    person = UserFactory(staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_event"))
    return type(person).objects.get(pk=person.pk)


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("visitor", {"world"}),
        ("applicant", {"world"}),
        ("lapsed", {"world"}),
        ("member", {"world", "members"}),
        ("practitioner", {"world", "members", "practitioners"}),
        ("superuser", {"world", "members", "practitioners"}),
    ],
)
def test_events_are_visible_by_their_audience(db, reader, seen):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(community=True))
    for audience in ("members", "practitioners", "group"):
        EventFactory(group=lead.group, by=lead.user, audience=audience)
    EventFactory(world=True)
    user = READERS[reader]()

    assert set(Event.objects.visible_to(user).values_list("audience", flat=True)) == seen
    assert set(Occurrence.objects.visible_to(user).values_list("event__audience", flat=True)) == seen


def test_what_is_for_a_group_is_for_those_inside_now(db):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True))
    event = EventFactory(group=lead.group, by=lead.user, audience="group")
    inside = MembershipFactory(group=lead.group)
    left = MembershipFactory(group=lead.group, left_at=timezone.now())

    assert list(Event.objects.visible_to(inside.user)) == [event]
    assert not Event.objects.visible_to(left.user).exists()

    inside.user.standing = "lapsed"
    assert not Event.objects.visible_to(inside.user).exists()


def test_who_organises_what(db):
    lead = MembershipFactory(facilitator=True)
    private = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True))
    chapter = EventFactory(group=lead.group, by=lead.user)
    consultation = EventFactory(group=private.group, by=private.user, audience="group")
    association = EventFactory()

    def organised(user):
        return set(Event.objects.organised_by(user))

    assert organised(lead.user) == {chapter}
    assert organised(private.user) == {consultation}
    assert organised(events_manager()) == {chapter, association}
    assert organised(UserFactory(superuser=True)) == {chapter, association}
    assert organised(UserFactory(staff=True)) == set()
    assert organised(MembershipFactory(group=lead.group).user) == set()
    assert organised(AnonymousUser()) == set()


def test_who_leads_a_group_sees_its_event_for_practitioners(db):
    lead = MembershipFactory(facilitator=True)
    event = EventFactory(group=lead.group, by=lead.user, audience="practitioners")

    assert event in Event.objects.visible_to(lead.user)


# Addresses: (name, method) and what each reader gets. 302 leads to the log-in page, or back to the event.

ADDRESSES = {
    "occurrence": ("get", lambda meeting: meeting.get_absolute_url()),
    "event": ("get", lambda meeting: meeting.event.get_absolute_url()),
    "calendar file": ("get", lambda meeting: meeting.get_absolute_url().rstrip("/") + ".ics"),
    "going": ("post", lambda meeting: reverse("events:go", args=[meeting.pk])),
    "not going": ("post", lambda meeting: reverse("events:not-go", args=[meeting.pk])),
    "join": ("get", lambda meeting: reverse("events:join", args=[meeting.pk])),
    "roster": ("get", lambda meeting: reverse("events:roster", args=[meeting.pk])),
    "edit": ("get", lambda meeting: reverse("events:edit", args=[meeting.event_id])),
    "cancel page": ("get", lambda meeting: reverse("events:cancel", args=[meeting.pk])),
    "cancel": ("post", lambda meeting: reverse("events:cancel", args=[meeting.pk])),
}
READING = ["occurrence", "event", "calendar file", "going", "not going", "join"]
ORGANISING = ["roster", "edit", "cancel page", "cancel"]
SEEN = {"occurrence": 200, "event": 302, "calendar file": 200, "going": 302, "not going": 302, "join": 302}
HIDDEN = dict.fromkeys(READING, 404)
ORGANISED = {"roster": 200, "edit": 200, "cancel page": 200, "cancel": 302}
NOT_ORGANISED = dict.fromkeys(ORGANISING, 404)
ASKED_TO_LOG_IN = dict.fromkeys(ORGANISING, 302)
TABLE = [
    ("world", "visitor", SEEN | ASKED_TO_LOG_IN),
    ("world", "applicant", SEEN | NOT_ORGANISED),
    ("world", "member", SEEN | NOT_ORGANISED),
    ("world", "facilitator", SEEN | ORGANISED),
    ("members", "visitor", HIDDEN | ASKED_TO_LOG_IN),
    ("members", "applicant", HIDDEN | NOT_ORGANISED),
    ("members", "lapsed", HIDDEN | NOT_ORGANISED),
    ("members", "member", SEEN | NOT_ORGANISED),
    ("members", "superuser", SEEN | ORGANISED),
    ("practitioners", "member", HIDDEN | NOT_ORGANISED),
    ("practitioners", "practitioner", SEEN | NOT_ORGANISED),
    ("group", "visitor", HIDDEN | ASKED_TO_LOG_IN),
    ("group", "practitioner", HIDDEN | NOT_ORGANISED),
    ("group", "superuser", HIDDEN | NOT_ORGANISED),
    ("group", "inside", SEEN | NOT_ORGANISED),
    ("group", "facilitator", SEEN | ORGANISED),
]


@pytest.mark.parametrize(
    ("audience", "reader", "statuses"), TABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_address_answers_every_reader(db, client, audience, reader, statuses):
    lead = MembershipFactory(facilitator=True, group=GroupFactory())
    meeting = occurrence(
        group=lead.group, by=lead.user, audience=audience, mode="hybrid", online_link="https://meet.example.org/x"
    )
    user = {"inside": lambda: MembershipFactory(group=lead.group).user, "facilitator": lambda: lead.user}.get(
        reader, READERS.get(reader)
    )()
    if user.is_authenticated:
        client.force_login(user)

    found = {}
    for name in statuses:
        method, address = ADDRESSES[name]
        found[name] = getattr(client, method)(address(meeting)).status_code

    assert found == statuses


def test_the_wrong_method_is_refused(db, client):
    meeting = occurrence()
    client.force_login(UserFactory())

    for name in ("go", "not-go"):
        assert client.get(reverse(f"events:{name}", args=[meeting.pk])).status_code == 405
    assert client.post(meeting.get_absolute_url()).status_code == 405


# What is on the page -------------------------------------------------------------------------------------------------

PLACE = {"venue": "Canary Hall", "address": "7 Canary Street", "access_notes": "Canary steps"}
SECRETS = [*PLACE.values(), "https://meet.example.org/canary"]


def page(client, user, meeting) -> str:
    if user.is_authenticated:
        client.force_login(user)
    address = meeting.get_absolute_url()
    return "".join(client.get(url).content.decode() for url in (address, reverse("events:list"), address[:-1] + ".ics"))


@pytest.fixture
def hybrid(db):
    return occurrence(
        world=True, mode="hybrid", online_link="https://meet.example.org/canary", town="Columbus, Ohio", **PLACE
    )


@pytest.mark.parametrize(
    ("reader", "sees"),
    [("visitor", set()), ("applicant", set()), ("lapsed", set()), ("member", set(PLACE.values()))],
)
def test_the_street_is_for_members(hybrid, client, reader, sees):
    text = page(client, READERS[reader](), hybrid)

    assert {secret for secret in SECRETS if secret in text} == sees
    assert "Columbus, Ohio" in text
    assert hybrid.event.title in text


def test_the_link_is_for_those_who_have_a_seat_as_long_as_they_have_it(hybrid, client):
    person, waiting, former = UserFactory(), UserFactory(), UserFactory()
    rsvp.rsvp(hybrid, by=person)
    rsvp.rsvp(hybrid, by=former)
    rsvp.cancel(hybrid, by=former)
    RsvpFactory(occurrence=hybrid, user=waiting, waiting=True)
    link, join = hybrid.event.online_link, reverse("events:join", args=[hybrid.pk])

    for user, has_it in ((person, True), (waiting, False), (former, False)):
        client.force_login(user)
        assert (link in client.get(hybrid.get_absolute_url()).content.decode()) == has_it
        assert (client.get(join).headers["Location"] == link) == has_it


def test_nobody_is_led_on_to_a_cancelled_meeting(hybrid, client):
    person = UserFactory()
    rsvp.rsvp(hybrid, by=person)
    hybrid.cancelled_at = timezone.now()
    hybrid.save()
    client.force_login(person)

    assert client.get(reverse("events:join", args=[hybrid.pk])).status_code == 404
    assert hybrid.event.online_link not in client.get(hybrid.get_absolute_url()).content.decode()


def test_who_goes_is_for_members_and_not_about_those_who_go_quietly(db, client):
    lead = MembershipFactory(facilitator=True)
    meeting = occurrence(group=lead.group, by=lead.user, world=True)
    RsvpFactory(occurrence=meeting, user__display_name="Openly Going")
    RsvpFactory(occurrence=meeting, user__display_name="Quietly Going", quiet=True)
    RsvpFactory(occurrence=meeting, user__display_name="Hidden Going", user__hidden=True)
    RsvpFactory(occurrence=meeting, user__display_name="Waiting Longer", waiting=True)
    names = ["Openly Going", "Quietly Going", "Hidden Going", "Waiting Longer"]

    def seen(user, address):
        client.logout()
        if user:
            client.force_login(user)
        text = client.get(address).content.decode()
        return [name for name in names if name in text]

    address, roster = meeting.get_absolute_url(), reverse("events:roster", args=[meeting.pk])
    assert seen(None, address) == []
    assert seen(UserFactory(applicant=True), address) == []
    assert seen(UserFactory(), address) == ["Openly Going"]
    assert seen(UserFactory(), reverse("events:list")) == ["Openly Going"]
    assert seen(lead.user, address) == ["Openly Going"]
    assert seen(lead.user, roster) == names


def test_visitors_are_not_told_how_full_it_is(db, client):
    meeting = occurrence(world=True, capacity=3)
    RsvpFactory(occurrence=meeting)

    text = client.get(meeting.get_absolute_url()).content.decode() + client.get(reverse("events:list")).content.decode()

    assert "seats left" not in text
    assert "1 going" not in text


def test_hosts_are_named_to_members(db, client):
    meeting = occurrence(world=True, hosts=[UserFactory(display_name="Hosting Person")])

    assert "Hosting Person" not in client.get(meeting.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    assert "Hosting Person" in client.get(meeting.get_absolute_url()).content.decode()
