from datetime import time, timedelta

from django.utils import timezone

from events import months
from events.models import Event
from events.months import Month
from factories.events import EventFactory
from factories.members import UserFactory


def test_a_month_shows_each_meeting_on_the_readers_day(db, client):
    first = Month.of(timezone.now().date()).following.first
    EventFactory(title="Late", starts_on=first + timedelta(days=9), starts_time=time(23, 30))
    east, west = UserFactory(), UserFactory(time_zone="America/Los_Angeles")

    def day_of(user):
        weeks = months.weeks(Month.of(first), user, with_entries=True)
        return [day.date for week in weeks for day in week if day.count]

    assert day_of(east) == [first + timedelta(days=9)]
    assert day_of(west) == [first + timedelta(days=9)]
    assert day_of(UserFactory(time_zone="Europe/Lisbon")) == [first + timedelta(days=10)]


def test_a_full_day_shows_three_and_how_many_more(member, client):
    first = Month.of(timezone.now().date()).following.first
    for _ in range(5):
        EventFactory(starts_on=first + timedelta(days=9))

    response = client.get(f"/events/month/{Month.of(first)}/")

    (day,) = [day for week in response.context["weeks"] for day in week if day.count]
    assert (len(day.entries), day.more) == (3, 2)
    assert "2 more" in response.content.decode()


def test_a_visitor_sees_the_public_month(db, client):
    EventFactory(world=True, title="For everybody")
    EventFactory(title="For members")
    month = Month.of(Event.objects.first().starts_on)

    text = client.get(f"/events/month/{month}/").content.decode()

    assert "For everybody" in text
    assert "For members" not in text


def test_this_month_leads_to_its_address(db, client):
    assert client.get("/events/month/").headers["Location"] == f"/events/month/{Month.of(timezone.now().date())}/"


def test_months_end_somewhere(db, client):
    year = timezone.now().year

    assert Month(year + months.YEARS_AROUND, 12).following is None
    assert Month(year - months.YEARS_AROUND, 1).preceding is None
    assert client.get(f"/events/month/{year + months.YEARS_AROUND}-12/").status_code == 200
