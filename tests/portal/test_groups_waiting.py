"""Groups that wait for a step of the reader, on their Today."""

import pytest
from django.urls import reverse

from community.groups import archiving, invitations, steps
from factories.groups import GroupFactory, MembershipFactory, new_version, put_in
from factories.members import UserFactory


@pytest.fixture
def led(db):
    return MembershipFactory(facilitator=True, group=GroupFactory(hidden=True, name="Quiet hour"))


def today(client, person) -> str:
    client.force_login(person)
    return client.get("/today/").content.decode()


def test_an_open_invitation_stands_there_until_it_is_taken_up(client, led):
    person = UserFactory()
    made = invitations.invite(led.group, by=led.user, email=person.email)

    body = today(client, person)
    assert reverse("groups:invitation", args=[led.group.slug]) in body
    assert "You are invited." in body

    invitations.accept(made, by=person)
    body = today(client, person)
    assert reverse("groups:agreement", args=[led.group.slug]) in body
    assert "once you have read and signed its agreement" in body
    assert "You are invited." not in body


def test_a_new_wording_stands_there_until_it_is_signed(client, led):
    person = UserFactory()
    put_in(led.group, person)
    assert "Quiet hour" not in today(client, person)

    new_version("consultation")

    body = today(client, person)
    assert reverse("groups:agreement", args=[led.group.slug]) in body
    assert "The wording of the agreement has changed" in body


def test_nothing_stands_there_for_others(led):
    lapsed = MembershipFactory(group=led.group, unsigned=True, user=UserFactory(lapsed=True)).user
    revoked, archived = UserFactory(), MembershipFactory(unsigned=True)
    invitations.revoke(invitations.invite(led.group, by=led.user, email=revoked.email), by=led.user)
    facilitator = MembershipFactory(group=archived.group, facilitator=True).user
    archiving.archive(archived.group, by=facilitator)

    for person in (lapsed, revoked, archived.user, led.user, UserFactory()):
        assert steps.waiting_for(person) == []


def test_a_full_group_invites_nobody_in(led):
    person = UserFactory()
    invitations.invite(led.group, by=led.user, email=person.email)
    MembershipFactory.create_batch(8, group=led.group)

    assert steps.waiting_for(person) == []
