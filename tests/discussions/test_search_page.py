"""The page on which discussions are searched."""

import pytest

from community.discussions import forums, posting, search
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory
from factories.members import UserFactory


def test_the_page_shows_hits_and_keeps_what_was_asked(client, db):
    ben = UserFactory(display_name="Ben Ode", practitioner=True)
    topic = make_topic(body="quillwort here")
    for number in range(2):
        posting.reply(topic, by=ben, body=f"quillwort again {number}")
    client.force_login(UserFactory(practitioner=True))

    response = client.get("/discussions/search/", {"q": "quillwort", "by": "ben", "since": "2026-03-01"})

    html = response.content.decode()
    assert response.status_code == 200
    assert "2 posts" in html
    assert "<mark>quillwort</mark> again" in html
    assert 'value="ben"' in html
    assert '<details class="disclosure" open>' in html


def test_further_pages_of_both_orders(client, db):
    forum = make_forum()
    for number in range(search.HITS_A_PAGE + 1):
        make_topic(forum, subject=f"Telehealth {number}")
    client.force_login(UserFactory())

    first = client.get("/discussions/search/", {"q": "telehealth"})
    earlier = client.get(f"/discussions/search/{first.context['older_url']}")
    ranked = client.get("/discussions/search/", {"q": "telehealth", "order": "relevance", "page": "2"})

    assert len(earlier.context["hits"].posts) == len(ranked.context["hits"].posts) == 1
    assert "Earlier posts" in earlier.content.decode()
    assert "q=telehealth" in first.context["older_url"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "yesterday"}, "Write the day"),
        ({"since": "0001-01-01"}, "Nothing was written"),
        ({"until": "9999-12-31"}, "Nothing was written"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "before the first one"),
        ({"forum": "nowhere"}, "no such forum"),
        ({"kind": "poem"}, "Choose one of these kinds"),
        ({"tag": "nothing"}, "Choose one of these tags"),
        ({"order": "fate"}, "Choose one of these orders"),
        ({"q": "a\x00b"}, "Null characters"),
        ({"q": "a" * 201}, "at most 200"),
        ({"by": "a\x00b"}, "Null characters"),
        ({"forum": "a\x00b"}, "no such forum"),
        ({"tag": "a\x00b"}, "Choose one of these tags"),
        ({"q": "-without"}, "Add a word"),
    ],
)
def test_bad_input_is_a_sentence(client, db, asked, sentence):
    client.force_login(UserFactory())

    response = client.get("/discussions/search/", asked)

    assert response.status_code == 400
    assert sentence in response.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "x", "before": "x"},
        {"q": "x", "before": "\x00"},
        {"q": "x", "before": "9" * 40},
        {"q": "x", "order": "relevance", "page": "0"},
        {"q": "x", "order": "relevance", "page": "26"},
        {"q": "x", "order": "relevance", "page": "x"},
        {"q": "x", "order": "relevance", "page": "2"},
    ],
)
def test_a_page_that_there_is_not_is_missing(client, db, asked):
    client.force_login(UserFactory())

    assert client.get("/discussions/search/", asked).status_code == 404


def test_a_forum_that_is_not_mine_is_like_one_that_is_not_there(client, db):
    group = GroupFactory(consultation=True)
    forum = forums.forum_for_group(group)
    client.force_login(UserFactory(practitioner=True))

    theirs = client.get("/discussions/search/", {"forum": forum.slug})
    never = client.get("/discussions/search/", {"forum": "g-nowhere"})

    assert theirs.status_code == never.status_code == 400
    assert "no such forum" in theirs.content.decode()
    assert group.name not in theirs.content.decode()


@pytest.mark.parametrize("hits", [1, 20])
def test_the_queries_of_the_page(client, db, django_assert_num_queries, hits):
    forum = make_forum()
    for number in range(hits):
        make_topic(forum, subject=f"Telehealth {number}")
    client.force_login(UserFactory())
    client.get("/discussions/search/", {"q": "telehealth"})

    with django_assert_num_queries(8):
        client.get("/discussions/search/", {"q": "telehealth"})
