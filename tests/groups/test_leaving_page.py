"""What somebody is told before they leave a group, or do not sign its agreement."""

import pytest
from django.urls import reverse

from factories.groups import MembershipFactory
from factories.members import UserFactory


def page(client, own) -> str:
    client.force_login(own.user)
    return client.get(reverse("groups:leave", args=[own.group.slug])).content.decode()


@pytest.mark.parametrize("is_inside", [True, False])
def test_the_only_facilitator_is_told_to_hand_over_first(client, db, is_inside):
    own = MembershipFactory(facilitator=True, unsigned=not is_inside)
    MembershipFactory(group=own.group)

    body = page(client, own)

    assert "You are the only facilitator" in body
    assert "button--danger" not in body
    way = reverse("groups:people" if is_inside else "groups:agreement", args=[own.group.slug])
    assert f'class="button" href="{way}"' in body
    assert client.get(way).status_code == 200


@pytest.mark.parametrize("who", ["one of two facilitators", "a member", "the last one"])
def test_everybody_else_can_leave_at_once(client, db, who):
    own = MembershipFactory(facilitator=who != "a member")
    if who != "the last one":
        MembershipFactory(group=own.group, facilitator=True)

    body = page(client, own)

    assert "button--danger" in body
    assert "the only facilitator" not in body


@pytest.mark.parametrize("belongs", [True, False])
def test_who_belongs_and_does_not_sign_is_told_that_the_others_see_it(client, db, belongs):
    own = MembershipFactory()
    person = MembershipFactory(group=own.group, unsigned=True).user if belongs else UserFactory()
    client.force_login(person)

    body = client.get(reverse("groups:agreement", args=[own.group.slug])).content.decode()

    assert ("Those inside see that you have not signed." in body) == belongs
    assert ("nobody is told" in body) != belongs
