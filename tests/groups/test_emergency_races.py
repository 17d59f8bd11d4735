"""Two who answer one request at the same moment, in processes of their own; first shown without the lock."""

import pytest
from django.db.models import QuerySet

import racing
from community.groups import emergency
from community.groups.models import EmergencyAccess
from community.groups.refusals import GroupRefused
from community.members.models import User
from core.models import AuditEntry
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

RACERS = 12


def _act(step: str, access_id: int, person_id: int) -> str:
    getattr(emergency, step)(EmergencyAccess.objects.get(pk=access_id), by=User.objects.get(pk=person_id))
    return step


def _all_at_once(access: EmergencyAccess, steps: list[tuple[str, User]]) -> list[str]:
    jobs = [(_act, step, access.pk, person.pk) for step, person in steps]
    return racing.all_at_once(jobs, refusals=(GroupRefused,))


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

    assert sorted(answers) == ["GroupRefused"] * (RACERS - 1) + ["grant"]
    assert granted(waiting) == 1


def test_what_is_taken_back_is_not_granted(waiting, people):
    steps = [("withdraw", people[0])] + [("grant", person) for person in people[1:]]

    answers = _all_at_once(waiting, steps)

    assert len([answer for answer in answers if answer != "GroupRefused"]) == 1
    waiting.refresh_from_db()
    assert (waiting.granted_at is None) == (waiting.ended_at is not None)


def test_what_is_ended_while_it_is_granted_is_over(waiting, people):
    """Whoever comes first: an end before the grant is refused, and one after it ends what was granted."""
    answers = _all_at_once(waiting, [("grant", people[1]), *[("end", person) for person in people[2:]]])

    waiting.refresh_from_db()
    assert answers.count("grant") == 1
    assert (waiting.ended_at is not None) == ("end" in answers)


def _read(access_id: int, person_id: int) -> bool:
    access = EmergencyAccess.objects.select_related("group").get(pk=access_id)
    return emergency.reading(access.group, User.objects.get(pk=person_id)) is not None


def test_pages_that_are_opened_at_once_are_one_row(waiting, people):
    emergency.grant(waiting, by=people[1])

    assert all(racing.all_at_once([(_read, waiting.pk, people[0].pk)] * RACERS, refusals=()))
    assert AuditEntry.objects.filter(action=emergency.READ).count() == 1
