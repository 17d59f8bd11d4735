from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import rsvp, scheduling
from events.models import Occurrence, Rsvp
from events.months import Month
from factories.events import EventFactory, RsvpFactory, occurrence, organising_staff, past
from factories.groups import MembershipFactory
from factories.members import UserFactory

LIST = "/events/"


def titles(response) -> list[str]:
    return [entry.event.title for entry in response.context["page"].entries]


# The list ------------------------------------------------------------------------------------------------------------


def test_the_list_is_what_is_coming_soonest_first(member, client):
    in_days = timezone.now().date() + timedelta(days=1)
    for days, title in ((9, "Later"), (2, "Sooner"), (5, "Between")):
        EventFactory(title=title, starts_on=in_days + timedelta(days=days))
    past(occurrence(title="Over"))
    called_off = occurrence(title="Called off")
    scheduling.cancel_occurrence(called_off, by=organising_staff())

    assert titles(client.get(LIST)) == ["Sooner", "Between", "Later"]


def test_a_meeting_that_has_begun_is_still_listed(member, client):
    meeting = occurrence()
    meeting.starts_at, meeting.ends_at = timezone.now() - timedelta(minutes=5), timezone.now() + timedelta(minutes=50)
    meeting.save()

    assert titles(client.get(LIST)) == [meeting.event.title]


def test_the_list_goes_on_without_a_gap_or_a_double(member, client):
    for _ in range(3):
        EventFactory(repeats="weekly", count=15)

    response, seen = client.get(LIST), []
    while True:
        seen += [entry.occurrence.pk for entry in response.context["page"].entries]
        if not response.context["following"]:
            break
        response = client.get(LIST + response.context["following"])

    assert len(seen) == 45
    assert seen == list(Occurrence.objects.order_by("starts_at", "pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"ours", "workshop", "online", "hybrid"}),
        ("?mine=1", {"ours"}),
        ("?going=1", {"online"}),
        ("?kind=workshop", {"workshop"}),
        ("?mode=online", {"online", "hybrid"}),
        ("?mode=in_person", {"ours", "workshop", "hybrid"}),
        ("?ce=1", {"workshop"}),
        ("?ce=1&mode=online", set()),
    ],
)
def test_filters(member, client, query, found):
    lead = MembershipFactory(facilitator=True)
    MembershipFactory(group=lead.group, user=member)
    EventFactory(title="ours", group=lead.group, by=lead.user)
    EventFactory(title="workshop", kind="workshop", ce_hours=3)
    rsvp.rsvp(occurrence(title="online", online=True), by=member)
    EventFactory(title="hybrid", mode="hybrid")

    assert set(titles(client.get(LIST + query))) == found


@pytest.mark.parametrize("query", ["?mine=1", "?going=1"])
@pytest.mark.parametrize("path", [LIST, "/events/month/", "/events/dates/0/join/"])
def test_a_visitor_has_no_groups_and_no_seats(db, client, path, query):
    EventFactory(world=True)

    response = client.get(path + query, follow=True)

    assert response.status_code == (404 if "dates" in path else 200)
    assert not response.context.get("page") or titles(response) == []


def test_a_filter_switches_itself_off_and_leaves_the_others(member, client):
    links = {link.label: link for link in client.get(LIST + "?kind=workshop&ce=1").context["links"]}

    assert links["Workshops"].is_on
    assert links["Workshops"].query == "?ce=1"
    assert links["Online"].query == "?kind=workshop&mode=online&ce=1"


def test_from_a_date_also_shows_what_has_been(member, client):
    meeting = past(occurrence(), days=3)
    day = meeting.starts_at.date() - timedelta(days=1)

    response = client.get(f"{LIST}?from={day}")

    assert titles(response) == [meeting.event.title]
    assert "It is over" in response.content.decode()


def test_the_readers_zone_is_the_one_shown(client, db):
    meeting = occurrence(starts_time=time(18, 0))
    client.force_login(UserFactory(time_zone="America/Los_Angeles"))

    text = client.get(LIST).content.decode()

    assert "3\N{EN DASH}4:30 p.m." in text
    assert "Pacific time" in text
    assert "6\N{EN DASH}7:30 p.m. Eastern time" in text
    assert meeting.event.title in text


