"""Two topics become one and one becomes two: positions, marks, follows, drafts, polls, addresses and counters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import archive, counters, following, forums, merging, moderation, posting, reading
from community.discussions.models import (
    Draft,
    FormerTopic,
    Post,
    Topic,
    TopicMark,
    TopicPoll,
)
from community.discussions.refusals import DiscussionRefused
from core.models import AuditEntry
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

HOUR = timedelta(hours=1)


def said(topic) -> list[str]:
    return list(Post.objects.filter(topic=topic).order_by("position").values_list("content", flat=True))


def make_timed(forum, *hours: int, by=None, word: str = "") -> Topic:
    """A topic whose posts were written so many hours ago, and say so."""
    topic = make_topic(forum, by=by, body=f"{word}{hours[0]}")
    for hour in hours[1:]:
        posting.reply(topic, by=UserFactory(practitioner=True), body=f"{word}{hour}")
    for post, hour in zip(topic.posts.order_by("position"), hours, strict=True):
        archive.backdate(post, timezone.now() - hour * HOUR)
    topic.refresh_from_db()
    return topic


def read(topic, user, upto: int) -> None:
    reading.mark_read(Topic.objects.with_marks_of(user).get(pk=topic.pk), by=user, upto=upto)


def mark(topic, user) -> TopicMark:
    return TopicMark.objects.get(topic=topic, user=user)


def assert_exact() -> None:
    assert list(counters.differences()) == []


# Merging -------------------------------------------------------------------------------------------------------------


def test_posts_stand_in_the_order_of_time_and_one_subject_stays(moderator):
    forum = make_forum()
    old, new = make_timed(forum, 9, 5, 2, word="a"), make_timed(forum, 7, 3, word="b")

    merged = merging.merge(new, old, by=moderator, reason="The same question.")

    assert said(old) == ["a9", "b7", "a5", "b3", "a2"]
    assert (merged.subject, merged.posts_count) == (old.subject, 5)
    assert list(merged.posts.exclude(subject="").values_list("position", flat=True)) == [1]
    assert not Topic.objects.filter(pk=new.pk).exists()
    assert_exact()


def test_what_is_older_stands_first_and_its_author_asked(moderator):
    forum = make_forum()
    old, new = make_timed(forum, 9, word="a"), make_timed(forum, 7, word="b")

    merged = merging.merge(old, new, by=moderator, reason="The same question.")

    assert said(merged) == ["a9", "b7"]
    assert (merged.pk, merged.subject, merged.poster_id) == (new.pk, new.subject, old.poster_id)
    assert merged.first_post.subject == new.subject
    assert_exact()


def test_old_addresses_and_permalinks_lead_there(client, moderator):
    one, two, three = make_topic(replies=1), make_topic(), make_topic()
    reply = one.last_post
    client.force_login(moderator)

    merging.merge(one, two, by=moderator, reason="The same.")
    merging.merge(two, three, by=moderator, reason="The same.")

    there = three.get_absolute_url()
    for former in (one, two):
        assert client.get(former.get_absolute_url())["Location"] == there
        assert client.get(f"{former.get_absolute_url()}reply/").status_code == 200
    assert client.get(reply.get_absolute_url())["Location"].startswith(there)
    assert set(FormerTopic.objects.values_list("number", "topic")) == {(one.pk, three.pk), (two.pk, three.pk)}
    assert_exact()


def test_an_old_address_tells_nothing_to_those_who_may_not_read_it(client, moderator):
    one, two = (make_topic(make_forum(audience=name)) for name in ("members", "practitioners"))

    merging.merge(one, two, by=moderator, reason="The same.")

    assert client.get(one.get_absolute_url()).status_code == 404
    client.force_login(UserFactory())
    assert client.get(one.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("read_old", "read_new", "stays_read"),
    # a9 b7 a5 b3 a2: what was read up to which of either
    [(3, 2, 5), (0, 0, 0), (3, 0, 1), (1, 1, 2), (0, 2, 0), (2, 2, 4), (1, 2, 2), (2, 1, 3)],
)
def test_what_was_read_stays_read_as_far_as_nothing_unread_is_before_it(moderator, read_old, read_new, stays_read):
    forum, reader = make_forum(), UserFactory(date_joined=timezone.now() - timedelta(days=30))
    old, new = make_timed(forum, 9, 5, 2, word="a"), make_timed(forum, 7, 3, word="b")
    following.follow(old, by=reader)
    read(old, reader, read_old)
    read(new, reader, read_new)

    merging.merge(new, old, by=moderator, reason="The same.")

    assert mark(old, reader).read_to == stays_read


FOLLOWING = {"follows": (True, False), "not": (False, False), "mutes": (False, True), "nothing": (None, False)}


@pytest.mark.parametrize("there", FOLLOWING)
@pytest.mark.parametrize("here", FOLLOWING)
def test_who_followed_follows_unless_they_chose_otherwise_for_what_stays(moderator, here, there):
    forum, reader = make_forum(), UserFactory()
    stays, gone = make_topic(forum), make_topic(forum)
    for topic, chosen in ((stays, here), (gone, there)):
        wants, mutes = FOLLOWING[chosen]
        TopicMark.objects.create(topic=topic, user=reader, following=wants, muted=mutes)

    merging.merge(gone, stays, by=moderator, reason="The same.")

    found = mark(stays, reader)
    assert (found.following, found.muted) == FOLLOWING[there if here == "nothing" else here]


def test_drafts_go_along_below_what_was_being_written(moderator):
    forum, one, two = make_forum(), UserFactory(), UserFactory()
    stays, gone = make_topic(forum), make_topic(forum)
    Draft.objects.create(user=one, topic=gone, body="Half a thought")
    Draft.objects.create(user=two, topic=gone, body="Second")
    Draft.objects.create(user=two, topic=stays, body="First")

    merging.merge(gone, stays, by=moderator, reason="The same.")

    assert dict(Draft.objects.filter(topic=stays).values_list("user", "body")) == {
        one.pk: "Half a thought",
        two.pk: "First\n\nSecond",
    }


def test_a_poll_goes_along_and_two_are_refused(moderator):
    forum = make_forum()
    one, two, three = (make_topic(forum) for _topic in range(3))
    for topic in (one, three):
        TopicPoll.objects.create(topic=topic, question="Which?")

    merged = merging.merge(one, two, by=moderator, reason="The same.")
    with pytest.raises(DiscussionRefused, match="have a poll"):
        merging.merge(two, three, by=moderator, reason="The same.")

    assert merged.poll.question == "Which?"
    assert Topic.objects.count() == 2


def test_hidden_and_waiting_posts_go_along(moderator):
    forum = make_forum()
    stays, gone = make_topic(forum), make_topic(forum, replies=2)
    hidden = gone.posts.get(position=2)
    moderation.hide(hidden, by=moderator, reason="Because.")
    waiting = Post.objects.create(
        topic=gone, poster=UserFactory(), position=None, content="x", content_html="x", renderer=1, approved=False,
        held_at=timezone.now(),
    )  # fmt: skip

    merging.merge(gone, stays, by=moderator, reason="The same.")

    assert set(Post.objects.filter(pk__in=[hidden.pk, waiting.pk]).values_list("topic", flat=True)) == {stays.pk}
    assert_exact()


@pytest.mark.parametrize("old", ["world", "members", "practitioners"])
@pytest.mark.parametrize("new", ["world", "members", "practitioners"])
def test_nothing_is_merged_into_what_more_people_read(moderator, old, new):
    order = ["practitioners", "members", "world"]
    one, two = make_topic(make_forum(audience=old)), make_topic(make_forum(audience=new))

    if order.index(new) <= order.index(old):
        merging.merge(one, two, by=moderator, reason="The same.")
        assert Post.objects.filter(topic=two).count() == 2
        assert_exact()
        return
    with pytest.raises(DiscussionRefused, match="written for fewer people"):
        merging.merge(one, two, by=moderator, reason="The same.")
    assert Post.objects.filter(topic=one).count() == 1


def test_a_group_merges_its_own_and_nothing_else(db):
    leader = UserFactory(practitioner=True)
    groups = [GroupFactory(hidden=True) for _group in range(2)]
    for group in groups:
        MembershipFactory(group=group, user=leader, facilitator=True)
    homes = [forums.forum_for_group(group) for group in groups]
    one, two, elsewhere = (
        make_topic(homes[0], by=leader),
        make_topic(homes[0], by=leader),
        make_topic(homes[1], by=leader),
    )

    with pytest.raises(DiscussionRefused, match="stays within the group"):
        merging.merge(one, elsewhere, by=leader, reason="The same.")
    merging.merge(one, two, by=leader, reason="The same.")

    assert Post.objects.filter(topic=two).count() == 2
    assert AuditEntry.objects.filter(action="discussions.topic.merged.inside", actor_id=leader.pk).exists()
    assert_exact()


PEOPLE = {"member": False, "moderator": True, "facilitator of a group": False, "lapsed": False}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_merges_and_splits(client, moderator, who):
    forum = make_forum()
    one, two = make_topic(forum, replies=1), make_topic(forum)
    person = {
        "member": lambda: UserFactory(practitioner=True),
        "moderator": lambda: moderator,
        "facilitator of a group": lambda: MembershipFactory(facilitator=True).user,
        "lapsed": lambda: UserFactory(lapsed=True),
    }[who]()
    client.force_login(person)
    may = PEOPLE[who]

    pages = {name: client.get(f"{one.get_absolute_url()}{name}/").status_code for name in ("look-after", "merge")}
    places = {
        name: client.post(f"{one.get_absolute_url()}{name}/", {"reason": "Because.", "place": 1}).status_code
        for name in ("close", "place", "reopen")
    }
    split = client.post(
        f"/discussions/post/{one.last_post_id}/split/",
        {"reason": "Because.", "subject": "Apart", "posts": [one.last_post_id]},
    ).status_code
    merged = client.post(f"{one.get_absolute_url()}merge/", {"reason": "Because.", "near": two.pk}).status_code

    assert set(pages.values()) == {200 if may else 404}
    assert {*places.values(), split, merged} == {302 if may else 404}
    assert Topic.objects.filter(pk=one.pk).exists() is not may
    assert_exact()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"near": "x"},
        {"near": "9" * 30},
        {"address": "nowhere"},
        {"address": "/discussions/a/99999-x/"},
        {"near": ""},
        {"address": "a\x00b/12"},
        {"address": "9" * 400},
    ],
)
def test_bad_input_for_a_merge_is_answered_beside_the_field(client, moderator, typed):
    topic = make_topic()
    client.force_login(moderator)

    answer = client.post(f"{topic.get_absolute_url()}merge/", typed | {"reason": "Because."})

    assert answer.status_code in (409, 422)
    assert answer.context["form"].errors
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_a_topic_is_not_merged_into_itself(client, moderator):
    topic = make_topic()
    client.force_login(moderator)

    answer = client.post(f"{topic.get_absolute_url()}merge/", {"reason": "x", "address": topic.get_absolute_url()})

    assert answer.status_code == 409
    assert "the same conversation" in answer.content.decode()


def test_another_one_is_found_by_its_address(client, moderator):
    one, two = make_topic(), make_topic()
    client.force_login(moderator)

    answer = client.post(
        f"{one.get_absolute_url()}merge/",
        {"reason": "Because.", "address": f"https://example.org{two.get_absolute_url()}?page=2#post-7"},
    )

    assert answer["Location"] == two.get_absolute_url()


@pytest.mark.parametrize("posts", [1, 20])
def test_a_merge_costs_the_same_for_one_post_and_twenty(moderator, django_assert_num_queries, posts):
    forum = make_forum()
    stays, gone = make_topic(forum), make_topic(forum, replies=posts - 1)
    moderator.has_perm("safety.moderate")

    with django_assert_num_queries(54):
        merging.merge(gone, stays, by=moderator, reason="The same.")
