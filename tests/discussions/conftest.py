from datetime import timedelta

import pytest
from django.utils import timezone

from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator


@pytest.fixture
def moderator(db):
    return as_moderator(UserFactory(practitioner=True))


@pytest.fixture
def member(db):
    return UserFactory(date_joined=timezone.now() - timedelta(days=300))


@pytest.fixture
def places(db):
    return {audience: make_forum(audience=audience) for audience in ("world", "members", "practitioners")}


@pytest.fixture
def topic(places):
    return make_topic(places["members"], subject="Lindisquay by the sea", body="It began in Lindisquay.")
