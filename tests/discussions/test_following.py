import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from community.discussions import following, forums, moderation, posting, telling
from community.discussions.models import ForumWatch, TagWatch, TopicMark, TopicTag
from community.groups import membership
from community.members import blocks
from community.notices import outbox
from community.notices.models import Mail, Notice
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def asker(db):
    return UserFactory(display_name="Ada Asker", email="ada@example.org")


@pytest.fixture
def tag(db):
    return Subject.objects.create(name="Fees and money", slug="fees-and-money")


def sent(run_jobs) -> list:
    run_jobs()
    letters = [*mail.outbox]
    mail.outbox.clear()
    return letters


def test_a_reply_goes_to_those_who_follow_but_not_to_its_author(asker, run_jobs):
    topic = make_topic(by=asker, subject="Fees", replies=1)
    sent(run_jobs)
    colleague = UserFactory(display_name="Cora Colleague", email="cora@example.org")

    posting.reply(topic, by=colleague, body="Here is *how*.")
    letters = sent(run_jobs)

    letter = next(letter for letter in letters if letter.to == ["ada@example.org"])
    html = letter.alternatives[0].content
    assert len(letters) == 2
    assert letter.subject == "Re: Fees"
    assert "Cora Colleague answered in “Fees”" in letter.body
    assert "Here is *how*." in letter.body
    assert "<em>how</em>" in html
    assert "/discussions/post/" in letter.body
    assert "/mail/stop/" in letter.body
    assert "cora@example.org" not in [address for letter in letters for address in letter.to]


def letters_after_a_reply(topic, by, run_jobs):
    sent(run_jobs)
    posting.reply(topic, by=by, body="The words of Canary")
    return sent(run_jobs)


def test_a_groups_letter_holds_no_words(asker, run_jobs):
    group = GroupFactory(hidden=True, name="Quiet circle")
    colleague = UserFactory(display_name="Cora Colleague")
    for user in (asker, colleague):
        MembershipFactory(group=group, user=user)
    topic = make_topic(forums.forum_for_group(group), by=asker, subject="Secret subject")

    (letter,) = letters_after_a_reply(topic, colleague, run_jobs)

    everything = letter.message().as_string() + letter.body + letter.alternatives[0].content
    for private in ("Canary", "Secret subject", "secret-subject", "Cora", "Quiet circle", "quiet-circle", group.slug):
        assert private not in everything
    assert letter.subject == "A reply in a thread you follow"


def test_a_practitioners_letter_holds_no_words(run_jobs, db):
    asker, colleague = UserFactory(practitioner=True), UserFactory(practitioner=True)
    topic = make_topic(make_forum(audience="practitioners"), by=asker, subject="Secret subject")

    (letter,) = letters_after_a_reply(topic, colleague, run_jobs)

    assert "Canary" not in letter.body + letter.alternatives[0].content
    assert "Secret" not in letter.subject + letter.body


def _lapses(asker, topic, colleague):
    type(asker).objects.filter(pk=asker.pk).update(standing="lapsed")


def _stops_following(asker, topic, colleague):
    following.unfollow(topic, by=asker)


def _mutes(asker, topic, colleague):
    following.mute(topic, by=asker)


def _blocks_the_author(asker, topic, colleague):
    blocks.block(colleague, by=asker)


def _closes_the_account(asker, topic, colleague):
    type(asker).objects.filter(pk=asker.pk).update(is_active=False)


def _finds_it_hidden(asker, topic, colleague):
    moderation.hide_post(topic.posts.order_by("-position").first(), by=UserFactory())


@pytest.mark.parametrize(
    "happens",
    [
        _lapses,
        _stops_following,
        _mutes,
        _blocks_the_author,
        _closes_the_account,
        _finds_it_hidden,
    ],
)
@pytest.mark.parametrize("is_told", [False, True], ids=["before it is told", "before it is sent"])
def test_whether_a_letter_goes_is_decided_when_it_is_sent(asker, run_jobs, happens, is_told):
    colleague = UserFactory()
    topic = make_topic(by=asker)
    sent(run_jobs)
    post = posting.reply(topic, by=colleague, body="Words")
    if is_told:
        telling.tell_of_post(post.pk)  # and its letters wait
    happens(asker, topic, colleague)

    assert sent(run_jobs) == []
    assert set(Mail.objects.values_list("state", flat=True)) <= {Mail.State.WITHHELD}
    assert Mail.objects.exists() == is_told


