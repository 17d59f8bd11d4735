"""Who has a part in a report has none in what comes of it: who made it, whom it names, whose own words it showed."""

import pytest
from django.urls import reverse

from community.notices.models import Notice
from community.safety import appeals, letters, reports
from community.safety.models import Appeal, Decision, Report
from factories.discussions import make_forum, make_topic
from factories.files import keep
from factories.groups import put_in
from factories.members import UserFactory, as_moderator


def appealed(made: Report, *, mo) -> Appeal:
    """What was reported is hidden, and its author appeals."""
    reports.close(made, by=mo, outcome="hidden", reason="It names a client.")
    decision = Decision.objects.get()
    return appeals.appeal(decision, by=decision.person, words="Please look again.")


def test_whoever_reported_does_not_judge_the_appeal(topic, mo, other_mo):
    reporting = as_moderator(UserFactory())
    made = reports.report("post", topic.first_post_id, by=reporting, reason="rules")

    asked = appealed(made, mo=mo)

    assert appeals.judges(asked) == [other_mo]
    assert (appeals.may_judge(reporting, asked), appeals.may_judge(other_mo, asked)) == (False, True)
    assert (list(appeals.waiting(reporting)), list(appeals.waiting(other_mo))) == ([], [asked])


@pytest.mark.parametrize("has_reported", [True, False])
def test_nor_does_one_who_leads_the_group_and_has_a_part_in_it(author, circle, mo, other_mo, has_reported):
    group, leader, fellow = circle
    as_moderator(leader)
    group.memberships.filter(user=fellow).update(role="member")
    reporter, named = (leader, []) if has_reported else (fellow, [leader.pk])
    made = reports.report("group-file", keep(group, author).pk, by=reporter, reason="rules", named=named)

    asked = appealed(made, mo=mo)

    assert asked.by_moderators
    assert appeals.judges(asked) == [other_mo]
    assert not appeals.may_judge(leader, asked)


def test_a_leader_who_is_named_hears_nothing_of_it(client, author, circle, mo):
    group, named, leader = circle
    as_moderator(named)
    reporter = UserFactory(practitioner=True)
    put_in(group, reporter)
    made = reports.report("group-file", keep(group, author).pk, by=reporter, reason="rules", named=[named.pk])

    reports.close(made, by=mo, outcome="hidden", reason="It names a client.")

    decision = Decision.objects.get()
    assert list(Notice.objects.filter(kind="inside").values_list("user", flat=True)) == [leader.pk]
    assert letters.inside_context(leader, decision.pk) is not None
    assert letters.inside_context(named, decision.pk) is None


def test_a_moderator_whose_words_were_shown_stays_recused_once_it_is_decided(client, author, mo, other_mo):
    speaking = as_moderator(UserFactory(practitioner=True))
    topic = make_topic(make_forum(audience="members"), by=speaking)
    answer = make_topic(topic.forum, by=author, replies=0).first_post
    answer.topic.posts.update(topic=topic, position=2)
    made = reports.report(
        "post", answer.pk, by=UserFactory(), reason="harm", words="Canary", beside=[f"post-{topic.first_post_id}"]
    )

    asked = appealed(made, mo=mo)

    client.force_login(speaking)
    assert "Canary" not in client.get(reverse("safety:decided")).content.decode()
    assert client.post(reverse("safety:put-back", args=[made.pk]), {"reason": "Why."}).status_code == 404
    assert appeals.judges(asked) == [other_mo]
    client.force_login(other_mo)
    assert "Canary" in client.get(reverse("safety:decided")).content.decode()
