"""Two who answer one request at the same moment, in processes of their own; first shown without the lock."""

import multiprocessing

import pytest
from django.db import connections
from django.db.models import QuerySet

from community.groups import emergency
from community.groups.models import EmergencyAccess
from community.groups.refusals import GroupRefused
from community.members.models import User
from core.models import AuditEntry
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

RACERS = 12


def _act(step: str, access_id: int, person_id: int, barrier, answers) -> None:
    access, person = EmergencyAccess.objects.get(pk=access_id), User.objects.get(pk=person_id)
    barrier.wait(60)
    try:
        getattr(emergency, step)(access, by=person)
        answers.put(step)
    except GroupRefused:
        answers.put("refused")
    finally:
        connections.close_all()


def _all_at_once(access: EmergencyAccess, steps: list[tuple[str, User]]) -> list[str]:
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(len(steps)), fork.Queue()
    processes = [
        fork.Process(target=_act, args=(step, access.pk, person.pk, barrier, answers)) for step, person in steps
    ]
    for process in processes:
        process.start()
    found = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join(60)
    return found


@pytest.fixture
def people(fresh_database) -> list[User]:
    return [UserFactory(superuser=True) for _number in range(RACERS + 1)]


@pytest.fixture
def waiting(people) -> EmergencyAccess:
    return emergency.ask(MembershipFactory(group=GroupFactory(hidden=True)).group, by=people[0], reason="Harm.")


def granted(access: EmergencyAccess) -> int:
    return AuditEntry.objects.filter(action="group.glass.granted", target_id=access.pk).count()


def test_without_the_lock_more_than_one_grants(waiting, people, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)

    _all_at_once(waiting, [("grant", person) for person in people[1:]])

    assert granted(waiting) > 1


def test_one_grants(waiting, people):
    answers = _all_at_once(waiting, [("grant", person) for person in people[1:]])

    assert sorted(answers) == ["grant"] + ["refused"] * (RACERS - 1)
    assert granted(waiting) == 1


def test_what_is_taken_back_is_not_granted(waiting, people):
    steps = [("withdraw", people[0])] + [("grant", person) for person in people[1:]]

    answers = _all_at_once(waiting, steps)

    assert len([answer for answer in answers if answer != "refused"]) == 1
    waiting.refresh_from_db()
    assert (waiting.granted_at is None) == (waiting.ended_at is not None)


def test_what_is_ended_while_it_is_granted_is_over(waiting, people):
    """Whoever comes first: an end before the grant is refused, and one after it ends what was granted."""
    answers = _all_at_once(waiting, [("grant", people[1]), *[("end", person) for person in people[2:]]])

    waiting.refresh_from_db()
    assert answers.count("grant") == 1
    assert (waiting.ended_at is not None) == ("end" in answers)


def _read(access_id: int, person_id: int, barrier, answers) -> None:
    access, person = EmergencyAccess.objects.select_related("group").get(pk=access_id), User.objects.get(pk=person_id)
    barrier.wait(60)
    try:
        answers.put(emergency.reading(access.group, person) is not None)
    finally:
        connections.close_all()


def test_pages_that_are_opened_at_once_are_one_row(waiting, people):
    emergency.grant(waiting, by=people[1])
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(RACERS), fork.Queue()
    args = (waiting.pk, people[0].pk, barrier, answers)
    processes = [fork.Process(target=_read, args=args) for _number in range(RACERS)]
    for process in processes:
        process.start()
    assert all(answers.get(timeout=120) for _ in processes)
    for process in processes:
        process.join(60)

    assert AuditEntry.objects.filter(action=emergency.READ).count() == 1
