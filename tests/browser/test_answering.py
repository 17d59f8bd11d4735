"""Answering without words, keeping, following, the notices and mail that come of it: with JavaScript and without."""

import pytest
from django.core import mail

from community.discussions import following, posting
from community.discussions.models import Post, Reaction, SavedPost, Topic, TopicMark
from community.notices.models import Notice
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request, open_page):
    return open_page(js=request.param)


@pytest.fixture
def asker(site_url):
    return UserFactory(display_name="Ada Asker", practitioner=True)


@pytest.fixture
def topic(asker):
    made = make_topic(make_forum("Fees and money"), by=asker, subject="How do you raise fees?")
    for name in ("Bea Brown", "Carl Cole"):
        posting.reply(made, by=UserFactory(display_name=name), body=f"I write a letter, says {name}.")
    return made


def test_a_reply_is_answered_without_words(page, site_url, topic, log_in):
    reply = topic.posts.get(position=2)
    other = UserFactory()
    for person in (other, topic.poster):
        log_in(page, person)
        page.goto(f"{site_url}{topic.get_absolute_url()}")
        button = page.locator(f"#with-{reply.pk}")
        button.click()
        page.wait_for_selector(f"#with-{reply.pk}[aria-pressed=true]")

    assert "you and 1 colleague" in page.locator(f"#with-{reply.pk}").inner_text()
    page.locator(f"#helpful-{reply.pk}").click()
    page.wait_for_selector(f"#helpful-{reply.pk}[aria-pressed=true]")
    page.locator(f"#with-{reply.pk}").click()
    page.wait_for_selector(f"#with-{reply.pk}[aria-pressed=false]")

    reply.refresh_from_db()
    assert (reply.with_count, reply.helpful_count) == (1, 1)
    assert Reaction.objects.count() == 2


def open_more(page, post: Post) -> None:
    page.locator(f"#post-{post.pk} .post__more > summary").click()


def test_the_asker_marks_what_helped_and_keeps_it(page, site_url, topic, log_in):
    reply = topic.posts.get(position=2)
    log_in(page, topic.poster)
    page.goto(f"{site_url}{topic.get_absolute_url()}")

    open_more(page, reply)
    page.locator(f"#post-{reply.pk}").get_by_role("button", name="This helped me").click()
    page.wait_for_selector(f"#post-{reply.pk} .post__helped")
    assert Topic.objects.get(pk=topic.pk).solved_at is not None

    open_more(page, reply)
    page.locator(f"#post-{reply.pk}").get_by_role("button", name="Save for later").click()
    page.get_by_text("Saved for later. Only you know.").wait_for()
    page.goto(f"{site_url}/discussions/saved/")
    page.get_by_role("link", name="How do you raise fees?").wait_for()
    page.get_by_role("button", name="Let go").click()
    page.get_by_text("Nothing saved yet").wait_for()
    assert not SavedPost.objects.exists()


def test_a_thread_is_muted_and_a_forum_followed(page, site_url, topic, log_in):
    reader = UserFactory()
    log_in(page, reader)
    page.goto(f"{site_url}{topic.get_absolute_url()}")
    card = page.locator("form.follow")
    card.get_by_role("button", name="Mute").click()
    page.get_by_text("Nothing of it is told").wait_for()
    assert TopicMark.objects.get(topic=topic, user=reader).muted

    page.goto(f"{site_url}{topic.forum.get_absolute_url()}")
    page.locator("form.follow").get_by_role("button", name="Follow").click()
    page.get_by_text("You hear of each new thread.").wait_for()

    page.goto(f"{site_url}/discussions/watch/")
    page.get_by_role("button", name="Stop muting How do you raise fees?").click()
    page.get_by_role("link", name="Fees and money").wait_for()
    assert not TopicMark.objects.get(topic=topic, user=reader).muted


def test_a_letter_leads_back_and_out_again(page, site_url, topic, log_in, run_jobs):
    run_jobs()
    mail.outbox.clear()
    posting.reply(topic, by=UserFactory(display_name="Dora Dale"), body="@Ada Asker, like this.")
    run_jobs()
    letter = next(letter for letter in mail.outbox if letter.to == [topic.poster.email])

    page.goto(letter.extra_headers["List-Unsubscribe"].strip("<>"))
    page.get_by_role("button", name="No more letters of this kind").click()
    page.get_by_role("heading", name="Done").wait_for()

    log_in(page, topic.poster)
    page.goto(f"{site_url}/account/mail/")
    assert page.get_by_label("Somebody mentions you").input_value() == "never"
    page.get_by_label("Somebody mentions you").select_option("weekly")
    page.get_by_label("Another forum").select_option(label="Fees and money")
    page.get_by_label("Mail about it").select_option("daily")
    page.get_by_role("button", name="Save my choice").click()
    page.get_by_text("Your choice is saved.").wait_for()
    assert page.get_by_label("Fees and money").first.input_value() == "daily"


def test_the_bell_leads_to_what_is_new(page, site_url, topic, log_in, run_jobs):
    run_jobs()
    log_in(page, topic.poster)
    page.goto(f"{site_url}/account/")
    page.get_by_role("link", name="Notices, 1 new").click()
    page.get_by_role("link", name="2 new replies").click()
    page.get_by_role("heading", name="How do you raise fees?").wait_for()

    page.goto(f"{site_url}/account/")
    page.get_by_role("link", name="Notices, none new").wait_for()
    assert not Notice.objects.filter(user=topic.poster, read_at=None).exists()


def test_the_pages_are_fine_for_axe(open_page, site_url, topic, log_in, run_jobs, axe):
    posting.reply(topic, by=UserFactory(), body="@Ada Asker, look.")
    run_jobs()
    asker = topic.poster
    following.watch_tag(Subject.objects.create(name="Attachment", slug="attachment"), "mute", by=asker)
    following.watch_forum(topic.forum, "follow", by=asker)
    for dark in (False, True):
        page = open_page(width=390, dark=dark)
        log_in(page, asker)
        paths = ["/notices/", "/account/mail/", "/discussions/saved/", "/discussions/watch/"]
        for path in (*paths, topic.get_absolute_url(), topic.forum.get_absolute_url()):
            page.goto(f"{site_url}{path}")
            axe(page)
