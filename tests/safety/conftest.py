import pytest

from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator


@pytest.fixture
def author(db):
    return UserFactory(display_name="Ana Author", practitioner=True)


@pytest.fixture
def mo(db):
    return as_moderator(UserFactory(display_name="Mo Moderator", practitioner=True))


@pytest.fixture
def other_mo(db):
    return as_moderator(UserFactory(display_name="Olu Moderator", practitioner=True))


@pytest.fixture
def topic(author):
    return make_topic(make_forum(audience="members"), by=author, subject="Peregrath", body="Lindisquay words.")


@pytest.fixture
def circle(author):
    """A consultation group with two who lead it, and the author."""
    group = GroupFactory(consultation=True)
    leaders = [UserFactory(practitioner=True, display_name=name) for name in ("Lea Leader", "Lou Leader")]
    put_in(group, *leaders, role="facilitator")
    put_in(group, author)
    return group, *leaders
