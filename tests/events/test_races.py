"""Many people and few seats, in processes of their own. The test is first shown to see the overbooking it looks for."""

import multiprocessing

import pytest
from django.db import IntegrityError, connection, connections
from django.db.models import QuerySet

from community.members.models import User
from events import rsvp
from events.models import Occurrence, Rsvp
from events.rsvp import RsvpRefused
from factories.events import occurrence
from factories.members import UserFactory

PROCESSES = 30
SEATS = 10


def _take_a_seat(meeting_id: int, user_id: int, barrier, answers) -> None:
    try:
        meeting, user = Occurrence.objects.get(pk=meeting_id), User.objects.get(pk=user_id)
        barrier.wait(60)
        answers.put(rsvp.rsvp(meeting, by=user).state)
    except (IntegrityError, RsvpRefused) as error:
        answers.put(type(error).__name__)
    finally:
        connections.close_all()


def _give_back_a_seat(meeting_id: int, user_id: int, barrier, answers) -> None:
    try:
        meeting, user = Occurrence.objects.get(pk=meeting_id), User.objects.get(pk=user_id)
        barrier.wait(60)
        rsvp.cancel(meeting, by=user)
        answers.put("gave back")
    finally:
        connections.close_all()


def _all_at_once(meeting: Occurrence, takers: list[User], givers: list[User] = ()) -> list[str]:
    """Each person in a process of their own, let go at the same moment."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(len(takers) + len(givers)), fork.Queue()
    jobs = [(_take_a_seat, person) for person in takers] + [(_give_back_a_seat, person) for person in givers]
    processes = [fork.Process(target=job, args=(meeting.pk, person.pk, barrier, answers)) for job, person in jobs]
    for process in processes:
        process.start()
    found = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
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
