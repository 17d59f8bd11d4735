"""Logging in through the association's own identity provider, where one is named."""

import pytest

from community.members.models import User
from factories.members import UserFactory


@pytest.fixture
def provider(settings):
    """An identity provider that is configured and does not answer."""
    app = {
        "provider_id": "association",
        "name": "Wayside account",
        "client_id": "client",
        "secret": "secret",
        "settings": {"server_url": "http://127.0.0.1:9/", "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def test_without_a_provider_nothing_is_offered(client, db):
    page = client.get("/accounts/login/").content.decode()

    assert "/accounts/oidc/" not in page


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/"])
def test_a_provider_is_offered_at_the_door(client, db, provider, address):
    page = client.get(address).content.decode()

    assert "Use Wayside account" in page
    assert "/accounts/oidc/association/login/" in page


def test_going_there_takes_a_post(client, db, provider):
    page = client.get("/accounts/oidc/association/login/").content.decode()

    assert "Go on with Wayside account" in page


def test_a_provider_that_does_not_answer_is_a_page_that_says_so(client, db, provider):
    answer = client.post("/accounts/oidc/association/login/", follow=True)

    assert answer.status_code == 401
    assert "That did not work" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["/accounts/oidc/unknown/login/", "/accounts/oidc/association/login/callback/"])
def test_addresses_of_a_provider_that_lead_nowhere_are_no_errors(client, db, provider, address):
    assert client.get(address).status_code in (302, 401, 404)


def test_members_connect_it_from_their_account(client, db, provider):
    client.force_login(UserFactory())

    assert "Other ways to log in" in client.get("/account/").content.decode()
    assert "Connect Wayside account" in client.get("/accounts/3rdparty/").content.decode()
