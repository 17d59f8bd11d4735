import pytest
from django.core import mail
from django.utils import timezone

from community.discussions import following, forums, moderation, posting
from community.discussions.models import TopicMark
from community.members import blocks
from community.notices import outbox
from community.notices.models import Mail
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def asker(db):
    return UserFactory(display_name="Ada Asker", email="ada@example.org")


def test_a_reply_goes_to_those_who_follow_but_not_to_its_author(asker, run_jobs):
    topic = make_topic(by=asker, subject="Fees", replies=1)
    run_jobs()
    mail.outbox.clear()
    colleague = UserFactory(display_name="Cora Colleague", email="cora@example.org")

    posting.reply(topic, by=colleague, body="Here is *how*.")
    run_jobs()

    assert len(mail.outbox) == 2
    letter = next(letter for letter in mail.outbox if letter.to == ["ada@example.org"])
    html = letter.alternatives[0].content
    assert letter.subject == "Cora Colleague answered: Fees"
    assert "Here is *how*." in letter.body
    assert "<em>how</em>" in html
    assert "/discussions/post/" in letter.body
    assert "/discussions/unfollow/" in letter.body
    assert "cora@example.org" not in [address for letter in mail.outbox for address in letter.to]


def letters_after_a_reply(topic, by, run_jobs):
    run_jobs()
    mail.outbox.clear()
    posting.reply(topic, by=by, body="The words of Canary")
    run_jobs()
    return mail.outbox


def test_a_groups_letter_holds_no_words(asker, run_jobs):
    group = GroupFactory(hidden=True, name="Quiet circle")
    colleague = UserFactory(display_name="Cora Colleague")
    for user in (asker, colleague):
        MembershipFactory(group=group, user=user)
    topic = make_topic(forums.forum_for_group(group), by=asker, subject="Secret subject")

    (letter,) = letters_after_a_reply(topic, colleague, run_jobs)

    everything = letter.subject + letter.body + letter.alternatives[0].content
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


def _blocks_the_author(asker, topic, colleague):
    blocks.block(colleague, by=asker)


def _closes_the_account(asker, topic, colleague):
    type(asker).objects.filter(pk=asker.pk).update(is_active=False)


def _finds_it_hidden(asker, topic, colleague):
    moderation.hide_post(topic.posts.order_by("-position").first(), by=UserFactory())


@pytest.mark.parametrize(
    "happens", [_lapses, _stops_following, _blocks_the_author, _closes_the_account, _finds_it_hidden]
)
def test_whether_a_letter_goes_is_decided_when_it_is_sent(asker, run_jobs, happens):
    colleague = UserFactory()
    topic = make_topic(by=asker)
    posting.reply(topic, by=colleague, body="Words")
    happens(asker, topic, colleague)

    run_jobs()

    assert mail.outbox == []
    assert Mail.objects.get().state == Mail.State.WITHHELD


def test_who_left_the_group_gets_no_letter(asker, run_jobs):
    group = GroupFactory(consultation=True)
    colleague = UserFactory()
    for user in (asker, colleague):
        MembershipFactory(group=group, user=user)
    topic = make_topic(forums.forum_for_group(group), by=asker)
    posting.reply(topic, by=colleague, body="Words")

    group.memberships.filter(user=asker).update(left_at=timezone.now(), ending="left")
    run_jobs()

    assert mail.outbox == []


def test_a_letter_is_queued_with_the_reply_or_not_at_all(asker):
    from django.db import transaction

    topic = make_topic(by=asker)
    with transaction.atomic():
        posting.reply(topic, by=UserFactory(), body="Words")
        transaction.set_rollback(True)

    assert not Mail.objects.exists()


def test_many_followers_cost_no_more_queries(django_assert_num_queries, db):
    author = UserFactory()
    topic = make_topic()
    for _follower in range(20):
        following.follow(topic, by=UserFactory())

    with django_assert_num_queries(13):
        posting.reply(topic, by=author, body="Words")
    assert Mail.objects.count() == 21


def test_nothing_is_queued_quietly(asker, run_jobs):
    topic = make_topic(by=asker)

    with outbox.quietly():
        posting.reply(topic, by=UserFactory(), body="Words")
    loud_again = posting.reply(topic, by=UserFactory(), body="More words")

    assert [letter.target_id for letter in Mail.objects.filter(recipient=asker)] == [loud_again.pk]


def test_the_link_of_a_letter_works_without_login_once_confirmed(client, asker):
    topic = make_topic(by=asker)
    url = f"/discussions/unfollow/{following.unfollow_token(topic.pk, asker.pk)}/"

    looked = client.get(url)
    before = TopicMark.objects.get(user=asker).following
    confirmed = client.post(url)

    assert (looked.status_code, before, confirmed.status_code) == (200, True, 200)
    assert TopicMark.objects.get(user=asker).following is False
    assert topic.subject not in looked.content.decode()


@pytest.mark.parametrize("token", ["x", "WzEsMV0:1abc:def", "%00", "a" * 3000])
def test_a_forged_link_is_not_there(client, asker, token):
    assert client.get(f"/discussions/unfollow/{token}/").status_code == 404
    assert client.post(f"/discussions/unfollow/{token}/").status_code == 404
