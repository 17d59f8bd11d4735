"""Posts that wait until a moderator has read them: who sees them, what they count for, and what becomes of them."""

import pytest

from community.discussions import counters, following, forums, holding, moderation, posting, reading
from community.discussions.models import Forum, Post, Topic
from community.discussions.refusals import DiscussionRefused
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def newcomer(db, monkeypatch):
    """Somebody whose posts wait."""
    person = UserFactory()
    monkeypatch.setattr(holding, "_rules", [lambda user: user.pk == person.pk])
    return person


def assert_exact() -> None:
    assert list(counters.differences()) == []


def test_a_reply_waits_without_a_place_and_counts_nowhere(newcomer):
    topic, reader = make_topic(replies=1), UserFactory()
    reading.mark_read(Topic.objects.with_marks_of(reader).get(pk=topic.pk), by=reader, upto=2)

    post = posting.reply(topic, by=newcomer, body="May I?")

    topic.refresh_from_db()
    assert (post.approved, post.position, post.held_at is None) == (False, None, False)
    assert (topic.posts_count, topic.last_post.position) == (2, 2)
    assert not Topic.objects.with_news_for(reader).get(pk=topic.pk).is_new
    assert Forum.objects.get(pk=topic.forum_id).direct_posts_count == 2
    assert_exact()


def test_only_its_author_reads_it(client, newcomer):
    topic = make_topic()
    post = posting.reply(topic, by=newcomer, body="Lindisquay waits.")

    seen = {}
    for name, person in {"author": newcomer, "other": UserFactory()}.items():
        client.force_login(person)
        seen[name] = "Lindisquay waits." in client.get(topic.get_absolute_url()).content.decode()
        seen[f"{name}'s link"] = client.get(post.get_absolute_url()).status_code

    assert seen == {"author": True, "author's link": 302, "other": False, "other's link": 404}


def test_let_through_it_stands_last_as_if_it_were_written_now(newcomer, moderator, mailoutbox, run_jobs):
    topic, reader = make_topic(), UserFactory()
    following.follow(topic, by=reader)
    post = posting.reply(topic, by=newcomer, body="May I?")
    between = posting.reply(topic, by=UserFactory(), body="Meanwhile.")
    run_jobs()
    mailoutbox.clear()

    moderation.approve(post, by=moderator)
    moderation.approve(post, by=moderator)
    run_jobs()

    post.refresh_from_db()
    topic.refresh_from_db()
    assert (post.approved, post.held_at, post.position) == (True, None, 3)
    assert post.created > between.created
    assert (topic.posts_count, topic.last_post) == (3, post)
    assert {address for letter in mailoutbox for address in letter.to} >= {newcomer.email, reader.email}
    assert_exact()


def test_a_topic_that_waits_is_nobody_s_until_it_is_let_through(client, newcomer, moderator):
    forum = make_forum()
    topic = posting.start_topic(forum, by=newcomer, subject="Hello", body="I am new.")
    client.force_login(UserFactory())
    before = client.get(topic.get_absolute_url()).status_code, Forum.objects.get(pk=forum.pk).direct_topics_count
    assert_exact()

    client.force_login(moderator)
    page = client.get(f"/discussions/post/{topic.first_post.pk}/approve/")
    client.post(f"/discussions/post/{topic.first_post.pk}/approve/")

    assert before == (404, 0)
    assert "I am new." in page.content.decode()
    assert client.get(topic.get_absolute_url()).status_code == 200
    assert Forum.objects.get(pk=forum.pk).direct_topics_count == 1
    assert Topic.objects.get(pk=topic.pk).posts_count == 1
    assert_exact()