def test_who_left_the_group_gets_no_letter(asker, run_jobs):
    group = GroupFactory(consultation=True)
    colleague = UserFactory()
    for user in (asker, colleague):
        MembershipFactory(group=group, user=user)
    topic = make_topic(forums.forum_for_group(group), by=asker)
    posting.reply(topic, by=colleague, body="Words")

    group.memberships.filter(user=asker).update(left_at=timezone.now(), ending="left")

    assert sent(run_jobs) == []


def test_what_is_told_is_queued_with_the_reply_or_not_at_all(asker):
    topic = make_topic(by=asker)
    before = ProcrastinateJob.objects.count()

    with transaction.atomic():
        posting.reply(topic, by=UserFactory(), body="Words")
        assert ProcrastinateJob.objects.count() == before + 1
        transaction.set_rollback(True)

    assert ProcrastinateJob.objects.count() == before


def test_a_reply_costs_the_same_whoever_follows(run_jobs, db):
    """One job is queued; the letters are written by the worker."""
    author = UserFactory()
    costs = []
    for count in (0, 20):
        topic = make_topic()
        for _follower in range(count):
            following.follow(topic, by=UserFactory())
        run_jobs()
        with CaptureQueriesContext(connection) as counted:
            posting.reply(topic, by=author, body="Words")
        costs.append(len(counted))
        assert not Mail.objects.filter(target_id=topic.posts.get(position=2).pk).exists()
        run_jobs()
        assert Mail.objects.filter(target_id=topic.posts.get(position=2).pk).count() == count + 1

    assert costs[0] == costs[1]


def test_nothing_is_queued_quietly(asker, run_jobs):
    topic = make_topic(by=asker)

    with outbox.quietly():
        posting.reply(topic, by=UserFactory(), body="Words")
    loud_again = posting.reply(topic, by=UserFactory(), body="More words")
    run_jobs()

    assert [letter.target_id for letter in Mail.objects.filter(recipient=asker)] == [loud_again.pk]


# Choosing ------------------------------------------------------------------------------------------------------------


def test_who_mutes_a_topic_and_writes_in_it_still_does_not_follow_it(asker):
    topic = make_topic(replies=1)
    following.mute(topic, by=asker)

    posting.reply(topic, by=asker, body="Words")

    mark = TopicMark.objects.get(topic=topic, user=asker)
    assert (mark.following, mark.muted, mark.posts_count) == (False, True, 1)


def test_following_a_topic_ends_its_muting(asker):
    topic = make_topic()
    following.mute(topic, by=asker)

    following.follow(topic, by=asker)

    mark = TopicMark.objects.get(topic=topic, user=asker)
    assert (mark.following, mark.muted) == (True, False)


def test_what_was_unread_of_a_topic_is_quiet_once_it_is_muted(asker, run_jobs):
    topic = make_topic(by=asker, replies=1)
    run_jobs()
    assert Notice.objects.filter(user=asker, read_at=None).count() == 1

    following.mute(topic, by=asker)

    assert not Notice.objects.filter(user=asker, read_at=None).exists()


def test_a_topic_that_one_follows_speaks_in_a_forum_and_under_a_tag_muted_later(asker, tag, run_jobs):
    topic = make_topic(by=asker)
    TopicTag.objects.create(topic=topic, tag=tag)
    sent(run_jobs)

    following.watch_forum(topic.forum, "mute", by=asker)
    following.watch_tag(tag, "mute", by=asker)
    posting.reply(topic, by=UserFactory(), body="Words")

    assert TopicMark.objects.get(topic=topic, user=asker).following is True
    assert [letter.to for letter in sent(run_jobs)] == [[asker.email]]


def test_a_topic_that_one_does_not_follow_is_quiet_in_a_muted_forum(asker):
    topic = make_topic()

    following.watch_forum(topic.forum, "mute", by=asker)

    assert following.muted(topic, [asker.pk]) == {asker.pk}


def test_a_forum_and_a_tag_are_followed_muted_and_let_go(asker, tag):
    forum = make_forum()
    for watch in ("follow", "mute"):
        following.watch_forum(forum, watch, by=asker)
        following.watch_tag(tag, watch, by=asker)
        assert ForumWatch.objects.get(user=asker).watch == watch
        assert TagWatch.objects.get(user=asker).watch == watch

    following.watch_forum(forum, "", by=asker)
    following.watch_tag(tag, "", by=asker)

    assert not ForumWatch.objects.exists()
    assert not TagWatch.objects.exists()


