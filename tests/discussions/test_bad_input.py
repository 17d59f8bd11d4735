import pytest

from factories.discussions import make_topic
from factories.members import UserFactory

HUGE = "9" * 40


@pytest.fixture
def topic(db):
    return make_topic(subject="Fees", replies=1)


@pytest.fixture
def member(client, topic):
    client.force_login(UserFactory())
    return client


@pytest.mark.parametrize(
    "path",
    [
        "nowhere/",
        f"{{forum}}{HUGE}-fees/",
        "{forum}0-fees/",
        "{forum}x-fees/",
        "{forum}{pk}/",
        "{forum}{pk}-fees%00/",
        "{forum}{pk}-%F0%28%8C%28/",
        "nowhere/{pk}-fees/",
        f"post/{HUGE}/",
        "post/0/",
        f"post/{HUGE}/edit/",
        "post/x/",
        "group/nowhere/",
        "%00/",
        "%FF%FE/",
        "{topic}?page=0",
        "{topic}?page=-1",
        "{topic}?page=2",
        f"{{topic}}?page={HUGE}",
        "{topic}?page=x",
        "{topic}?page=%00",
        "{topic}?page=1.5",
        "{forum}?before=x",
        "{forum}?before=%00",
        f"{{forum}}?before={HUGE}-1",
        "{forum}?after=1",
        "{forum}?after=1-",
        "{topic}reply/?quote=x",
        f"{{topic}}reply/?quote={HUGE}",
        "{topic}reply/?quote=0",
        "{topic}reply/?quote=%00",
        "{topic}reply/?quote=",
    ],
)
def test_a_bad_address_is_not_there(member, topic, path):
    forum = topic.forum.get_absolute_url().removeprefix("/discussions/")
    path = path.format(forum=forum, topic=topic.get_absolute_url().removeprefix("/discussions/"), pk=topic.pk)

    assert member.get(f"/discussions/{path}").status_code == 404


@pytest.mark.parametrize("query", ["?before=0-0", "?after=0-0", "?before=99999999999999999-999999999999999999"])
def test_a_cursor_beyond_the_list_is_an_empty_page_or_all(member, topic, query):
    assert member.get(f"{topic.forum.get_absolute_url()}{query}").status_code == 200


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("{forum}new/", {}),
        ("{forum}new/", {"subject": "Fees", "body": ""}),
        ("{forum}new/", {"subject": "", "body": "Words"}),
        ("{forum}new/", {"subject": "a" * 300, "body": "Words"}),
        ("{forum}new/", {"subject": "Fees\x00", "body": "Words"}),
        ("{forum}new/", {"subject": "Fees", "body": "Words\x00"}),
        ("{forum}new/", {"subject": "Fees", "body": "Words", "written_for": "nobody"}),
        ("{topic}reply/", {}),
        ("{topic}reply/", {"body": " \n "}),
        ("{topic}reply/", {"body": "\x00"}),
        ("{topic}reply/", {"body": "Words", "quoting": "x"}),
        ("{own}edit/", {"body": "Words"}),
        ("{own}edit/", {"body": "Words", "based_on": "x"}),
        ("{own}edit/", {"body": "Words", "based_on": "-1"}),
        ("{own}edit/", {"body": "", "based_on": "0"}),
    ],
)
def test_a_form_answers_beside_the_field_and_keeps_what_was_typed(client, topic, path, data):
    client.force_login(topic.poster)
    path = path.format(
        forum=topic.forum.get_absolute_url(),
        topic=topic.get_absolute_url(),
        own=topic.first_post.get_absolute_url(),
    )

    response = client.post(path, data)

    html = response.content.decode()
    assert response.status_code == 422
    assert response.context["form"].errors
    for words in ("Fees", "Words"):
        assert words not in data.values() or words in html


@pytest.mark.parametrize("quoting", ["0", "-5", HUGE])
def test_a_quoted_number_that_means_nothing_loses_no_words(member, topic, quoting):
    assert member.post(f"{topic.get_absolute_url()}reply/", {"body": "Words", "quoting": quoting}).status_code == 302


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", ""),
        ("post", "{forum}"),
        ("post", "{topic}"),
        ("get", "{topic}follow/"),
        ("get", "{forum}read/"),
        ("delete", "{topic}reply/"),
        ("put", "{forum}new/"),
    ],
)
def test_every_view_states_its_methods(member, topic, method, path):
    path = path.format(forum=topic.forum.get_absolute_url(), topic=topic.get_absolute_url()) or "/discussions/"

    assert getattr(member, method)(path).status_code == 405


def test_a_form_without_its_token_is_refused_and_gives_the_words_back(topic):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(topic.poster)

    response = client.post(f"{topic.get_absolute_url()}reply/", {"body": "My long answer"})

    assert response.status_code == 403
    assert "My long answer" in response.content.decode()