@pytest.mark.parametrize("starts", [True, False])
def test_turned_down_it_leaves_no_trace_and_can_still_be_let_through(client, newcomer, moderator, starts):
    forum = make_forum()
    if starts:
        post = posting.start_topic(forum, by=newcomer, subject="Hello", body="I am new.").first_post
    else:
        post = posting.reply(make_topic(forum), by=newcomer, body="May I?")

    moderation.hide(post, by=moderator, reason="Not here, please.")
    client.force_login(UserFactory())
    html = client.get(forum.topics.first().get_absolute_url()).content.decode()
    assert "Removed by" not in html
    assert_exact()
    moderation.restore(post, by=moderator, reason="On second thought.")

    post.refresh_from_db()
    assert (post.approved, post.position) == (True, 1 if starts else 2)
    assert_exact()


def test_nothing_waits_inside_a_group(newcomer):
    group = GroupFactory(hidden=True)
    MembershipFactory(group=group, user=newcomer)

    topic = posting.start_topic(forums.forum_for_group(group), by=newcomer, subject="Hello", body="Words.")

    assert topic.approved
    assert posting.reply(topic, by=newcomer, body="More.").approved


def test_the_same_words_twice_wait_once(newcomer):
    topic = make_topic()

    one, two = (posting.reply(topic, by=newcomer, body="May I?") for _twice in range(2))

    assert one == two
    assert Post.objects.filter(topic=topic).count() == 2


PEOPLE = {"member": 404, "newcomer": 404, "facilitator": 404, "moderator": 302}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_lets_through(client, newcomer, moderator, who):
    post = posting.reply(make_topic(), by=newcomer, body="May I?")
    person = {
        "member": UserFactory,
        "newcomer": lambda: newcomer,
        "facilitator": lambda: MembershipFactory(facilitator=True).user,
        "moderator": lambda: moderator,
    }[who]()
    client.force_login(person)

    answer = client.post(f"/discussions/post/{post.pk}/approve/")

    assert answer.status_code == PEOPLE[who]
    assert Post.objects.get(pk=post.pk).approved is (who == "moderator")


def test_what_is_gone_does_not_wait_any_more(newcomer, moderator):
    post = posting.reply(make_topic(), by=newcomer, body="May I?")
    moderation.remove(post, by=newcomer)

    with pytest.raises(DiscussionRefused):
        moderation.approve(post, by=moderator)
    assert_exact()


def test_in_a_topic_that_was_hidden_meanwhile_it_counts_once_that_is_back(newcomer, moderator):
    topic = make_topic()
    post = posting.reply(topic, by=newcomer, body="May I?")
    moderation.hide(topic.first_post, by=moderator, reason="Because.")

    moderation.approve(post, by=moderator)
    hidden = list(counters.differences())
    moderation.restore(topic.first_post, by=moderator, reason="Back.")

    assert hidden == []
    assert_exact()


def test_a_topic_that_waits_says_so_and_its_author_may_take_it_away(client, newcomer):
    topic = posting.start_topic(make_forum(), by=newcomer, subject="Hello", body="I am new.")
    client.force_login(newcomer)

    page = client.get(topic.get_absolute_url()).content.decode()
    listed = client.get("/discussions/all/?show=mine").content.decode()

    for html in (page, listed):
        assert "Waits for a moderator" in html
        assert "-1 repl" not in html
        assert "No reply yet" not in html
    assert f"/discussions/post/{topic.first_post.pk}/remove/" in page
    client.post(f"/discussions/post/{topic.first_post.pk}/remove/")
    assert Post.objects.get().removed == Post.Removed.AUTHOR
    assert_exact()


@pytest.mark.parametrize("starts", [True, False])
def test_taken_away_and_put_back_it_waits_again(client, newcomer, starts):
    forum = make_forum()
    if starts:
        post = posting.start_topic(forum, by=newcomer, subject="Hello", body="I am new.").first_post
    else:
        post = posting.reply(make_topic(forum), by=newcomer, body="May I?")
    moderation.remove(post, by=newcomer)
    client.force_login(newcomer)

    asked = client.get(f"/discussions/post/{post.pk}/restore/").content.decode()
    client.post(f"/discussions/post/{post.pk}/restore/")

    post.refresh_from_db()
    assert "It waits for a moderator again." in asked
    assert (post.approved, post.held_at is None, post.position) == (False, False, None)
    assert_exact()