def test_muting_a_tag_mutes_the_topics_that_carry_it(asker, tag):
    tagged, other = make_topic(), make_topic()
    TopicTag.objects.create(topic=tagged, tag=tag)

    following.watch_tag(tag, "mute", by=asker)

    assert following.muted(tagged, [asker.pk]) == {asker.pk}
    assert following.muted(other, [asker.pk]) == set()


def test_who_is_out_of_a_group_follows_nothing_in_it(asker):
    group = GroupFactory(consultation=True)
    MembershipFactory(group=group, facilitator=True)
    member = MembershipFactory(group=group, user=asker)
    topic = make_topic(forums.forum_for_group(group), by=asker)
    following.watch_forum(topic.forum, "follow", by=asker)

    membership.leave(member.group, by=asker)

    assert TopicMark.objects.get(topic=topic, user=asker).following is None
    assert not ForumWatch.objects.exists()


# Pages ---------------------------------------------------------------------------------------------------------------


def test_following_is_chosen_with_and_without_javascript(client, asker):
    topic = make_topic()
    client.force_login(asker)
    url = f"{topic.get_absolute_url()}follow/"

    plain = client.post(url, {"watch": "follow"})
    htmx = client.post(url, {"watch": "mute"}, headers={"HX-Request": "true"})

    assert plain["Location"] == topic.get_absolute_url()
    assert "<html" not in htmx.content.decode()
    assert 'value="follow"' in htmx.content.decode()
    mark = TopicMark.objects.get(topic=topic, user=asker)
    assert (mark.following, mark.muted) == (False, True)


@pytest.mark.parametrize("watch", ["yes", "\0", "x" * 300])
def test_a_choice_that_there_is_not_changes_nothing(client, asker, watch, tag):
    topic = make_topic()
    client.force_login(asker)

    for url in (f"{topic.get_absolute_url()}follow/", f"{topic.forum.get_absolute_url()}watch/"):
        assert client.post(url, {"watch": watch}).status_code == 400
    assert client.post(f"/discussions/tag/{tag.slug}/watch/", {"watch": watch}).status_code == 400

    assert not TopicMark.objects.filter(user=asker).exists()
    assert not ForumWatch.objects.exists()


def test_forums_and_tags_are_watched_from_their_pages(client, asker, tag):
    forum = make_forum()
    client.force_login(asker)

    on_forum = client.get(forum.get_absolute_url()).content.decode()
    on_tag = client.get(f"/discussions/all/?tag={tag.slug}").content.decode()
    client.post(f"/discussions/{forum.slug}/watch/", {"watch": "follow"})
    client.post(f"/discussions/tag/{tag.slug}/watch/", {"watch": "mute"})
    listed = client.get("/discussions/watch/").content.decode()

    assert f"/discussions/{forum.slug}/watch/" in on_forum
    assert f"/discussions/tag/{tag.slug}/watch/" in on_tag
    assert ForumWatch.objects.get(user=asker).watch == "follow"
    assert TagWatch.objects.get(user=asker).watch == "mute"
    assert forum.name in listed
    assert tag.name in listed


def test_a_muted_topic_is_found_again(client, asker):
    topic = make_topic(subject="Too many words")
    following.mute(topic, by=asker)
    client.force_login(asker)

    listed = client.get("/discussions/watch/").content.decode()
    client.post(f"{topic.get_absolute_url()}follow/", {"watch": "", "back": "list"})

    assert "Too many words" in listed
    assert "Too many words" not in client.get("/discussions/watch/").content.decode()


def test_a_forum_that_one_may_not_see_any_more_is_not_in_the_list(client, asker):
    forum = make_forum("For practitioners", audience="practitioners")
    ForumWatch.objects.create(forum=forum, user=asker, watch="follow")
    client.force_login(asker)

    assert "For practitioners" not in client.get("/discussions/watch/").content.decode()
    assert client.post(f"/discussions/{forum.slug}/watch/", {"watch": "follow"}).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_what_one_follows_costs_the_same_for_many(client, asker, count, django_assert_num_queries):
    for number in range(count):
        following.watch_forum(make_forum(), "follow", by=asker)
        following.watch_tag(Subject.objects.create(name=f"Word {number}", slug=f"word-{number}"), "mute", by=asker)
        following.mute(make_topic(), by=asker)
    client.force_login(asker)
    client.get("/discussions/watch/")

    with django_assert_num_queries(6):
        client.get("/discussions/watch/")
