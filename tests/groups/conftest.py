"""People and groups that several files here set up alike: the staff's rows, a consultation group, a broken glass."""

import pytest
from django.contrib.auth.models import Group as StaffGroup
from django.utils import timezone

from community.groups import emergency
from community.groups.models import Group
from factories.groups import GroupFactory, MembershipFactory, glass_breaker, put_in
from factories.members import UserFactory

ROWS = {
    "led chapter": {},
    "other chapter": {},
    "community": {"community": True},
    "consultation": {"consultation": True},
    "hidden": {"hidden": True},
    "archived chapter": {},
}


def in_role(name: str):
    user = UserFactory(staff=True)
    user.groups.add(StaffGroup.objects.get(name=name))
    return user


@pytest.fixture
def rows(db):
    """A group of each sort, "The led chapter", with "Somebody of the led chapter" in it."""
    groups = {}
    for name, fields in ROWS.items():
        groups[name] = GroupFactory(name=f"The {name}", **fields)
        MembershipFactory(group=groups[name], user__display_name=f"Somebody of the {name}")
    Group.objects.filter(pk=groups["archived chapter"].pk).update(archived_at=timezone.now())
    return groups


@pytest.fixture
def people(rows):
    """Who has business in the admin with which of them, and who has none."""
    chapter = rows["led chapter"]
    return {
        "organiser": MembershipFactory(group=chapter, facilitator=True, user=in_role("Organisers")).user,
        "unsigned organiser": MembershipFactory(
            group=chapter, facilitator=True, unsigned=True, user=in_role("Organisers")
        ).user,
        "plain member": MembershipFactory(group=chapter, user=in_role("Organisers")).user,
        "secretary": in_role("Membership"),
        "superuser": UserFactory(superuser=True),
        "editor": in_role("Editors"),
    }


@pytest.fixture
def secretary(client, db):
    """Somebody who looks after the members and the groups, logged in."""
    user = in_role("Membership")
    client.force_login(user)
    return user


@pytest.fixture
def circle(db):
    """A consultation group, its leader and a member, both of whom have signed."""
    group = GroupFactory(consultation=True, name="Brackenmoor circle", slug="hollowgate")
    leader, member = UserFactory(), UserFactory()
    put_in(group, leader, role="facilitator")
    put_in(group, member)
    return group, leader, member


# A broken glass -------------------------------------------------------------------------------------------------------


@pytest.fixture
def group(db):
    return GroupFactory(hidden=True, name="Brackenmoor circle", slug="hollowgate")


@pytest.fixture
def insider(group):
    return MembershipFactory(group=group, facilitator=True, user__display_name="Ina Insider").user


@pytest.fixture
def asker(db):
    return glass_breaker("Asa Asker")


@pytest.fixture
def granter(db):
    return glass_breaker("Gro Granter")


@pytest.fixture
def waiting(group, asker, granter):
    return emergency.ask(group, by=asker, reason="A member writes of harm that somebody may come to.")


@pytest.fixture
def access(waiting, granter, insider):
    return emergency.grant(waiting, by=granter)
