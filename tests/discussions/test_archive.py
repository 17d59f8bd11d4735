from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import archive, moderation, posting
from community.discussions.models import Forum, Topic
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory

DAY = timedelta(days=1)


def test_an_archived_topic_lies_where_it_belongs(db):
    forum = make_forum()
    now = timezone.now()
    recent = make_topic(forum)
    old = make_topic(forum, replies=1)

    for post, days in zip(old.posts.order_by("position"), (9, 7), strict=True):
        archive.backdate(post, now - days * DAY)

    old.refresh_from_db()
    forum.refresh_from_db()
    assert (old.created, old.first_post.created) == (now - 9 * DAY, now - 9 * DAY)
    assert (old.last_post_on, old.last_post.created) == (now - 7 * DAY, now - 7 * DAY)
    assert (forum.last_post, forum.last_post_on) == (recent.last_post, recent.last_post_on)
    assert (forum.direct_topics_count, forum.direct_posts_count) == (2, 3)


def test_a_topic_keeps_its_order(db):
    topic = make_topic(replies=1)
    first, second = topic.posts.order_by("position")
    archive.backdate(first, timezone.now() - 2 * DAY)

    for post, days in [(second, 3), (second, -1), (first, -1)]:
        with pytest.raises(ValueError, match=r"order|future"):
            archive.backdate(post, timezone.now() - days * DAY)


def test_a_hidden_post_is_gone_and_the_counters_know(client, db):
    member = UserFactory()
    topic = make_topic(replies=2)
    gone = topic.last_post
    client.force_login(member)

    moderation.hide_post(gone, by=member)
    moderation.hide_post(gone, by=member)

    topic.refresh_from_db()
    forum = Forum.objects.get(pk=topic.forum_id)
    assert client.get(gone.get_absolute_url()).url.endswith(f"#post-{gone.pk}")  # where it says who took it away
    assert "Reply number 2" not in client.get(topic.get_absolute_url()).content.decode()
    assert (topic.last_post.position, forum.direct_posts_count, forum.last_post) == (2, 2, topic.last_post)
    assert posting.reply(topic, by=member, body="After it").position == 4


def test_reading_past_a_hidden_post_leaves_nothing_unread(client, db):
    member = UserFactory(date_joined=timezone.now() - DAY)
    topic = make_topic(replies=1)
    moderation.hide_post(topic.last_post, by=member)
    client.force_login(member)

    client.get(topic.get_absolute_url())

    assert not Topic.objects.with_news_for(member).get(pk=topic.pk).is_new


def test_a_topic_goes_with_its_first_post(client, db):
    topic = make_topic(replies=1)
    client.force_login(UserFactory())

    moderation.hide_post(topic.first_post, by=topic.poster)

    forum = Forum.objects.get(pk=topic.forum_id)
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert (forum.direct_topics_count, forum.direct_posts_count, forum.last_post) == (0, 0, None)


def test_a_post_can_be_reported_by_those_who_see_it(client, db):
    topic = make_topic(make_forum(audience="practitioners"))
    url = f"/report/post/{topic.first_post_id}/"
    client.force_login(UserFactory())
    outside = client.get(url).status_code
    client.force_login(UserFactory(practitioner=True))

    assert (outside, client.get(url).status_code) == (404, 200)
    assert f'href="{url}' in client.get(topic.get_absolute_url()).content.decode()
