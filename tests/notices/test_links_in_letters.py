"""A link of a letter that is followed without being logged in leads to the thing after logging in, and tells nothing
before it: the page is the one of a thing that never was, at the same cost."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.discussions import forums, posting
from community.discussions.models import Post
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory

PASSWORD = "a-long-enough-password"


@pytest.fixture
def asker(db):
    return UserFactory(display_name="Ada Asker", practitioner=True, confirmed=True)


def forum_of(audience: str, asker):
    if audience != "group":
        return make_forum(audience=audience)
    group = GroupFactory(hidden=True)
    MembershipFactory(group=group, facilitator=True)
    put_in(group, asker)
    return forums.forum_for_group(group)


def letter_about(audience: str, asker, run_jobs):
    """A letter about an answer to the asker, and the path that it leads to."""
    forum = forum_of(audience, asker)
    topic = make_topic(forum, by=asker)
    writer = forum.group.memberships.get(role="facilitator").user if forum.group else UserFactory(practitioner=True)
    run_jobs()
    mail.outbox.clear()
    post = posting.reply(topic, by=writer, body="@Ada Asker, in Lindisquay.")
    run_jobs()
    (letter,) = mail.outbox
    links = [urlsplit(link).path for link in re.findall(r"https?://\S+", letter.body)]
    (path,) = {link for link in links if link == post.get_absolute_url()}
    return path


def log_in_link(page: str) -> str:
    (link,) = set(re.findall(r'href="(/accounts/login/\?next=[^"]*)"', page))
    return unescape(link)


@pytest.mark.parametrize("audience", ["members", "practitioners", "group"])
def test_a_link_leads_to_the_post_once_one_is_logged_in(client, asker, audience, run_jobs):
    path = letter_about(audience, asker, run_jobs)

    closed = client.get(path)
    answer = client.post(log_in_link(closed.text), {"login": asker.email, "password": PASSWORD}, follow=True)

    assert closed.status_code == 404
    assert "Lindisquay" not in closed.text
    assert answer.status_code == 200
    assert "Lindisquay" in answer.text


@pytest.mark.parametrize("audience", ["members", "practitioners", "group"])
def test_before_that_it_is_the_page_of_a_thing_that_never_was(client, asker, audience, run_jobs):
    path = letter_about(audience, asker, run_jobs)
    number = re.search(r"\d+", path)[0]
    never_was = path.replace(number, str(int(number) + 1_000_000))
    client.get(never_was)

    with CaptureQueriesContext(connection) as there:
        closed = client.get(path)
    with CaptureQueriesContext(connection) as nowhere:
        missing = client.get(never_was)

    assert not Post.objects.filter(pk=int(number) + 1_000_000).exists()
    assert closed.status_code == missing.status_code == 404
    assert closed.text.replace(path, "") == missing.text.replace(never_was, "")
    assert len(there) == len(nowhere)


def test_the_way_back_is_the_very_address_with_what_it_asks_for(client, db):
    page = client.get("/discussions/nowhere/12-x/?from=40&kind=a b").text

    assert log_in_link(page) == "/accounts/login/?next=/discussions/nowhere/12-x/%3Ffrom%3D40%26kind%3Da%2520b"


def test_whoever_is_logged_in_is_not_asked_to(client, db):
    client.force_login(UserFactory())

    assert "/accounts/login/" not in client.get("/discussions/nowhere/").text


def test_a_form_that_went_nowhere_is_no_address_to_come_back_to(client, db):
    page = client.post("/discussions/nowhere/12-x/reply/", {"body": "Half a sentence"}).text

    assert "/accounts/login/?next" not in page
    assert 'href="/accounts/login/"' in page
