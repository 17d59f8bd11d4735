"""What could identify a client, in a browser: met first, replaced or posted by keyboard, with and without script."""

import pytest
from playwright.sync_api import expect

from factories.discussions import make_topic
from factories.members import UserFactory

TELLING = "She was born on 3/14/1987 and called from 614-555-0134."


@pytest.fixture
def topic(fresh_database):
    return make_topic(subject="Fees")


@pytest.fixture(params=["with script", "without"])
def own_page(request):
    return request.getfixturevalue("page" if request.param == "with script" else "page_without_js")


def test_the_finding_is_met_first_and_the_keyboard_goes_on_from_it(own_page, page, site_url, log_in, axe, topic):
    log_in(own_page, UserFactory(practitioner=True))
    own_page.goto(f"{site_url}{topic.get_absolute_url()}reply/")
    own_page.locator("textarea[name=body]").fill(TELLING)
    own_page.get_by_role("button", name="Post reply").click()

    finding = own_page.get_by_role("region", name="2 passages could identify a client")
    expect(finding).to_be_visible()
    expect(finding).to_be_focused()
    if own_page is page:
        axe(own_page)
    own_page.keyboard.press("Tab")
    own_page.keyboard.press("Enter")
    expect(own_page.get_by_role("region", name="Replaced. Please read it once more")).to_be_visible()
    expect(own_page.locator("textarea[name=body]")).to_have_value(
        "She was born in spring of that year and called from a phone number."
    )
    own_page.get_by_role("button", name="Post reply").click()

    expect(own_page.locator(".post").last).to_contain_text("in spring of that year")


def test_it_can_go_as_it_is(own_page, site_url, log_in, topic):
    log_in(own_page, UserFactory(practitioner=True))
    own_page.goto(f"{site_url}{topic.get_absolute_url()}reply/")
    own_page.locator("textarea[name=body]").fill("The chapter meets on May 5th.")
    own_page.get_by_role("button", name="Post reply").click()
    own_page.get_by_role("button", name="Post as it is").click()

    expect(own_page.locator(".post").last).to_contain_text("on May 5th")


def test_the_search_and_the_addresses_meet_the_rules(page, open_page, site_url, log_in, axe, topic):
    user = UserFactory(practitioner=True)
    for each in (page, open_page(width=390, dark=True)):
        log_in(each, user)
        for path in ("/discussions/search/?q=how&by=a", "/discussions/search/?q=a*&since=x", "/account/addresses/"):
            each.goto(f"{site_url}{path}")
            axe(each)
        each.get_by_role("button", name="Make").click()
        expect(each.get_by_text("Copy it now")).to_be_visible()
        each.wait_for_load_state()  # the styles too
        axe(each)
