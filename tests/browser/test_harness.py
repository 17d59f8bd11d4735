"""The browser tests' own ground: a page is served, watched, and checked."""

import pytest

from factories.members import UserFactory

NOT_FOUND = "/no-such-page/"


def test_a_missing_page_is_ours_and_accessible(page, site_url, axe):
    response = page.goto(f"{site_url}{NOT_FOUND}")

    assert response.status == 404
    assert page.get_by_role("heading", level=1).count() == 1
    axe(page)


def test_a_page_stands_without_javascript(page_without_js, site_url):
    page_without_js.goto(f"{site_url}{NOT_FOUND}")

    assert page_without_js.get_by_role("heading", level=1).is_visible()


def test_a_person_is_signed_in(page, site_url, log_in):
    person = UserFactory()
    log_in(page, person)

    response = page.goto(f"{site_url}/accounts/email/")

    assert response.status == 200
    assert "/login/" not in page.url


def test_a_console_error_is_noticed(page, site_url, troubles):
    page.goto(f"{site_url}{NOT_FOUND}")
    page.evaluate("console.error('something broke')")

    assert len(troubles) == 1
    troubles.clear()


def test_a_violated_policy_is_noticed(page, site_url, troubles):
    page.goto(f"{site_url}{NOT_FOUND}")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('p'), {innerHTML: '<i style=\"color:red\">x</i>'}))"
    )
    page.wait_for_timeout(100)

    assert any("style" in trouble for trouble in troubles)
    troubles.clear()


@pytest.mark.parametrize("address", ["http://example.org/x.png", "https://203.0.113.7/x.png"])
def test_the_outside_is_out_of_reach(page, site_url, troubles, address):
    page.goto(f"{site_url}/livez")
    page.evaluate("url => new Promise(done => { const i = new Image(); i.onerror = done; i.src = url })", address)

    assert any("not on this machine" in trouble for trouble in troubles)
    troubles.clear()
