"""Lists of topics: what each shows, to whom, in which order, and page by page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import answering, archive, following, forums, posting, reading, topic_pages
from community.discussions.models import Post, Topic, TopicTag
from community.discussions.selection import Selection
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def reader(db):
    return UserFactory(practitioner=True, date_joined=timezone.now() - timedelta(days=300))


@pytest.fixture
def logged_in(client, reader):
    client.force_login(reader)
    return client


@pytest.fixture
def tag(db):
    return Subject.objects.create(name="Night shifts", slug="night-shifts")


def shown(client, **query) -> list[Topic]:
    return client.get("/discussions/all/", query).context["page"].topics


def read(topic: Topic, user) -> None:
    marked = Topic.objects.with_marks_of(user).select_related("forum").get(pk=topic.pk)
    reading.mark_read(marked, by=user, upto=topic.posts_count)


def put_on(topic: Topic, tag: Subject) -> None:
    TopicTag.objects.create(topic=topic, tag=tag)


def test_everything_that_one_may_see_is_in_one_list(logged_in, reader):
    ours = forums.forum_for_group(MembershipFactory(group=GroupFactory(), user=reader).group)
    topics = [make_topic(), make_topic(make_forum(audience="world")), make_topic(ours, by=reader)]
    outside = MembershipFactory()
    make_topic(forums.forum_for_group(outside.group), by=outside.user)

    assert shown(logged_in) == topics[::-1]


def test_a_visitor_sees_what_is_open_to_the_web(client, db):
    make_topic()
    topic = make_topic(make_forum(audience="world"))

    assert shown(client) == [topic]
    assert "show=mine" not in client.get("/discussions/all/").content.decode()


@pytest.mark.parametrize("show", ["unread", "mine", "following"])
def test_a_visitor_is_asked_who_they_are_before_a_list_of_their_own(client, db, show):
    for url in ("/discussions/all/", make_forum(audience="world").get_absolute_url()):
        response = client.get(url, {"show": show})

        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")
        assert f"show%3D{show}" in response["Location"]


def test_unread_is_what_is_new_and_wanted(logged_in, reader, tag):
    new, seen, muted, tagged, follows, in_muted = (make_topic() for _topic in range(6))
    read(seen, reader)
    following.mute(muted, by=reader)
    for topic in (tagged, follows):
        put_on(topic, tag)
    following.watch_tag(tag, "mute", by=reader)
    following.watch_forum(in_muted.forum, "mute", by=reader)
    following.follow(follows, by=reader)  # the nearer choice counts

    assert shown(logged_in, show="unread") == [follows, new]


def test_a_reply_makes_a_topic_unread_again(logged_in, reader):
    topic = make_topic()
    read(topic, reader)

    posting.reply(topic, by=UserFactory(), body="One more thing.")

    assert shown(logged_in, show="unread") == [topic]


def test_what_nobody_wrote_in_for_long_is_news_to_nobody(logged_in, reader):
    topic = make_topic()
    archive.backdate(topic.first_post, timezone.now() - timedelta(days=91))

    assert shown(logged_in, show="unread") == []
    assert shown(logged_in) == [topic]


def test_everything_is_marked_as_read_at_once(logged_in, reader):
    ours = forums.forum_for_group(MembershipFactory(group=GroupFactory(), user=reader).group)
    for topic in (make_topic(), make_topic(make_forum(audience="world"))):
        assert topic in shown(logged_in, show="unread")
    make_topic(ours, by=MembershipFactory(group=ours.group).user)

    response = logged_in.post("/discussions/all/read/")
    again = make_topic()

    assert response["Location"] == "/discussions/"
    assert shown(logged_in, show="unread") == [again]


def test_marking_everything_needs_somebody_and_a_form(client, db):
    assert client.get("/discussions/all/read/").status_code == 405
    assert client.post("/discussions/all/read/").status_code == 302


def test_the_other_filters(logged_in, reader):
    waiting, mine, answered = make_topic(), make_topic(by=reader, replies=1), make_topic(replies=1)
    question = make_topic()
    Topic.objects.filter(pk=question.pk).update(kind="question")
    help_in = posting.reply(answered, by=reader, body="Try this.")
    answering.mark_helpful(Post.objects.select_related("topic__forum").get(pk=help_in.pk), by=answered.poster)

    found = {show: shown(logged_in, show=show) for show in ("unanswered", "mine", "following", "solved")}

    assert found == {
        "unanswered": [question, waiting],
        "mine": [mine],
        "following": [answered, mine],
        "solved": [answered],
    }
    assert shown(logged_in, kind="question") == [question]


def test_filters_go_together_and_links_keep_the_others(logged_in, tag):
    topics = [make_topic() for _topic in range(4)]
    for topic in topics[:3]:
        put_on(topic, tag)
    Topic.objects.filter(pk__in=[topics[0].pk, topics[3].pk]).update(kind="question")

    response = logged_in.get("/discussions/all/", {"kind": "question", "tag": tag.slug, "show": "unanswered"})

    html = response.content.decode()
    assert response.context["page"].topics == [topics[0]]
    assert 'href="?show=unanswered&amp;kind=question&amp;tag=night-shifts" aria-current="true"' in html
    assert 'href="?show=unread&amp;kind=question&amp;tag=night-shifts"' in html
    assert 'href="?show=unanswered&amp;kind=question"' in html  # any tag


def test_a_held_topic_is_in_its_authors_own_list_alone(logged_in, reader):
    topic = make_topic(by=reader)
    Post.objects.filter(topic=topic).update(approved=False, held_at=timezone.now())
    Topic.objects.filter(pk=topic.pk).update(approved=False)

    assert shown(logged_in, show="mine") == [topic]
    assert shown(logged_in) == []
    assert "Waits for a moderator" in logged_in.get("/discussions/all/?show=mine").content.decode()


def test_the_newest_come_first_where_one_asks_for_them(logged_in):
    old, new = make_topic(), make_topic()
    posting.reply(old, by=UserFactory(), body="Still true.")

    assert shown(logged_in) == [old, new]
    assert shown(logged_in, sort="new") == [new, old]


@pytest.mark.parametrize("query", [{}, {"sort": "new"}, {"show": "unread"}, {"kind": "question", "sort": "new"}])
def test_every_list_is_walked_page_by_page_and_back(reader, monkeypatch, query):
    monkeypatch.setattr(topic_pages, "TOPICS_A_PAGE", 3)
    forum = make_forum()
    topics = [make_topic(forum) for _topic in range(8)][::-1]
    Topic.objects.update(kind="question")
    moment = topics[3].created
    Topic.objects.filter(pk__in=[topics[2].pk, topics[3].pk]).update(last_post_on=moment, created=moment)  # a tie
    selection = Selection(**query)

    for turn in (
        lambda **where: topic_pages.topics_for(reader, selection, **where),
        lambda **where: topic_pages.topics_of(forum, reader, selection, **where),
    ):
        first = turn()
        second = turn(before=first.older)
        third = turn(before=second.older)
        back = turn(after=third.newer)

        assert [*first.topics, *second.topics, *third.topics] == topics
        assert (back.topics, turn(after=back.newer).topics) == (second.topics, first.topics)
        assert (first.newer, third.older) == ("", "")


def test_the_next_page_shows_the_same_selection(logged_in, monkeypatch):
    monkeypatch.setattr(topic_pages, "TOPICS_A_PAGE", 1)
    for _topic in range(2):
        make_topic()

    page = logged_in.get("/discussions/all/", {"show": "unanswered", "sort": "new"}).context["page"]

    assert page.older_url.startswith("?show=unanswered&sort=new&before=")


@pytest.mark.parametrize(
    "query",
    [
        *({"show": word} for word in ("everything", "\0", "unread'")),
        *({"kind": word} for word in ("poem", "\0")),
        *({"tag": word} for word in ("no-such-tag", "\0", "x" * 5000)),
        {"sort": "random"},
        *({"before": word} for word in ("x", "1-", "\0", "9" * 18 + "-1")),
    ],
)
def test_words_that_mean_nothing_are_not_found(logged_in, query):
    for url in ("/discussions/all/", make_forum().get_absolute_url()):
        assert logged_in.get(url, query).status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "The first thread that somebody starts"),
        ({"show": "unread"}, "You have read all that is new"),
        ({"show": "unanswered"}, "Every thread has an answer"),
        ({"show": "mine"}, "You have not started a thread"),
        ({"show": "following"}, "Follow a thread, or write in one"),
        ({"show": "solved"}, "marks what helped them"),
        ({"show": "mine", "kind": "question"}, "No thread is all of this"),
    ],
)
def test_an_empty_list_says_what_would_fill_it(logged_in, query, words):
    assert words in logged_in.get("/discussions/all/", query).content.decode()


@pytest.mark.parametrize("topics", [1, 20])
@pytest.mark.parametrize("query", [{}, {"show": "unread"}, {"show": "mine"}, {"show": "following", "sort": "new"}])
def test_the_queries_of_the_list_of_all_topics(logged_in, reader, tag, django_assert_num_queries, topics, query):
    """Session, person, the association; topics with authors, forums, marks and tags; the vocabulary; what waits."""
    for number in range(topics):  # as many of the reader's own as one may start in a day
        put_on(make_topic(by=reader if number < 15 else None, replies=1), tag)
    logged_in.get("/discussions/all/", query)

    with django_assert_num_queries(6):
        logged_in.get("/discussions/all/", query)
