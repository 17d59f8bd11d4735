"""One practitioner's day in the discussions, from what is new to the feed: with JavaScript and without."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from community.discussions import forums, posting
from community.discussions.models import (
    ForumWatch,
    Mention,
    Post,
    Reaction,
    SavedPost,
    Topic,
    TopicMark,
    TopicPoll,
)
from community.members.models import User
from community.notices import preferences
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.files import PDF
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def has_js(request):
    return request.param


@pytest.fixture
def page(has_js, open_page):
    return open_page(js=has_js)


@pytest.fixture
def look(has_js, axe):
    """Looks with axe, which needs JavaScript."""

    def check(page) -> None:
        page.wait_for_load_state("networkidle")
        axe(page)

    return check if has_js else lambda page: None


@pytest.fixture
def wren(site_url):
    return UserFactory(display_name="Wren Ito", practitioner=True)


@pytest.fixture
def maren(site_url):
    return UserFactory(display_name="Maren Aldous", practitioner=True)


@pytest.fixture
def forum(site_url):
    Subject.objects.create(name="Fees", slug="fees")
    return make_forum("Private practice")


@pytest.fixture
def topic(forum, wren, maren):
    """A thread in which Wren wrote, and in which there is something new."""
    made = make_topic(forum, by=maren, subject="How do you raise fees?", body="I never have.")
    posting.reply(made, by=wren, body="Each January.")
    for number in range(3):
        posting.reply(made, by=UserFactory(display_name=f"Colleague {number}"), body=f"Answer number {number}.")
    return Topic.objects.get(pk=made.pk)


@pytest.fixture
def circle(wren):
    group = GroupFactory(consultation=True, name="Thursday circle")
    MembershipFactory(group=group, facilitator=True)
    put_in(group, wren)
    forums.forum_for_group(group)
    return group


def box_of(page: Page):
    return page.locator("textarea[name=body]")


def open_more(page: Page, post: Post) -> None:
    page.locator(f"#post-{post.pk} .post__more > summary").click()


def test_the_morning_one_reads_on_and_answers(page, has_js, site_url, log_in, look, wren, maren, topic):
    log_in(page, wren)
    page.goto(f"{site_url}/discussions/")
    look(page)
    page.get_by_role("link", name="Unread").click()
    look(page)
    page.locator(".topic-row").get_by_role("link", name="How do you raise fees?").click()
    page.wait_for_url("**#new")
    new = topic.posts.get(position=3)
    assert page.locator("#new + .post").get_attribute("id") == f"post-{new.pk}"
    look(page)

    page.get_by_role("link", name="Quote Colleague 0").click()
    expect(box_of(page)).to_have_value(re.compile(r"> \*\*Colleague 0:\*\*\n>\n> Answer number 0\.\n\n$"))
    box_of(page).focus()
    page.keyboard.press("Control+End")
    if has_js:
        page.keyboard.type("@mar", delay=20)
        page.get_by_role("listbox", name="Colleagues").get_by_role("option", name="Maren Aldous").click()
    else:
        page.keyboard.type("@Maren Aldous ")
    page.keyboard.type("told me. Her client, born 3/14/1987, left.")
    page.get_by_role("button", name="Post reply").click()

    finding = page.get_by_role("region", name="1 passage could identify a client")
    expect(finding).to_be_visible()
    look(page)
    finding.get_by_role("button", name="Replace and look again").click()
    expect(page.get_by_role("region", name="Replaced. Please read it once more")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator(".post").last).to_contain_text("born in spring of that year")

    post = topic.posts.get(poster=wren, position=6)
    assert "1987" not in post.content
    assert post.quoted == new
    assert Mention.objects.get(post=post).user == maren
    page.goto(f"{site_url}/discussions/all/?show=unread")
    expect(page.get_by_text("You have read all that is new")).to_be_visible()
    look(page)


def test_at_noon_one_brings_a_case_to_the_own_group(page, has_js, site_url, log_in, look, wren, circle):
    log_in(page, wren)
    page.goto(f"{site_url}/discussions/")
    page.get_by_role("region", name="Your groups").get_by_role("link", name="Thursday circle").click()
    look(page)
    page.get_by_role("link", name="Start a thread").first.click()
    assert "Nobody watches these conversations round the clock" in page.locator("main").text_content()
    page.get_by_label("Case consultation").check()
    page.get_by_label("Subject").fill("Silence after a break")
    page.get_by_label("What I am seeing").fill("Much silence.")
    page.get_by_label("What I tried").fill("Waiting.")
    page.get_by_label("What I need from you").fill("What would you try?")
    look(page)

    page.get_by_text("Add a poll").click()
    page.get_by_role("textbox", name="Question").fill("Would you speak first?")
    page.get_by_label("Answers").fill("Yes\nNo")
    page.get_by_label("Files").set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF})
    if has_js:
        expect(page.locator(".file-fields__row")).to_contain_text("plan.pdf")
    else:
        page.get_by_role("button", name="Add these files").click()
        expect(page.get_by_role("link", name="plan.pdf")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Start this thread").click()

    page.get_by_role("heading", level=1, name="Silence after a break").wait_for()
    look(page)
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Vote").click()
    expect(page.get_by_text("1 vote").first).to_be_visible()
    topic = Topic.objects.get(subject="Silence after a break")
    assert (topic.kind, topic.forum.group) == ("case", circle)
    assert topic.first_post.attachments.get().name == "plan.pdf"
    assert TopicPoll.objects.get(topic=topic).cast.get().voter == wren


def test_in_the_afternoon_one_answers_without_words_keeps_and_finds(page, site_url, log_in, look, wren, forum, topic):
    own = make_topic(forum, by=wren, subject="Who has a form for fees?", replies=2)
    helpful, other = own.posts.get(position=2), topic.posts.get(position=3)
    log_in(page, wren)
    page.goto(f"{site_url}{topic.get_absolute_url()}")
    page.locator(f"#with-{other.pk}").click()
    page.wait_for_selector(f"#with-{other.pk}[aria-pressed=true]")
    open_more(page, other)
    page.locator(f"#post-{other.pk}").get_by_role("button", name="Save for later").click()
    page.get_by_text("Saved for later. Only you know.").wait_for()
    page.locator("form.follow").get_by_role("button", name="Mute").click()
    page.get_by_text("Nothing of it is told").wait_for()

    page.goto(f"{site_url}{own.get_absolute_url()}")
    open_more(page, helpful)
    page.locator(f"#post-{helpful.pk}").get_by_role("button", name="This helped me").click()
    page.wait_for_selector(f"#post-{helpful.pk} .post__helped")
    look(page)
    page.goto(f"{site_url}{forum.get_absolute_url()}")
    page.locator("form.follow").get_by_role("button", name="Follow").click()
    page.get_by_text("You hear of each new thread.").wait_for()
    look(page)

    page.goto(f"{site_url}/discussions/")
    yours = page.get_by_role("region", name="Yours")
    yours.get_by_role("link", name="Saved for later").click()
    page.get_by_role("link", name="How do you raise fees?").wait_for()
    look(page)
    page.get_by_role("region", name="Yours").get_by_role("link", name="What you follow and mute").click()
    page.get_by_role("link", name="How do you raise fees?").wait_for()
    look(page)
    page.goto(f"{site_url}/discussions/")
    page.get_by_role("link", name="Search", exact=True).last.click()
    page.get_by_label("Words").fill('"form for fees"')
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Who has a form for fees?").first.wait_for()
    look(page)

    assert (Reaction.objects.get().post, SavedPost.objects.get().post) == (other, other)
    assert TopicMark.objects.get(topic=topic, user=wren).muted
    assert ForumWatch.objects.get(user=wren).watch == "follow"
    assert Topic.objects.get(pk=own.pk).solved_at is not None


def test_in_the_evening_one_hears_of_it_and_chooses_how_often(page, site_url, log_in, look, wren, topic, run_jobs):
    run_jobs()
    mail.outbox.clear()
    wren_now = User.objects.get(pk=wren.pk)
    posting.reply(topic, by=UserFactory(display_name="Dora Dale"), body="@Wren Ito, like this?")
    run_jobs()
    log_in(page, wren)
    page.goto(f"{site_url}/today/")
    page.get_by_role("link", name=re.compile(r"Notices, \d new")).click()
    page.get_by_role("link", name="Dora Dale mentioned you").wait_for()
    look(page)
    page.get_by_role("link", name="Dora Dale mentioned you").click()
    page.get_by_text("like this?").first.wait_for()

    page.goto(f"{site_url}/account/mail/")
    page.get_by_label("A reply in a thread that you follow").select_option("weekly")
    page.get_by_label("Another forum").select_option(label="Private practice")
    page.get_by_label("Mail about it").select_option("daily")
    page.get_by_role("button", name="Save my choice").click()
    page.get_by_text("Your choice is saved.").wait_for()
    look(page)
    assert preferences.frequency(wren_now, "reply", None) == "weekly"
    assert preferences.frequency(wren_now, "mention", topic.forum_id) == "daily"

    letter = next(letter for letter in mail.outbox if letter.to == [wren.email])
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    page.context.clear_cookies()
    page.goto(stop)
    look(page)
    page.get_by_role("button", name="No more letters of this kind").click()
    page.get_by_role("heading", name="Done").wait_for()
    look(page)
    assert preferences.frequency(wren_now, "mention", None) == "never"


def test_at_the_end_one_takes_the_feed_and_the_own_data_along(page, site_url, log_in, look, wren, topic):
    log_in(page, wren)
    page.goto(f"{site_url}/account/")
    page.get_by_role("main").get_by_role("link", name="Feeds and calendars").first.click()
    look(page)
    page.get_by_role("button", name="Make an address").first.click()
    expect(page.get_by_text("Copy it now")).to_be_visible()
    look(page)
    address = page.locator("input[readonly]").first.input_value()
    page.context.clear_cookies()
    feed = page.request.get(address)
    assert feed.status == 200
    assert "How do you raise fees?" in feed.text()

    log_in(page, wren)
    page.goto(f"{site_url}/account/")
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Your data").click()
    assert download.value.suggested_filename == "my-data.json"
