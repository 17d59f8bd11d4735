"""The list of forums: whose come first, what is new, and what it costs among many."""

import pytest

from community.discussions import following, forums, overview, posting
from community.discussions.models import Forum
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def reader(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def logged_in(client, reader):
    client.force_login(reader)
    return client


def forum_of_ones_group(reader) -> Forum:
    return forums.forum_for_group(MembershipFactory(group=GroupFactory(), user=reader).group)


def names(rows) -> list[str]:
    return [row.name for row in rows]


def test_the_forums_of_ones_groups_come_first_and_the_latest_of_them(logged_in, reader):
    quiet, lively = forum_of_ones_group(reader), forum_of_ones_group(reader)
    make_topic(quiet, by=reader)
    make_topic(lively, by=reader)
    make_forum("Ethics", category="Practice")

    context = logged_in.get("/discussions/").context

    assert names(context["own"]) == [lively.name, quiet.name]
    assert [(category, names(rows)) for category, rows in context["categories"]] == [("Practice", ["Ethics"])]


def test_what_was_said_last_stands_beside_its_forum(logged_in):
    topic = make_topic(subject="Fees & <sliding> scales")
    posting.reply(topic, by=UserFactory(display_name="Ada Answering"), body="So.")

    html = logged_in.get("/discussions/").content.decode()

    assert "Fees &amp; &lt;sliding&gt; scales" in html
    assert "Ada Answering" in html
    assert f'href="{topic.get_absolute_url()}"' in html


def test_new_posts_are_marked_and_gone_once_read(logged_in):
    topic = make_topic()
    before = logged_in.get("/discussions/").content.decode()

    logged_in.get(topic.get_absolute_url())

    assert "(new posts)" in before
    assert "(new posts)" not in logged_in.get("/discussions/").content.decode()


def test_a_muted_forum_is_quiet_and_last(logged_in, reader):
    loud, quiet = make_topic(make_forum("Loud")), make_topic(make_forum("Quiet"))
    following.watch_forum(loud.forum, "mute", by=reader)

    [(_category, rows)] = logged_in.get("/discussions/").context["categories"]

    assert [(row.name, row.is_muted, row.is_unread) for row in rows] == [("Quiet", False, True), ("Loud", True, False)]
    assert quiet.forum.name == "Quiet"


@pytest.mark.parametrize("quiet", ["topic", "tag"])
def test_a_muted_topic_makes_no_forum_new(logged_in, reader, quiet):
    topic = make_topic()
    if quiet == "topic":
        following.mute(topic, by=reader)
    else:
        tag = Subject.objects.create(name="Night shifts", slug="night-shifts")
        topic.tags.add(tag)
        following.watch_tag(tag, "mute", by=reader)

    assert "(new posts)" not in logged_in.get("/discussions/").content.decode()


def test_many_groups_of_ones_own_are_shown_when_asked_for(logged_in, reader, monkeypatch):
    monkeypatch.setattr(overview, "OWN_AT_ONCE", 2)
    for _group in range(3):
        forum_of_ones_group(reader)

    some, every = logged_in.get("/discussions/"), logged_in.get("/discussions/?groups=all")

    assert (len(some.context["own"]), some.context["more_of_own"]) == (2, 1)
    assert "1 more group of yours" in some.content.decode()
    assert (len(every.context["own"]), every.context["more_of_own"]) == (3, 0)


def many_forums(count: int) -> None:
    """Forums in bulk, as a large association has them."""
    Forum.objects.bulk_create(
        Forum(type=Forum.FORUM_POST, name=f"Many {n}", slug=f"many-{n}", tree_id=1000 + n, lft=1, rght=2, level=0)
        for n in range(count)
    )


@pytest.mark.parametrize("count", [5, 500])
def test_the_queries_among_few_and_many_forums(logged_in, reader, django_assert_num_queries, count):
    """Session, person, the association; forums with what was said last and what is new; what waits for a reply."""
    many_forums(count)
    topic = make_topic()
    logged_in.get("/discussions/")

    with django_assert_num_queries(5):
        logged_in.get("/discussions/")
    with django_assert_num_queries(6):
        logged_in.get("/discussions/all/")
    logged_in.get(topic.get_absolute_url())
    with django_assert_num_queries(7):
        logged_in.get(topic.get_absolute_url())
    with django_assert_num_queries(7):
        logged_in.get(topic.forum.get_absolute_url())


def test_the_queries_of_a_visitor(client, db, django_assert_num_queries):
    for _forum in range(5):
        make_topic(make_forum(audience="world"))
    client.get("/discussions/")

    with django_assert_num_queries(2):
        client.get("/discussions/")
