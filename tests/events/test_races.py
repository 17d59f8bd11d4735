"""Many people and few seats, in processes of their own. The test is first shown to see the overbooking it looks for."""

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

import racing
from community.members.models import User
from events import rsvp
from events.models import Occurrence, Rsvp
from events.rsvp import RsvpRefused
from factories.events import occurrence
from factories.members import UserFactory

PROCESSES = 30
SEATS = 10


def _take_a_seat(meeting_id: int, user_id: int) -> str:
    return rsvp.rsvp(Occurrence.objects.get(pk=meeting_id), by=User.objects.get(pk=user_id)).state


def _give_back_a_seat(meeting_id: int, user_id: int) -> str:
    rsvp.cancel(Occurrence.objects.get(pk=meeting_id), by=User.objects.get(pk=user_id))
    return "gave back"


def _all_at_once(meeting: Occurrence, takers: list[User], givers: list[User] = ()) -> list[str]:
    jobs = [(_take_a_seat, person) for person in takers] + [(_give_back_a_seat, person) for person in givers]
    found = racing.all_at_once(
        [(job, meeting.pk, person.pk) for job, person in jobs], refusals=(IntegrityError, RsvpRefused)
    )
    meeting.refresh_from_db()
    return found


@pytest.fixture
def without_the_lock(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)


@pytest.fixture
def without_the_trigger(fresh_database):
    """The seats are counted, as without our migration, by whoever asks for one."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER events_count_rsvp ON events_rsvp")


def test_without_lock_and_trigger_the_seats_are_overbooked(without_the_trigger, without_the_lock, monkeypatch):
    def counted(self):
        return Rsvp.objects.filter(occurrence=self, state="going").count() >= self.capacity

    monkeypatch.setattr(Occurrence, "is_full", property(counted))
    meeting = occurrence(capacity=SEATS)

    _all_at_once(meeting, [UserFactory() for _ in range(PROCESSES)])

    assert meeting.rsvps.filter(state="going").count() > SEATS


def test_without_the_lock_the_database_refuses_the_seat_too_many(fresh_database, without_the_lock):
    meeting = occurrence(capacity=SEATS)

    answers = _all_at_once(meeting, [UserFactory() for _ in range(PROCESSES)])

    assert answers.count("IntegrityError") > 0
    assert meeting.rsvps.filter(state="going").count() == meeting.going_count == SEATS


def test_thirty_processes_take_exactly_ten_seats(fresh_database):
    meeting = occurrence(capacity=SEATS)

    answers = _all_at_once(meeting, [UserFactory() for _ in range(PROCESSES)])

    assert answers.count("going") == SEATS
    assert answers.count("waiting") == PROCESSES - SEATS
    assert meeting.rsvps.filter(state="going").count() == meeting.going_count == SEATS
    assert meeting.rsvps.filter(state="waiting").count() == meeting.waiting_count == PROCESSES - SEATS


def test_one_person_in_ten_windows_has_one_seat(fresh_database):
    meeting, person = occurrence(capacity=SEATS), UserFactory()

    answers = _all_at_once(meeting, [person] * 10)

    assert set(answers) == {"going"}
    assert meeting.going_count == 1


def test_seats_given_back_meanwhile_are_all_taken_again(fresh_database):
    meeting = occurrence(capacity=SEATS)
    seated = [UserFactory() for _ in range(SEATS)]
    for person in seated:
        rsvp.rsvp(meeting, by=person)

    _all_at_once(meeting, [UserFactory() for _ in range(20)], seated[:6])

    assert meeting.rsvps.filter(state="going").count() == meeting.going_count == SEATS
    assert meeting.waiting_count == 20 - 6
