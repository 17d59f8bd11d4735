import pytest

from community.discussions import forums, posting
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.discussions.refusals import DiscussionRefused
from core import markdown
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True)


def test_a_new_topic_has_its_first_post_and_counts(author):
    forum = make_forum()

    topic = posting.start_topic(forum, by=author, subject="  Fees,\n again ", body="How *do* you?\r\n")

    topic.refresh_from_db()
    forum.refresh_from_db()
    post = topic.first_post
    assert (topic.subject, topic.slug, topic.posts_count) == ("Fees, again", "fees-again", 1)
    assert (post.content, post.content_html, post.position) == ("How *do* you?", "<p>How <em>do</em> you?</p>\n", 1)
    assert (post.subject, post.renderer, post.poster) == ("Fees, again", markdown.VERSION, author)
    assert (forum.direct_topics_count, forum.direct_posts_count, forum.last_post) == (1, 1, post)
    assert topic.last_post_on == post.created == forum.last_post_on


def test_a_reply_counts_and_comes_last(author):
    topic = make_topic(replies=1)

    post = posting.reply(topic, by=author, body="Here is how.", quoting=topic.first_post)

    topic.refresh_from_db()
    forum = Forum.objects.get(pk=topic.forum_id)
    assert (post.position, post.subject, post.quoted) == (3, "", topic.first_post)
    assert (topic.posts_count, topic.last_post, topic.last_post_on) == (3, post, post.created)
    assert (forum.direct_topics_count, forum.direct_posts_count, forum.last_post) == (1, 3, post)


def test_a_post_of_another_topic_is_not_quoted(author):
    other = make_topic()

    assert posting.reply(make_topic(), by=author, body="Words", quoting=other.first_post).quoted is None


@pytest.mark.parametrize("body", ["", "   \n\t", "\u202e\u0007"])
def test_nothing_is_refused_with_a_sentence(author, body):
    with pytest.raises(DiscussionRefused, match="Write a line or two"):
        posting.reply(make_topic(), by=author, body=body)


def test_a_text_beyond_the_cap_is_refused_and_says_by_how_much(author):
    topic = make_topic()

    posting.reply(topic, by=author, body="a" * 20_000)
    with pytest.raises(DiscussionRefused, match="20,001 characters long, and a post holds 20,000"):
        posting.reply(topic, by=author, body="a" * 20_001)


def test_a_subject_has_a_length(author):
    with pytest.raises(DiscussionRefused, match="at most 140 characters; this one has 141"):
        posting.start_topic(make_forum(), by=author, subject="a" * 141, body="Words")
    with pytest.raises(DiscussionRefused, match="Give it a subject"):
        posting.start_topic(make_forum(), by=author, subject="\n", body="Words")


@pytest.mark.parametrize(("subject", "slug"), [("¿?", "topic"), ("Łódź", "odz"), ("a" * 140, "a" * 80), ("- 1 -", "1")])
def test_every_subject_makes_an_address(author, client, subject, slug):
    topic = posting.start_topic(make_forum(audience="world"), by=author, subject=subject, body="Words")

    assert topic.slug == slug
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_a_locked_topic_takes_no_reply(author):
    topic = make_topic()
    Topic.objects.update(status=Topic.TOPIC_LOCKED)

    with pytest.raises(DiscussionRefused, match="closed while you wrote"):
        posting.reply(topic, by=author, body="Words")


def test_the_same_words_sent_twice_in_a_row_are_one_post(author):
    topic = make_topic()

    first = posting.reply(topic, by=author, body="Words")
    second = posting.reply(topic, by=author, body="Words\n")
    somebody = posting.reply(topic, by=UserFactory(), body="Words")
    third = posting.reply(topic, by=author, body="Words")

    topic.refresh_from_db()
    assert (first.pk == second.pk, somebody.pk == first.pk, third.pk == first.pk) == (True, False, False)
    assert topic.posts_count == 4


def test_the_same_topic_sent_twice_is_one_topic(author):
    forum = make_forum()

    topics = {posting.start_topic(forum, by=author, subject="Fees", body="Words").pk for _attempt in range(2)}

    assert len(topics) == 1


def test_words_written_for_fewer_people_are_not_posted_to_more(author):
    forum = make_forum(audience="members")
    forums.change_audience(forum, "world")

    with pytest.raises(DiscussionRefused, match="has changed while you wrote: Anybody on the web"):
        posting.start_topic(forum, by=author, subject="Fees", body="Words", written_for="members")


def test_editing_changes_text_subject_and_address_but_not_the_place(author):
    topic = make_topic(by=author, replies=1)

    post = posting.edit_post(topic.first_post, by=author, body="Now **so**", subject="New words", based_on=0)

    topic.refresh_from_db()
    assert post.content_html == "<p>Now <strong>so</strong></p>\n"
    assert (post.updates_count, post.updated_by, post.position) == (1, author, 1)
    assert (topic.subject, topic.slug, topic.first_post.subject) == ("New words", "new-words", "New words")
    assert topic.last_post.position == 2


def test_an_edit_of_an_older_version_is_refused(author):
    topic = make_topic(by=author)
    posting.edit_post(topic.first_post, by=author, body="From one window", based_on=0)

    with pytest.raises(DiscussionRefused, match="changed in another window"):
        posting.edit_post(topic.first_post, by=author, body="From the other", based_on=0)

    assert Post.objects.get(pk=topic.first_post_id).content == "From one window"


def test_a_post_in_a_locked_topic_is_not_changed(author):
    topic = make_topic(by=author)
    Topic.objects.update(status=Topic.TOPIC_LOCKED)

    with pytest.raises(DiscussionRefused, match="can't be changed any more"):
        posting.edit_post(topic.first_post, by=author, body="Words", based_on=0)


def test_writing_is_marked_as_read_and_followed(author):
    topic = make_topic(replies=2)

    posting.reply(topic, by=author, body="One")
    posting.reply(topic, by=author, body="Two")

    mark = TopicMark.objects.get(topic=topic, user=author)
    assert (mark.read_to, mark.posts_count, mark.following) == (5, 2, True)


def test_who_stopped_following_does_not_follow_by_writing(author):
    topic = make_topic()
    TopicMark.objects.create(topic=topic, user=author, following=False)

    posting.reply(topic, by=author, body="One")

    assert TopicMark.objects.get(topic=topic, user=author).following is False


def test_removing_an_account_leaves_the_words_of_others_alone(author):
    from django.db.models import ProtectedError

    topic = make_topic(by=author, replies=2)

    with pytest.raises(ProtectedError):
        author.delete()
    assert topic.posts.count() == 3


def test_posting_in_a_group_stays_in_the_group(author):
    group = GroupFactory(consultation=True)
    MembershipFactory(group=group, user=author)
    forum = forums.forum_for_group(group)

    topic = posting.start_topic(forum, by=author, subject="Between us", body="Words")

    assert not Topic.objects.visible_to(UserFactory(practitioner=True)).filter(pk=topic.pk).exists()


def test_a_reply_costs_the_same_in_a_long_thread(author, django_assert_num_queries):
    """Topic, post, the topic's counters, two for the mark, followers, letters, their jobs, the forum's counters; and
    four for two savepoints."""
    short, long = make_topic(replies=1), make_topic(replies=12)

    with django_assert_num_queries(13):
        posting.reply(short, by=author, body="Words")
    with django_assert_num_queries(13):
        posting.reply(long, by=author, body="Words")
