"""Changing and cancelling events whose dates are written already."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from events import recurring, rsvp, scheduling
from events.models import Event, Occurrence
from events.scheduling import SchedulingRefused
from factories.events import EventFactory, RsvpFactory, occurrence, organising_staff, past
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory


def changed(event: Event, **fields) -> scheduling.Plan:
    event = Event.objects.get(pk=event.pk)
    for name, value in fields.items():
        setattr(event, name, value)
    return scheduling.change_event(event, by=organising_staff())


def test_another_hour_keeps_every_date_and_its_people(db):
    event = EventFactory(repeats="weekly", count=5)
    seat = RsvpFactory(occurrence=event.occurrences.first())
    rows = set(event.occurrences.values_list("pk", flat=True))

    plan = changed(event, starts_time=time(19, 30))

    seat.occurrence.refresh_from_db()
    assert (len(plan.keep), len(plan.add), len(plan.drop)) == (5, 0, 0)
    assert set(event.occurrences.values_list("pk", flat=True)) == rows
    assert seat.occurrence.local_time == time(19, 30)
    assert seat.occurrence.going_count == 1


def test_another_rhythm_keeps_the_dates_in_common_and_cancels_those_with_people(db, run_jobs, mailoutbox):
    event = EventFactory(repeats="weekly", count=5)
    second, third, *_rest = event.occurrences.order_by("starts_at")[1:]
    seat = RsvpFactory(occurrence=second)

    plan = changed(event, recurrence=recurring.build("fortnightly", event.starts_on, count=3))
    run_jobs()

    second.refresh_from_db()
    third.refresh_from_db()
    assert (len(plan.keep), len(plan.add), len(plan.drop)) == (3, 0, 2)
    assert second.is_cancelled
    assert not third.is_cancelled
    assert event.occurrences.count() == 4
    assert [mail.to for mail in mailoutbox] == [[seat.user.email]]
    assert mailoutbox[0].subject.startswith("Cancelled")


def test_a_date_that_comes_back_into_the_rule_takes_place_again(db):
    event = EventFactory(repeats="weekly", count=5)
    second = event.occurrences.order_by("starts_at")[1]
    RsvpFactory(occurrence=second)
    weekly = event.recurrence
    changed(event, recurrence=recurring.build("fortnightly", event.starts_on, count=3))

    changed(event, recurrence=weekly)

    second.refresh_from_db()
    assert not second.is_cancelled
    assert event.occurrences.filter(cancelled_at=None).count() == 5


def test_a_date_that_an_organiser_cancelled_stays_cancelled(db):
    event = EventFactory(repeats="weekly", count=5)
    second = event.occurrences.order_by("starts_at")[1]
    RsvpFactory(occurrence=second)
    scheduling.cancel_occurrence(second, by=organising_staff())
    weekly = event.recurrence

    changed(event, recurrence=recurring.build("fortnightly", event.starts_on, count=3))
    changed(event, recurrence=weekly, starts_time=time(8, 0))

    second.refresh_from_db()
    assert second.is_cancelled


def test_what_has_begun_is_never_touched(db):
    event = EventFactory(starts_on=timezone.now().date() - timedelta(days=21), repeats="weekly", count=6)
    before = list(event.occurrences.filter(starts_at__lt=timezone.now()).order_by("pk").values())

    changed(event, starts_time=time(6, 0), recurrence=recurring.build("fortnightly", event.starts_on, count=4))

    assert list(event.occurrences.filter(pk__in=[row["id"] for row in before]).order_by("pk").values()) == before
    assert before


def test_the_date_of_a_single_event_moves_with_its_people(db, run_jobs, mailoutbox):
    event = EventFactory()
    seat = RsvpFactory(occurrence=event.occurrences.get())
    next_week = event.starts_on + timedelta(days=7)

    changed(event, starts_on=next_week)
    run_jobs()

    meeting = event.occurrences.get()
    assert (meeting.pk, meeting.local_date, meeting.original_date) == (seat.occurrence_id, next_week, next_week)
    assert meeting.going_count == 1
    assert [mail.to for mail in mailoutbox] == [[seat.user.email]]


def test_the_date_of_a_single_event_that_is_over_stays(db):
    event = past(occurrence()).event

    with pytest.raises(SchedulingRefused):
        changed(event, starts_on=event.starts_on + timedelta(days=7))


def test_a_single_event_becomes_a_series_around_its_date(db):
    event = EventFactory()
    seat = RsvpFactory(occurrence=event.occurrences.get())

    changed(event, recurrence=recurring.build("weekly", event.starts_on, count=4))

    assert event.occurrences.count() == 4
    assert event.occurrences.filter(pk=seat.occurrence_id, cancelled_at=None).exists()


def test_another_place_is_told_to_those_who_come(db, run_jobs, mailoutbox):
    event = EventFactory()
    seat = RsvpFactory(occurrence=event.occurrences.get())
    RsvpFactory(occurrence=event.occurrences.get(), state="cancelled")

    changed(event, venue="The room upstairs")
    run_jobs()

    assert [mail.to for mail in mailoutbox] == [[seat.user.email]]
    assert "The room upstairs" in mailoutbox[0].body


def test_more_seats_promote_and_fewer_throw_nobody_out(db):
    event = EventFactory(capacity=1)
    meeting = event.occurrences.get()
    first, second, third = (UserFactory() for _ in range(3))
    for person in (first, second, third):
        rsvp.rsvp(meeting, by=person)

    changed(event, capacity=2)
    grown = set(meeting.rsvps.filter(state="going").values_list("user", flat=True))
    changed(event, capacity=1)

    meeting.refresh_from_db()
    assert grown == {first.pk, second.pk}
    assert (meeting.capacity, meeting.going_count, meeting.waiting_count) == (1, 2, 1)


def test_nothing_moves_to_a_wider_audience(db):
    event = EventFactory(practitioners=True)

    with pytest.raises(ValidationError):
        changed(event, audience="members")
    changed(EventFactory(world=True), audience="members")


def test_an_event_stays_with_its_group(db):
    event = EventFactory(group=GroupFactory())

    with pytest.raises(ValidationError):
        changed(event, group=GroupFactory())


def test_every_change_raises_the_sequence_and_keeps_the_uid(db):
    event = EventFactory()

    changed(event, title="Another name")

    again = Event.objects.get(pk=event.pk)
    assert (again.sequence, again.uid) == (1, event.uid)


def test_changing_the_zone_of_a_daily_series_by_a_whole_day_works(db):
    """Every start then falls on what was the start of the day before."""
    event = EventFactory(time_zone="Pacific/Kiritimati", recurrence=recurring.parse("RRULE:FREQ=DAILY;COUNT=5"))

    changed(event, time_zone="Pacific/Honolulu")

    assert event.occurrences.count() == 5


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1))), st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1))))
def test_a_plan_accounts_for_every_date_once(existing, wanted):
    plan = scheduling.plan(existing, [datetime.combine(day, time(18)) for day in wanted])

    assert plan.keep.keys() == existing & wanted
    assert plan.add.keys() == wanted - existing
    assert plan.drop == existing - wanted


# Cancelling ----------------------------------------------------------------------------------------------------------


def test_cancelling_one_date_tells_those_who_come_or_wait(db, run_jobs, mailoutbox):
    event = EventFactory(repeats="weekly", count=3, capacity=1)
    meeting = event.occurrences.first()
    people = [RsvpFactory(occurrence=meeting).user, RsvpFactory(occurrence=meeting, waiting=True).user]

    scheduling.cancel_occurrence(meeting, by=organising_staff())
    scheduling.cancel_occurrence(meeting, by=organising_staff())
    run_jobs()

    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(person.email for person in people)
    assert event.occurrences.filter(cancelled_at=None).count() == 2


def test_what_was_hidden_while_it_was_changed_stays_hidden(db):
    event = EventFactory()
    Event.objects.filter(pk=event.pk).update(hidden_at=timezone.now())

    scheduling.change_event(event, by=organising_staff())

    assert Event.objects.get().hidden_at


@pytest.mark.parametrize("audience", ["members", "group"])
def test_who_has_a_seat_hears_that_a_hidden_event_is_called_off_and_nothing_of_it(db, run_jobs, mailoutbox, audience):
    group, person, leader = GroupFactory(), UserFactory(), UserFactory()
    put_in(group, person)
    put_in(group, leader, role="facilitator")
    at = {"audience": "group", "group": group, "by": leader} if audience == "group" else {"audience": "members"}
    event = EventFactory(title="Peregrath evening", **at)
    RsvpFactory(occurrence=event.occurrences.get(), user=person)
    run_jobs()
    mailoutbox.clear()
    Event.objects.filter(pk=event.pk).update(hidden_at=timezone.now())

    scheduling.cancel_occurrence(event.occurrences.get(), by=event.created_by)
    run_jobs()

    [letter] = mailoutbox
    assert letter.to == [person.email]
    words = letter.subject + letter.body + letter.alternatives[0][0]
    assert "will not take place" in words
    for told in ("Peregrath", "peregrath", group.name, "on its page", event.venue or "Peregrath"):
        assert told not in words


def test_cancelling_an_event_cancels_what_is_to_come(db):
    event = EventFactory(starts_on=timezone.now().date() - timedelta(days=14), repeats="weekly", count=6)

    scheduling.cancel_event(event, by=organising_staff())

    to_come = event.occurrences.filter(starts_at__gt=timezone.now())
    assert not to_come.filter(cancelled_at=None).exists()
    assert event.occurrences.filter(starts_at__lt=timezone.now(), cancelled_at=None).count() >= 2
    with pytest.raises(SchedulingRefused):
        changed(event, title="Back again")


def test_only_organisers_cancel(db):
    meeting = occurrence()

    with pytest.raises(SchedulingRefused):
        scheduling.cancel_occurrence(meeting, by=UserFactory())
    with pytest.raises(SchedulingRefused):
        scheduling.cancel_event(meeting.event, by=UserFactory())
    assert not Occurrence.objects.filter(cancelled_at__isnull=False).exists()


def test_what_is_over_is_not_cancelled(db):
    with pytest.raises(SchedulingRefused):
        scheduling.cancel_occurrence(past(occurrence()), by=organising_staff())
