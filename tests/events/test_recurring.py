from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from events import clock, recurring
from events.recurring import Repeats
from factories.events import local

THURSDAY = date(2026, 12, 10)  # the second of its month
HORIZON = datetime(2028, 6, 30, 23, 59)


def starts(text: str, first: str, until: datetime = HORIZON) -> list[datetime]:
    rule = recurring.parse(text)
    recurring.validate(rule, local(first))
    return recurring.local_starts(rule, local(first), until)


def test_six_in_the_evening_stays_six_in_the_evening_when_the_clocks_change():
    found = starts("RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=60", "2026-02-22 18:00")

    shown = [clock.to_local(clock.to_utc(start, "America/New_York"), "America/New_York") for start in found]
    offsets = {start.replace(tzinfo=ZoneInfo("America/New_York")).utcoffset() for start in found}

    assert {start.time() for start in shown} == {local("2026-02-22 18:00").time()}
    assert len(offsets) == 2


def test_a_skipped_date_stays_skipped_across_the_change_of_clocks():
    found = starts("RRULE:FREQ=WEEKLY;BYDAY=TH\nEXDATE:20260312T180000Z", "2026-03-05 18:00", local("2026-03-19 18:00"))

    assert found == [local("2026-03-05 18:00"), local("2026-03-19 18:00")]


def test_a_skipped_date_stays_skipped_when_the_hour_changes():
    found = starts("RRULE:FREQ=WEEKLY;BYDAY=TH\nEXDATE:20260312T180000Z", "2026-03-05 19:30", local("2026-03-19 20:00"))

    assert [start.day for start in found] == [5, 19]


def test_an_extra_date_is_at_the_same_hour():
    found = starts("RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=2\nRDATE:20260310T090000Z", "2026-03-05 18:00")

    assert found == [local("2026-03-05 18:00"), local("2026-03-10 18:00"), local("2026-03-12 18:00")]


def test_a_count_counts_skipped_dates_too():
    found = starts("RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3\nEXDATE:20260312T180000Z", "2026-03-05 18:00")

    assert [start.day for start in found] == [5, 19]


def test_until_is_compared_on_the_wall_clock():
    last = "RRULE:FREQ=DAILY;UNTIL=20260309T233000Z"

    assert [start.day for start in starts(last, "2026-03-07 23:30")] == [7, 8, 9]


