"""Moving a topic: by whom, where to, and what it leaves behind. What the channels show then: test_moved_topics."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.discussions import archive, following, forums, moderation, posting, reading
from community.discussions.models import FormerPlace, Forum, Topic, TopicMark
from community.discussions.permissions import may_move
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from core.models import AuditEntry
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory, as_moderator


def move_url(topic: Topic) -> str:
    return f"{topic.get_absolute_url()}move/"


def counters(forum: Forum) -> tuple:
    forum = Forum.objects.get(pk=forum.pk)
    return forum.direct_topics_count, forum.direct_posts_count, forum.last_post_id, forum.last_post_on


# Where to, and by whom -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("old", ["world", "members", "practitioners"])
@pytest.mark.parametrize("new", ["world", "members", "practitioners"])
def test_nothing_moves_to_more_people_than_it_was_written_for(client, moderator, old, new):
    order = ["practitioners", "members", "world"]
    topic, place = make_topic(make_forum(audience=old)), make_forum(audience=new)
    client.force_login(moderator)
    allowed = order.index(new) <= order.index(old)

    answer = client.post(move_url(topic), {"forum": place.pk})

    assert answer.status_code == (302 if allowed else 422)
    assert moderation.destinations(topic, by=moderator).filter(pk=place.pk).exists() is allowed
    if not allowed:
        with pytest.raises(DiscussionRefused, match="written for fewer people"):
            moderation.move(topic, place, by=moderator)
    topic.refresh_from_db()
    assert (topic.forum == place) is allowed


@pytest.mark.parametrize("who", ["moderator inside", "facilitator", "superuser inside"])
def test_what_a_group_reads_stays_there_and_nothing_comes_in(client, places, who):
    group = GroupFactory(hidden=True)
    person = UserFactory(practitioner=True, superuser=who.startswith("superuser"))
    MembershipFactory(group=group, user=person, facilitator=who == "facilitator")
    if who == "moderator inside":
        person = as_moderator(person)
    own = forums.forum_for_group(group)
    inside, outside = make_topic(own, by=person), make_topic(places["practitioners"])
    client.force_login(person)

    assert client.get(move_url(inside)).status_code == 404
    assert client.post(move_url(inside), {"forum": places["practitioners"].pk}).status_code == 404
    assert client.post(move_url(outside), {"forum": own.pk}).status_code == (404 if who == "facilitator" else 422)
    for topic, place in ((inside, places["practitioners"]), (outside, own)):
        with pytest.raises(DiscussionRefused):
            moderation.move(topic, place, by=person)
    assert Topic.objects.get(pk=inside.pk).forum == own
    assert Topic.objects.get(pk=outside.pk).forum == places["practitioners"]


PEOPLE = {
    "visitor": lambda: None,
    "applicant": lambda: UserFactory(applicant=True),
    "lapsed moderator": lambda: as_moderator(UserFactory(lapsed=True)),
    "member": lambda: UserFactory(practitioner=True),
    "author": lambda: None,
    "staff": lambda: UserFactory(staff=True, practitioner=True),
    "facilitator": lambda: MembershipFactory(facilitator=True).user,
    "moderator": lambda: as_moderator(UserFactory(practitioner=True)),
    "moderator who is no practitioner": lambda: as_moderator(UserFactory()),
    "superuser": lambda: UserFactory(superuser=True, practitioner=True),
}
MOVES = {"moderator", "superuser"}


@pytest.mark.parametrize("audience", ["world", "practitioners"])
@pytest.mark.parametrize("who", PEOPLE)
def test_who_moves(client, places, who, audience):
    topic = make_topic(places[audience])
    other = make_forum(audience=audience)
    person = topic.poster if who == "author" else PEOPLE[who]()
    if person:
        client.force_login(person)
    moves = who in MOVES or (who == "moderator who is no practitioner" and audience == "world")
    refused = 302 if who == "visitor" else 404

    page = client.get(topic.get_absolute_url())
    get, post = client.get(move_url(topic)), client.post(move_url(topic), {"forum": other.pk})

    assert get.status_code == (200 if moves else refused)
    assert post.status_code == (302 if moves or who == "visitor" else 404)
    assert (move_url(topic) in page.content.decode()) is moves
    assert may_move(person or AnonymousUser(), topic) is (moves or who == "moderator who is no practitioner")
    if not moves:
        with pytest.raises(DiscussionRefused):
            moderation.move(topic, other, by=person or AnonymousUser())
    assert Topic.objects.get(pk=topic.pk).forum == (other if moves else places[audience])


def test_the_page_offers_the_forums_that_it_may_go_to_and_no_others(client, moderator, places, topic):
    group_forum = forums.forum_for_group(GroupFactory(hidden=True, name="Brackenmoor"))
    beside = make_forum("Beside it", category="Shelf")
    client.force_login(moderator)

    page = client.get(move_url(topic))

    offered = {forum.pk for forum in page.context["places"]}
    assert offered == {beside.pk, places["practitioners"].pk}
    assert "Practitioners whose license was checked can read this" in page.content.decode()
    assert group_forum.name not in page.content.decode()


def test_without_another_forum_the_page_says_so(client, moderator):
    client.force_login(moderator)

    body = client.get(move_url(make_topic())).content.decode()

    assert "There is no other forum for it" in body
    assert "<button" not in body.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize(
    "forum", ["", "0", "-1", "9" * 40, "a\x00b", "x", "٣", None, "the same", "a category", "<script>"]
)
def test_bad_input_is_answered_beside_the_field(client, moderator, places, topic, forum):
    category = make_forum(category="Shelf").parent
    named = {"the same": topic.forum_id, "a category": category.pk}
    client.force_login(moderator)

    answer = client.post(move_url(topic), {} if forum is None else {"forum": named.get(forum, forum)})

    assert answer.status_code == 422
    assert answer.context["form"].errors["forum"]
    assert Topic.objects.get(pk=topic.pk).forum == places["members"]


def test_the_address_belongs_to_the_topic(client, moderator, places, topic):
    """Another forum's slug before the topic, and a topic that never was."""
    client.force_login(moderator)
    swapped = move_url(topic).replace(topic.forum.slug, places["world"].slug)
    never = move_url(topic).replace(f"/{topic.pk}-", "/999999-")

    for url in (swapped, never):
        assert client.get(url).status_code == 404
        assert client.post(url, {"forum": places["practitioners"].pk}).status_code == 404
    assert client.put(move_url(topic)).status_code == 405
    assert Topic.objects.get(pk=topic.pk).forum == places["members"]


