import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def secret(db):
    from secret import make_secret  # the path above is set, and Django is ready

    return make_secret()


@pytest.fixture
def enter(client, secret):
    """Come before the secret as one kind of person: `enter("outsider")` returns a client."""
    from people import OUTSIDERS

    def come_in(who: str):
        person = OUTSIDERS[who](secret)
        if person:
            client.force_login(person)
        return client

    return come_in
