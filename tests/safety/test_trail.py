"""What moderators decide stands in the audit trail; who reported does not."""

import pytest
from django.contrib.auth.models import Permission

from community.discussions.models import Post
from community.members.models import User
from community.safety import reports, trail
from community.safety.models import Report
from core import audit
from core.models import AuditEntry
from factories.discussions import make_topic
from factories.members import UserFactory, as_moderator


@pytest.fixture
def moderator(db):
    return as_moderator(UserFactory(display_name="Mo"))


@pytest.fixture
def made(db):
    topic = make_topic(by=UserFactory(practitioner=True, display_name="The Author"))
    reporter = UserFactory(display_name="The Reporter")
    return reports.report("post", topic.first_post.pk, by=reporter, reason="harm", words="Canary words")


@pytest.mark.parametrize("outcome", Report.Outcome.values)
def test_a_decision_is_written_with_the_author_and_without_the_reporter(made, moderator, outcome):
    author = made_by(made)
    reports.close(made, by=moderator, outcome=outcome)

    row = AuditEntry.objects.get(target_kind="safety.report")
    assert (row.action, row.actor_id) == (f"safety.report.{outcome}", moderator.pk)
    assert (row.target_id, row.person_id) == (made.pk, author)
    people = set(AuditEntry.objects.values_list("person_id", flat=True))
    people |= set(AuditEntry.objects.values_list("actor_id", flat=True))
    assert made.reporter_id not in people


def made_by(made: Report) -> int:
    return Post.objects.get(pk=made.target_id).poster_id


def test_making_a_report_is_not_written(made):
    assert not AuditEntry.objects.exists()


def test_a_refused_decision_leaves_no_row(made):
    with pytest.raises(reports.ReportRefused):
        reports.close(made, by=UserFactory(), outcome="left")

    assert not AuditEntry.objects.exists()


def test_reports_are_named_to_moderators_but_for_those_on_themselves(made, moderator):
    author = as_moderator(User.objects.get(pk=made_by(made)))

    assert trail.names(UserFactory(), [made.pk]) == {}
    assert trail.names(author, [made.pk]) == {}
    assert trail.names(moderator, [made.pk]) == {made.pk: f"report {made.pk}"}


def test_other_staff_read_neither_the_report_nor_whom_it_was_about(made, moderator):
    reports.close(made, by=moderator, outcome="left")
    keeper = UserFactory(staff=True)
    keeper.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_auditentry"]))

    [line] = audit.lines(keeper, AuditEntry.objects.all())

    assert (line.actor, line.person, line.thing) == ("Mo", "a person", "a report")


@pytest.mark.parametrize("number", [1, 20])
def test_naming_reports_costs_the_same_for_one_as_for_twenty(made, moderator, django_assert_num_queries, number):
    for _number in range(number - 1):
        reports.report("post", make_topic().first_post.pk, by=UserFactory(), reason="rules")
    ids = set(Report.objects.values_list("pk", flat=True))
    trail.names(moderator, ids)

    with django_assert_num_queries(5):
        assert len(trail.names(moderator, ids)) == number
