"""A topic's page beside its posts: what keeps its place, what helped, what is new, and where its labels lead."""

import pytest
from django.urls import resolve
from django.utils import timezone

from community.discussions import moderation, posting
from community.discussions.models import Post, Topic, TopicMark
from core.models import Subject
from factories.discussions import fill, make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture
def member(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def logged_in(client, member):
    client.force_login(member)
    return client


def test_a_removed_post_keeps_its_place_and_says_nothing(logged_in):
    topic = make_topic(replies=3)
    gone, stays = topic.posts.get(position=2), topic.posts.get(position=3)
    posting.reply(topic, by=UserFactory(), body="To that.", quoting=gone)
    gone.poster.display_name = "Lindisquay Author"
    gone.poster.save()

    moderation.remove(gone, by=gone.poster)

    html = logged_in.get(topic.get_absolute_url()).content.decode()
    assert f'id="post-{gone.pk}"' in html
    assert "Removed by its author" in html
    assert "Reply number 1." not in html
    assert "Lindisquay" not in html  # not as whom somebody answers, either
    assert logged_in.get(gone.get_absolute_url())["Location"].endswith(f"#post-{gone.pk}")
    assert html.index(f"post-{gone.pk}") < html.index(f"post-{stays.pk}")


def test_nothing_behind_a_removed_post_changes_its_page(logged_in):
    topic = make_topic()
    fill(topic, 45)
    last = topic.posts.get(position=41)
    before = logged_in.get(last.get_absolute_url())["Location"]

    removed = Post.objects.filter(topic=topic, position__range=(5, 24))
    removed.update(approved=False, removed="moderator", removed_at=timezone.now())

    first = logged_in.get(topic.get_absolute_url()).content.decode()
    assert logged_in.get(last.get_absolute_url())["Location"] == before
    assert first.count("Removed by a moderator") == 16
    assert "no. 25." in logged_in.get(topic.get_absolute_url(), {"page": 2}).content.decode()


def test_what_helped_is_linked_from_the_top_of_every_page(logged_in, member, django_assert_num_queries):
    topic = make_topic(by=member)
    fill(topic, 45)
    helped = topic.posts.select_related("poster").get(position=44)
    Post.objects.filter(pk=helped.pk).update(helped_at=timezone.now())
    Topic.objects.filter(pk=topic.pk).update(solved_at=timezone.now())
    logged_in.get(topic.get_absolute_url())

    with django_assert_num_queries(8):  # one more than without
        html = logged_in.get(topic.get_absolute_url()).content.decode()

    assert f'href="{topic.get_absolute_url()}?page=3#post-{helped.pk}"' in html
    assert f"what {helped.poster.display_name} wrote" in html


def test_who_comes_back_is_told_how_much_is_new_and_where_it_begins(logged_in, member):
    topic = make_topic()
    fill(topic, 45)
    TopicMark.objects.create(topic=topic, user=member, read_to=30)

    html = logged_in.get(topic.get_absolute_url()).content.decode()

    assert "15 new posts since you were here" in html
    assert f'href="{topic.get_absolute_url()}?page=2#new"' in html


def test_kind_and_tags_lead_to_more_of_them(logged_in):
    topic = make_topic()
    Topic.objects.filter(pk=topic.pk).update(kind="question")
    topic.tags.add(Subject.objects.create(name="Night & day", slug="night-day"))

    for url in (topic.get_absolute_url(), topic.forum.get_absolute_url()):
        html = logged_in.get(url).content.decode()

        assert "Question" in html
        assert 'href="/discussions/all/?tag=night-day">Night &amp; day</a>' in html


@pytest.mark.parametrize("number", ["9" * 18, "9" * 19, "9" * 40])
def test_a_number_that_no_topic_has_is_not_found(logged_in, number):
    forum = make_forum()

    assert logged_in.get(f"{forum.get_absolute_url()}{number}-x/").status_code == 404
    assert logged_in.get(f"/discussions/post/{number}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "name"), [("group/12-steps/", "group"), ("feed/7-abcDEF/", "my-feed"), ("ethics/12-a-matter/", "topic")]
)
def test_an_address_that_could_be_a_topics_is_found_where_it_belongs(path, name):
    assert resolve(f"/discussions/{path}").url_name == name
