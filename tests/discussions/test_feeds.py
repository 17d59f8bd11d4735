"""Atom feeds: of what everybody reads, and by a secret address of what one member may read at that moment."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from community.discussions import feeds, forums, moderation, posting
from community.discussions.models import Post, Topic
from community.groups import membership
from community.members import secret_addresses, standing
from community.members.models import User
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory, as_moderator

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(response) -> list[dict]:
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    return [
        {part.tag.removeprefix(ATOM): "".join(part.itertext()) for part in entry} for entry in feed.iter(f"{ATOM}entry")
    ]


def titles(response) -> list[str]:
    return [entry["title"] for entry in entries(response)]


@pytest.fixture
def world(db):
    return make_forum("Open to all", audience="world")


@pytest.fixture
def reader(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def key(reader):
    return secret_addresses.make(feeds.PURPOSE, by=reader)


def test_the_feed_of_a_public_forum_holds_its_newest_posts(client, world):
    topic = make_topic(world, subject="Fees", body="How do *you* do it?", replies=1)

    response = client.get(f"{world.get_absolute_url()}feed/")

    assert response["Content-Type"].startswith("application/atom+xml")
    assert titles(response) == ["Answer: Fees", "Fees"]
    assert "<em>you</em>" in entries(response)[1]["summary"]
    assert entries(response)[1]["author"].startswith(topic.poster.display_name)
    assert f"/discussions/post/{topic.first_post_id}/" in entries(response)[1]["id"]


def test_the_feed_of_a_public_topic_holds_its_newest_posts(client, world):
    topic = make_topic(world, subject="Fees", replies=2)
    make_topic(world, subject="Another")

    assert titles(client.get(f"{topic.get_absolute_url()}feed/")) == ["Answer: Fees", "Answer: Fees", "Fees"]


@pytest.mark.parametrize("audience", ["members", "practitioners"])
def test_what_not_everybody_reads_has_no_public_feed_whoever_asks(client, reader, audience):
    topic = make_topic(make_forum(audience=audience))
    client.force_login(reader)

    for thing in (topic, topic.forum):
        assert client.get(f"{thing.get_absolute_url()}feed/").status_code == 404


def test_pages_name_their_feed_where_it_is_public(client, world, reader):
    open_topic, closed_topic = make_topic(world), make_topic(make_forum())
    client.force_login(reader)

    for thing in (open_topic, world):
        assert f'href="{thing.get_absolute_url()}feed/"' in client.get(thing.get_absolute_url()).content.decode()
    for thing in (closed_topic, closed_topic.forum):
        assert "atom+xml" not in client.get(thing.get_absolute_url()).content.decode()


def test_at_most_fifty(client, world, key):
    topic = make_topic(world, subject="Fees")
    posts = [
        Post(topic=topic, poster=topic.poster, position=number, content="x", content_html="x", renderer=1)
        for number in range(2, 70)
    ]
    Post.objects.bulk_create(posts)
    Topic.objects.filter(pk=topic.pk).update(posts_count=69)

    for path in (f"{world.get_absolute_url()}feed/", f"{topic.get_absolute_url()}feed/", f"/discussions/feed/{key}/"):
        assert len(entries(client.get(path))) == feeds.NEWEST


def test_the_newest_of_a_forum_come_from_whichever_topic(client, world):
    old, new = make_topic(world, subject="Old"), make_topic(world, subject="New")
    posting.reply(old, by=new.poster, body="Again.")

    assert titles(client.get(f"{world.get_absolute_url()}feed/")) == ["Answer: Old", "New", "Old"]


def test_nothing_new_costs_a_304(client, world, key):
    topic = make_topic(world, subject="Fees")
    for path in (f"{world.get_absolute_url()}feed/", f"/discussions/feed/{key}/"):
        first = client.get(path)

        assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        assert client.get(path, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304
        posting.edit_post(
            Post.objects.get(pk=topic.first_post_id),
            by=topic.poster,
            body=f"Other words for {path}",
            based_on=Post.objects.get(pk=topic.first_post_id).updates_count,
        )
        assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_what_is_hidden_goes_from_the_feed(client, world):
    topic = make_topic(world, replies=1)
    path = f"{world.get_absolute_url()}feed/"
    before = client.get(path)

    moderation.hide_post(topic.posts.get(position=2), by=as_moderator(UserFactory(practitioner=True)))
    after = client.get(path, HTTP_IF_NONE_MATCH=before["ETag"])

    assert (len(entries(before)), len(entries(after))) == (2, 1)


def test_a_secret_address_leads_to_what_its_holder_may_read(client, reader, key):
    make_topic(make_forum(audience="world"), subject="World")
    make_topic(make_forum(audience="members"), subject="Members")
    make_topic(make_forum(audience="practitioners"), subject="Practitioners", body="Lindisquay")
    group = GroupFactory(consultation=True, name="Brackenmoor")
    MembershipFactory(group=group, user=reader)
    make_topic(forums.forum_for_group(group), by=reader, subject="Umberwick", body="Lindisquay")
    make_topic(forums.forum_for_group(MembershipFactory().group), by=_insider(), subject="Theirs")

    response = client.get(f"/discussions/feed/{key}/")

    assert titles(response) == [
        "Something new in one of your groups",
        "Something new for practitioners",
        "Members",
        "World",
    ]
    for word in ("Lindisquay", "Umberwick", "Brackenmoor", group.slug):
        assert word not in response.content.decode()


def _insider() -> User:
    return MembershipFactory(group=forums.Forum.objects.filter(audience="group").last().group).user


def test_one_forum_of_it_and_none_that_the_holder_does_not_read(client, reader, key):
    mine, other = make_topic(make_forum("Lounge")).forum, make_topic(make_forum()).forum
    group = GroupFactory(consultation=True, name="Brackenmoor")
    theirs = forums.forum_for_group(group)

    response = client.get(f"/discussions/feed/{key}/{mine.pk}/")

    assert len(entries(response)) == 1
    assert "Lounge" in response.content.decode()
    assert client.get(f"/discussions/feed/{key}/{theirs.pk}/").status_code == 404
    assert client.get(f"/discussions/feed/{key}/987654/").status_code == 404
    assert client.get(f"/discussions/feed/{key}/{other.pk}/").status_code == 200


def test_the_feed_of_a_group_names_nothing_of_it(client, reader, key):
    group = GroupFactory(consultation=True, name="Brackenmoor")
    MembershipFactory(group=group, user=reader)
    forum = forums.forum_for_group(group)
    make_topic(forum, by=reader, subject="Umberwick")

    response = client.get(f"/discussions/feed/{key}/{forum.pk}/")

    assert titles(response) == ["Something new in one of your groups"]
    for word in ("Brackenmoor", "Umberwick", forum.slug):
        assert word not in response.content.decode()


ENDINGS = {
    "revoked": lambda user: secret_addresses.revoke(feeds.PURPOSE, by=user),
    "made anew": lambda user: secret_addresses.make(feeds.PURPOSE, by=user),
    "lapsed": lambda user: standing.lapse(user, by=UserFactory(superuser=True)),
    "closed": lambda user: standing.close(user, by=UserFactory(superuser=True)),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_it_ends_it_at_once(client, reader, key, ending):
    forum = make_topic(make_forum()).forum
    paths = [f"/discussions/feed/{key}/", f"/discussions/feed/{key}/{forum.pk}/"]
    assert [client.get(path).status_code for path in paths] == [200, 200]

    ENDINGS[ending](reader)

    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_leaving_a_group_empties_it(client, reader, key):
    group = MembershipFactory(user=reader).group
    make_topic(forums.forum_for_group(group), by=reader)
    before = client.get(f"/discussions/feed/{key}/")

    membership.leave(group, by=reader)

    assert len(entries(before)) == 1
    assert entries(client.get(f"/discussions/feed/{key}/", HTTP_IF_NONE_MATCH=before["ETag"])) == []


def test_a_license_that_ran_out_closes_practitioners_forums_to_it(client, reader, key):
    make_topic(make_forum(audience="practitioners"))
    User.objects.filter(pk=reader.pk).update(licence_expires_on=timezone.localdate() - timedelta(days=1))

    assert entries(client.get(f"/discussions/feed/{key}/")) == []


@pytest.mark.parametrize("key", ["x", "a" * 500, "%00", "%F0%28", "..", "é"])
def test_a_key_that_is_none_is_missing(client, db, key):
    assert client.get(f"/discussions/feed/{key}/").status_code == 404


def test_nobody_lists_it_and_nobody_learns_where_it_was_followed(client, key):
    make_topic()

    response = client.get(f"/discussions/feed/{key}/")

    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert key not in response.content.decode()


def test_a_key_of_another_purpose_opens_nothing(client, reader, db):
    secret_addresses.register(secret_addresses.Purpose("other", "Other", "For a test.", lambda key, user: []))
    try:
        key = secret_addresses.make("other", by=reader)

        assert client.get(f"/discussions/feed/{key}/").status_code == 404
    finally:
        del secret_addresses._purposes["other"]


@pytest.mark.parametrize("posts", [1, 20])
def test_the_queries_of_the_feeds(client, world, key, django_assert_num_queries, posts):
    topic = make_topic(world, replies=posts)
    forum_path, topic_path = f"{world.get_absolute_url()}feed/", f"{topic.get_absolute_url()}feed/"
    client.get(f"/discussions/feed/{key}/")

    with django_assert_num_queries(3):
        client.get(forum_path)
    with django_assert_num_queries(2):
        client.get(topic_path)
    with django_assert_num_queries(2):
        client.get(f"/discussions/feed/{key}/")
