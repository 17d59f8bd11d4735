"""The list of groups: which it shows to whom, in which order, and what it says of each."""

import pytest
from django.utils import timezone

from community.groups import invitations, listing, membership, requests
from community.groups.models import Group
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

URL = "/groups/"


def names(client, query: str = "") -> list[str]:
    """The names on the page, in order."""
    context = client.get(f"{URL}{query}").context
    return [card.group.name for page in (context["own"], context["others"]) for card in page.cards]


def card(client, group: Group) -> listing.Card:
    context = client.get(URL).context
    [found] = [each for page in (context["own"], context["others"]) for each in page.cards if each.group == group]
    return found


@pytest.fixture
def member(client, db):
    user = UserFactory()
    client.force_login(user)
    return user


def test_what_waits_for_the_reader_comes_first_and_what_is_over_last(client, member):
    signed, archived, unsigned, invited, other = (GroupFactory(name=name) for name in "abcde")
    MembershipFactory(group=signed, user=member)
    MembershipFactory(group=archived, user=member)
    MembershipFactory(group=unsigned, user=member, unsigned=True)
    leader = MembershipFactory(group=invited, facilitator=True).user
    invitations.invite(invited, by=leader, email=member.email.upper())
    Group.objects.filter(pk=archived.pk).update(archived_at=timezone.now())

    assert names(client) == [
        "e" if group is other else group.name for group in (invited, unsigned, signed, archived, other)
    ]


def test_somebody_elses_archived_group_is_off_the_list(client, member):
    GroupFactory(archived_at=timezone.now())

    assert names(client) == []


@pytest.mark.parametrize(
    ("traits", "words", "step", "leads_to"),
    [
        ({}, "Every member of the association can join.", "Join", "agreement/"),
        ({"community": True, "by_request": True}, "You can ask to join", "Ask to join", "ask/"),
        ({"consultation": True}, "joined by invitation", "", ""),
        ({"consultation": True, "by_request": True, "size_limit": 3}, "All 3 places are taken.", "", ""),
    ],
)
def test_each_says_why_one_may_or_may_not_join(client, member, traits, words, step, leads_to):
    group = GroupFactory(**traits)
    if group.size_limit == 3:
        MembershipFactory.create_batch(3, group=group)

    found = card(client, group)

    assert words in found.words
    assert found.step == step
    assert found.step_url == (f"{group.get_absolute_url()}{leads_to}" if step else "")


def test_what_the_reader_has_done_stands_there_too(client, member):
    asked, unsigned, inside = GroupFactory(community=True, by_request=True), GroupFactory(), GroupFactory()
    requests.ask(asked, by=member)
    MembershipFactory(group=unsigned, user=member, unsigned=True)
    MembershipFactory(group=inside, user=member)

    assert (card(client, asked).step, card(client, asked).words) == (
        "",
        "You have asked to join. A facilitator will answer you.",
    )
    assert card(client, unsigned).step == "Sign the agreement to go in"
    assert card(client, inside).is_inside


def test_a_consultation_group_tells_others_when_it_meets_and_whether_there_is_room(client, member):
    group = GroupFactory(consultation=True, region="Fernhollow", cadence="Every Thursday", size_limit=4)
    MembershipFactory.create_batch(2, group=group)

    assert card(client, group).facts == "Every Thursday · 2 places left"
    assert names(client, "?region=Fernhollow") == []
    assert "Fernhollow" not in client.get(URL).content.decode()


def test_its_own_people_find_it_by_its_region(client, member):
    group = GroupFactory(consultation=True, region="Fernhollow")
    MembershipFactory(group=group, user=member)

    assert names(client, "?region=fernhollow") == [group.name]


