"""The design system in a real browser: every component, the frame of a page, the small modules."""

import pytest

from factories.members import UserFactory

ALL_WAYS = [(320, False), (390, True), (1280, False), (1280, True)]


@pytest.fixture
def guide(site_url) -> str:
    return f"{site_url}/styleguide/"


@pytest.fixture
def member_page(page, log_in):
    """A page of somebody who is logged in: it carries a CSRF token."""
    log_in(page, UserFactory(display_name="Maren Aldous"))
    return page


@pytest.mark.parametrize(("width", "dark"), ALL_WAYS)
def test_every_component_is_accessible(open_page, guide, axe, width, dark):
    page = open_page(width=width, dark=dark)

    page.goto(guide)

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    axe(page)


@pytest.mark.parametrize("dark", [False, True])
def test_open_menus_are_accessible(open_page, guide, axe, log_in, dark):
    page = open_page(width=390, dark=dark)
    log_in(page, UserFactory(display_name="Maren Aldous"))
    page.goto(guide)

    page.locator(".menu--account summary").click()
    axe(page)
    page.locator(".bottom-bar summary").click()
    axe(page)


def test_menu_closes_on_escape_and_gives_the_focus_back(open_page, guide):
    page = open_page(width=390)
    page.goto(guide)
    more = page.locator(".bottom-bar details")

    more.locator("summary").click()
    more.get_by_role("link", name="Learning").focus()
    page.keyboard.press("Escape")

    assert more.get_attribute("open") is None
    assert page.evaluate("document.activeElement.matches('.bottom-bar summary')")


def test_first_tab_skips_to_the_content(page, guide):
    page.goto(guide)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_bottom_bar_covers_neither_the_end_of_the_page_nor_the_focus(open_page, guide):
    page = open_page(width=390, height=700)
    page.goto(guide)
    bar = page.locator(".bottom-bar")

    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    footer = page.locator(".site-footer").bounding_box()
    assert footer["y"] + footer["height"] <= bar.bounding_box()["y"] + 1

    page.evaluate("scrollTo(0, 0)")
    last = page.get_by_role("link", name="Group supervision across state lines?")
    last.focus()

    place = last.bounding_box()
    assert place["y"] + place["height"] <= bar.bounding_box()["y"]


def test_print_shows_the_words_and_not_the_way_around(page, guide):
    page.goto(guide)

    page.emulate_media(media="print")

    assert page.locator("h1").is_visible()
    for hidden in (".site-nav", ".bottom-bar", ".side", ".pagination", ".breadcrumbs"):
        assert not page.locator(hidden).first.is_visible()
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgba(0, 0, 0, 0)"


FORM = """() => {
  const main = document.querySelector("main");
  main.replaceChildren();
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/no-such-thread/7/reply/";
  if (%s) form.setAttribute("hx-post", form.getAttribute("action"));
  const words = document.createElement("textarea");
  words.name = "body";
  words.setAttribute("aria-label", "Your reply");
  const button = document.createElement("button");
  button.textContent = "Post reply";
  form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode(), words, button);
  main.append(form);
  window.htmx.process(form);
}"""


@pytest.mark.parametrize("by_htmx", [False, True])
def test_refused_words_come_back_with_and_without_htmx(member_page, guide, troubles, by_htmx):
    page = member_page
    page.goto(guide)
    page.evaluate(FORM % str(by_htmx).lower())

    page.get_by_label("Your reply").fill("I bring it into the room\n<b>as it stands</b>")
    page.get_by_role("button", name="Post reply").click()

    box = page.get_by_role("textbox", name="What you wrote is still here")
    box.wait_for()
    assert box.input_value() == "I bring it into the room\n<b>as it stands</b>"
    assert page.get_by_role("heading", level=1).inner_text() == "There is nothing here that we can show you"
    troubles[:] = [trouble for trouble in troubles if "404" not in trouble]  # htmx tells the console about the answer


def test_words_stay_when_the_server_cannot_be_reached(member_page, guide, troubles):
    page = member_page
    page.goto(guide)
    page.evaluate(FORM % "true")
    page.get_by_label("Your reply").fill("Still here")
    page.route("**/reply/", lambda route: route.abort())

    page.get_by_role("button", name="Post reply").click()

    page.get_by_text("That did not reach us.", exact=False).last.wait_for()
    assert page.get_by_label("Your reply").input_value() == "Still here"
    troubles.clear()


def test_a_second_tap_does_not_send_twice(member_page, guide):
    page = member_page
    page.goto(guide)
    page.evaluate(FORM % "false")
    sent = []

    def slowly(route):
        sent.append(route.request.url)
        page.wait_for_timeout(300)
        route.fulfill(status=200, body="<!doctype html><title>Done</title><h1>Done</h1>", content_type="text/html")

    page.route("**/reply/", slowly)
    button = page.get_by_role("button", name="Post reply")

    page.evaluate("() => { const b = document.querySelector('main button'); b.click(); b.click(); }")
    page.get_by_role("heading", name="Done").wait_for()

    assert len(sent) == 1
    assert button.count() == 0


def test_browser_zone_is_filled_in_where_a_form_asks_for_it(page, guide):
    page.goto(guide)

    zone = page.evaluate("""async () => {
      const input = document.createElement("input");
      input.dataset.browserZone = "";
      document.querySelector("main").append(input);
      await import("/static/js/browser-zone.js?again");
      return input.value;
    }""")

    assert zone == "America/New_York"
