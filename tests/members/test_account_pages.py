"""Every page and letter of the account system has our look and our words, and nothing inline."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.template.loader import render_to_string
from django.utils import timezone

from factories.members import UserFactory

PASSWORD = "a-long-enough-password"
VISITOR = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-abc/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/abc/",
    "/accounts/inactive/",
    "/accounts/3rdparty/login/cancelled/",
    "/accounts/3rdparty/login/error/",
    "/privacy/",
    "/rules/",
]
MEMBER = [
    "/accounts/logout/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/password/reset/",
    "/accounts/reauthenticate/",
    "/accounts/sessions/",
    "/accounts/3rdparty/",
    "/accounts/2fa/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/account/",
    "/account/profile/",
    "/account/blocks/",
    "/people/",
]


def assert_our_page(answer):
    page = answer.content.decode()
    assert answer.status_code in (200, 401)
    assert 'class="site-header"' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert len(re.findall(r"<main[ >]", page)) == 1
    assert re.search(r"<title>\s*\S[^<]* · ", page)
    for tag in re.findall(r"<script[^>]*>", page):
        assert " src=" in tag or 'type="application/json"' in tag
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", VISITOR)
def test_visitors_meet_our_pages(client, db, address):
    assert_our_page(client.get(address))


@pytest.fixture
def insider(client, db):
    """Somebody with a recovery code, logged in, who has just said again who they are."""
    user = UserFactory(confirmed=True)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return user


@pytest.mark.parametrize("address", MEMBER)
def test_members_meet_our_pages(client, insider, address):
    if "recovery" in address or "deactivate" in address or "reauthenticate" in address:
        TOTP.activate(insider, generate_totp_secret())
        RecoveryCodes.activate(insider)

    assert_our_page(client.get(address))


def test_the_step_after_the_password_is_our_page(client, db):
    user = UserFactory(confirmed=True)
    TOTP.activate(user, generate_totp_secret())

    assert_our_page(client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True))


@pytest.mark.parametrize("page", ["edit", "remove"])
def test_the_pages_of_somebody_elses_passkey_are_not_found(client, insider, page):
    key = Authenticator.objects.create(user=UserFactory(), type="webauthn", data={"name": "key", "credential": {}})

    assert client.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["edit", "remove"])
def test_the_pages_of_my_passkey_are_ours(client, insider, page):
    key = Authenticator.objects.create(user=insider, type="webauthn", data={"name": "Blue key", "credential": {}})

    answer = client.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{page}/")

    assert_our_page(answer)
    assert "Blue key" in answer.content.decode()


def test_too_many_requests_get_a_page_of_ours(client, db):
    for _attempt in range(21):
        answer = client.post("/accounts/password/reset/", {"email": "a@example.org"})

    assert answer.status_code == 429
    assert 'class="site-header"' in answer.content.decode()


LETTERS = [
    "account/email/email_confirmation_signup",
    "account/email/email_confirmation",
    "account/email/account_already_exists",
    "account/email/password_reset_key",
    "account/email/unknown_account",
    "account/email/email_changed",
    "account/email/email_confirm",
    "account/email/email_deleted",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
]


@pytest.mark.parametrize("stem", LETTERS)
@pytest.mark.parametrize("known", [True, False])
def test_each_letter_has_our_words_as_text_and_as_html(db, stem, known):
    links = ["activate_url", "password_reset_url", "signup_url"]
    words = ["from_email", "to_email", "deleted_email", "provider"]
    context = {
        "recipient": UserFactory(display_name="Ann & Bo <x>") if known else None,
        "email": "a&b@example.org",
        "base_url": "https://example.org",
        "timestamp": timezone.now(),
    } | dict.fromkeys(links + words, "X&Y")

    subject = render_to_string(f"{stem}_subject.txt", context).strip()
    text = render_to_string(f"{stem}_message.txt", context)
    html = render_to_string(f"{stem}_message.html", context)

    assert subject
    assert "\n" not in subject
    assert text.startswith("Hello Ann," if known else "Hello,")
    assert "&amp;" not in text
    assert subject in html
    assert "X&Y" not in html
    assert "None" not in text + html


def test_the_hour_in_a_letter_is_the_hour_of_the_person(db):
    from datetime import UTC, datetime

    context = {
        "recipient": UserFactory(time_zone="America/Chicago"),
        "base_url": "https://example.org",
        "timestamp": datetime(2026, 7, 1, 17, 30, tzinfo=UTC),
    }

    text = render_to_string("account/email/password_changed_message.txt", context)

    assert "It happened on July 1, 2026 at 12:30 p.m. (Central time)." in text
