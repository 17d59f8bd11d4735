from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from events import calendars, rsvp, scheduling
from factories.events import EventFactory, occurrence, organising_staff
from factories.members import UserFactory

SITE = "https://association.example.org"


def entry(data: bytes):
    calendar = icalendar.Calendar.from_ical(data)
    (found,) = calendar.walk("VEVENT")
    return calendar, found


def test_a_meeting_in_a_calendar_is_where_it_is_on_the_wall(db):
    meeting = occurrence(world=True)

    calendar, found = entry(calendars.occurrence_file(meeting, UserFactory(), base_url=SITE))

    start = found.decoded("dtstart")
    assert start.replace(tzinfo=None) == meeting.event.local_start
    assert start == meeting.starts_at
    assert found.decoded("dtend") == meeting.ends_at
    assert found["dtstart"].params["TZID"] == "America/New_York"
    assert found["uid"] == f"{meeting.event.uid}@association.example.org"
    assert found["location"] == f"{meeting.event.venue}, {meeting.event.address}, {meeting.event.town}"
    assert found["url"] == SITE + meeting.get_absolute_url()
    assert "recurrence-id" not in found
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "America/New_York"


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Phoenix", "America/Halifax", "Pacific/Honolulu", "Europe/Lisbon"]
)
def test_the_zone_in_the_file_agrees_with_ours_around_both_changes_of_clocks(db, zone):
    event = EventFactory(time_zone=zone, repeats="weekly", count=52)

    for meeting in event.occurrences.select_related("event__group"):
        _calendar, found = entry(calendars.occurrence_file(meeting, organising_staff(), base_url=SITE))
        assert found.decoded("dtstart") == meeting.starts_at


def test_a_date_of_a_series_names_its_series(db):
    event = EventFactory(repeats="weekly", count=3)
    second = event.occurrences.select_related("event__group").order_by("starts_at")[1]

    _calendar, found = entry(calendars.occurrence_file(second, UserFactory(), base_url=SITE))

    assert found.decoded("recurrence-id") == second.original_start
    assert str(event.uid) in found["uid"]


def test_a_visitor_gets_the_town_alone(db):
    meeting = occurrence(world=True)

    _calendar, found = entry(calendars.occurrence_file(meeting, UserFactory(applicant=True), base_url=SITE))

    assert found["location"] == meeting.event.town


def test_the_link_of_an_online_meeting_is_in_no_file(db):
    meeting, person = occurrence(online=True), UserFactory()
    rsvp.rsvp(meeting, by=person)

    for reader in (person, UserFactory(), organising_staff()):
        assert b"canary" not in calendars.occurrence_file(meeting, reader, base_url=SITE)


def test_a_change_raises_the_sequence_and_a_cancellation_is_said(db):
    event = EventFactory()
    event.title = "Another name"
    scheduling.change_event(event, by=organising_staff())
    meeting = event.occurrences.get()
    scheduling.cancel_occurrence(meeting, by=organising_staff())
    meeting.refresh_from_db()

    _calendar, found = entry(calendars.occurrence_file(meeting, UserFactory(), base_url=SITE))

    assert found["sequence"] == 1
    assert found["status"] == "CANCELLED"


def test_words_that_could_break_a_file_do_not(db):
    meeting = occurrence(title="One; two, three\\n", summary="A line\r\nEND:VEVENT\r\nATTACH:https://example.org")

    _calendar, found = entry(calendars.occurrence_file(meeting, UserFactory(), base_url=SITE))

    assert found["summary"] == "One; two, three\\n"
    assert "attach" not in found


def test_a_summer_meeting_set_up_in_winter_is_in_summer_time(db):
    summer = datetime.now().date().replace(month=7, day=1) + timedelta(days=365)
    meeting = occurrence(starts_on=summer)

    _calendar, found = entry(calendars.occurrence_file(meeting, UserFactory(), base_url=SITE))

    assert found.decoded("dtstart").astimezone(ZoneInfo("UTC")).hour == 22
