"""A moved topic: gone from where it was and there where it is, in every channel, on the very next request."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.discussions import following, moderation, posting, reading, search, suggestions
from community.discussions.models import Post, Topic
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory

WORD = "Lindisquay"  # as in the subject and the body of `topic`


@pytest.fixture
def moved(places, moderator, member, topic):
    """A topic that `member` follows and has in all lists, moved where only practitioners read."""
    following.follow(topic, by=member)
    posting.reply(topic, by=UserFactory(), body=f"{WORD} again.")
    before = topic.get_absolute_url()
    moderation.move(topic, places["practitioners"], by=moderator)
    topic = Topic.objects.select_related("forum").get(pk=topic.pk)
    topic.before = before
    return topic


def test_pages_lists_search_today_and_titles_lose_it_at_once(client, places, member, topic, moderator):
    following.follow(topic, by=member)
    last = posting.reply(topic, by=UserFactory(), body=f"{WORD} again.")
    client.force_login(member)
    lists = [
        "/discussions/",
        places["members"].get_absolute_url(),
        "/today/",
        f"/search/?q={WORD}",
        f"/search/?q={WORD}&kind=discussions",
    ]
    assert all(
        f"{topic.pk}-" in client.get(path).content.decode() or WORD in client.get(path).content.decode()
        for path in lists
    )
    own = [topic.get_absolute_url(), last.get_absolute_url(), reverse("safety:report", args=["post", last.pk])]
    assert [client.get(path).status_code for path in own] == [200, 302, 200]

    moderation.move(topic, places["practitioners"], by=moderator)

    for path in lists:
        body = client.get(path).content.decode().replace(f'value="{WORD}"', "").replace(f"q={WORD}", "")
        assert f"{WORD} by" not in body, path
        assert f"{WORD} again" not in body, path
        assert f"/{topic.pk}-" not in body, path
    for path in [*own, f"{topic.get_absolute_url()}reply/", f"{last.get_absolute_url()}edit/"]:
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert WORD not in answer.content.decode()
    assert suggestions.threads_for(member) == suggestions.followed_with_news(member) == []
    assert reading.waiting_for_reply(member) == []
    assert search.search_posts(member, WORD) == []
    assert search.count_posts(member, WORD) == 0


def test_those_who_may_see_it_find_it_there_at_once(client, places, moved):
    reader = UserFactory(practitioner=True, date_joined=timezone.now() - timedelta(days=9))
    client.force_login(reader)

    for path in ("/discussions/", places["practitioners"].get_absolute_url(), "/today/", f"/search/?q={WORD}"):
        assert f"{WORD} by" in client.get(path).content.decode(), path
    assert f"{WORD} by" not in client.get(places["members"].get_absolute_url()).content.decode()
    assert client.get(moved.get_absolute_url()).status_code == 200
    assert client.get(moved.first_post.get_absolute_url())["Location"].startswith(moved.get_absolute_url())


@pytest.mark.parametrize("path", ["", "reply/"])
def test_the_old_address_leads_there_for_those_who_may_see_it_and_is_nowhere_for_others(client, member, moved, path):
    old = f"{moved.before}{path}"
    client.force_login(UserFactory(practitioner=True))
    led = client.get(f"{old}?page=1")
    client.force_login(member)
    with CaptureQueriesContext(connection) as for_refused:
        refused = client.get(old)
    with CaptureQueriesContext(connection) as for_never:
        never = client.get(old.replace(f"/{moved.pk}-", "/999999-"))

    if path:
        assert led.status_code == 200
        assert moved.get_absolute_url() in led.content.decode()
    else:
        assert (led.status_code, led["Location"]) == (302, f"{moved.get_absolute_url()}?page=1")
    assert refused.status_code == never.status_code == 404
    assert _bare(refused).replace(f"/{moved.pk}-", "/999999-") == _bare(never)
    assert len(for_refused) == len(for_never)


def _bare(answer) -> str:
    """A page without the token of its forms, which is another each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_the_old_address_of_what_moved_twice_leads_to_where_it_is_now(client, moderator, places, moved):
    last_place = make_forum(audience="practitioners")
    between = moved.get_absolute_url()
    moderation.move(moved, last_place, by=moderator)
    client.force_login(moderator)
    now = Topic.objects.get(pk=moved.pk).get_absolute_url()

    assert [client.get(path)["Location"] for path in (moved.before, between)] == [now, now]
    moderation.move(moved, places["practitioners"], by=moderator)
    assert client.get(between).status_code == 200
    assert client.get(now)["Location"] == between


def test_a_forum_that_it_never_stood_in_is_no_way_to_it(client, moderator, places, moved):
    client.force_login(moderator)

    assert client.get(moved.get_absolute_url().replace(moved.forum.slug, places["world"].slug)).status_code == 404


def test_words_that_were_being_written_arrive_or_are_given_back(client, member, moved):
    """A reply sent from the page as it was before the move."""
    client.force_login(UserFactory(practitioner=True))
    arrived = client.post(f"{moved.before}reply/", {"body": "Still mine."})
    client.force_login(member)
    refused = client.post(f"{moved.before}reply/", {"body": "These words of mine."})

    assert arrived.status_code == 302
    assert Post.objects.filter(topic=moved, content="Still mine.").count() == 1
    assert refused.status_code == 404
    assert "These words of mine." in refused.content.decode()
    assert not Post.objects.filter(content="These words of mine.").exists()


def test_letters_are_withheld_at_sending_from_those_who_may_not_read_it_now(places, member, moderator, topic, run_jobs):
    reader = UserFactory(practitioner=True)
    run_jobs()
    mail.outbox.clear()
    for person in (member, reader):
        following.follow(topic, by=person)
    posting.reply(topic, by=UserFactory(), body=f"{WORD} again.")
    moderation.move(topic, places["practitioners"], by=moderator)
    run_jobs()

    told = {address for letter in mail.outbox for address in letter.to}
    assert reader.email in told
    assert member.email not in told
    assert all(WORD not in letter.body + letter.subject for letter in mail.outbox)


def test_a_visitor_and_the_sitemap_lose_what_moves_to_members(client, places, moderator):
    topic = make_topic(places["world"], subject=f"{WORD} by the sea")
    url = topic.get_absolute_url()
    assert url in client.get("/sitemap.xml").content.decode()

    moderation.move(topic, places["members"], by=moderator)

    assert client.get(url).status_code == 404
    for path in ("/sitemap.xml", places["world"].get_absolute_url(), "/discussions/", f"/search/?q={WORD}"):
        body = client.get(path).content.decode()
        assert f"/{topic.pk}-" not in body
        assert f"{WORD} by" not in body


def test_a_page_that_is_open_elsewhere_can_t_be_followed_or_reported_any_more(client, member, moved):
    client.force_login(member)

    for base in (moved.before, moved.get_absolute_url()):
        assert client.post(f"{base}follow/", {"watch": "follow"}).status_code == 404
    assert (
        client.post(reverse("safety:report", args=["post", moved.first_post_id]), {"reason": "harm"}).status_code == 404
    )
