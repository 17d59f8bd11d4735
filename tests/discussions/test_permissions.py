"""Who, of which audience, at which address, with which status. What a person may not see is a 404 like any other."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.discussions import forums, posting
from community.discussions.models import Forum, Post, Topic
from community.discussions.permissions import may_post
from community.discussions.refusals import DiscussionRefused
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

PEOPLE = ["visitor", "applicant", "lapsed", "member", "practitioner", "former", "insider", "superuser"]
AUDIENCES = ["world", "members", "practitioners", "group"]

READS = {
    "world": PEOPLE,
    "members": ["member", "practitioner", "former", "insider", "superuser"],
    "practitioners": ["practitioner"],
    "group": ["insider"],
}
WRITES = {
    "world": READS["members"],
    "members": READS["members"],
    "practitioners": ["practitioner"],
    "group": ["insider"],
}


@pytest.fixture
def group(db):
    return GroupFactory(hidden=True)


@pytest.fixture
def people(group):
    people = {
        "visitor": AnonymousUser(),
        "applicant": UserFactory(applicant=True, licence_checked_on=timezone.localdate()),
        "lapsed": UserFactory(lapsed=True, licence_checked_on=timezone.localdate()),
        "member": UserFactory(),
        "practitioner": UserFactory(practitioner=True),
        "former": UserFactory(),
        "insider": UserFactory(),
        "superuser": UserFactory(superuser=True),
    }
    for name in ("insider", "lapsed"):
        MembershipFactory(group=group, user=people[name])
    MembershipFactory(group=group, user=people["former"], left_at=timezone.now())
    return people


@pytest.fixture
def topics(group, people):
    """One topic for each audience, started by somebody who is not in the table."""
    author = UserFactory(practitioner=True)
    MembershipFactory(group=group, user=author)
    places = {audience: make_forum(audience=audience) for audience in AUDIENCES[:3]}
    places["group"] = forums.forum_for_group(group)
    return {audience: make_topic(place, by=author) for audience, place in places.items()}


@pytest.fixture
def as_person(client, people):
    def login(name):
        if name != "visitor":
            client.force_login(people[name])
        return client

    return login


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("person", PEOPLE)
def test_who_reads(as_person, topics, person, audience):
    client, topic = as_person(person), topics[audience]
    reads = person in READS[audience]

    statuses = [
        client.get(topic.forum.get_absolute_url()).status_code,
        client.get(topic.get_absolute_url()).status_code,
        client.get(topic.first_post.get_absolute_url()).status_code,
    ]

    assert statuses == ([200, 200, 302] if reads else [404, 404, 404])


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("person", PEOPLE)
def test_who_writes(as_person, topics, person, audience):
    client, topic = as_person(person), topics[audience]
    reads, writes = person in READS[audience], person in WRITES[audience]
    turned_away = 404 if not reads else 302 if person == "visitor" else 403

    gets = [
        client.get(f"{topic.forum.get_absolute_url()}new/").status_code,
        client.get(f"{topic.get_absolute_url()}reply/").status_code,
    ]
    posts = [
        client.post(f"{topic.forum.get_absolute_url()}new/", {"subject": "Mine", "body": "Words"}).status_code,
        client.post(f"{topic.get_absolute_url()}reply/", {"body": "Words"}).status_code,
    ]

    assert gets == [200 if writes else turned_away] * 2
    assert posts == [302 if writes else 403 if reads else 404] * 2
    assert Post.objects.filter(content="Words").count() == (2 if writes else 0)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("person", PEOPLE)
def test_who_follows_and_marks_as_read(as_person, topics, person, audience):
    client, topic = as_person(person), topics[audience]
    done = person in READS[audience] or person == "visitor"  # who is sent to the login, wherever it is

    statuses = [
        client.post(f"{topic.get_absolute_url()}follow/", {"watch": "follow"}).status_code,
        client.post(f"{topic.forum.get_absolute_url()}read/").status_code,
    ]

    assert statuses == [302 if done else 404] * 2


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_edits_what_others_wrote(as_person, topics, person, audience):
    client, post = as_person(person), topics[audience].first_post
    is_asked_to_log_in = person == "visitor" and audience == "world"

    get = client.get(f"{post.get_absolute_url()}edit/").status_code
    sent = client.post(f"{post.get_absolute_url()}edit/", {"subject": "x", "body": "Mine now", "based_on": 0})

    assert get == (302 if is_asked_to_log_in else 404)
    assert sent.status_code == (403 if is_asked_to_log_in else 404)
    assert not Post.objects.filter(content="Mine now").exists()


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("person", PEOPLE)
def test_querysets_and_predicates_say_the_same(people, topics, person, audience):
    user, topic = people[person], topics[audience]
    reads, writes = person in READS[audience], person in WRITES[audience]

    assert Forum.objects.visible_to(user).filter(pk=topic.forum_id).exists() is reads
    assert Topic.objects.visible_to(user).filter(pk=topic.pk).exists() is reads
    assert Post.objects.visible_to(user).filter(topic=topic).exists() is reads
    assert may_post(user, topic.forum) is writes


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("person", [person for person in PEOPLE if person != "visitor"])
def test_the_functions_refuse_what_the_views_refuse(people, topics, person, audience):
    user, topic = people[person], topics[audience]

    if person in WRITES[audience]:
        assert posting.reply(topic, by=user, body="Words").position == 2
        assert posting.start_topic(topic.forum, by=user, subject="Mine", body="Words").pk
    else:
        with pytest.raises(DiscussionRefused):
            posting.reply(topic, by=user, body="Words")
        with pytest.raises(DiscussionRefused):
            posting.start_topic(topic.forum, by=user, subject="Mine", body="Words")
    topic.refresh_from_db()
    assert topic.posts_count == (2 if person in WRITES[audience] else 1)


@pytest.mark.parametrize("person", PEOPLE)
def test_the_list_of_forums_holds_what_one_reads(as_person, topics, person):
    html = as_person(person).get("/discussions/").content.decode()

    shown = {audience for audience, topic in topics.items() if topic.forum.get_absolute_url() in html}
    assert shown == {audience for audience in AUDIENCES if person in READS[audience]}


@pytest.mark.parametrize("person", PEOPLE)
def test_only_those_inside_get_from_the_group_to_its_forum(as_person, group, person):
    response = as_person(person).get(f"/discussions/group/{group.slug}/")

    if person == "insider":
        assert response["Location"] == Forum.objects.get(group=group).get_absolute_url()
    elif person == "visitor":
        assert response["Location"].startswith("/accounts/login/")
    else:
        assert response.status_code == 404
        assert not Forum.objects.filter(group=group).exists()


@pytest.mark.parametrize("person", PEOPLE)
def test_a_group_s_first_thread_makes_its_forum_for_those_inside(as_person, group, person):
    response = as_person(person).get(f"/discussions/group/{group.slug}/new/")

    if person == "insider":
        assert response["Location"] == f"/discussions/{Forum.objects.get(group=group).slug}/new/"
    else:
        assert response.status_code == (302 if person == "visitor" else 404)
        assert not Forum.objects.filter(group=group).exists()


def test_leaving_a_group_counts_on_the_next_request(client, group, people, topics):
    client.force_login(people["insider"])
    url = topics["group"].get_absolute_url()
    before = client.get(url).status_code

    group.memberships.filter(user=people["insider"]).update(left_at=timezone.now(), ending="left")

    assert (before, client.get(url).status_code) == (200, 404)


def test_a_group_that_is_archived_is_read_but_closed(client, group, people, topics):
    type(group).objects.filter(pk=group.pk).update(archived_at=timezone.now())
    client.force_login(people["insider"])

    assert client.get(topics["group"].get_absolute_url()).status_code == 200
    assert client.post(f"{topics['group'].get_absolute_url()}reply/", {"body": "Words"}).status_code == 403


def test_every_id_belongs_to_the_one_before_it(client, topics, people):
    """A topic under another forum's address, and a post quoted in another topic, are not there."""
    client.force_login(people["practitioner"])
    mine, other = topics["members"], topics["world"]

    swapped = mine.get_absolute_url().replace(mine.forum.slug, other.forum.slug)
    quote = f"{mine.get_absolute_url()}reply/?quote={other.first_post_id}"

    for url in (swapped, f"{swapped}reply/", quote):
        assert client.get(url).status_code == 404
    assert client.post(f"{swapped}follow/").status_code == 404


def test_a_wrong_slug_leads_to_the_right_one_for_those_who_may_know_it(client, topics, people):
    topic = topics["members"]
    wrong = f"{topic.forum.get_absolute_url()}{topic.pk}-something-else/"
    hidden = client.get(wrong).status_code
    client.force_login(people["member"])

    assert hidden == 404
    assert client.get(f"{wrong}?page=1")["Location"] == f"{topic.get_absolute_url()}?page=1"
