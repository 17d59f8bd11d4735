import pytest
from django.contrib.auth.models import Group as Role

from factories.groups import MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def member(db, client):
    """A member, logged in."""
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def lead(db, client):
    """Somebody who leads a chapter, logged in."""
    membership = MembershipFactory(facilitator=True)
    client.force_login(membership.user)
    return membership


@pytest.fixture
def organiser(lead):
    """The same, let into the Wagtail admin."""
    lead.user.groups.add(Role.objects.get(name="Organisers"))
    return lead
