"""Words of the kept vocabulary on topics."""

import pytest

from community.discussions import posting
from community.discussions.models import Topic, TopicTag
from community.discussions.refusals import DiscussionRefused
from core.models import Subject
from factories.discussions import make_forum
from factories.members import UserFactory


@pytest.fixture
def words(db):
    return [Subject.objects.get_or_create(slug=f"word-{n}", defaults={"name": f"Word {n}"})[0] for n in range(1, 6)]


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def forum(db):
    return make_forum()


def tags_of(topic: Topic) -> list[str]:
    return list(topic.tags.order_by("slug").values_list("slug", flat=True))


def test_a_topic_carries_up_to_three_words(client, author, forum, words):
    client.force_login(author)

    client.post(
        f"{forum.get_absolute_url()}new/",
        {"subject": "Fees", "body": "How?", "tags": ["word-3", "word-1", "word-2"]},
    )

    assert tags_of(Topic.objects.get()) == ["word-1", "word-2", "word-3"]


@pytest.mark.parametrize(
    "chosen", [["word-1", "word-2", "word-3", "word-4"], ["no-such-word"], ["word-1\x00"], ["1"], [""] * 3 + ["9" * 40]]
)
def test_other_words_and_more_of_them_are_refused_and_what_was_typed_stays(client, author, forum, words, chosen):
    client.force_login(author)

    response = client.post(f"{forum.get_absolute_url()}new/", {"subject": "Fees", "body": "How?", "tags": chosen})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"tags"}
    assert "How?" in response.content.decode()
    if "word-4" in chosen:
        assert response.content.decode().count("checked") >= 4


def test_the_rule_counts_each_word_once_and_refuses_a_fourth(author, forum, words):
    topic = posting.start_topic(forum, by=author, subject="Fees", body="How?", tags=[words[0]] * 4)

    assert tags_of(topic) == ["word-1"]
    with pytest.raises(DiscussionRefused, match="up to 3"):
        posting.start_topic(forum, by=author, subject="Fees", body="Why?", tags=words[:4])


def test_its_author_changes_them_with_the_first_post(client, author, forum, words):
    topic = posting.start_topic(forum, by=author, subject="Fees", body="How?", tags=words[:2])
    client.force_login(author)
    edit = f"{topic.first_post.get_absolute_url()}edit/"

    page = client.get(edit).content.decode()
    typed = {"subject": "Fees", "body": "How?", "tags": ["word-2", "word-5"], "based_on": 0}
    assert client.post(edit, typed).status_code == 302

    assert page.count("checked") >= 2
    assert tags_of(topic) == ["word-2", "word-5"]
    client.post(edit, typed | {"tags": [], "based_on": 1})
    assert tags_of(topic) == []


def test_a_reply_has_none_to_change(client, author, forum, words):
    topic = posting.start_topic(forum, by=author, subject="Fees", body="How?", tags=words[:2])
    post = posting.reply(topic, by=author, body="Like this.")
    client.force_login(author)

    client.post(f"{post.get_absolute_url()}edit/", {"body": "Like that.", "tags": ["word-5"], "based_on": 0})

    assert tags_of(topic) == ["word-1", "word-2"]


def test_a_word_that_editors_take_out_of_the_vocabulary_leaves_its_topics_alone(author, forum, words):
    topic = posting.start_topic(forum, by=author, subject="Fees", body="How?", tags=words[:2])

    words[0].delete()

    assert tags_of(topic) == ["word-2"]
    assert TopicTag.objects.count() == 1


def test_choosing_costs_the_same_whatever_the_vocabulary_holds(client, author, forum, words, django_assert_num_queries):
    client.force_login(author)
    path = f"{forum.get_absolute_url()}new/"
    client.get(path)
    with django_assert_num_queries(QUERIES):
        client.get(path)

    Subject.objects.bulk_create(Subject(name=f"More {n}", slug=f"more-{n}") for n in range(20))
    with django_assert_num_queries(QUERIES):
        client.get(path)


QUERIES = 7
