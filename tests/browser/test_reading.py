"""Reading in a browser: coming back to what is new, and choosing what a list shows, with and without JavaScript."""

import pytest

from community.discussions import posting
from community.discussions.models import Post, Topic
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture
def reader(fresh_database):
    return UserFactory(practitioner=True)


def long_topic(posts: int) -> Topic:
    topic = make_topic(make_forum("Practice"), subject="Fees after a long pause")
    author = UserFactory(practitioner=True)
    Post.objects.bulk_create(
        Post(topic=topic, poster=author, position=n, content="x", content_html=f"<p>No. {n}.</p>" * 5, renderer=1)
        for n in range(2, posts + 1)
    )
    Topic.objects.filter(pk=topic.pk).update(posts_count=posts)
    return Topic.objects.select_related("forum").get(pk=topic.pk)


@pytest.mark.parametrize("js", [True, False])
def test_one_comes_back_to_the_first_new_post(open_page, log_in, site_url, reader, axe, js):
    topic = long_topic(25)
    page = open_page(js=js)
    log_in(page, reader)
    page.goto(f"{site_url}{topic.get_absolute_url()}?page=2")  # reads to the end
    for number in range(20):
        posting.reply(topic, by=UserFactory(practitioner=True), body=f"Later, number {number}.")

    page.goto(f"{site_url}/discussions/all/?show=unread")
    page.locator(".topic-row").get_by_role("link", name="Fees after a long pause").click()

    page.wait_for_url("**?page=2#new")
    page.wait_for_function("document.querySelector('#new').getBoundingClientRect().top < 400")
    assert page.locator("#new + .post").get_by_text("Later, number 0.").is_visible()
    if js:
        page.wait_for_load_state("networkidle")
        axe(page)
    page.goto(f"{site_url}{topic.get_absolute_url()}?page=3")
    page.goto(f"{site_url}/discussions/all/?show=unread")
    assert page.get_by_text("You have read all that is new").is_visible()


@pytest.mark.parametrize("js", [True, False])
def test_a_list_is_narrowed_by_links(open_page, log_in, site_url, reader, axe, js):
    case, other = make_topic(subject="A case of mine"), make_topic(subject="Something else")
    Topic.objects.filter(pk=case.pk).update(kind="question")
    page = open_page(js=js, width=390)
    log_in(page, reader)

    page.goto(f"{site_url}/discussions/")
    page.get_by_role("link", name="All threads").click()
    page.get_by_text("Kind: Any kind").click()
    page.get_by_role("link", name="Question", exact=True).click()

    rows = page.locator(".topic-row")
    assert rows.get_by_text("A case of mine").is_visible()
    assert not rows.get_by_text(other.subject).is_visible()
    assert page.get_by_text("Kind: Question").is_visible()
    if js:
        page.wait_for_load_state("networkidle")
        axe(page)
