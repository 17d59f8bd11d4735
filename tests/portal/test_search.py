import pytest
from django.contrib.auth.models import AnonymousUser

from community.discussions import forums
from factories.articles import ArticleFactory
from factories.discussions import make_forum, make_topic
from factories.events import EventFactory
from factories.groups import GroupFactory, MembershipFactory
from factories.learning import ListingFactory
from factories.members import UserFactory
from portal import search

WORD = "quillwort"


@pytest.fixture
def library(db):
    """One thing of each kind for members, and one of each kind in a hidden group or otherwise private."""
    facilitator = MembershipFactory(group=GroupFactory(hidden=True), facilitator=True).user
    group = facilitator.memberships.get().group
    ArticleFactory(title=f"Article {WORD}", audience="world")
    ArticleFactory(title=f"Practitioners article {WORD}", audience="practitioners")
    ListingFactory(title=f"Listing {WORD}", audience="members")
    make_topic(make_forum(audience="members"), subject="Open thread", body=f"About {WORD}.")
    make_topic(forums.forum_for_group(group), by=facilitator, subject="Private thread", body=f"Secret {WORD}.")
    EventFactory(title=f"Event {WORD}", audience="members")
    EventFactory(title=f"Private event {WORD}", audience="group", group=group, by=facilitator)
    UserFactory(display_name=f"Person {WORD}")
    UserFactory(display_name=f"Hidden {WORD}", hidden=True)
    return facilitator


def counts(user) -> dict[str, int]:
    return {shelf.kind.name: shelf.count for shelf in search.search(user, WORD).shelves}


def test_each_reader_finds_what_they_may_see(library):
    visitor, member = AnonymousUser(), UserFactory()

    assert counts(visitor) == {"articles": 1, "learning": 0, "discussions": 0, "events": 0, "people": 0}
    assert counts(member) == {"articles": 1, "learning": 1, "discussions": 1, "events": 1, "people": 1}
    assert counts(UserFactory(superuser=True)) == counts(member)
    assert counts(UserFactory(practitioner=True))["articles"] == 2
    assert counts(library) == {"articles": 1, "learning": 1, "discussions": 2, "events": 2, "people": 1}


@pytest.mark.parametrize("trait", ["applicant", "lapsed"])
def test_without_standing_one_finds_what_the_world_finds(library, trait):
    assert counts(UserFactory(**{trait: True})) == counts(AnonymousUser())


def test_leaving_a_group_counts_on_the_next_search(library):
    library.memberships.all().delete()

    assert counts(library)["discussions"] == 1


def test_the_page_shows_hits_of_all_kinds_and_pages_of_one(client, library):
    client.force_login(UserFactory())

    everything = client.get("/search/", {"q": WORD}).content.decode()
    people = client.get("/search/", {"q": WORD, "kind": "people"}).content.decode()

    for title in ("Article", "Listing", "Open thread", "Event", "Person"):
        assert title in everything
    assert "Private" not in everything
    assert f"Person {WORD}" in people
    assert "Open thread" not in people


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": ""},
        {"q": "   "},
        {"q": "'\"); DROP TABLE x; --"},
        {"q": "a" * 5000},
        {"q": '"'},
        {"q": "- -"},
        {"q": "& | ! ( ) <->"},
        {"q": WORD, "kind": "nonsense"},
    ],
)
def test_odd_queries_are_answered(client, library, query):
    client.force_login(UserFactory())

    assert client.get("/search/", query).status_code == 200


@pytest.mark.parametrize(
    ("kind", "page"), [("people", "0"), ("discussions", "99999999999999999999"), ("articles", "x")]
)
def test_a_page_of_hits_that_there_is_not_is_missing(client, library, kind, page):
    client.force_login(UserFactory())

    assert client.get("/search/", {"q": WORD, "kind": kind, "page": page}).status_code == 404


def test_a_query_with_a_null_byte_is_a_bad_request(client, db):
    assert client.get("/search/?q=a%00b").status_code == 400


def test_counts_stop_at_a_thousand():
    shelf = search.Shelf(search.KINDS[0], count=search.CAP)

    assert shelf.count_words == "1,000+"


@pytest.mark.parametrize("count", [1, 20])
def test_search_costs_the_same_for_one_hit_and_for_twenty(client, db, django_assert_num_queries, count):
    for number in range(count):
        ArticleFactory(title=f"Article {WORD} {number}")
        UserFactory(display_name=f"{WORD} {number}")
        EventFactory(title=f"Event {WORD} {number}")
        ListingFactory(title=f"Listing {WORD} {number}")
    forum = make_forum()
    for _ in range(count):
        make_topic(forum, body=f"About {WORD}")
    client.force_login(UserFactory())

    with django_assert_num_queries(16):
        client.get("/search/", {"q": WORD})
