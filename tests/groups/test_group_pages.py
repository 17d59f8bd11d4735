import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.discussions import forums
from community.groups import agreements, archiving, home, invitations, requests
from community.groups.models import Group
from factories.discussions import make_topic
from factories.events import EventFactory
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

PEOPLE = ["visitor", "applicant", "lapsed", "outsider", "former", "superuser", "insider"]


@pytest.fixture
def groups(db):
    return {
        "chapter": GroupFactory(),
        "community": GroupFactory(community=True),
        "consultation": GroupFactory(consultation=True),
        "hidden": GroupFactory(hidden=True),
    }


@pytest.fixture
def people(groups):
    people = {
        "visitor": AnonymousUser(),
        "applicant": UserFactory(applicant=True),
        "lapsed": UserFactory(lapsed=True),
        "outsider": UserFactory(),
        "former": UserFactory(),
        "superuser": UserFactory(superuser=True),
        "insider": UserFactory(display_name="Inside Canary"),
    }
    for group in groups.values():
        MembershipFactory(group=group, user=people["insider"])
        MembershipFactory(group=group, user=people["lapsed"])
        MembershipFactory(group=group, user=people["former"], left_at=timezone.now())
    return people


EXPECTED = {
    "chapter": [200, 200, 200, 200, 200, 200, 200],
    "community": [404, 404, 404, 200, 200, 200, 200],
    "consultation": [404, 404, 404, 200, 200, 200, 200],
    "hidden": [404, 404, 404, 404, 404, 404, 200],
}


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_open_which_group(client, groups, people, kind, person):
    if person != "visitor":
        client.force_login(people[person])

    response = client.get(groups[kind].get_absolute_url())

    assert response.status_code == EXPECTED[kind][PEOPLE.index(person)]


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("person", PEOPLE)
def test_the_roster_is_read_inside_only(client, groups, people, kind, person):
    if person != "visitor":
        client.force_login(people[person])

    body = client.get(groups[kind].get_absolute_url()).content.decode()

    assert ("Inside Canary" in body.replace('aria-label="Inside Canary"', "")) == (person == "insider")


@pytest.mark.parametrize("person", PEOPLE)
def test_the_list_shows_just_what_may_be_opened(client, groups, people, person):
    if person != "visitor":
        client.force_login(people[person])

    body = client.get(reverse("groups:list")).content.decode()

    for kind, group in groups.items():
        may_open = EXPECTED[kind][PEOPLE.index(person)] == 200
        assert (group.get_absolute_url() in body) == may_open, kind


def page(client, group, person=None) -> str:
    if person is not None:
        client.force_login(person)
    return client.get(group.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("traits", "who", "step"),
    [
        ({}, "visitor", "Log in to join"),
        ({}, "outsider", "Join this group"),
        ({"community": True}, "outsider", "Join this group"),
        ({"community": True, "by_request": True}, "outsider", "Ask to join"),
        ({"consultation": True, "by_request": True}, "outsider", "Ask to join"),
        ({"consultation": True}, "outsider", "This group is joined by invitation."),
        ({"consultation": True}, "unsigned", "Read and sign the agreement"),
        ({"hidden": True}, "invited", "See the invitation"),
        ({"community": True, "by_request": True}, "asked", "Take it back"),
        ({}, "applicant", "You can join once your membership is confirmed."),
    ],
)
def test_each_finds_the_one_step_that_is_theirs(client, db, traits, who, step):
    group = GroupFactory(**traits)
    leader = MembershipFactory(group=group, facilitator=True).user
    person = UserFactory(applicant=who == "applicant")
    if who == "unsigned":
        MembershipFactory(group=group, user=person, unsigned=True)
    elif who == "invited":
        invitations.invite(group, by=leader, email=person.email)
    elif who == "asked":
        requests.ask(group, by=person)

    body = page(client, group, None if who == "visitor" else person)

    assert step in body
    every = ["Log in to join", "Join this group", "Ask to join", "Read and sign", "See the invitation", "Take it back"]
    assert sum(word in body for word in every) == (0 if step.endswith(".") else 1)


OUTSIDE = ["Who is here", "Conversations", "Files", "How a meeting goes", "You signed version", "Leave this group"]


