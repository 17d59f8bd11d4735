"""Polls: who votes where, what they see before and after, and that a vote is nobody else's business."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from community.discussions import counters, forums, polls, posting
from community.discussions.models import Topic, TopicPoll, TopicPollOption, TopicPollVote
from community.discussions.refusals import DiscussionRefused
from core.models import AuditEntry
from factories.discussions import make_forum
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory, as_moderator

_numbers = itertools.count(1)
WHICH = polls.NewPoll("Which day?", ("Monday", "Tuesday", "Friday"))


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True)


def with_poll(forum, by, poll=WHICH) -> Topic:
    topic = posting.start_topic(forum, by=by, subject=f"When do we meet? {next(_numbers)}", body="Say.", poll=poll)
    return Topic.objects.select_related("forum__group", "poll").get(pk=topic.pk)


@pytest.fixture
def topic(author, places):
    return with_poll(places["members"], author)


@pytest.fixture
def monday(topic):
    return topic.poll.options.get(text="Monday")


@pytest.fixture
def friday(topic):
    return topic.poll.options.get(text="Friday")


def counts(topic) -> dict[str, int]:
    return dict(TopicPollOption.objects.filter(poll__topic=topic).values_list("text", "votes_count"))


# Making one --------------------------------------------------------------------------------------------------------


def test_a_poll_comes_with_a_topic(client, author, places):
    client.force_login(author)
    typed = {"subject": "When?", "body": "Say.", "poll_question": "Which  day?", "poll_days": "7"}

    client.post(f"{places['members'].get_absolute_url()}new/", typed | {"poll_answers": "Monday\r\n\r\n Friday \n"})

    poll = TopicPoll.objects.get()
    assert (poll.question, poll.duration) == ("Which day?", 7)
    assert list(poll.options.values_list("text", "position")) == [("Monday", 1), ("Friday", 2)]


def test_a_topic_needs_none(client, author, places):
    client.force_login(author)

    client.post(
        f"{places['members'].get_absolute_url()}new/",
        {"subject": "When?", "body": "Say.", "poll_question": "", "poll_answers": " \n ", "poll_days": ""},
    )

    assert Topic.objects.exists()
    assert not TopicPoll.objects.exists()


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"poll_question": "Which?", "poll_answers": "One"}, "poll_answers"),
        ({"poll_question": "Which?", "poll_answers": "\n".join("abcdefghijk")}, "poll_answers"),
        ({"poll_question": "Which?", "poll_answers": "One\none"}, "poll_answers"),
        ({"poll_question": "Which?", "poll_answers": f"One\n{'x' * 121}"}, "poll_answers"),
        ({"poll_question": "Which?", "poll_answers": "One\nTwo\x00"}, "poll_answers"),
        ({"poll_question": "", "poll_answers": "One\nTwo"}, "poll_question"),
        ({"poll_question": "x" * 201, "poll_answers": "One\nTwo"}, "poll_question"),
        ({"poll_question": "Which?", "poll_answers": "One\nTwo", "poll_days": "0"}, "poll_days"),
        ({"poll_question": "Which?", "poll_answers": "One\nTwo", "poll_days": "91"}, "poll_days"),
        ({"poll_question": "Which?", "poll_answers": "One\nTwo", "poll_days": "9" * 40}, "poll_days"),
    ],
)
def test_a_poll_that_is_none_is_refused_beside_its_box_and_nothing_is_lost(client, author, places, typed, asked):
    client.force_login(author)

    response = client.post(f"{places['members'].get_absolute_url()}new/", {"subject": "When?", "body": "Say."} | typed)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {asked}
    assert "Say." in response.content.decode()
    assert not Topic.objects.exists()


@pytest.mark.parametrize("answers", [(), ("One",), ("x",) * 3])
def test_the_rule_refuses_it_too(author, places, answers):
    with pytest.raises(DiscussionRefused):
        with_poll(places["members"], author, polls.NewPoll("Which?", answers))

    assert not Topic.objects.exists()


# Voting ------------------------------------------------------------------------------------------------------------


def test_a_vote_counts_once_and_can_be_changed(topic, monday, friday):
    person = UserFactory()

    for chosen in (monday, monday, friday):
        polls.vote(topic.poll, chosen.pk, by=person)

    assert counts(topic) == {"Monday": 0, "Tuesday": 0, "Friday": 1}
    assert TopicPollVote.objects.get().poll_option == friday


def test_what_came_out_is_shown_once_one_has_voted(client, topic, monday):
    polls.vote(topic.poll, monday.pk, by=UserFactory())
    client.force_login(UserFactory())

    before = client.get(topic.get_absolute_url()).content.decode()
    client.post(f"{topic.get_absolute_url()}vote/", {"answer": monday.pk})
    after = client.get(topic.get_absolute_url()).content.decode()

    assert "Which day?" in before
    assert "<meter" not in before
    assert "2 of 2 votes" in after
    assert after.count("<meter") == 3
    assert "Your choice" in after


def test_nobody_is_told_who_chose_what(client, author, topic, monday, moderator):
    voter = UserFactory(display_name="Vesper Quillon")
    polls.vote(topic.poll, monday.pk, by=voter)
    polls.close(topic.poll, by=author)

    for person in (author, moderator):
        client.force_login(person)
        assert "Quillon" not in client.get(topic.get_absolute_url()).content.decode()


def test_with_a_script_only_the_poll_comes_back(client, topic, monday):
    client.force_login(UserFactory())

    response = client.post(f"{topic.get_absolute_url()}vote/", {"answer": monday.pk}, HTTP_HX_REQUEST="true")

    html = response.content.decode()
    assert response.status_code == 200
    assert html.lstrip().startswith("<section")
    assert "1 of 1 vote" in html


@pytest.mark.parametrize("answer", ["", "x", "0", "-1", "9" * 40, "1\x00", "²"])
def test_an_answer_that_is_none_changes_nothing(client, topic, answer):
    client.force_login(UserFactory())

    response = client.post(f"{topic.get_absolute_url()}vote/", {"answer": answer}, follow=True)

    assert response.status_code == 200
    assert "Choose one of the answers." in response.content.decode()
    assert not TopicPollVote.objects.exists()


def test_an_answer_of_another_poll_is_refused(client, author, places, topic):
    other = with_poll(make_forum(), author)
    client.force_login(UserFactory())

    client.post(f"{topic.get_absolute_url()}vote/", {"answer": other.poll.options.first().pk})

    assert not TopicPollVote.objects.exists()


def test_the_database_takes_one_vote_a_person_and_only_for_an_answer_of_its_poll(author, topic, monday, friday):
    person = UserFactory()
    other = with_poll(make_forum(), author)
    TopicPollVote.objects.create(poll=topic.poll, poll_option=monday, voter=person)

    with pytest.raises(IntegrityError), transaction.atomic():
        TopicPollVote.objects.create(poll=topic.poll, poll_option=friday, voter=person)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicPollVote.objects.create(poll=other.poll, poll_option=monday, voter=person)


# When it is over ---------------------------------------------------------------------------------------------------


def close_by_hand(topic):
    polls.close(topic.poll, by=topic.poster)


def run_out(topic):
    TopicPoll.objects.filter(topic=topic).update(duration=2, created=timezone.now() - timedelta(days=2))


def lock(topic):
    Topic.objects.filter(pk=topic.pk).update(status=Topic.TOPIC_LOCKED)


def let_it_close(topic):
    Topic.objects.filter(pk=topic.pk).update(closes_at=timezone.now())


@pytest.mark.parametrize("end", [close_by_hand, run_out, lock, let_it_close])
def test_a_poll_that_is_over_takes_no_votes_and_shows_what_came_out(client, topic, monday, end):
    polls.vote(topic.poll, monday.pk, by=UserFactory())
    end(topic)
    client.force_login(UserFactory())

    client.post(f"{topic.get_absolute_url()}vote/", {"answer": monday.pk})
    html = client.get(topic.get_absolute_url()).content.decode()

    assert counts(topic)["Monday"] == 1
    assert "1 of 1 vote" in html
    assert 'name="answer"' not in html
    with pytest.raises(DiscussionRefused):
        polls.vote(topic.poll, monday.pk, by=UserFactory())


def test_a_poll_is_open_until_its_days_are_over(topic, monday):
    TopicPoll.objects.filter(topic=topic).update(duration=2, created=timezone.now() - timedelta(days=1, hours=23))

    polls.vote(topic.poll, monday.pk, by=UserFactory())

    assert counts(topic)["Monday"] == 1


# Who ---------------------------------------------------------------------------------------------------------------

VOTERS = {
    "world": {"member", "practitioner", "insider", "superuser"},
    "members": {"member", "practitioner", "insider", "superuser"},
    "practitioners": {"practitioner"},
    "group": {"insider"},
}
STATUS = {"visitor": 302, "applicant": 404, "lapsed": 404}


@pytest.fixture
def everybody(db):
    group = GroupFactory()
    people = {
        "visitor": None,
        "applicant": UserFactory(applicant=True),
        "lapsed": UserFactory(lapsed=True),
        "member": UserFactory(),
        "practitioner": UserFactory(practitioner=True),
        "insider": UserFactory(),
        "superuser": UserFactory(superuser=True),
    }
    MembershipFactory(group=group, user=people["insider"])
    MembershipFactory(group=group, user=people["lapsed"])
    author = UserFactory(practitioner=True)
    MembershipFactory(group=group, user=author)
    forum_of = {audience: make_forum(audience=audience) for audience in ("world", "members", "practitioners")}
    forum_of["group"] = forums.forum_for_group(group)
    return people, {audience: with_poll(forum, author) for audience, forum in forum_of.items()}


@pytest.mark.parametrize("audience", VOTERS)
def test_who_votes_is_who_may_answer(client, everybody, audience):
    people, topics = everybody
    topic = topics[audience]
    option = topic.poll.options.first()

    voted = set()
    for name, person in people.items():
        client.logout()
        if person:
            client.force_login(person)
        response = client.post(f"{topic.get_absolute_url()}vote/", {"answer": option.pk})
        assert response.status_code in (302, 404), name
        if name == "visitor":
            assert response["Location"].startswith("/accounts/login/")
        if person and TopicPollVote.objects.filter(poll=topic.poll, voter=person).exists():
            voted.add(name)

    assert voted == VOTERS[audience]
    assert topic.poll.options.get(pk=option.pk).votes_count == len(voted)


def test_who_closes_a_poll(client, author, places):
    group = GroupFactory()
    leader, insider = UserFactory(), UserFactory()
    MembershipFactory(group=group, user=leader, facilitator=True)
    MembershipFactory(group=group, user=insider)
    moderator = as_moderator(UserFactory(practitioner=True))
    MembershipFactory(group=group, user=moderator)

    def closes(person, forum, by) -> bool:
        topic = with_poll(forum, by)
        client.force_login(person)
        client.post(f"{topic.get_absolute_url()}close-poll/")
        return TopicPoll.objects.exclude(closed_at=None).filter(topic=topic).delete()[0] > 0

    members, own = places["members"], forums.forum_for_group(group)
    assert closes(author, members, author)
    assert closes(moderator, members, author)
    assert not closes(insider, members, author)
    assert closes(leader, own, insider)
    assert closes(insider, own, insider)
    assert not closes(moderator, own, insider)
    assert set(
        AuditEntry.objects.filter(action__startswith="discussions.poll.closed").values_list("actor_id", flat=True)
    ) == {
        moderator.pk,
        leader.pk,
    }


def test_closing_twice_is_closing_once(author, topic, moderator):
    polls.close(topic.poll, by=author)
    closed_at = TopicPoll.objects.get().closed_at
    polls.close(topic.poll, by=moderator)

    assert TopicPoll.objects.get().closed_at == closed_at
    assert not AuditEntry.objects.filter(action__startswith="discussions.poll.closed").exists()


@pytest.mark.parametrize("what", ["vote", "close-poll"])
def test_a_topic_without_a_poll_has_none(client, places, author, what):
    topic = posting.start_topic(places["members"], by=author, subject="Fees", body="How?")
    client.force_login(author)

    assert client.post(f"{topic.get_absolute_url()}{what}/").status_code == 404
    assert client.get(f"{topic.get_absolute_url()}{what}/").status_code == (405 if what == "vote" else 404)
    assert client.post(f"/discussions/nowhere/{topic.pk}-x/{what}/").status_code == 404


def test_who_hears_of_an_erased_account_hears_nothing_of_its_votes(topic, monday):
    """A vote goes with its row; the count that was made of it is counted anew."""
    person = UserFactory()
    polls.vote(topic.poll, monday.pk, by=person)
    TopicPollVote.objects.all().delete()

    assert counters.repair() == 1
    assert counts(topic)["Monday"] == 0
    assert not list(counters.differences())


def test_a_poll_costs_one_query(client, author, places, topic, django_assert_max_num_queries):
    plain = posting.start_topic(places["members"], by=author, subject="Plain", body="How?")
    reader = UserFactory()
    client.force_login(reader)
    for page in (plain, topic):
        client.get(page.get_absolute_url())
    with django_assert_max_num_queries(99) as without:
        client.get(plain.get_absolute_url())
    with django_assert_max_num_queries(99) as with_one:
        client.get(topic.get_absolute_url())

    assert len(with_one.captured_queries) - len(without.captured_queries) <= 2


def test_closing_asks_first(client, author, topic, monday):
    client.force_login(author)
    page = client.get(topic.get_absolute_url()).content.decode()

    asked = client.get(f"{topic.get_absolute_url()}close-poll/")
    still_open = TopicPoll.objects.get().closed_at is None
    client.post(f"{topic.get_absolute_url()}close-poll/")

    assert f'href="{topic.get_absolute_url()}close-poll/"' in page
    assert "Close this poll?" in asked.content.decode()
    assert still_open
    assert TopicPoll.objects.get().closed_at
    assert client.get(f"{topic.get_absolute_url()}close-poll/")["Location"] == f"{topic.get_absolute_url()}#poll"


def test_who_may_not_close_a_poll_is_not_asked(client, topic):
    client.force_login(UserFactory())

    assert client.get(f"{topic.get_absolute_url()}close-poll/")["Location"] == f"{topic.get_absolute_url()}#poll"
