"""One moderator's day, and that of the member whom it touches: with JavaScript and without."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from community.discussions import posting
from community.discussions.models import Post
from community.safety import reports, sanctions
from community.safety.models import Appeal, Decision, Note, Sanction
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request, open_page):
    return open_page(js=request.param)


@pytest.fixture
def look(request, axe):
    """Looks with axe, which needs JavaScript."""

    def check(page) -> None:
        page.wait_for_load_state("networkidle")
        axe(page)

    return check if request.node.callspec.params["page"] else lambda page: None


@pytest.fixture
def people(site_url):
    return {
        "mo": as_moderator(UserFactory(display_name="Mo Moderator", practitioner=True)),
        "olu": as_moderator(UserFactory(display_name="Olu Other", practitioner=True)),
        "ana": UserFactory(display_name="Ana Author", practitioner=True),
        "nia": UserFactory(display_name="Nia Newcomer"),
        "rae": UserFactory(display_name="Rae Reporter", practitioner=True),
    }


def test_a_moderator_s_day(page, site_url, log_in, look, settings, people, run_jobs):
    settings.FIRST_POSTS_WAIT = 2
    topic = make_topic(make_forum("Fees and money"), by=people["ana"], subject="How do you raise fees?", replies=2)
    held = posting.reply(topic, by=people["nia"], body="May I ask how you word it?")
    reported = topic.posts.get(position=1)
    reports.report("post", reported.pk, by=people["rae"], reason="danger", words="Please look soon.")

    log_in(page, people["mo"])
    page.goto(f"{site_url}/moderation/")
    first = page.locator("li.rows__item").first
    assert "Someone may be in danger" in first.inner_text()
    look(page)
    first.get_by_text("Leave a note for the other moderators").click()
    first.get_by_label("Note. Members never read it").fill("Called the office about it.")
    first.get_by_role("button", name="Keep the note").click()
    page.get_by_text("Noted. Only moderators read it.").wait_for()

    first = page.locator("li.rows__item").first
    first.get_by_label("If you hide it: why?", exact=False).fill("It names a place.")
    first.get_by_label("A word to whoever reported it", exact=False).fill("Thank you for looking.")
    first.get_by_role("button", name="Hide it").click()
    page.get_by_text("Decided.").wait_for()
    page.get_by_role("button", name="Let it through").click()
    page.get_by_text("Everybody there can read it now.").wait_for()
    page.get_by_role("link", name="Decided reports").click()
    assert "Called the office about it." in page.locator("main").inner_text()
    look(page)
    page.get_by_role("link", name="In figures").click()
    look(page)

    page.goto(f"{site_url}/moderation/people/{people['ana'].pk}/")
    look(page)
    page.get_by_label("Pause: they read on", exact=False).check()
    page.get_by_label("Why? They read this.").fill("Take a breath.")
    page.get_by_role("button", name="Do it").click()
    page.get_by_text("Say until when the pause lasts.").wait_for()
    assert page.get_by_label("Why? They read this.").input_value() == "Take a breath."
    page.get_by_label("Warn: they hear it", exact=False).check()
    page.get_by_role("button", name="Do it").click()
    page.get_by_text("It counts from now on").wait_for()

    run_jobs()
    assert Post.objects.get(pk=held.pk).approved
    assert (Note.objects.count(), Sanction.objects.get().kind) == (1, "warn")
    assert {people["ana"].email, people["rae"].email} <= {letter.to[0] for letter in mail.outbox}

    log_in(page, people["ana"])
    made = Decision.objects.get(action="discussions.post.hidden")
    page.goto(f"{site_url}/account/decisions/")
    look(page)
    page.locator(f"a[href='{made.get_absolute_url()}']").click()
    look(page)
    page.get_by_label("What should be looked at again?").fill("It is the name of a book.")
    page.get_by_role("button", name="Ask for another look").click()
    page.get_by_text("Another person will look at it", exact=False).wait_for()

    log_in(page, people["olu"])
    page.goto(f"{site_url}/moderation/")
    page.get_by_role("link", name="Look at it and decide").click()
    look(page)
    page.get_by_label("The decision is lifted").check()
    page.get_by_label("Why? Whoever asked reads this.").fill("You are right.")
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("Decided, and whoever asked is told.").wait_for()
    look(page)

    assert Appeal.objects.get().outcome == "lifted"
    assert Post.objects.get(pk=reported.pk).approved


def test_who_is_paused_reads_why_and_until_when(page, site_url, log_in, people, look):
    topic = make_topic(make_forum("Fees and money"), replies=1)
    until = timezone.now() + timedelta(days=7)
    sanctions.impose(people["ana"], "pause", by=people["mo"], words="Please talk to us first.", until=until)
    log_in(page, people["ana"])

    page.goto(f"{site_url}{topic.get_absolute_url()}")
    assert page.locator("textarea").count() == 0
    page.get_by_role("link", name="Read why").click()

    assert "Please talk to us first." in page.locator("main").inner_text()
    look(page)