# What it leaves behind -----------------------------------------------------------------------------------------------


def test_counters_and_last_posts_of_both_forums_are_right(places, moderator, topic):
    posting.reply(topic, by=UserFactory(), body="An answer.")
    staying, there = make_topic(places["members"], replies=1), make_topic(places["practitioners"])
    posting.reply(topic, by=UserFactory(), body="The newest of all.")
    topic.refresh_from_db()

    moderation.move(topic, places["practitioners"], by=moderator)

    assert counters(places["members"]) == (1, 2, staying.last_post_id, staying.last_post_on)
    assert counters(places["practitioners"]) == (2, 4, topic.last_post_id, topic.last_post_on)
    assert there.last_post_on < topic.last_post_on


def test_moving_it_to_where_it_is_changes_nothing(places, moderator, topic):
    before = counters(places["members"])

    moderation.move(topic, places["members"], by=moderator)

    assert counters(places["members"]) == before
    assert not FormerPlace.objects.exists()
    assert not AuditEntry.objects.filter(action="discussions.topic.moved").exists()


def test_a_move_is_written_in_the_audit_trail(places, moderator, topic):
    moderation.move(topic, places["practitioners"], by=moderator)

    row = AuditEntry.objects.get(action="discussions.topic.moved")
    assert (row.actor_id, row.target_kind, row.target_id) == (moderator.pk, "forum_conversation.topic", topic.pk)


def test_a_category_or_a_forum_that_is_gone_takes_nothing(places, moderator, topic):
    category = make_forum(category="Shelf").parent
    gone = make_forum()
    Forum.objects.filter(pk=gone.pk).delete()

    for place in (category, gone):
        with pytest.raises(DiscussionRefused, match="choose another"):
            moderation.move(topic, place, by=moderator)


def test_a_hidden_topic_is_not_moved(places, moderator, topic):
    moderation.hide_post(topic.first_post, by=moderator)

    with pytest.raises(DiscussionRefused):
        moderation.move(topic, places["practitioners"], by=moderator)


def test_what_was_read_stays_read(moderator):
    """By the topic's own mark, and by marking all of its forum: up to the post that stood there by then."""
    old, new = make_forum(), make_forum()
    topic = make_topic(old, replies=2)
    archive.backdate(topic.first_post, timezone.now() - timedelta(days=3))
    readers = {name: UserFactory(date_joined=timezone.now() - timedelta(days=30)) for name in ("all", "one", "none")}
    reading.mark_forum_read(old, by=readers["all"])
    reading.mark_read(Topic.objects.with_marks_of(readers["one"]).get(pk=topic.pk), by=readers["one"], upto=2)
    posting.reply(topic, by=UserFactory(), body="After that.")

    moderation.move(topic, new, by=moderator)

    read = {name: Topic.objects.with_news_for(user).get(pk=topic.pk) for name, user in readers.items()}
    assert {name: row.read_to for name, row in read.items()} == {"all": 3, "one": 2, "none": 0}
    assert all(row.is_new for row in read.values())
    assert reading.resume_url(read["all"]).endswith("#new")


def test_a_forum_mark_does_not_take_a_topic_s_own_mark_back(moderator):
    old, reader = make_forum(), UserFactory()
    topic = make_topic(old, replies=1)
    reading.mark_forum_read(old, by=reader)
    posting.reply(topic, by=UserFactory(), body="Later.")
    reading.mark_read(Topic.objects.with_marks_of(reader).get(pk=topic.pk), by=reader, upto=3)
    following.follow(topic, by=reader)

    moderation.move(topic, make_forum(), by=moderator)

    mark = TopicMark.objects.get(topic=topic, user=reader)
    assert (mark.read_to, mark.following) == (3, True)


@pytest.mark.parametrize("readers", [1, 20])
def test_a_move_costs_the_same_for_one_reader_and_twenty(moderator, django_assert_num_queries, readers):
    old, new = make_forum(), make_forum()
    topic = make_topic(old, replies=readers)
    for _reader in range(readers):
        reading.mark_forum_read(old, by=UserFactory())
    User.objects.get(pk=moderator.pk)
    moderator.has_perm("safety.moderate")

    with django_assert_num_queries(30):
        moderation.move(topic, new, by=moderator)
