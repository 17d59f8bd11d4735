"""The three stories that the site is there for, told end to end, with JavaScript and without.

Wagtail's page editor needs JavaScript, so the editor always has it; who reads what the editor published need not.
"""

import re
from datetime import time, timedelta

import pytest
from django.contrib.auth.models import Group as StaffGroup
from django.core import mail
from django.utils import timezone

from articles.models import ArticleIndexPage
from factories.discussions import make_forum
from factories.events import EventFactory
from factories.members import UserFactory
from learning.models import CeIndexPage

with_and_without_js = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


def first_link(letter) -> str:
    """The first address in a letter's text."""
    return re.search(r"http://\S+", letter.body)[0]


def letters_to(user) -> list:
    return [letter for letter in mail.outbox if letter.to == [user.email]]


@pytest.fixture
def editor_page(open_page, log_in, fresh_database):
    editor = UserFactory(display_name="Edith Editor")
    editor.groups.add(StaffGroup.objects.get(name="Editors"))
    page = open_page(width=1400, height=1000)
    log_in(page, editor)
    return page


def publish(page):
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text(re.compile("created and published|published")).first.wait_for()


@with_and_without_js
def test_what_an_editor_publishes_is_read_by_visitors(editor_page, open_page, site_url, js):
    index = ArticleIndexPage.objects.get()
    editor_page.goto(f"{site_url}/admin/pages/add/articles/articlepage/{index.pk}/")
    editor_page.locator("#id_title").fill("The hour after work")
    editor_page.locator("#id_intro").fill("What I do with it.")
    editor_page.locator("#id_audience").select_option("world")
    publish(editor_page)

    learning = CeIndexPage.objects.get()
    editor_page.goto(f"{site_url}/admin/pages/add/learning/celistingpage/{learning.pk}/")
    editor_page.locator("#id_title").fill("Working across state lines")
    editor_page.locator("#id_intro").fill("A working session.")
    editor_page.locator("#id_hours").fill("3")
    editor_page.locator("#id_audience").select_option("world")
    publish(editor_page)

    visitor = open_page(js=js)
    visitor.goto(f"{site_url}/")
    visitor.get_by_role("link", name="The hour after work").click()
    visitor.get_by_role("heading", level=1, name="The hour after work").wait_for()
    visitor.goto(f"{site_url}/learning/")
    visitor.get_by_role("link", name="Working across state lines").click()
    assert "3 learning hours" in visitor.locator("main").inner_text()


@with_and_without_js
def test_a_colleague_answers_and_the_asker_hears_of_it(open_page, log_in, site_url, run_jobs, js):
    forum = make_forum("Private practice", audience="members")
    maren, tobias = (UserFactory(practitioner=True, display_name=name) for name in ("Maren Aldous", "Tobias Jensen"))
    asking, answering = open_page(js=js), open_page(js=js)
    log_in(asking, maren)
    log_in(answering, tobias)

    asking.goto(f"{site_url}{forum.get_absolute_url()}")
    asking.get_by_role("link", name="Start a thread").first.click()
    assert "Members of the association can read this" in asking.locator("main").inner_text()
    asking.get_by_label("Subject").fill("What do you change first?")
    asking.locator("textarea[name=body]").fill("I have begun to work *harder* than they do.")
    asking.get_by_role("button", name="Start this thread").click()
    asking.get_by_role("heading", level=1, name="What do you change first?").wait_for()

    answering.goto(f"{site_url}/discussions/")
    answering.get_by_role("link", name="What do you change first?").first.click()
    answering.locator("textarea[name=body]").fill("That sentence is where I would start.")
    answering.get_by_role("button", name="Post reply").click()
    answering.get_by_text("That sentence is where I would start.").first.wait_for()
    run_jobs()

    [letter] = letters_to(maren)
    assert "That sentence is where I would start." in letter.body
    asking.goto(first_link(letter))
    asking.get_by_text("That sentence is where I would start.").first.wait_for()
    asking.locator("textarea[name=body]").fill("I will bring it into the room.")
    asking.get_by_role("button", name="Post reply").click()
    asking.get_by_text("I will bring it into the room.").first.wait_for()
    run_jobs()

    assert len(letters_to(tobias)) == 1


@with_and_without_js
def test_the_last_seat_the_waitlist_and_the_way_up(open_page, log_in, site_url, run_jobs, js):
    meeting = EventFactory(
        title="Evening for cases",
        capacity=1,
        starts_on=timezone.localdate() + timedelta(days=9),
        starts_time=time(18, 0),
    ).occurrences.get()
    first, second = UserFactory(display_name="First Comer"), UserFactory(display_name="Second Comer")
    early, late = open_page(js=js, width=390), open_page(js=js, width=390)
    log_in(early, first)
    log_in(late, second)

    early.goto(f"{site_url}/events/")
    early.get_by_role("button", name="I'm going").click()
    early.get_by_text("You're going").first.wait_for()
    late.goto(f"{site_url}{meeting.get_absolute_url()}")
    late.get_by_role("button", name="Join the waitlist").first.click()
    late.get_by_text("On the waitlist").first.wait_for()
    run_jobs()
    assert [len(letters_to(first)), len(letters_to(second))] == [1, 1]

    early.goto(f"{site_url}{meeting.get_absolute_url()}")
    early.get_by_role("button", name="I can't make it").first.click()
    early.get_by_role("button", name="Join the waitlist").first.wait_for()
    run_jobs()

    promotion = letters_to(second)[-1]
    assert len(letters_to(second)) == 2
    late.goto(first_link(promotion))
    late.get_by_text("You're going").first.wait_for()
