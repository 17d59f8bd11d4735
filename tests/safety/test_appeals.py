"""Appeals: once, to another person, who leaves the decision or lifts it."""

import pytest
from django.core import mail

from community.discussions import forums, moderation, posting
from community.discussions.models import Forum, Post, Topic
from community.members.models import User
from community.safety import appeals, queue
from community.safety.models import Appeal, Decision
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator
from racing import all_at_once


@pytest.fixture
def hidden(author, mo, topic):
    moderation.hide(topic.first_post, by=mo, reason="It names a street.")
    return Decision.objects.get()


def in_group(circle, author) -> Decision:
    group, leader, _other = circle
    topic = posting.start_topic(forums.forum_for_group(group), by=author, subject="Peregrath", body="Lindisquay words.")
    moderation.hide(topic.first_post, by=leader, reason="It names a street.")
    return Decision.objects.get()


def test_the_author_asks_once(client, author, hidden):
    client.force_login(author)

    without = client.post(hidden.get_absolute_url(), {"words": "  "})
    first = client.post(hidden.get_absolute_url(), {"words": "It is a street in a novel."})
    second = client.post(hidden.get_absolute_url(), {"words": "Once more, kept words."})

    assert (without.status_code, first.status_code, second.status_code) == (422, 302, 409)
    assert "Once more, kept words." in second.content.decode() or Appeal.objects.count() == 1
    assert Appeal.objects.get().words == "It is a street in a novel."


@pytest.mark.parametrize("who", ["other", "moderator"])
def test_nobody_else_asks(client, hidden, mo, who):
    client.force_login(mo if who == "moderator" else UserFactory())

    assert client.post(hidden.get_absolute_url(), {"words": "Words"}).status_code == 404
    assert not Appeal.objects.exists()


def test_another_moderator_judges_and_never_who_decided(client, author, mo, other_mo, hidden, run_jobs):
    run_jobs()
    mail.outbox.clear()
    asked = appeals.appeal(hidden, by=author, words="It is a street in a novel.")
    run_jobs()

    seen = {}
    for name, person in {"author": author, "who decided": mo, "another": other_mo, "member": UserFactory()}.items():
        client.force_login(person)
        seen[name] = client.get(asked.get_absolute_url()).status_code

    assert seen == {"author": 404, "who decided": 404, "another": 200, "member": 404}
    assert [letter.to for letter in mail.outbox] == [[other_mo.email]]
    assert [item.what for item in queue.items(other_mo)] == ["appeal"]
    assert queue.items(mo) == []
    assert (queue.count(mo), queue.count(other_mo)) == (0, 1)


def test_lifted_it_can_be_read_again_and_the_author_hears(client, author, other_mo, hidden, topic, run_jobs):
    asked = appeals.appeal(hidden, by=author, words="It is a street in a novel.")
    run_jobs()
    mail.outbox.clear()
    client.force_login(other_mo)

    page = client.post(asked.get_absolute_url(), {"outcome": "lifted", "words": "You are right."})
    run_jobs()

    assert page.status_code == 302
    assert Post.objects.get(pk=topic.first_post_id).approved
    assert Topic.objects.get(pk=topic.pk).approved
    [letter] = mail.outbox
    assert letter.to == [author.email]
    assert "You are right." in letter.body


def test_upheld_it_stays(author, other_mo, hidden, topic):
    asked = appeals.appeal(hidden, by=author, words="Please.")

    appeals.close(asked, by=other_mo, outcome="upheld", words="It is a real street.")

    assert Post.objects.get(pk=topic.first_post_id).removed == "moderator"
    with pytest.raises(appeals.AppealRefused, match="already"):
        appeals.appeal(Decision.objects.get(pk=hidden.pk), by=author, words="Again.")


def test_a_moderator_without_the_permission_any_more_judges_nothing(client, author, other_mo, hidden):
    asked = appeals.appeal(hidden, by=author, words="Please.")
    client.force_login(other_mo)
    assert client.get(asked.get_absolute_url()).status_code == 200

    other_mo.user_permissions.clear()

    assert client.get(asked.get_absolute_url()).status_code == 404


