"""Accounts in a real browser: passkeys, the forms without JavaScript, and what axe says."""

import re

import pytest
from django.core import mail

from community.members.models import User
from core.models import Subject
from factories.members import UserFactory

PASSWORD = "a-long-enough-password"


def type_password(page, site_url, user):
    page.goto(f"{site_url}/accounts/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def authenticator(page):
    """A device that can keep passkeys and says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_is_added_and_then_lets_its_owner_in_alone(page, site_url, authenticator):
    member = UserFactory(confirmed=True, applicant=True)
    type_password(page, site_url, member)

    page.goto(f"{site_url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("Your passkey is set up.").wait_for()

    page.context.clear_cookies()
    page.goto(f"{site_url}/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/account/welcome/")

    page.context.clear_cookies()
    type_password(page, site_url, member)
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url("**/account/welcome/")

    page.goto(f"{site_url}/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/accounts/2fa/")


def test_a_passkey_that_does_not_come_is_a_sentence_and_no_dead_end(page, site_url):
    page.goto(f"{site_url}/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )

    page.get_by_role("button", name="Log in with a passkey").click()

    page.get_by_text("That did not work, or it was cancelled.").wait_for()


def test_the_browsers_zone_is_taken_over_at_sign_up(page, site_url, run_jobs):
    page.goto(f"{site_url}/accounts/signup/")
    page.get_by_label("Your name").fill("Ada Lang")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("four-quiet-words-here")
    page.get_by_label("I am an adult").check()
    page.get_by_role("button", name="Send my application").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()

    assert User.objects.get().time_zone == "America/New_York"


def test_sign_up_and_profile_work_without_javascript(page_without_js, site_url, run_jobs, tmp_path):
    page = page_without_js
    page.goto(f"{site_url}/accounts/signup/")
    page.get_by_label("Your name").fill("Ada Lang")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("four-quiet-words-here")
    page.get_by_label("I am an adult").check()
    page.get_by_role("button", name="Send my application").click()
    run_jobs()
    page.goto(re.search(r"http://localhost\S+/accounts/confirm-email/\S+", mail.outbox[0].body)[0])
    page.get_by_role("button", name="Yes, it is mine").click()
    page.get_by_role("heading", name="Your application is with us").wait_for()
    page.get_by_role("link", name="Tell us what you do").click()
    page.get_by_label("Discipline").select_option(label="Psychologist")
    page.get_by_label("Time zone").select_option(label="Mountain time")
    page.get_by_role("button", name="Save my profile").click()
    page.get_by_text("Your profile is saved.").wait_for()

    user = User.objects.get()
    assert (user.discipline, user.time_zone) == ("psychologist", "America/Denver")


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_axe_finds_nothing_on_the_pages_at_the_door(open_page, site_url, axe, width, dark):
    page = open_page(width=width, dark=dark)
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/privacy/"):
        page.goto(f"{site_url}{path}")
        axe(page)
    page.goto(f"{site_url}/accounts/signup/")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="Send my application").click()
    page.get_by_text("Please tick this box").wait_for()
    page.wait_for_load_state()
    axe(page)


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_axe_finds_nothing_on_the_pages_about_people(open_page, site_url, log_in, axe, width, dark):
    member, other = UserFactory(), UserFactory(practitioner=True, bio="Two words.", region="Ohio", city="Columbus")
    other.interests.add(Subject.objects.create(name="Trauma", slug="trauma"))
    page = open_page(width=width, dark=dark)
    log_in(page, member)
    for path in (
        "/people/",
        f"/people/{other.pk}/",
        f"/people/{member.pk}/",
        "/account/",
        "/account/profile/",
        "/account/blocks/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/email/",
    ):
        page.goto(f"{site_url}{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