def test_the_list_is_narrowed_by_kind_region_and_zone(client, member):
    GroupFactory(name="Lake", region="Ohio", time_zone="America/Detroit")
    GroupFactory(name="Hill", region="Utah", time_zone="America/Denver")
    GroupFactory(name="Craft", community=True, region="Ohio", time_zone="America/New_York")

    assert names(client, "?kind=chapter") == ["Lake", "Hill"]
    assert names(client, "?region=Ohio") == ["Lake", "Craft"]
    assert names(client, "?zone=America/New_York") == ["Lake", "Craft"]
    assert names(client, "?kind=chapter&region=Ohio&zone=America/Detroit") == ["Lake"]
    page = client.get(f"{URL}?zone=America/Detroit")
    assert page.context["places"].regions == ["Ohio", "Utah"]
    assert dict(page.context["places"].zones)["America/Detroit"] == "Eastern time"


def test_visitors_see_chapters_and_their_places_alone(client, db):
    GroupFactory(name="Lake", region="Ohio")
    GroupFactory(name="Craft", community=True, region="Secretwood")

    page = client.get(URL)

    assert names(client) == ["Lake"]
    assert "Secretwood" not in page.content.decode()
    assert names(client, "?mine=1") == ["Lake"]


@pytest.mark.parametrize("trait", ["applicant", "lapsed"])
def test_who_is_no_member_sees_what_visitors_see(client, db, trait):
    user = UserFactory(**{trait: True})
    MembershipFactory(group__hidden=True, user=user)
    GroupFactory(name="Lake")
    client.force_login(user)

    assert names(client) == ["Lake"]


def test_a_long_list_is_read_in_pages(client, member):
    for number in range(30):
        GroupFactory(name=f"Group {number:02}")

    first, second, third = (names(client, f"?page={number}") for number in (1, 2, 3))

    assert [len(first), len(second), len(third)] == [12, 12, 6]
    assert first + second + third == [f"Group {number:02}" for number in range(30)]
    assert client.get(f"{URL}?page=3").context["following"] == ""


def test_of_many_own_groups_twelve_stand_there_with_the_way_to_the_rest(client, member):
    for number in range(14):
        MembershipFactory(group__name=f"Group {number:02}", user=member)

    page = client.get(URL)

    assert len(page.context["own"].cards) == 12
    assert "All groups that are yours" in page.content.decode()
    assert names(client, "?mine=1&page=2") == ["Group 12", "Group 13"]


@pytest.mark.parametrize(
    "query",
    ["?kind=nonsense", "?kind=%00", "?region=%00", "?zone=%00", "?zone=Moon/Base", f"?region={'x' * 81}", "?mine=%00"],
)
def test_what_there_is_not_is_passed_over(client, member, query):
    GroupFactory(name="Lake")

    assert names(client, query) == ["Lake"]


@pytest.mark.parametrize("page", ["0", "-1", "zz", "999", "%00", "1001", "99999999999999999999", "²", ""])
def test_a_page_that_the_list_does_not_have_is_missing(client, member, page):
    assert client.get(f"{URL}?page={page}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_list_is_read_only(client, member, method):
    assert getattr(client, method)(URL).status_code == 405


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_of_the_list(client, member, django_assert_num_queries, count):
    """Session, person, the association; own groups, the others, the places."""
    for group in [*GroupFactory.create_batch(count), *GroupFactory.create_batch(count, community=True)]:
        if group.kind == "community":
            MembershipFactory(group=group, user=member)
    client.get(URL)

    with django_assert_num_queries(6):
        client.get(URL)


@pytest.mark.parametrize("count", [5, 2000])
def test_the_queries_among_many_groups(client, member, django_assert_num_queries, count):
    fill(count)
    client.get(URL)

    with django_assert_num_queries(6):
        assert len(client.get(URL).context["others"].cards) == min(count, 12)


def test_among_many_groups_the_first_page_reads_an_index(member):
    fill(2000)

    plan = listing._others.build(member, None, None, None, 0).explain()

    assert "listed_groups" in plan


def fill(count: int) -> None:
    from django.db import connection

    Group.objects.bulk_create(
        Group(kind="community", name=f"Group {n}", slug=f"many-{n}", purpose="To meet.", region=f"Region {n % 40}")
        for n in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE groups_group")


def test_leaving_counts_on_the_next_look(client, member):
    own = MembershipFactory(group__hidden=True, user=member)
    assert names(client) == [own.group.name]

    membership.leave(own.group, by=member)

    assert names(client) == []
