"""Drafts, in a browser: kept while one writes, there on every device, never written over unasked."""

import re

import pytest
from playwright.sync_api import expect

from community.discussions.models import Draft, Post
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture
def writer(fresh_database):
    return UserFactory(practitioner=True, display_name="Wren Ito")


@pytest.fixture
def topic(fresh_database):
    maren = UserFactory(practitioner=True, display_name="Maren Aldous")
    words = "I have begun to work *harder* than they do.\n\nAnd I leave our sessions tired."
    return make_topic(make_forum("Case consultation"), by=maren, subject="What do you change first?", body=words)


@pytest.fixture
def composing(page, log_in, site_url, writer, topic):
    """A page with the box to answer in, and the box."""
    log_in(page, writer)
    page.goto(f"{site_url}{topic.get_absolute_url()}")
    return page, box_of(page)


def box_of(page):
    return page.locator("textarea[name=body]")


def status(page):
    return page.locator("[data-status]")


def test_a_draft_goes_on_on_a_second_device_and_is_gone_once_posted(composing, open_page, log_in, site_url, writer):
    page, box = composing
    box.press_sequentially("Half a sentence", delay=5)
    expect(status(page)).to_contain_text("Draft saved at")

    phone = open_page(width=390)
    log_in(phone, writer)
    phone.goto(page.url)
    expect(phone.get_by_text("This is your draft of")).to_be_visible()
    assert box_of(phone).input_value() == "Half a sentence"
    box_of(phone).focus()
    phone.keyboard.press("Control+End")
    phone.keyboard.type(", and the rest.")
    phone.get_by_role("button", name="Post reply").click()
    phone.get_by_text("Half a sentence, and the rest.").first.wait_for()

    assert Post.objects.filter(content="Half a sentence, and the rest.").count() == 1
    assert not Draft.objects.exists()
    assert box_of(phone).input_value() == ""


def test_two_devices_at_once_are_told_and_choose(composing, open_page, log_in, writer, axe, troubles):
    page, box = composing
    phone = open_page(width=390)
    log_in(phone, writer)
    phone.goto(page.url)
    box_of(phone).press_sequentially("On the phone")
    expect(status(phone)).to_contain_text("Draft saved")

    box.press_sequentially("On the desk")

    notice = page.get_by_role("alert").filter(has_text="another window")
    expect(notice).to_be_visible()
    axe(page)
    assert Draft.objects.get().body == "On the phone"
    notice.get_by_role("button", name="Take the other one").click()
    assert box.input_value() == "On the phone"
    page.keyboard.press("Control+z")
    assert box.input_value() == "On the desk"
    expect(status(page)).to_contain_text("Draft saved")
    page.wait_for_timeout(2500)
    assert Draft.objects.get().body == "On the desk"
    troubles.clear()  # the browser notes the 409


def test_without_a_connection_the_words_stay_and_are_saved_later(composing, troubles):
    page, box = composing
    page.context.set_offline(True)
    box.press_sequentially("In the tunnel")
    expect(status(page)).to_contain_text("there is no connection")
    assert box.input_value() == "In the tunnel"

    page.context.set_offline(False)

    expect(status(page)).to_contain_text("Draft saved at")
    assert Draft.objects.get().body == "In the tunnel"
    troubles.clear()


def test_whoever_is_logged_out_meanwhile_is_told(composing, troubles):
    page, box = composing
    page.context.clear_cookies()

    box.press_sequentially("Still here")

    expect(status(page)).to_contain_text("you are logged out")
    assert box.input_value() == "Still here"
    troubles.clear()  # the browser notes the 403


def test_what_is_posted_at_once_leaves_no_draft_behind(composing):
    page, box = composing
    box.press_sequentially("Quick words", delay=1)
    expect(status(page)).to_contain_text(re.compile("Saving|saved"))
    box.press_sequentially(" and more", delay=1)

    page.get_by_role("button", name="Post reply").click()
    page.get_by_text("Quick words and more").first.wait_for()
    page.wait_for_timeout(2000)

    assert not Draft.objects.exists()


def test_nothing_of_what_is_written_lies_in_the_browser(composing):
    page, box = composing
    box.press_sequentially("Private words")
    expect(status(page)).to_contain_text("Draft saved")

    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Private words" not in kept


def test_the_list_of_drafts_leads_on_and_discards(composing, site_url, axe):
    page, box = composing
    box.press_sequentially("Half a sentence")
    expect(status(page)).to_contain_text("Draft saved")

    page.goto(f"{site_url}/discussions/drafts/")
    axe(page)
    page.get_by_role("link", name="Go on writing").click()
    expect(box_of(page)).to_have_value("Half a sentence")
    page.wait_for_load_state()
    axe(page)
    page.goto(f"{site_url}/discussions/drafts/")
    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_text("Your draft is discarded.")).to_be_visible()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_a_draft_can_be_thrown_away(open_page, log_in, site_url, writer, topic, js):
    page = open_page(js=js)
    log_in(page, writer)
    Draft.objects.create(user=writer, topic=topic, body="Half a sentence")
    page.goto(f"{site_url}{topic.get_absolute_url()}")

    page.get_by_role("button", name="Discard it").click()

    expect(page.get_by_text("Your draft is discarded.")).to_be_visible()
    assert box_of(page).input_value() == ""
    assert not Draft.objects.exists()