def test_in_a_group_another_one_who_leads_it_judges(client, author, circle, mo):
    _group, _leader, other_leader = circle
    asked = appeals.appeal(in_group(circle, author), by=author, words="Please.")

    assert appeals.judges(asked) == [other_leader]
    client.force_login(mo)
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert queue.items(mo) == []
    client.force_login(other_leader)
    client.post(asked.get_absolute_url(), {"outcome": "lifted", "words": "You are right."})
    assert Post.objects.get(pk=asked.decision.target_id).approved


def test_where_nobody_else_leads_a_moderator_sees_what_the_appeal_shows(client, author, circle, mo):
    group, _leader, other_leader = circle
    made = in_group(circle, author)
    group.memberships.filter(user=other_leader).update(role="member")

    asked = appeals.appeal(made, by=author, words="Please look.")
    client.force_login(mo)
    page = client.get(asked.get_absolute_url()).content.decode()

    assert asked.by_moderators
    assert "Lindisquay words." in page
    assert "It names a street." in page
    for words in ("Peregrath", group.name):
        assert words not in page
    client.post(asked.get_absolute_url(), {"outcome": "lifted", "words": "You are right."})
    assert Post.objects.get(pk=made.target_id).approved


def test_a_moderator_who_belongs_to_the_group_is_recused(author, circle, mo):
    group, _leader, other_leader = circle
    made = in_group(circle, author)
    group.memberships.filter(user=other_leader).update(role="member")
    inside = as_moderator(other_leader)

    asked = appeals.appeal(made, by=author, words="Please look.")

    assert not appeals.may_judge(inside, asked)
    assert (queue.count(inside), queue.count(mo)) == (0, 1)


def test_moderators_take_over_once_nobody_else_leads_the_group(author, circle, mo):
    group, _leader, other_leader = circle
    asked = appeals.appeal(in_group(circle, author), by=author, words="Please look.")
    group.memberships.filter(user=other_leader).update(role="member")

    assert appeals.pass_on() == 1
    assert appeals.pass_on() == 0

    asked.refresh_from_db()
    assert appeals.judges(asked) == [mo]


def test_closing_moving_and_editing_can_be_lifted(author, mo, other_mo, topic):
    forum, elsewhere = topic.forum, make_forum(audience="members")
    moderation.close(topic, by=mo, reason="Enough.")
    moderation.move(topic, elsewhere, by=mo)
    post = topic.first_post
    moderation.amend(post, by=mo, body="Other words.", reason="Kinder.", based_on=0)

    for made in Decision.objects.all():
        asked = appeals.appeal(made, by=author, words="Please.")
        appeals.close(asked, by=other_mo, outcome="lifted", words="Yes.")

    topic = Topic.objects.get(pk=topic.pk)
    assert (topic.status, topic.forum) == (Topic.TOPIC_UNLOCKED, Forum.objects.get(pk=forum.pk))
    assert Post.objects.get(pk=post.pk).content == "Lindisquay words."


def test_what_can_t_be_taken_back_is_lifted_in_words(author, mo, other_mo, topic):
    moderation.move(topic, make_forum(audience="practitioners"), by=mo)
    asked = appeals.appeal(Decision.objects.get(), by=author, words="Please.")

    appeals.close(asked, by=other_mo, outcome="lifted", words="You are right.")

    asked.refresh_from_db()
    assert asked.outcome == "lifted"
    assert "written for fewer people" in asked.answer


def _judge(asked_id: int, by_id: int, outcome: str) -> str:
    appeals.close(Appeal.objects.get(pk=asked_id), by=User.objects.get(pk=by_id), outcome=outcome, words="Decided.")
    return outcome


def test_of_two_who_judge_at_once_one_decides(fresh_database):
    author = UserFactory(practitioner=True)
    people = [as_moderator(UserFactory(practitioner=True)) for _each in range(3)]
    topic = make_topic(by=author)
    moderation.hide(topic.first_post, by=people[0], reason="Why.")
    asked = appeals.appeal(Decision.objects.get(), by=author, words="Please.")

    jobs = [(_judge, asked.pk, people[1].pk, "lifted"), (_judge, asked.pk, people[2].pk, "upheld")]
    answers = all_at_once(jobs, refusals=(appeals.AppealRefused,))

    assert sorted(answers)[0] == "AppealRefused"
    assert Appeal.objects.get().outcome in answers
