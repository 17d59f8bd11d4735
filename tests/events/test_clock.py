from datetime import UTC, datetime

import pytest

from events import clock

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        ("2026-03-08 18:00", NEW_YORK, "2026-03-08 22:00"),
        ("2026-03-07 18:00", NEW_YORK, "2026-03-07 23:00"),
        # skipped by the clocks: read with the offset from before, so it is what they then call 03:30
        ("2026-03-08 02:30", NEW_YORK, "2026-03-08 07:30"),
        # comes twice: the first one
        ("2026-11-01 01:30", NEW_YORK, "2026-11-01 05:30"),
        ("2026-07-01 07:30", "America/Phoenix", "2026-07-01 14:30"),
        ("2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-04 14:45"),
        ("2026-12-10 18:00", "Asia/Kathmandu", "2026-12-10 12:15"),
    ],
)
def test_what_a_wall_clock_means(local, zone, moment):
    assert clock.to_utc(datetime.fromisoformat(local), zone) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_skipped_time_is_an_hour_later_on_the_wall():
    moment = clock.to_utc(datetime(2026, 3, 8, 2, 30), NEW_YORK)

    assert clock.to_local(moment, NEW_YORK) == datetime(2026, 3, 8, 3, 30)


def told(start: str, end: str, zone: str, reader: str | None) -> clock.When:
    moments = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    return clock.when(*moments, own_zone=zone, reader_zone=reader)


def test_a_reader_elsewhere_is_told_both_times():
    when = told("2026-12-10 23:00", "2026-12-11 00:30", NEW_YORK, "America/Los_Angeles")

    assert (when.hours_words, when.zone_words) == ("3\N{EN DASH}4:30 p.m.", "Pacific time")
    assert when.differs
    assert when.own_words == "6\N{EN DASH}7:30 p.m. Eastern time"


def test_two_zones_on_the_same_clock_are_told_once():
    assert not told("2026-12-10 23:00", "2026-12-11 00:30", NEW_YORK, "America/Toronto").differs


def test_a_visitor_is_told_the_events_own_time():
    when = told("2026-12-10 23:00", "2026-12-11 00:30", NEW_YORK, None)

    assert (when.start, when.zone_words, when.differs) == (datetime(2026, 12, 10, 18), "Eastern time", False)


def test_another_day_over_there_is_named():
    when = told("2026-12-10 23:00", "2026-12-11 00:00", "Asia/Tokyo", "America/Los_Angeles")

    assert when.own_words == "Friday 8\N{EN DASH}9 a.m. Tokyo time"


def test_a_meeting_of_two_days_says_when_it_ends():
    when = told("2026-12-10 14:00", "2026-12-11 22:00", NEW_YORK, NEW_YORK)

    assert when.hours_words == "9 a.m.\N{EN DASH}Friday 5 p.m."


def test_a_far_date_has_its_year():
    assert "2099" in told("2099-12-10 23:00", "2099-12-11 00:00", NEW_YORK, None).day_words
