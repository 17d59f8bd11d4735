"""An answer and what follows from it become a topic of their own; and a topic is closed, opened and pinned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import counters, following, merging, moderation, posting, reading
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.discussions.refusals import DiscussionRefused
from core.models import AuditEntry
from factories.discussions import make_topic
from factories.members import UserFactory


def said(topic) -> list[str]:
    return list(Post.objects.filter(topic=topic).order_by("position").values_list("content", flat=True))


def read(topic, user, upto: int) -> None:
    reading.mark_read(Topic.objects.with_marks_of(user).get(pk=topic.pk), by=user, upto=upto)


def mark(topic, user) -> TopicMark:
    return TopicMark.objects.get(topic=topic, user=user)


def assert_exact() -> None:
    assert list(counters.differences()) == []


def test_what_is_split_off_stands_in_a_topic_of_its_own(client, moderator):
    topic = make_topic(replies=4)
    posts = list(topic.posts.order_by("position"))
    client.force_login(moderator)

    new = merging.split(topic, [posts[2].pk, posts[4].pk], by=moderator, subject="Apart", reason="Another question.")

    assert said(topic) == ["How do you do it?", "Reply number 1.", "Reply number 3."]
    assert said(new) == ["Reply number 2.", "Reply number 4."]
    assert (new.forum, new.subject, new.poster_id) == (topic.forum, "Apart", posts[2].poster_id)
    assert new.first_post.subject == "Apart"
    assert client.get(posts[4].get_absolute_url())["Location"].startswith(new.get_absolute_url())
    assert Forum.objects.get(pk=topic.forum_id).direct_topics_count == 2
    assert_exact()


@pytest.mark.parametrize(
    ("read_to", "there", "here"), [(0, 0, 0), (1, 0, 1), (2, 0, 2), (3, 1, 2), (4, 1, 3), (5, 2, 3)]
)
def test_marks_stand_where_they_stood_in_both(moderator, read_to, there, here):
    topic, reader = make_topic(replies=4), UserFactory(date_joined=timezone.now() - timedelta(days=30))
    posts = list(topic.posts.order_by("position"))
    following.follow(topic, by=reader)
    read(topic, reader, read_to)

    new = merging.split(topic, [posts[2].pk, posts[4].pk], by=moderator, subject="Apart", reason="Another question.")

    assert (mark(new, reader).read_to, mark(topic, reader).read_to) == (there, here)
    assert mark(new, reader).following
    assert mark(topic, posts[2].poster).posts_count == 0
    assert mark(new, posts[2].poster).posts_count == 1


def test_each_whose_post_went_is_told_once(moderator, mailoutbox, run_jobs):
    topic, writer = make_topic(), UserFactory()
    posts = [posting.reply(topic, by=writer, body=f"Number {number}") for number in range(3)]
    run_jobs()
    mailoutbox.clear()

    merging.split(topic, [post.pk for post in posts], by=moderator, subject="Apart", reason="Another question.")
    run_jobs()

    told = [letter for letter in mailoutbox if "Another question." in letter.body]
    assert [letter.to for letter in told] == [[writer.email]]


@pytest.mark.parametrize("chosen", ["first", "none", "elsewhere", "hidden"])
def test_what_can_t_be_split_off(moderator, chosen):
    topic = make_topic(replies=1)
    if chosen == "hidden":
        moderation.hide(topic.last_post, by=moderator, reason="Because.")
    ids = {
        "first": [topic.first_post_id],
        "none": [],
        "elsewhere": [make_topic(replies=1).last_post_id],
        "hidden": [topic.posts.get(position=2).pk],
    }[chosen]

    with pytest.raises(DiscussionRefused):
        merging.split(topic, ids, by=moderator, subject="Apart", reason="Because.")
    assert_exact()


def test_the_form_takes_everything_after_it_too(client, moderator):
    topic = make_topic(replies=45)
    second = topic.posts.get(position=2)
    client.force_login(moderator)
    url = f"/discussions/post/{second.pk}/split/"

    page = client.get(url)
    answer = client.post(url, {"reason": "Because.", "subject": "Apart", "posts": [second.pk], "rest": "on"})

    assert "And everything after these" in page.content.decode()
    assert answer.status_code == 302
    new = Topic.objects.get(subject="Apart")
    assert (new.posts_count, Topic.objects.get(pk=topic.pk).posts_count) == (6, 40)
    assert_exact()


@pytest.mark.parametrize("posts", [[], ["x"], ["9" * 30], ["-1"], ["a\x00b"], "elsewhere"])
def test_bad_input_for_a_split(client, moderator, posts):
    topic = make_topic(replies=1)
    posts = [make_topic(replies=1).last_post_id] if posts == "elsewhere" else posts
    client.force_login(moderator)

    answer = client.post(
        f"/discussions/post/{topic.last_post_id}/split/", {"reason": "x", "subject": "Apart", "posts": posts}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["posts"]


# Closing and places --------------------------------------------------------------------------------------------------


def test_a_closed_topic_takes_no_answer_until_it_is_open_again(client, moderator):
    topic = make_topic()
    client.force_login(moderator)

    client.post(f"{topic.get_absolute_url()}close/", {"reason": "It has run its course."})
    with pytest.raises(DiscussionRefused, match="closed"):
        posting.reply(topic, by=UserFactory(), body="Still here.")
    client.post(f"{topic.get_absolute_url()}reopen/")

    assert posting.reply(topic, by=UserFactory(), body="Still here.").position == 2
    assert AuditEntry.objects.filter(action__startswith="discussions.topic.").count() == 2


@pytest.mark.parametrize(("place", "status"), [("0", 302), ("1", 302), ("2", 302), ("3", 422), ("", 422), ("x", 422)])
def test_the_place_in_the_list(client, moderator, place, status):
    topic = make_topic()
    client.force_login(moderator)

    answer = client.post(f"{topic.get_absolute_url()}place/", {"place": place})

    assert answer.status_code == status
    assert Topic.objects.get(pk=topic.pk).type == (int(place) if status == 302 else 0)


def test_closing_asks_for_a_reason(client, moderator):
    topic = make_topic()
    client.force_login(moderator)

    answer = client.post(f"{topic.get_absolute_url()}close/", {"reason": " "})

    assert answer.status_code == 422
    assert not Topic.objects.get(pk=topic.pk).is_locked