@pytest.mark.parametrize("kind", ["chapter", "community", "consultation"])
@pytest.mark.parametrize("who", ["outsider", "unsigned", "superuser"])
def test_before_signing_nobody_sees_more_than_others_do(client, groups, kind, who):
    group = groups[kind]
    Group.objects.filter(pk=group.pk).update(agenda="First the kettle.", region="Fernhollow")
    person = UserFactory(superuser=who == "superuser")
    if who == "unsigned":
        MembershipFactory(group=group, user=person, unsigned=True)

    body = page(client, group, person)

    seen = [word for word in [*OUTSIDE, "First the kettle."] if word in body]
    assert seen == (["Leave this group"] if who == "unsigned" else [])
    assert ("Fernhollow" in body) == (kind != "consultation" or who == "unsigned")


def test_inside_one_finds_people_words_files_and_what_one_signed(client, db):
    own = MembershipFactory(group__consultation=True, group__agenda="First the kettle.", unsigned=True)
    agreements.sign(own.group, by=own.user, edition=1)

    body = page(client, own.group, own.user)

    for words in [*OUTSIDE, "First the kettle.", "You signed version 1 on"]:
        assert words in body, words


def test_it_says_who_reads_there(client, db):
    own = MembershipFactory(group__consultation=True)
    assert "Read by you alone so far" in page(client, own.group, own.user)

    MembershipFactory.create_batch(4, group=own.group)
    MembershipFactory(group=own.group, unsigned=True)
    MembershipFactory(group=own.group, user=UserFactory(lapsed=True))
    MembershipFactory(group=own.group, left_at=timezone.now())

    words = "Read by these 5 people, by 1 more once they have signed, and by those the group admits later"
    assert words in page(client, own.group)


def test_where_one_writes_it_says_the_same_with_their_names(client, db):
    own = MembershipFactory(group__consultation=True, user__display_name="Ada Lang")
    MembershipFactory(group=own.group, user__display_name="Bo Reed")
    MembershipFactory(group=own.group, user__display_name="Cy Wood", unsigned=True)
    forum = forums.forum_for_group(own.group)
    topic = make_topic(forum, by=own.user)
    client.force_login(own.user)

    for url in (topic.get_absolute_url(), f"{topic.get_absolute_url()}reply/", f"{forum.get_absolute_url()}new/"):
        body = client.get(url).content.decode()
        assert "Read by these 2 people, by 1 more once they have signed, and by those the group admits" in body, url
        assert "Ada Lang, Bo Reed" in body
        assert "Cy Wood" not in body


def test_elsewhere_the_audience_stands_there_in_words(client, db):
    topic = make_topic()
    client.force_login(UserFactory())

    assert (
        "Members of the association can read this" in client.get(f"{topic.get_absolute_url()}reply/").content.decode()
    )


def test_what_waits_is_for_those_who_lead(client, db):
    leader = MembershipFactory(group__consultation=True, group__joining="request", facilitator=True)
    member = MembershipFactory(group=leader.group)
    MembershipFactory(group=leader.group, unsigned=True)
    requests.ask(leader.group, by=UserFactory())
    invitations.invite(leader.group, by=leader.user, email="colleague@example.org")

    for_leader, for_member = (page(client, leader.group, own.user) for own in (leader, member))

    for words in (
        "What waits for you",
        "One person asks to join",
        "One person has yet to sign",
        "One invitation is open",
        "No next meeting is set",
    ):
        assert words in for_leader, words
        assert words not in for_member, words


def test_where_nothing_waits_nothing_is_said(client, db):
    leader = MembershipFactory(group__consultation=True, facilitator=True)
    EventFactory(group=leader.group, by=leader.user, audience="group")

    assert "What waits" not in page(client, leader.group, leader.user)


