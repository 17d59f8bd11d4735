import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

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


@pytest.mark.parametrize("action", ["join", "leave"])
def test_joining_and_leaving_need_a_login_and_a_group_one_may_see(client, groups, people, action):
    hidden = reverse(f"groups:{action}", args=[groups["hidden"].slug])

    assert client.post(hidden).status_code == 302
    client.force_login(people["outsider"])
    assert client.post(hidden).status_code == 404
    assert client.get(hidden).status_code == 405


def test_a_member_joins_and_leaves_through_the_page(client, groups, people):
    client.force_login(people["outsider"])
    chapter = groups["chapter"]

    joined = client.post(reverse("groups:join", args=[chapter.slug]), follow=True)
    assert "Welcome to" in joined.content.decode()
    left = client.post(reverse("groups:leave", args=[chapter.slug]), follow=True)
    assert "You have left" in left.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_one_group_and_for_twenty(client, db, django_assert_num_queries, count):
    member = UserFactory()
    GroupFactory.create_batch(count)
    for group in GroupFactory.create_batch(count, community=True):
        MembershipFactory(group=group, user=member)
    client.force_login(member)
    client.get(reverse("groups:list"))

    with django_assert_num_queries(6):
        client.get(reverse("groups:list"))


@pytest.mark.parametrize("count", [1, 20])
def test_a_group_page_costs_the_same_for_one_member_and_for_twenty(client, db, django_assert_num_queries, count):
    own = MembershipFactory()
    MembershipFactory.create_batch(count, group=own.group)
    client.force_login(own.user)
    client.get(own.group.get_absolute_url())

    with django_assert_num_queries(9):
        client.get(own.group.get_absolute_url())


@pytest.mark.parametrize("query", ["?kind=nonsense", "?kind=%00"])
def test_odd_parameters_of_the_list_do_no_harm(client, db, query):
    assert client.get(reverse("groups:list") + query).status_code == 200


@pytest.mark.parametrize("page", ["0", "zz", "999", "%00"])
def test_a_page_that_the_list_does_not_have_is_missing(client, db, page):
    assert client.get(f"{reverse('groups:list')}?page={page}").status_code == 404


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
