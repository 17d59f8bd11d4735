"""Who called off what stands in the audit trail, by name to those who may read of the event."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format

from core.models import AuditEntry
from events import scheduling, trail
from factories.events import EventFactory, occurrence, organising_staff
from factories.members import UserFactory


def test_cancelling_an_event_is_written_once(db):
    event = EventFactory()

    for _time in range(2):
        scheduling.cancel_event(event, by=organising_staff())

    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id) == ("events.event.cancelled", organising_staff().pk)
    assert (row.target_kind, row.target_id, row.person_id) == ("events.event", event.pk, None)


def test_cancelling_a_date_is_written_once(db):
    meeting = occurrence(repeats="weekly", count=3)

    for _time in range(2):
        scheduling.cancel_occurrence(meeting, by=organising_staff())

    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id) == ("events.date.cancelled", organising_staff().pk)
    assert (row.target_kind, row.target_id) == ("events.occurrence", meeting.pk)


def test_a_refused_cancellation_leaves_no_row(db):
    with pytest.raises(scheduling.SchedulingRefused):
        scheduling.cancel_event(EventFactory(), by=UserFactory())

    assert not AuditEntry.objects.exists()


def test_events_are_named_to_those_who_may_read_of_them(db):
    meeting = occurrence(title="Supper", audience="practitioners")
    event = meeting.event

    for stranger in (AnonymousUser(), UserFactory()):
        assert trail.event_names(stranger, [event.pk]) == {}
        assert trail.date_names(stranger, [meeting.pk]) == {}
    reader = UserFactory(practitioner=True)
    assert trail.event_names(reader, [event.pk]) == {event.pk: "Supper"}
    assert trail.date_names(reader, [meeting.pk]) == {meeting.pk: f"Supper, {date_format(meeting.local_date)}"}


@pytest.mark.parametrize("number", [1, 20])
def test_naming_events_and_dates_costs_one_query_each(db, django_assert_num_queries, number):
    meetings = [occurrence() for _number in range(number)]
    reader = UserFactory()

    with django_assert_num_queries(1):
        assert len(trail.event_names(reader, [meeting.event_id for meeting in meetings])) == number
    with django_assert_num_queries(1):
        assert len(trail.date_names(reader, [meeting.pk for meeting in meetings])) == number