def test_the_last_meetings_follow_the_next_ones(client, db):
    leader = MembershipFactory(group__consultation=True, facilitator=True)
    EventFactory(
        title="Table",
        group=leader.group,
        by=leader.user,
        audience="group",
        repeats="weekly",
        starts_on=timezone.now().date() - timedelta(days=29),
    )

    client.force_login(leader.user)

    meetings = client.get(leader.group.get_absolute_url()).context["meetings"]

    assert [len(meetings[name]) for name in ("coming", "past")] == [3, 3]
    starts = [entry.occurrence.starts_at for entry in meetings["coming"]]
    assert starts == sorted(starts)
    assert starts[0] > timezone.now()
    ended = [entry.occurrence.starts_at for entry in meetings["past"]]
    assert ended == sorted(ended, reverse=True)


def test_an_archived_group_is_read_and_offers_nothing_to_do(client, db):
    leader = MembershipFactory(group__consultation=True, facilitator=True)
    MembershipFactory(group=leader.group, unsigned=True)
    archiving.archive(leader.group, by=leader.user)

    body = page(client, leader.group, leader.user)
    body += client.get(f"{leader.group.get_absolute_url()}invite/").content.decode()
    body += client.get("/groups/").content.decode()

    assert "This group was archived on" in body
    assert "Open it again" in body
    for words in ("Change the group", "Set up a meeting", "Add a file", "No next meeting is set"):
        assert words not in body, words
    for words in ("place left", "places left", "places are left", "What waits", "Send the invitations"):
        assert words not in body, words


def test_a_large_group_shows_some_people_and_the_way_to_all(client, db):
    own = MembershipFactory(facilitator=True)
    MembershipFactory.create_batch(30, group=own.group)

    body = page(client, own.group, own.user)

    assert "Read by these 31 people" in body
    assert body.count('class="avatar avatar--s') <= home.FACES + 1
    assert "All 31 people" in body


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_of_a_visitor(client, db, django_assert_num_queries, count):
    """The association, the group and its meetings."""
    group = GroupFactory()
    MembershipFactory.create_batch(count, group=group)
    client.get(group.get_absolute_url())

    with django_assert_num_queries(3):
        client.get(group.get_absolute_url())


@pytest.mark.parametrize("facilitator", [False, True])
@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_inside(client, db, without_limits, django_assert_num_queries, count, facilitator):
    """Session, person, the association; the group, who is in it, files, meetings, threads, who broke the glass; and
    for those who lead it what waits."""
    leader = MembershipFactory(facilitator=True)
    own = MembershipFactory(group=leader.group, facilitator=facilitator)
    MembershipFactory.create_batch(count, group=own.group)
    forum = forums.forum_for_group(own.group)
    for _number in range(count):
        make_topic(forum, by=own.user)
        EventFactory(group=own.group, by=leader.user, audience="group")
    client.force_login(own.user)
    client.get(own.group.get_absolute_url())

    with django_assert_num_queries(10 if facilitator else 9):
        client.get(own.group.get_absolute_url())


@pytest.mark.parametrize("count", [5, 2000])
def test_the_queries_among_many_groups(client, db, django_assert_num_queries, count):
    own = MembershipFactory(facilitator=True)
    Group.objects.bulk_create(Group(kind="community", name="x", slug=f"x-{n}", purpose="x") for n in range(count))
    client.force_login(own.user)
    client.get(own.group.get_absolute_url())

    with django_assert_num_queries(10):
        client.get(own.group.get_absolute_url())


def test_what_is_not_there_costs_the_same_as_what_is_hidden(client, db):
    hidden = GroupFactory(hidden=True)
    client.force_login(UserFactory())
    counts, bodies = [], []

    for slug in (hidden.slug, "never-was"):
        client.get(f"/groups/{slug}/")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/groups/{slug}/")
        assert response.status_code == 404
        counts.append(len(queries))
        bodies.append(re.sub(rb'(nonce|value)="[^"]{16,}"', b"", response.content))

    assert counts[0] == counts[1]
    assert bodies[0] == bodies[1]


def test_to_outsiders_a_group_does_not_claim_that_it_never_meets(client, db):
    membership = MembershipFactory(group__community=True)
    inside, outside = membership.user, UserFactory()

    pages = {}
    for person in (inside, outside):
        client.force_login(person)
        pages[person] = client.get(membership.group.get_absolute_url()).content.decode()

    assert "No date is set" in pages[inside]
    assert "No date is set" not in pages[outside]
    assert "shown to its members" in pages[outside]