def test_an_event_without_a_rule_has_one_start():
    start = local("2026-03-05 18:00")

    assert recurring.local_starts(None, start, HORIZON) == [start]
    assert recurring.local_starts(None, start, start - timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RRULE:FREQ=SECONDLY", "sub_daily"),
        ("RRULE:FREQ=MINUTELY;COUNT=5", "sub_daily"),
        ("RRULE:FREQ=HOURLY;INTERVAL=24", "sub_daily"),
        ("RRULE:FREQ=DAILY;BYHOUR=8,9,10", "sub_daily"),
        ("RRULE:FREQ=DAILY;BYSECOND=1,2", "sub_daily"),
        ("RRULE:FREQ=DAILY;INTERVAL=0", "malformed"),
        ("RRULE:FREQ=DAILY;INTERVAL=9999999999", "interval"),
        ("RRULE:FREQ=YEARLY;INTERVAL=6", "interval"),
        ("RRULE:FREQ=DAILY;COUNT=0", "count"),
        ("RRULE:FREQ=DAILY;COUNT=-1", "count"),
        ("RRULE:FREQ=DAILY;COUNT=1001", "count"),
        ("RRULE:FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z", "two_ends"),
        ("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "intricate"),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "intricate"),
        ("RRULE:FREQ=YEARLY;BYYEARDAY=100", "intricate"),
        ("RRULE:FREQ=YEARLY;BYWEEKNO=20", "intricate"),
        ("RRULE:FREQ=WEEKLY;BYDAY=2TH", "intricate"),
        ("RRULE:FREQ=MONTHLY;BYDAY=TH", "intricate"),
        ("RRULE:FREQ=MONTHLY;BYDAY=6TH", "intricate"),
        ("RRULE:FREQ=MONTHLY;BYDAY=2TH;BYMONTHDAY=10", "intricate"),
        ("RRULE:FREQ=MONTHLY;BYDAY=TH;BYSETPOS=5", "intricate"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=0", "intricate"),
        ("RRULE:FREQ=WEEKLY;BYDAY=FR", "start"),
        ("RRULE:FREQ=MONTHLY;BYDAY=3TH", "start"),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z", "empty"),
        ("RRULE:FREQ=WEEKLY;COUNT=1\nEXDATE:20261210T180000Z", "empty"),
        ("RRULE:FREQ=WEEKLY\nRRULE:FREQ=DAILY", "one_rule"),
        ("RRULE:FREQ=WEEKLY\nEXRULE:FREQ=DAILY", "one_rule"),
        ("DTSTART:20261210T180000Z\nRRULE:FREQ=WEEKLY", "one_rule"),
        ("RDATE:20261210T180000Z", "one_rule"),
        ("RRULE:FREQ=DAILY\nEXDATE:" + ",".join(["20261211T180000Z"] * 401), "too_many_dates"),
        ("RRULE:FREQ=SOMETIMES", "malformed"),
        ("RRULE:INTERVAL=2", "malformed"),
        ("RRULE:", "malformed"),
        ("RRULE:FREQ=WEEKLY;BYDAY=XX", "malformed"),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261399T990000Z", "malformed"),
        ("RRULE:FREQ=WEEKLY;UNTIL=soon", "malformed"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=" + "9" * 5000, "malformed"),
        ("FREQ=WEEKLY", "malformed"),
        ("every Thursday", "malformed"),
        ("\x00", "malformed"),
        ("RRULE:FREQ=DAILY\n" * 2000, "malformed"),
    ],
)
def test_a_rule_that_we_do_not_keep_is_refused_with_a_sentence(text, code):
    with pytest.raises(ValidationError) as refusal:
        recurring.validate(recurring.parse(text), datetime.combine(THURSDAY, local("2026-12-10 18:00").time()))

    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith(".")


def test_an_empty_rule_is_none():
    assert recurring.parse(" ") is None
    recurring.validate(None, local("2026-12-10 18:00"))


@pytest.mark.parametrize(
    ("repeats", "first", "words"),
    [
        (Repeats.WEEKLY, THURSDAY, "Every Thursday"),
        (Repeats.FORTNIGHTLY, THURSDAY, "Every other Thursday"),
        (Repeats.MONTHLY, THURSDAY, "The second Thursday of each month"),
        (Repeats.MONTHLY_LAST, date(2026, 12, 25), "The last Friday of each month"),
    ],
)
def test_the_short_form_in_words_and_back(repeats, first, words):
    rule = recurring.build(repeats, first)

    recurring.validate(rule, datetime.combine(first, local("2026-12-10 18:00").time()))
    assert recurring.words(rule) == words
    assert recurring.choice_of(rule, first) == repeats


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("RRULE:FREQ=DAILY", "Every day"),
        ("RRULE:FREQ=DAILY;INTERVAL=3", "Every 3 days"),
        ("RRULE:FREQ=WEEKLY", "Every Thursday"),
        ("RRULE:FREQ=WEEKLY;BYDAY=WE,MO", "Every Monday and Wednesday"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=TH", "Every 3 weeks on Thursday"),
        ("RRULE:FREQ=MONTHLY", "Day 10 of each month"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "The last day of each month"),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO,3MO", "The first Monday and third Monday of each month"),
        ("RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=2TH", "The second Thursday of every 2 months"),
        (
            "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "The last Monday, Tuesday, Wednesday, Thursday or Friday",
        ),
        ("RRULE:FREQ=YEARLY", "Every year on December 10"),
        ("RRULE:FREQ=YEARLY;BYMONTH=3,9;BYDAY=1SA", "The first Saturday of March and September, every year"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=6", "Every Thursday, 6 times"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20270610T235959Z", "Every Thursday, until June 10, 2027"),
    ],
)
def test_a_rule_in_words(text, words):
    assert recurring.words(recurring.parse(text), THURSDAY).startswith(words)


def test_once_in_words():
    assert recurring.words(None) == "Once"


def test_a_fifth_weekday_is_refused_with_a_way_out():
    with pytest.raises(ValidationError, match="fifth Thursday"):
        recurring.build(Repeats.MONTHLY, date(2026, 12, 31))


def test_the_last_weekday_has_to_be_the_last():
    with pytest.raises(ValidationError, match="not the last Thursday"):
        recurring.build(Repeats.MONTHLY_LAST, THURSDAY)


def test_a_rule_beyond_the_short_form_stays_as_it_is():
    assert recurring.choice_of(recurring.parse("RRULE:FREQ=WEEKLY;BYDAY=MO,WE"), date(2026, 12, 7)) == Repeats.AS_IS


def test_the_short_form_keeps_ends_and_skipped_dates():
    former = recurring.parse("RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=8\nEXDATE:20261224T180000Z")

    rule = recurring.build(Repeats.FORTNIGHTLY, THURSDAY, until=date(2027, 2, 4), keep=former)

    assert recurring.ends_of(former) == (None, 8)
    assert recurring.ends_of(rule) == (date(2027, 2, 4), None)
    assert [start.date() for start in recurring.local_starts(rule, local("2026-12-10 18:00"), HORIZON)] == [
        date(2026, 12, 10),
        date(2027, 1, 7),
        date(2027, 1, 21),
        date(2027, 2, 4),
    ]


def test_the_first_date_of_a_pattern():
    assert recurring.first_on_or_after(date(2026, 11, 22), weekday=3, nth=2) == THURSDAY
    assert recurring.first_on_or_after(THURSDAY, weekday=3) == THURSDAY
    assert recurring.first_on_or_after(date(2026, 12, 1), weekday=4, nth=-1) == date(2026, 12, 25)


# Any rule of our grammar, and what dateutil makes of the same line on the wall clock.

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
SECTIONS = {
    "DAILY": st.just(""),
    "WEEKLY": st.sets(st.sampled_from(WEEKDAYS), max_size=4).map(
        lambda days: f"BYDAY={','.join(sorted(days))}" if days else ""
    ),
    "MONTHLY": st.one_of(
        st.just(""),
        st.builds("BYDAY={}{}".format, st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(WEEKDAYS)),
        st.sets(st.integers(1, 31), min_size=1, max_size=3).map(lambda days: f"BYMONTHDAY={','.join(map(str, days))}"),
        st.builds("BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}".format, st.sampled_from([1, 2, -1])),
    ),
    "YEARLY": st.one_of(
        st.just(""),
        st.builds(
            "BYMONTH={};BYDAY={}{}".format, st.integers(1, 12), st.sampled_from([1, 3, -1]), st.sampled_from(WEEKDAYS)
        ),
        st.builds("BYMONTH={};BYMONTHDAY={}".format, st.integers(1, 12), st.integers(1, 28)),
    ),
}


@st.composite
def rules(draw) -> tuple[str, datetime, set[date], set[date]]:
    """A line, a start that it gives, and dates to skip and to add."""
    frequency = draw(st.sampled_from(sorted(SECTIONS)))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}", "WKST=MO", draw(SECTIONS[frequency])]
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    line = ";".join(filter(None, parts))
    earliest = datetime.combine(
        draw(st.dates(date(2026, 1, 1), date(2026, 6, 30))), draw(st.times()).replace(second=0, microsecond=0, fold=0)
    )
    endless = ";".join(part for part in line.split(";") if not part.startswith("COUNT"))
    start = rrule.rrulestr(endless, dtstart=earliest)[0]
    if end == "UNTIL":
        line += f";UNTIL={start.date() + timedelta(days=draw(st.integers(0, 500))):%Y%m%d}T235959"
    offsets = st.sets(st.integers(0, 500).map(lambda days: start.date() + timedelta(days=days)), max_size=6)
    return line, start, draw(offsets), draw(offsets)


