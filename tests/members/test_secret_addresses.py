"""Addresses that a program reads without a login: made, shown once, ended; nothing but a digest is stored."""

import re

import pytest

from community.members import secret_addresses
from community.members.models import SecretAddress
from factories.members import UserFactory

PURPOSE = "discussions"


@pytest.fixture
def member(db):
    return UserFactory()


def test_the_key_is_stored_nowhere(member):
    key = secret_addresses.make(PURPOSE, by=member)

    row = SecretAddress.objects.get()
    assert key not in (row.digest, str(row))
    assert len(key) >= 32
    assert secret_addresses.holder(PURPOSE, key) == member


def test_a_new_one_ends_the_old_one(member):
    old, new = (secret_addresses.make(PURPOSE, by=member) for _ in range(2))

    assert secret_addresses.holder(PURPOSE, old) is None
    assert secret_addresses.holder(PURPOSE, new) == member


def test_only_members_in_good_standing_hold_one(db):
    for trait in ("applicant", "lapsed"):
        user = UserFactory(**{trait: True})
        assert secret_addresses.holder(PURPOSE, secret_addresses.make(PURPOSE, by=user)) is None


def test_the_page_shows_it_once(client, member):
    client.force_login(member)

    made = client.post(f"/account/addresses/{PURPOSE}/make/")
    again = client.get("/account/addresses/")

    key = re.search(r"/discussions/feed/([\w-]+)/", made.content.decode())[1]
    assert secret_addresses.holder(PURPOSE, key) == member
    assert key not in again.content.decode()
    assert "There is one, made" in again.content.decode()
    assert "no-store" in made["Cache-Control"]


def test_the_page_ends_it(client, member):
    key = secret_addresses.make(PURPOSE, by=member)
    client.force_login(member)

    response = client.post(f"/account/addresses/{PURPOSE}/end/", follow=True)

    assert "leads nowhere any more" in response.content.decode()
    assert secret_addresses.holder(PURPOSE, key) is None


def test_nobody_makes_or_ends_somebody_elses(client, member):
    key = secret_addresses.make(PURPOSE, by=member)
    client.force_login(UserFactory())

    client.post(f"/account/addresses/{PURPOSE}/end/")
    client.post(f"/account/addresses/{PURPOSE}/make/")

    assert secret_addresses.holder(PURPOSE, key) == member


@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("applicant", 404), ("lapsed", 404), ("member", 200)])
def test_who_comes_to_the_page(client, db, who, status):
    if who != "anonymous":
        client.force_login(UserFactory(**({} if who == "member" else {who: True})))

    assert client.get("/account/addresses/").status_code == status
    assert client.post(f"/account/addresses/{PURPOSE}/make/").status_code == status


@pytest.mark.parametrize("purpose", ["nothing", "x" * 200])
def test_an_unknown_purpose_is_missing(client, member, purpose):
    client.force_login(member)

    assert client.post(f"/account/addresses/{purpose}/make/").status_code == 404
    assert client.get(f"/account/addresses/{PURPOSE}/make/").status_code == 405
