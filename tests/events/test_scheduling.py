from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.audience import Audience
from events import clock, scheduling, tasks
from events.models import Event, Occurrence
from events.scheduling import SchedulingRefused
from factories.events import EventFactory, occurrence, organising_staff
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

NEW_YORK = "America/New_York"


def days(event: Event) -> list[date]:
    return list(event.occurrences.order_by("starts_at").values_list("local_date", flat=True))


def test_a_single_event_has_one_date(db):
    event = EventFactory(minutes=90)

    meeting = event.occurrences.get()

    assert meeting.starts_at == clock.to_utc(event.local_start, NEW_YORK)
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=90)
    assert (meeting.original_date, meeting.local_time, meeting.original_start) == (
        event.starts_on,
        time(18, 0),
        meeting.starts_at,
    )


def test_a_past_single_event_can_be_recorded(db):
    event = EventFactory(starts_on=timezone.now().date() - timedelta(days=90))

    assert event.occurrences.get().is_over


def test_a_series_is_written_eighteen_months_ahead(db):
    event = EventFactory(repeats="weekly")

    last = event.occurrences.order_by("-starts_at").first()

    assert event.planned_until == scheduling.horizon(timezone.now().date())
    assert event.planned_until - timedelta(days=7) < last.local_date <= event.planned_until
    assert event.occurrences.count() in range(76, 82)


@pytest.mark.parametrize(
    ("today", "end"), [("2026-11-22", "2028-05-31"), ("2026-01-31", "2027-07-31"), ("2026-06-01", "2027-12-31")]
)
def test_the_horizon_is_the_end_of_the_month_eighteen_months_on(today, end):
    assert scheduling.horizon(date.fromisoformat(today)) == date.fromisoformat(end)


def test_six_in_the_evening_is_written_as_such_on_both_sides_of_the_change_of_clocks(db):
    event = EventFactory(repeats="weekly", count=60)

    shown = {clock.to_local(each.starts_at, NEW_YORK).time() for each in event.occurrences.all()}
    in_utc = {each.starts_at.hour for each in event.occurrences.all()}

    assert shown == {time(18, 0)}
    assert in_utc == {22, 23}


def test_extending_writes_the_new_dates_once(db):
    event = EventFactory(repeats="weekly")
    before = event.occurrences.count()
    later = timezone.now().date() + timedelta(days=62)

    written = scheduling.extend_occurrences(later)
    again = scheduling.extend_occurrences(later)

    assert written in range(8, 11)
    assert again == 0
    assert event.occurrences.count() == before + written


def test_extending_works_in_batches_and_leaves_cancelled_and_single_events_alone(db, monkeypatch):
    monkeypatch.setattr(scheduling, "BATCH", 2)
    series = [EventFactory(repeats="weekly") for _ in range(5)]
    EventFactory()
    ended = EventFactory(repeats="weekly")
    scheduling.cancel_event(ended, by=organising_staff())
    before = Occurrence.objects.count()
    later = timezone.now().date() + timedelta(days=62)

    written = scheduling.extend_occurrences(later)

    assert written == Occurrence.objects.count() - before
    assert written in range(5 * 8, 5 * 11)
    assert len({tuple(days(event)) for event in series}) == 1
    assert {event.planned_until for event in Event.objects.filter(cancelled_at=None, recurrence__isnull=False)} == {
        scheduling.horizon(later)
    }


def test_the_nightly_job_extends(db):
    event = EventFactory(repeats="weekly")
    event.occurrences.filter(starts_at__gt=timezone.now() + timedelta(days=100)).delete()
    Event.objects.filter(pk=event.pk).update(planned_until=timezone.now().date() + timedelta(days=100))

    tasks.extend_occurrences(timestamp=0)

    assert event.occurrences.count() in range(76, 82)


def test_the_database_keeps_one_row_a_date(db):
    meeting = occurrence()
    meeting.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        meeting.save()


# Who may -------------------------------------------------------------------------------------------------------------


def test_who_leads_a_group_sets_up_its_events(db):
    leads = MembershipFactory(facilitator=True)

    event = EventFactory(group=leads.group, by=leads.user)

    assert event.created_by == leads.user


@pytest.mark.parametrize("who", ["member", "outsider", "staff without the permission"])
def test_others_do_not(db, who):
    group = GroupFactory()
    person = {
        "member": lambda: MembershipFactory(group=group).user,
        "outsider": UserFactory,
        "staff without the permission": lambda: UserFactory(staff=True),
    }[who]()

    with pytest.raises(SchedulingRefused):
        EventFactory(group=group, by=person)
    assert not Event.objects.exists()


def test_staff_do_not_set_up_what_is_for_a_group_alone(db):
    with pytest.raises(SchedulingRefused):
        EventFactory(group=GroupFactory(community=True), audience=Audience.GROUP)


# What may not be written ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "case_consultation", "audience": "members"}, "audience"),
        ({"kind": "case_consultation", "audience": "world"}, "audience"),
        ({"audience": "group"}, "audience"),
        ({"town": ""}, "town"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 10_081}, "minutes"),
        ({"capacity": 0}, "capacity"),
        ({"title": ""}, "title"),
        ({"online_link": "javascript:alert(1)"}, "online_link"),
        ({"starts_on": date(1066, 10, 14)}, "starts_on"),
        ({"starts_on": date(2015, 1, 1), "repeats": "weekly"}, "starts_on"),
    ],
)
def test_a_field_that_does_not_fit_is_named(db, fields, name):
    with pytest.raises(ValidationError) as refusal:
        EventFactory(**fields)

    assert name in refusal.value.message_dict


@pytest.mark.parametrize(("trait", "audience"), [("consultation", "members"), ("community", "world")])
def test_an_event_does_not_tell_more_about_a_group_than_the_group_does(db, trait, audience):
    leads = MembershipFactory(facilitator=True, group=GroupFactory(**{trait: True}))

    with pytest.raises(ValidationError) as refusal:
        EventFactory(group=leads.group, by=leads.user, audience=audience)

    assert "audience" in refusal.value.message_dict