def test_an_empty_list_offers_a_way(member, client):
    assert "Find a group" in client.get(LIST).content.decode()
    assert "See everything" in client.get(LIST + "?kind=workshop").content.decode()


# Bad input -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/events/?kind=party",
        "/events/?mode=%00",
        "/events/?kind=workshop%00",
        "/events/?from=yesterday",
        "/events/?from=0001-01-01",
        "/events/?from=9999-12-31",
        "/events/?from=2026-02-30",
        "/events/?after=nowhere",
        "/events/?after=2026-12-10T18:00:00%2B00:00",
        "/events/?after=2026-12-10T18:00:00%2B00:00,x",
        "/events/?after=2026-12-10T18:00:00,5",
        "/events/?after=0001-01-01T00:00:00%2B14:00,5",
        "/events/?after=2026-12-10T18:00:00%2B00:00,99999999999999999999",
        "/events/?after=%00,%00",
        "/events/month/2026-13/",
        "/events/month/2026-00/",
        "/events/month/0000-01/",
        "/events/month/9999-12/",
        "/events/month/december/",
        "/events/month/2026-1/",
        "/events/month/%00/",
        "/events/month/\u0662\u0660\u0662\u0666-\u0661\u0662/",
        "/events/0-x/",
        "/events/99999999999999999999999-x/",
        "/events/99999999999999999999999-x/2026-12-10/",
        "/events/1-x/2026-02-30/",
        "/events/1-x/2026-12-32.ics",
        "/events/1-x/0000-00-00/",
        "/events/1-%00/2026-12-10/",
        "/events/-1-x/",
        "/events/dates/99999999999999999999999/join/",
        "/events/dates/x/join/",
    ],
)
def test_a_bad_address_is_not_found(member, client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
@pytest.mark.parametrize("name", ["going", "not-going"])
def test_a_bad_id_in_a_post_is_not_found(member, client, pk, name):
    assert client.post(f"/events/dates/{pk}/{name}/", {"next": "\x00", "quiet": "\x00"}).status_code == 404


def test_odd_values_in_a_post_are_of_no_consequence(member, client):
    meeting = occurrence()

    response = client.post(reverse("events:go", args=[meeting.pk]), {"next": "//evil\x00", "quiet": "\x00yes"})

    assert response.headers["Location"] == meeting.get_absolute_url()
    assert not Rsvp.objects.get().quiet


# What it costs -------------------------------------------------------------------------------------------------------


def busy_month(events: int) -> None:
    """So many meetings on different days, each with a group and people who go."""
    lead = MembershipFactory(facilitator=True)
    first = Month.of(timezone.now().date()).following.first
    for number in range(events):
        meeting = occurrence(
            group=lead.group, by=lead.user, starts_on=first + timedelta(days=number), hosts=[lead.user]
        )
        for _ in range(3):
            RsvpFactory(occurrence=meeting)


@pytest.mark.parametrize("events", [1, 20])
def test_what_a_list_costs(member, client, django_assert_num_queries, events):
    busy_month(events)
    client.get(LIST)

    with django_assert_num_queries(9):
        response = client.get(LIST)
    assert len(titles(response)) == events


@pytest.mark.parametrize("events", [1, 20])
def test_what_a_month_costs(member, client, django_assert_num_queries, events):
    busy_month(events)
    address = f"/events/month/{Month.of(timezone.now().date()).following}/"
    client.get(address)

    with django_assert_num_queries(5):
        client.get(address)


@pytest.mark.parametrize("people", [1, 20])
def test_what_a_meeting_costs(member, client, django_assert_num_queries, people):
    event = EventFactory(repeats="weekly", count=max(2, people), hosts=[UserFactory() for _ in range(people)])
    meeting = event.occurrences.order_by("starts_at").first()
    for _ in range(people):
        RsvpFactory(occurrence=meeting)
    client.get(meeting.get_absolute_url())

    with django_assert_num_queries(10):
        client.get(meeting.get_absolute_url())
