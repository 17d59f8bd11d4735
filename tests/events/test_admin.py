"""Events in the Wagtail admin."""

from datetime import time, timedelta

from django.contrib.auth.models import Group as Role
from django.utils import timezone
from wagtail.models import ModelLogEntry

from events import rsvp
from events.models import Event, Rsvp
from factories.events import (
    THURSDAY,
    EventFactory,
    typed_event,
    typed_event_again,
)
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

ADMIN = "/admin/meetings/"


def test_organisers_list_what_they_organise_alone(organiser, client):
    EventFactory(title="Ours", group=organiser.group, by=organiser.user)
    EventFactory(title="Of the association")

    text = client.get(ADMIN).content.decode()

    assert "Ours" in text
    assert "Of the association" not in text


def test_staff_list_all_but_what_is_for_one_group(db, client):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True))
    private = EventFactory(title="Canary circle", group=lead.group, by=lead.user, audience="group")
    EventFactory(title="Of the association")
    client.force_login(UserFactory(superuser=True))

    text = client.get(ADMIN).content.decode() + client.get(f"{ADMIN}?q=Canary").content.decode()

    assert "Of the association" in text
    assert "Canary circle" not in text
    for view in ("edit", "history", "usage"):
        assert client.get(f"{ADMIN}{view}/{private.pk}/").status_code == 404


def test_search_in_the_admin_finds_by_title_and_town(organiser, client):
    EventFactory(title="Supper", town="Columbus, Ohio", group=organiser.group, by=organiser.user)
    EventFactory(title="Breakfast", town="Dayton, Ohio", group=organiser.group, by=organiser.user)

    text = client.get(f"{ADMIN}?q=dayton").content.decode()

    assert "Breakfast" in text
    assert "Supper" not in text


def test_an_event_is_set_up_and_changed_in_the_admin(organiser, client):
    client.post(f"{ADMIN}new/", typed_event(organiser, repeats="weekly", repeats_count="5"))
    event = Event.objects.get()

    client.post(f"{ADMIN}edit/{event.pk}/", typed_event_again(event, starts_time="19:30"))

    assert {each.local_time for each in event.occurrences.all()} == {time(19, 30)}
    assert event.occurrences.count() == 5
    assert event.created_by == organiser.user


def test_the_admin_says_what_is_wrong_beside_the_field(organiser, client):
    response = client.post(f"{ADMIN}new/", typed_event(organiser, repeats="monthly_last"))

    assert response.status_code == 200
    assert "is not the last Thursday" in response.content.decode()


def test_what_is_refused_at_saving_is_said_in_the_admin(organiser, client):
    over = timezone.now().date() - timedelta(days=7)
    event = EventFactory(group=organiser.group, by=organiser.user, starts_on=over)

    response = client.post(f"{ADMIN}edit/{event.pk}/", typed_event_again(event, starts_on=str(THURSDAY)))

    assert response.status_code == 200
    assert "its date and time stay" in response.content.decode()


def test_nobody_deletes_an_event_in_the_admin(organiser, client):
    event = EventFactory(group=organiser.group, by=organiser.user)

    client.post(f"{ADMIN}delete/{event.pk}/")

    assert Event.objects.filter(pk=event.pk).exists()


def test_the_log_of_the_site_does_not_name_what_is_for_one_group(db, client):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True))
    lead.user.groups.add(Role.objects.get(name="Organisers"))
    client.force_login(lead.user)

    client.post(f"{ADMIN}new/", typed_event(lead, title="Canary", audience="group"))

    assert Event.objects.filter(title="Canary").exists()
    assert not ModelLogEntry.objects.filter(label="Canary").exists()


def test_members_have_no_events_in_the_admin(db, client):
    person = UserFactory()
    person.groups.add(Role.objects.get(name="Organisers"))
    client.force_login(person)

    assert client.get(ADMIN).status_code in (302, 403)


def test_the_packages_own_widget_is_nowhere(organiser, client):
    text = client.get(f"{ADMIN}new/").content.decode()

    assert "recurrence-widget" not in text
    assert "js/repeats.js" in text


def test_rsvps_survive_all_of_it(organiser, client):
    event = EventFactory(
        group=organiser.group,
        by=organiser.user,
        starts_on=THURSDAY,
    )
    rsvp.rsvp(event.occurrences.get(), by=UserFactory())

    client.post(f"{ADMIN}edit/{event.pk}/", typed_event_again(event, title="Renamed", capacity="5"))

    assert Rsvp.objects.get().occurrence.event.title == "Renamed"
    assert Rsvp.objects.get().occurrence.capacity == 5