@given(rules())
@settings(max_examples=400, deadline=None)
def test_our_dates_are_those_of_dateutil_on_the_wall_clock(case):
    line, start, skipped, extra = case
    text = "\n".join(
        [f"RRULE:{line.replace('T235959', 'T235959Z')}"]
        + [f"EXDATE:{day:%Y%m%d}T{start:%H%M%S}Z" for day in sorted(skipped)]
        + [f"RDATE:{day:%Y%m%d}T{start:%H%M%S}Z" for day in sorted(extra)]
    )
    theirs = rrule.rruleset()
    theirs.rrule(rrule.rrulestr(line, dtstart=start))
    for day in extra:
        theirs.rdate(datetime.combine(day, start.time()))
    for day in skipped:
        theirs.exdate(datetime.combine(day, start.time()))

    rule = recurring.parse(text)
    recurring.validate(recurring.parse(text.split("\n", 1)[0]), start)

    assert recurring.local_starts(rule, start, HORIZON) == list(theirs.between(start, HORIZON, inc=True))


NUMBERS = st.integers(-400, 400)
ANY_PART = st.one_of(
    st.builds("INTERVAL={}".format, st.integers(-2, 10**12)),
    st.builds("COUNT={}".format, st.integers(-2, 10**12)),
    st.builds("UNTIL={}".format, st.text("0123456789TZ", max_size=16)),
    st.builds("WKST={}".format, st.sampled_from([*WEEKDAYS, "XX", ""])),
    st.builds(
        "{}={}".format,
        st.sampled_from(["BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYHOUR"]),
        NUMBERS,
    ),
    st.lists(
        st.builds(
            "{}{}".format, st.sampled_from(["", "0", "1", "-1", "5", "99", "-"]), st.sampled_from([*WEEKDAYS, "ZZ"])
        ),
        max_size=3,
    ).map(lambda days: f"BYDAY={','.join(days)}"),
    st.text(max_size=12),
)


@given(
    st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "SECONDLY", "", "NEVER"]),
    st.lists(ANY_PART, max_size=5),
    st.datetimes(datetime(2000, 1, 1), datetime(2030, 12, 31)),
)
@settings(max_examples=2000, deadline=None)
def test_whatever_is_written_as_a_rule_is_kept_or_refused(frequency, parts, start):
    text = "RRULE:" + ";".join([f"FREQ={frequency}", *parts])
    try:
        rule = recurring.parse(text)
        recurring.validate(rule, start.replace(microsecond=0))
    except ValidationError:
        return

    recurring.local_starts(rule, start.replace(microsecond=0), start + timedelta(days=550))
    recurring.words(rule, start.date())
