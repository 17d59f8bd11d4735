"""What staff do to accounts stands in the audit trail."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import Group as StaffGroup

from community.members import roles, standing, trail
from core import audit
from core.models import AuditEntry
from factories.members import UserFactory

CHECK = {
    "on": datetime.date(2026, 1, 5),
    "expires_on": None,
    "jurisdiction": "Ohio",
    "number": "Canary.7",
}
CHANGES = {
    "members.admit": ({"applicant": True, "confirmed": True}, standing.admit),
    "members.lapse": ({}, standing.lapse),
    "members.reinstate": ({"lapsed": True}, standing.reinstate),
    "members.check_licence": ({}, lambda user, by: standing.check_licence(user, by=by, **CHECK)),
    "members.withdraw_check": ({"practitioner": True}, standing.withdraw_check),
    "members.close": ({}, standing.close),
    "members.reopen": ({"is_active": False}, standing.reopen),
    "members.roles": ({}, lambda user, by: roles.set_roles(user, by=by, groups=[], administrator=False)),
}


@pytest.mark.parametrize("action", CHANGES)
def test_who_did_what_to_whom_is_written(db, action):
    traits, change = CHANGES[action]
    admin, person = UserFactory(superuser=True), UserFactory(**traits)

    change(person, by=admin)

    row = AuditEntry.objects.get()
    assert (row.actor_id, row.action, row.person_id) == (admin.pk, action, person.pk)
    assert (row.target_kind, row.target_id) == (None, None)


def test_an_invitation_is_written(db):
    admin = UserFactory(superuser=True)

    invited = standing.invite("new@example.org", "New Person", by=admin)

    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id, row.person_id) == ("members.invite", admin.pk, invited.pk)


def test_each_word_of_this_room_is_written_somewhere():
    assert {*CHANGES, "members.invite"} == set(trail.ACTIONS)
    assert set(trail.ACTIONS) <= {word for word, _sentence in audit.actions()}


def test_what_is_refused_leaves_no_row(db):
    with pytest.raises(standing.StandingRefused):
        standing.lapse(UserFactory(applicant=True), by=UserFactory(superuser=True))
    with pytest.raises(roles.RoleRefused):
        roles.set_roles(UserFactory(), by=UserFactory(), groups=[], administrator=True)

    assert not AuditEntry.objects.exists()


def test_people_are_named_to_those_who_may_look_them_up(db):
    listed, quiet, lapsed = UserFactory(), UserFactory(hidden=True), UserFactory(lapsed=True)
    ids = [listed.pk, quiet.pk, lapsed.pk]
    keeper = UserFactory(staff=True)
    keeper.groups.add(StaffGroup.objects.get(name="Membership"))

    assert set(trail.names(AnonymousUser(), ids)) == set()
    assert set(trail.names(UserFactory(), ids)) == {listed.pk}
    assert set(trail.names(quiet, ids)) == {listed.pk, quiet.pk}
    assert set(trail.names(keeper, ids)) == set(ids)


def test_the_role_of_those_who_look_after_the_members(db):
    role = StaffGroup.objects.get(name="Membership")

    assert {"access_admin", "add_user", "change_user", "view_user", "view_auditentry"} <= set(
        role.permissions.values_list("codename", flat=True)
    )
