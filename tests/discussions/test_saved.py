from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import forums, moderation, saved
from community.discussions.models import Post, SavedPost
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def reader(client, db):
    person = UserFactory()
    client.force_login(person)
    return person


def test_a_post_is_saved_and_let_go(client, reader):
    post = make_topic(subject="Fees").first_post
    url = f"/discussions/post/{post.pk}/save/"

    answer = client.post(url, {"saved": "yes"})
    client.post(url, {"saved": "yes"})
    listed = client.get("/discussions/saved/").content.decode()
    back = client.post(url, {"saved": "no", "back": "list"})

    assert answer["Location"] == f"/discussions/post/{post.pk}/"
    assert "Fees" in listed
    assert back["Location"] == "/discussions/saved/"
    assert not SavedPost.objects.exists()


def test_only_the_one_who_saved_it_sees_it(client, reader):
    post = make_topic(subject="Fees").first_post
    saved.save(post, by=UserFactory())

    assert "Fees" not in client.get("/discussions/saved/").content.decode()
    assert "Saved: let go" not in client.get(post.topic.get_absolute_url()).content.decode()


def _is_hidden(post, reader):
    moderation.hide_post(post, by=UserFactory())


def _leaves(post, reader):
    post.topic.forum.group.memberships.filter(user=reader).update(left_at=timezone.now(), ending="left")


def _lapses(post, reader):
    type(reader).objects.filter(pk=reader.pk).update(standing="lapsed")


@pytest.mark.parametrize("happens", [_is_hidden, _leaves, _lapses])
def test_what_one_may_not_see_any_more_is_not_in_the_list(client, reader, happens):
    group = GroupFactory(consultation=True)
    MembershipFactory(group=group, user=reader)
    topic = make_topic(forums.forum_for_group(group), by=MembershipFactory(group=group).user, subject="Secret subject")
    post = Post.objects.select_related("topic__forum__group").get(pk=topic.first_post_id)
    saved.save(post, by=reader)
    assert "Secret subject" in client.get("/discussions/saved/").content.decode()

    happens(post, reader)

    assert "Secret subject" not in client.get("/discussions/saved/").content.decode()


def test_what_one_may_not_see_is_not_saved(client, reader):
    post = make_topic(make_forum(audience="practitioners")).first_post

    assert client.post(f"/discussions/post/{post.pk}/save/", {"saved": "yes"}).status_code == 404
    assert not SavedPost.objects.exists()


def test_a_visitor_is_asked_to_log_in(client, db):
    post = make_topic(make_forum(audience="world")).first_post

    for answer in (client.post(f"/discussions/post/{post.pk}/save/"), client.get("/discussions/saved/")):
        assert answer["Location"].startswith("/accounts/login/")


def test_pages_meet_without_a_gap(client, reader):
    topic = make_topic(replies=saved.A_PAGE + 4)
    now = timezone.now()
    for post in topic.posts.all():
        SavedPost.objects.create(post=post, user=reader, saved_at=now - timedelta(minutes=post.position // 2))

    first = saved.page(reader)
    second = saved.page(reader, before=first.older)

    positions = [kept.post.position for kept in [*first.saved, *second.saved]]
    assert sorted(positions) == list(range(1, saved.A_PAGE + 6))
    assert (len(first.saved), second.older) == (saved.A_PAGE, "")


@pytest.mark.parametrize("before", ["x", "1-", "-1", "9" * 40, "1" * 17 + "-" + "9" * 18, "%00"])
def test_a_bad_cursor_is_not_there(client, reader, before):
    assert client.get(f"/discussions/saved/?before={before}").status_code in (200, 404)
    assert client.get(f"/notices/?before={before}").status_code in (200, 404)


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_many(client, reader, count, django_assert_num_queries):
    topic = make_topic(replies=count)
    for post in topic.posts.filter(position__gt=1):
        saved.save(post, by=reader)
    client.get("/discussions/saved/")

    with django_assert_num_queries(4):
        client.get("/discussions/saved/")


def test_the_short_text_says_what_was_written_without_its_markup(client, reader):
    post = make_topic(body="> **Maren:**\n>\n> Why & *how*?\n\n## Like this").first_post
    saved.save(post, by=reader)

    html = client.get("/discussions/saved/").content.decode()

    assert "<p>Maren: Why &amp; how? Like this</p>" in html
