import pytest
from django.contrib.auth.models import AnonymousUser

from community.discussions import forums, moderation, posting, search
from community.discussions.models import Post
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def member(db):
    return UserFactory()


def subjects(user, query, **page):
    return [post.topic.subject for post in search.search_posts(user, query, **page)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("supervisor", True),
        ("asking", True),  # the same stem
        ("fees", True),  # the subject counts
        ('"new supervisor"', True),
        ('"supervisor new"', False),
        ("supervisor -fees", False),
        ("absent", False),
        ("absent or supervisor", True),
    ],
)
def test_words_stems_phrases_and_exclusions(member, query, found):
    make_topic(subject="Fees", body="My new supervisor asked")

    assert (subjects(member, query) == ["Fees"]) is found
    assert search.count_posts(member, query) == int(found)


def test_newest_first_page_by_page(member):
    forum = make_forum()
    for number in range(5):
        make_topic(forum, subject=f"Telehealth {number}")

    assert subjects(member, "telehealth", limit=2) == ["Telehealth 4", "Telehealth 3"]
    assert subjects(member, "telehealth", limit=2, offset=4) == ["Telehealth 0"]
    assert search.count_posts(member, "telehealth", cap=3) == 3


def test_private_words_never_show(member):
    group = GroupFactory(consultation=True)
    insider = UserFactory(practitioner=True)
    MembershipFactory(group=group, user=insider)
    places = {audience: make_forum(audience=audience) for audience in ("world", "members", "practitioners")}
    places["group"] = forums.forum_for_group(group)
    for audience, place in places.items():
        make_topic(place, by=insider, subject=audience, body="the word canary")

    assert subjects(AnonymousUser(), "canary") == ["world"]
    assert subjects(UserFactory(applicant=True), "canary") == ["world"]
    assert subjects(member, "canary") == ["members", "world"]
    assert subjects(UserFactory(superuser=True), "canary") == ["members", "world"]
    assert subjects(insider, "canary") == ["group", "practitioners", "members", "world"]
    assert search.count_posts(member, "canary") == 2


def test_the_index_follows_an_edit_and_a_removal(member):
    author = UserFactory()
    topic = make_topic(by=author, subject="Before", body="first words")

    posting.edit_post(topic.first_post, by=author, subject="After", body="second words", based_on=0)
    found = subjects(member, "second"), subjects(member, "before"), subjects(member, "first")
    moderation.hide_post(topic.first_post, by=author)

    assert found == (["After"], [], [])
    assert subjects(member, "second") == []


def test_a_snippet_marks_the_hit_and_nothing_else(member):
    make_topic(body="<script>alert(1)</script> " + "words " * 200 + "the telehealth platform " + "words " * 200)

    (post,) = search.search_posts(member, "telehealth")

    assert "<mark>telehealth</mark>" in post.snippet
    assert "<script" not in post.snippet
    assert len(post.snippet) < 400


def test_the_subject_found_leaves_a_snippet_without_a_mark(member):
    make_topic(subject="Telehealth", body="<b>Nothing of it here</b>")

    (post,) = search.search_posts(member, "telehealth")

    assert post.snippet == "Nothing of it here"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "the",
        "'",
        '"',
        "\x00",
        "a & | ! ( b",
        "<->",
        ":*",
        "-" * 300,
        "- " * 99,
        "--a " * 50,
        '-"' * 99,
        "-a " * 66,
        "or " * 66,
        "a or " * 40,
        '"' * 199,
        '"a b" -' * 25,
        "-a-" * 66,
        "é" * 500,
        "\\",
    ],
)
def test_any_query_is_answered(member, query):
    make_topic(body="words")

    assert len(search.search_posts(member, query)) == search.count_posts(member, query) <= 1


@pytest.mark.parametrize("hits", [1, 20])
def test_the_queries_of_a_search(member, django_assert_num_queries, hits):
    forum = make_forum()
    for number in range(hits):
        make_topic(forum, subject=f"Telehealth {number}")

    with django_assert_num_queries(2):
        posts = search.search_posts(member, "telehealth")
        assert [(post.topic.forum.name, post.poster.display_name, post.get_absolute_url()) for post in posts]


def test_the_index_is_made_for_it(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Post.objects.filter(search="telehealth").order_by().explain()

    assert "words_of_posts" in plan
