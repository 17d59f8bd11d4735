"""Setting up and changing events, on the site and in the Wagtail admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import recurring, rsvp
from events.models import Event
from factories.events import THURSDAY, EventFactory, RsvpFactory, occurrence, typed_event, typed_event_again
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

NEW = "/events/new/"


def test_a_series_is_set_up_in_one_form(lead, client):
    response = client.post(
        NEW, typed_event(lead, repeats="monthly", repeats_count="6", hosts=[lead.user.pk], ce_hours="1.5")
    )

    event = Event.objects.get()
    assert response.headers["Location"] == event.get_absolute_url()
    assert event.repeats_words == "The second Thursday of each month, 6 times"
    assert event.occurrences.count() == 6
    assert (event.created_by, list(event.hosts.all()), event.ce_words) == (lead.user, [lead.user], "1.5 CE hours")


def test_the_form_begins_with_what_is_known(lead, client):
    form = client.get(f"{NEW}?group={lead.group.slug}").context["form"]

    assert form.initial["group"] == lead.group.pk
    assert form.initial["time_zone"] == lead.group.time_zone
    assert form.initial["hosts"] == [lead.user.pk]


def test_a_consultation_groups_form_begins_with_the_group_alone(db, client):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True))
    client.force_login(lead.user)

    form = client.get(f"{NEW}?group={lead.group.slug}").context["form"]

    assert form.initial["audience"] == "group"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "required"),
        ({"title": "x" * 121}, "title", "at most 120"),
        ({"title": "a\x00b"}, "title", "Null characters"),
        ({"starts_on": "10 of December"}, "starts_on", "valid date"),
        ({"starts_on": "2020-01-01"}, "starts_on", "has passed"),
        ({"starts_on": "9999-12-31"}, "starts_on", "between 2000 and 2100"),
        ({"starts_on": "0001-01-01", "time_zone": "Asia/Tokyo"}, "starts_on", "between 2000 and 2100"),
        ({"starts_on": "9999-12-31", "starts_time": "23:59", "repeats": "monthly_last"}, "starts_on", "between 2000"),
        ({"starts_time": "25:00"}, "starts_time", "valid time"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "valid choice"),
        ({"minutes": "-5"}, "minutes", "greater than or equal"),
        ({"minutes": "9" * 30}, "minutes", "less than or equal"),
        ({"capacity": "0"}, "capacity", "greater than or equal"),
        ({"capacity": "many"}, "capacity", "whole number"),
        ({"town": ""}, "town", "which town"),
        ({"kind": "case_consultation"}, "audience", "for practitioners"),
        ({"kind": "party"}, "kind", "valid choice"),
        ({"online_link": "javascript:alert(1)"}, "online_link", "valid URL"),
        ({"ce_hours": "NaN"}, "ce_hours", "Enter a number"),
        ({"ce_hours": "61"}, "ce_hours", "less than or equal"),
        ({"group": "999999"}, "group", "valid choice"),
        ({"hosts": ["999999"]}, "hosts", "valid choice"),
        ({"hosts": ["x"]}, "hosts", "not a valid value"),
        ({"hosts": ["x\x00"]}, "hosts", "Null characters"),
        ({"repeats": "as_is"}, "repeats", "valid choice"),
        ({"repeats": "monthly_last"}, "repeats", "is not the last Thursday"),
        ({"repeats": "weekly", "repeats_until": "2020-01-01"}, "repeats_until", "before the first date"),
        ({"repeats": "weekly", "repeats_count": "0"}, "repeats_count", "greater than or equal"),
        ({"repeats": "weekly", "repeats_count": "5000"}, "repeats_count", "less than or equal"),
        (
            {"repeats": "weekly", "repeats_count": "3", "repeats_until": "2099-01-01"},
            "repeats_count",
            "not both",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(lead, client, changes, field, sentence):
    response = client.post(NEW, typed_event(lead, description="What I had typed.", **changes))

    assert response.status_code == 200
    assert sentence in " ".join(response.context["form"].errors[field])
    assert "What I had typed." in response.content.decode()
    assert not Event.objects.exists()


def test_without_javascript_a_button_shows_the_dates(lead, client):
    response = client.post(NEW, typed_event(lead, repeats="weekly", preview="1"))

    assert "Every Thursday" in response.content.decode()
    assert not Event.objects.exists()


def test_the_dates_are_shown_before_the_place_is_known(lead, client):
    response = client.post(NEW, typed_event(lead, repeats="weekly", town="", preview="1"))

    assert "Every Thursday" in response.content.decode()


def test_the_dates_are_shown_while_one_writes(lead, client):
    address = reverse("events:dates")
    query = {"starts_on": str(THURSDAY), "starts_time": "18:00", "repeats": "monthly"}

    good = client.get(address, query).content.decode()
    wrong = client.get(address, query | {"repeats": "monthly_last"}).content.decode()

    assert "The second Thursday of each month" in good
    assert good.count("<li>") == 6
    assert "is not the last Thursday" in wrong
    for odd in (
        {},
        {"starts_on": "x", "repeats": "\x00"},
        query | {"starts_on": "0001-01-01"},
        query | {"repeats": "x"},
    ):
        assert client.get(address, odd).status_code == 200


def test_who_organises_nothing_has_no_form(db, client):
    client.force_login(UserFactory())

    assert client.get(NEW).status_code == 404


@pytest.mark.parametrize("slug", ["no-such-group", "%00", "a" * 200, "../admin"])
def test_a_group_that_one_does_not_lead_is_not_found(lead, client, slug):
    other = GroupFactory()

    assert client.get(f"{NEW}?group={slug}").status_code == 404
    assert client.get(f"{NEW}?group={other.slug}").status_code == 404


def test_hosts_of_what_is_for_a_group_are_in_it(db, client):
    group = GroupFactory(community=True)
    lead = MembershipFactory(facilitator=True, group=group)
    elsewhere = MembershipFactory(group=MembershipFactory(facilitator=True, user=lead.user).group).user
    client.force_login(lead.user)

    response = client.post(NEW, typed_event(lead, audience="group", hosts=[elsewhere.pk]))

    assert str(elsewhere) in response.context["form"].errors["hosts"][0]


# Changing ------------------------------------------------------------------------------------------------------------


def test_saving_an_event_as_it_is_changes_nothing(lead, client):
    event = EventFactory(
        group=lead.group, by=lead.user, repeats="monthly", starts_on=THURSDAY, count=5, hosts=[lead.user]
    )
    before = list(event.occurrences.order_by("pk").values())

    response = client.post(reverse("events:edit", args=[event.pk]), typed_event_again(event), follow=True)

    assert "Saved." in response.content.decode()
    assert list(event.occurrences.order_by("pk").values()) == before
    again = Event.objects.get(pk=event.pk)
    assert (again.recurrence, list(again.hosts.all())) == (event.recurrence, [lead.user])


def test_a_rule_that_the_form_cannot_say_is_kept(lead, client):
    rule = recurring.parse("RRULE:FREQ=MONTHLY;BYDAY=2TH,4TH;COUNT=6")
    event = EventFactory(group=lead.group, by=lead.user, starts_on=THURSDAY, recurrence=rule)
    address = reverse("events:edit", args=[event.pk])

    page = client.get(address).content.decode()
    client.post(address, typed_event_again(event, repeats_until="", repeats_count="", title="Renamed"))

    again = Event.objects.get(pk=event.pk)
    assert "The second Thursday and fourth Thursday of each month" in page
    assert (again.title, again.occurrences.count(), str(again.recurrence)) == ("Renamed", 6, str(rule))


def test_changing_the_rhythm_says_what_became_of_the_dates(lead, client):
    event = EventFactory(group=lead.group, by=lead.user, repeats="weekly", starts_on=THURSDAY, count=6)
    RsvpFactory(occurrence=event.occurrences.order_by("starts_at")[1])

    response = client.post(
        reverse("events:edit", args=[event.pk]),
        typed_event_again(event, repeats="fortnightly", repeats_count="4"),
        follow=True,
    )

    assert "Saved. 3 dates stay, 3 are cancelled, 1 is new." in response.content.decode()


def test_nothing_becomes_more_public_in_the_form(lead, client):
    event = EventFactory(group=lead.group, by=lead.user, audience="practitioners")

    response = client.post(reverse("events:edit", args=[event.pk]), typed_event_again(event, audience="world"))

    assert "is not shown to more" in response.content.decode()
    assert Event.objects.get(pk=event.pk).audience == "practitioners"


def test_a_refusal_at_saving_is_said_in_the_form(lead, client):
    event = EventFactory(group=lead.group, by=lead.user, starts_on=timezone.now().date() - timedelta(days=7))

    response = client.post(
        reverse("events:edit", args=[event.pk]),
        typed_event_again(event, starts_on=str(THURSDAY), title="Typed anew"),
    )

    assert "its date and time stay" in response.content.decode()
    assert "Typed anew" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/events/999999999999999999999/edit/", "/events/0/edit/", "/events/dates/0/roster/"]
)
def test_what_is_not_there_is_not_found(lead, client, address):
    assert client.get(address).status_code == 404


# Cancelling and the roster -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "left"), [("one", 3), ("all", 0), ("\x00", 3)])
def test_cancelling_asks_and_then_cancels(lead, client, scope, left):
    event = EventFactory(group=lead.group, by=lead.user, repeats="weekly", count=4)
    meeting = event.occurrences.order_by("starts_at").first()
    address = reverse("events:cancel", args=[meeting.pk])

    asked = client.get(address)
    response = client.post(address, {"scope": scope}, follow=True)

    assert "This can't be undone" in asked.content.decode()
    assert event.occurrences.filter(cancelled_at=None).count() == left
    assert "This meeting will not take place." in response.content.decode()


def test_the_roster_is_in_order_and_escaped(lead, client):
    meeting = occurrence(group=lead.group, by=lead.user, capacity=2)
    for name in ("Zoe", "<b>Ann</b>"):
        rsvp.rsvp(meeting, by=UserFactory(display_name=name))
    rsvp.rsvp(meeting, by=UserFactory(display_name="Waiting One"))

    text = client.get(reverse("events:roster", args=[meeting.pk])).content.decode()

    assert text.index("&lt;b&gt;Ann") < text.index("Zoe") < text.index("On the waitlist") < text.index("Waiting One")


@pytest.mark.parametrize("people", [1, 20])
def test_what_a_roster_costs(lead, client, django_assert_num_queries, people):
    meeting = occurrence(group=lead.group, by=lead.user)
    for _ in range(people):
        RsvpFactory(occurrence=meeting)
    address = reverse("events:roster", args=[meeting.pk])
    client.get(address)

    with django_assert_num_queries(5):
        client.get(address)
