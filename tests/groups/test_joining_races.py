"""The last place, and the last use of a link, in processes of their own; first shown to see the one too many."""

import time

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

import racing
from community.groups import invitations, membership, requests
from community.groups.models import Acceptance, Group, Invitation, JoinRequest, Membership
from community.groups.refusals import GroupRefused
from community.members.models import User
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

RACERS = 24


def _take_up(invitation_id: int, person_id: int) -> str:
    invitation = Invitation.objects.select_related("group").get(pk=invitation_id)
    return "in" if invitations.accept(invitation, by=User.objects.get(pk=person_id)) else "waits"


def _let_in(request_id: int, facilitator_id: int) -> str:
    asked = JoinRequest.objects.select_related("group").get(pk=request_id)
    requests.approve(asked, by=User.objects.get(pk=facilitator_id))
    return "in"


def _join(group_id: int, person_id: int) -> str:
    membership.join(Group.objects.get(pk=group_id), by=User.objects.get(pk=person_id))
    return "in"


def _all_at_once(jobs: list[tuple]) -> list[str]:
    return racing.all_at_once(jobs, refusals=(IntegrityError, GroupRefused))


@pytest.fixture
def without_the_lock(monkeypatch):
    """No row is locked, and everybody has looked before the first one writes."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    for model in (Membership, Acceptance):
        monkeypatch.setattr(model, "save", _late(model.save))


def _late(save):
    def save_late(self, **options):
        time.sleep(0.5)
        save(self, **options)

    return save_late


@pytest.fixture
def without_the_constraints(fresh_database):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE groups_group DROP CONSTRAINT a_group_has_no_more_people_than_places")
        cursor.execute("ALTER TABLE groups_invitation DROP CONSTRAINT an_invitation_is_used_as_often_as_it_may")


def _nearly_full() -> tuple[Membership, list[tuple]]:
    """A consultation group with one place left, as its facilitator's membership, and many with one link to it."""
    led = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True, joining="request"))
    MembershipFactory.create_batch(7, group=led.group)
    link = invitations.make_link(led.group, by=led.user, uses_allowed=50, days=14)
    return led, [(_take_up, link.pk, UserFactory().pk) for _ in range(RACERS)]


def _capped(uses_allowed: int, **trait) -> tuple[Invitation, list[tuple]]:
    """A link to a group with room for everybody, and many who have it."""
    led = MembershipFactory(facilitator=True)
    link = invitations.make_link(led.group, by=led.user, uses_allowed=uses_allowed, days=14)
    return link, [(_take_up, link.pk, UserFactory(**trait).pk) for _ in range(RACERS)]


def test_without_lock_and_constraint_the_last_place_is_taken_by_several(without_the_constraints, without_the_lock):
    led, racers = _nearly_full()

    _all_at_once(racers)

    assert led.group.memberships.count() > 9


def test_without_the_lock_the_database_refuses_the_person_too_many(fresh_database, without_the_lock):
    led, racers = _nearly_full()

    answers = _all_at_once(racers)

    assert answers.count("IntegrityError") > 0
    assert led.group.memberships.count() == 9


def test_the_last_place_goes_to_one_person_and_the_others_are_told(fresh_database):
    led, racers = _nearly_full()

    answers = _all_at_once(racers)

    led.group.refresh_from_db()
    assert (answers.count("in"), answers.count("GroupRefused")) == (1, RACERS - 1)
    assert led.group.memberships.count() == led.group.members_count == 9
    assert Invitation.objects.get().uses == Acceptance.objects.count() == 1


def test_the_last_place_goes_to_one_person_whichever_way_they_come(fresh_database):
    led, racers = _nearly_full()
    second = Membership.objects.exclude(pk=led.pk).first()
    Membership.objects.filter(pk=second.pk).update(role="facilitator")
    asked = [requests.ask(led.group, by=UserFactory()) for _ in range(RACERS // 2)]
    leaders = [led.user_id, second.user_id]
    approvals = [(_let_in, each.pk, leaders[number % 2]) for number, each in enumerate(asked)]

    answers = _all_at_once(racers[: RACERS // 2] + approvals)

    led.group.refresh_from_db()
    assert answers.count("in") == 1
    assert answers.count("GroupRefused") == len(answers) - 1
    assert led.group.memberships.count() == led.group.members_count == 9
    by_request = JoinRequest.objects.filter(outcome="approved").count()
    assert by_request + Acceptance.objects.count() == 1
    assert JoinRequest.objects.filter(decided_at=None).count() == len(asked) - by_request


def test_the_last_place_of_an_open_group_goes_to_one_person(fresh_database):
    group = GroupFactory(community=True, size_limit=3)
    MembershipFactory.create_batch(2, group=group)

    answers = _all_at_once([(_join, group.pk, UserFactory().pk) for _ in range(RACERS)])

    assert (answers.count("in"), answers.count("GroupRefused")) == (1, RACERS - 1)
    assert group.memberships.count() == 3


@pytest.mark.parametrize("trait", [{}, {"applicant": True}], ids=["members", "applicants"])
def test_without_lock_and_constraint_a_link_is_used_too_often(without_the_constraints, without_the_lock, trait):
    link, racers = _capped(3, **trait)

    _all_at_once(racers)

    link.refresh_from_db()
    assert link.uses == Acceptance.objects.count() > 3


def test_without_the_lock_the_database_refuses_the_use_too_many(fresh_database, without_the_lock):
    link, racers = _capped(3)

    answers = _all_at_once(racers)

    link.refresh_from_db()
    assert answers.count("IntegrityError") > 0
    assert link.uses == 3


@pytest.mark.parametrize(("trait", "answer"), [({}, "in"), ({"applicant": True}, "waits")])
def test_a_link_for_three_is_used_by_three(fresh_database, trait, answer):
    link, racers = _capped(3, **trait)

    answers = _all_at_once(racers)

    link.refresh_from_db()
    assert (answers.count(answer), answers.count("GroupRefused")) == (3, RACERS - 3)
    assert link.uses == Acceptance.objects.count() == 3


def test_one_person_in_ten_windows_uses_a_link_once(fresh_database):
    link, racers = _capped(5)

    answers = _all_at_once([racers[0]] * 10)

    link.refresh_from_db()
    assert answers == ["in"] * 10
    assert link.uses == 1


def test_a_request_that_two_facilitators_answer_at_once_is_answered_once(fresh_database):
    led, _ = _nearly_full()
    second = Membership.objects.exclude(pk=led.pk).first()
    Membership.objects.filter(pk=second.pk).update(role="facilitator")
    asked = requests.ask(led.group, by=UserFactory())

    answers = _all_at_once([(_let_in, asked.pk, leader) for leader in [led.user_id, second.user_id] * 5])

    assert (answers.count("in"), answers.count("GroupRefused")) == (1, 9)


def test_a_link_that_is_taken_back_meanwhile_lets_in_as_many_as_it_says(fresh_database):
    link, racers = _capped(50)

    answers = _all_at_once([*racers, (_take_back, link.pk, link.made_by_id)])

    link.refresh_from_db()
    assert link.revoked_at is not None
    assert answers.count("in") == link.uses == Acceptance.objects.count()


def _take_back(invitation_id: int, facilitator_id: int) -> str:
    invitation = Invitation.objects.select_related("group").get(pk=invitation_id)
    invitations.revoke(invitation, by=User.objects.get(pk=facilitator_id))
    return "taken back"
