from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.discussions import forums, moderation, posting, search
from community.discussions.models import Post, Topic, TopicTag
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory, as_moderator


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
        ("superv*", True),
        ("supervis* fees", True),
        ("suq*", False),
        ("new-superv*", True),
        ('"new supervisor" or absent', True),
        ("absent or nothing", False),
        ("supervisor -absent", True),
        ("or supervisor", True),
        ("superv* -fee*", False),
        ("supervisor -new-superv*", False),
        ("supervisor -old-superv*", True),
        ("supervisor -_", True),
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
        "*",
        "a*",
        "***",
        "'*",
        "te'st*",
        "wo\\rd*",
        ":*" * 60,
        "aaa* " * 50,
        "\ud800",
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

    with django_assert_num_queries(3):
        posts = search.search_posts(member, "telehealth")
        assert [(post.topic.forum.name, post.poster.display_name, post.get_absolute_url()) for post in posts]


# More than words --------------------------------------------------------------------------------------------------


@pytest.fixture
def library(db):
    """Four posts that hold the same word, by two people, in two forums, on four days."""
    ana, ben = (
        UserFactory(display_name="Ana Ruiz", practitioner=True),
        UserFactory(display_name="Ben Ode", practitioner=True),
    )
    one, other = make_forum("One"), make_forum("Other", audience="practitioners")
    asked = make_topic(one, by=ana, subject="Asked", body="quillwort here")
    Topic.objects.filter(pk=asked.pk).update(kind="question")
    talked = make_topic(other, by=ben, subject="Talked", body="quillwort there")
    answer = posting.reply(asked, by=ben, body="quillwort again")
    tag = Subject.objects.create(name="Trauma", slug="trauma")
    TopicTag.objects.create(topic=talked, tag=tag)
    for post, day in ((asked.first_post, 1), (talked.first_post, 2), (answer, 3)):
        Post.objects.filter(pk=post.pk).update(created=datetime(2026, 3, day, 23, 30, tzinfo=UTC))
    return {
        "one": one,
        "other": other,
        "tag": tag,
        "asked": asked.first_post,
        "talked": talked.first_post,
        "answer": answer,
    }


def found(user, library, **wanted) -> list[str]:
    names = {post.pk: name for name, post in library.items() if isinstance(post, Post)}
    return [names[post.pk] for post in search.newest(user, search.Wanted(**wanted)).posts]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"author": "ana"}, ["asked"]),
        ({"author": "BEN"}, ["answer", "talked"]),
        ({"author": "nobody"}, []),
        ({"kind": "question"}, ["answer", "asked"]),
        ({"since": date(2026, 3, 2)}, ["answer", "talked"]),
        ({"until": date(2026, 3, 2)}, ["talked", "asked"]),
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 2)}, ["talked"]),
        ({"author": "Ben", "until": date(2026, 3, 2)}, ["talked"]),
    ],
)
@pytest.mark.parametrize("words", ["quillwort", "", "quill*"])
def test_filters_narrow_it_down_with_words_and_without(library, words, wanted, names):
    assert found(UserFactory(practitioner=True), library, words=words, **wanted) == names


def test_forum_and_tag_narrow_it_down(library):
    reader = UserFactory(practitioner=True)

    assert found(reader, library, words="quillwort", forum=library["one"]) == ["answer", "asked"]
    assert found(reader, library, words="quillwort", tag=library["tag"]) == ["talked"]
    assert found(UserFactory(), library, words="quillwort", tag=library["tag"]) == []
    assert found(UserFactory(), library, forum=library["other"]) == []


def test_days_are_those_of_the_reader(library):
    reader = UserFactory(practitioner=True)

    with timezone.override("Asia/Tokyo"):
        assert found(reader, library, since=date(2026, 3, 4)) == ["answer"]


def test_every_way_of_finding_finds_the_same(library):
    """Small sites know one of them only, so each is asked by itself."""
    reader, wanted = UserFactory(practitioner=True), search.Wanted("quillwort")
    ways = search._Search(reader, wanted, search.parse("quillwort"))
    ids = [library[name].pk for name in ("answer", "talked", "asked")]

    assert ways.looked_up(9) == ways.met_on_a_walk(9) == ways.met_on_a_walk(9, to_the_end=True) == ids
    assert ways.looked_up(2) == ways.met_on_a_walk(2) == ids[:2]


def test_the_most_relevant_come_first_where_that_is_asked(member):
    forum = make_forum()
    make_topic(forum, subject="Telehealth and telehealth", body="telehealth, telehealth")
    make_topic(forum, subject="Other things", body="words " * 50 + "telehealth " + "words " * 50)

    hits = search.most_relevant(member, search.Wanted("telehealth"))

    assert [post.topic.subject for post in hits.posts] == ["Telehealth and telehealth", "Other things"]


def test_pages_go_on_where_the_last_one_ended(member):
    forum = make_forum()
    for number in range(search.HITS_A_PAGE + 3):
        make_topic(forum, subject=f"Telehealth {number}")
    moment = timezone.now()
    Post.objects.update(created=moment)  # the same for all: the id decides

    first = search.newest(member, search.Wanted("telehealth"))
    second = search.newest(member, search.Wanted("telehealth"), before=first.older)

    assert [len(first.posts), len(second.posts)] == [search.HITS_A_PAGE, 3]
    assert not {post.pk for post in first.posts} & {post.pk for post in second.posts}
    assert (first.count, second.count, second.older) == (search.HITS_A_PAGE + 3, None, "")


def test_counts_that_stop_say_so():
    assert search.Hits(count=1000, is_all=False).count_words == "1,000+"
    assert search.Hits(count=999).count_words == "999"


@pytest.mark.parametrize(
    ("words", "sentence"), [("-fees", "Add a word"), ("a*", "three letters"), ('-"a b"', "Add a word")]
)
def test_what_cannot_be_looked_for_is_told_in_a_sentence(member, words, sentence):
    assert sentence in str(search.newest(member, search.Wanted(words)).problem)


def test_a_move_a_change_and_a_new_audience_count_at_once(library):
    member, moderator = UserFactory(), as_moderator(UserFactory(practitioner=True))

    moderation.move(library["asked"].topic, library["other"], by=moderator)

    assert found(member, library, words="quillwort") == []
    assert found(UserFactory(practitioner=True), library, words="quillwort", forum=library["other"]) == [
        "answer",
        "talked",
        "asked",
    ]


def test_the_index_is_made_for_it(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Post.objects.filter(search="telehealth").order_by().explain()

    assert "words_of_posts" in plan
