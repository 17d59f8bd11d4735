"""What was hidden for a report is put back from the decided ones, as long as it is that which is hidden."""

import pytest
from django.urls import reverse

from community.discussions import forums, moderation, purging
from community.discussions.models import Post
from community.notices.models import Notice
from community.safety import appeals, decisions, reports
from community.safety.models import Decision, Report
from core import audit
from core.models import AuditEntry
from events.models import Event
from factories.attachments import reply_with
from factories.discussions import make_topic
from factories.events import EventFactory
from factories.files import PDF, keep
from factories.members import UserFactory


@pytest.fixture
def reporter(db):
    return UserFactory(display_name="Rae Reporter", practitioner=True)


def hidden(kind: str, pk: int, *, by, mo) -> Report:
    made = reports.report(kind, pk, by=by, reason="rules")
    reports.close(made, by=mo, outcome="hidden", reason="It names a client.")
    return Report.objects.get(pk=made.pk)


def offered(client, moderator) -> list[int]:
    """The reports for which the page offers it."""
    client.force_login(moderator)
    page = client.get(reverse("safety:decided")).content.decode()
    return [made.pk for made in Report.objects.all() if reverse("safety:put-back", args=[made.pk]) in page]


def refused(made: Report, *, by) -> bool:
    before = Decision.objects.count()
    with pytest.raises(reports.ReportRefused):
        reports.put_back(made, by=by, reason="We looked again.")
    return Decision.objects.count() == before


def test_a_post_that_its_author_took_away_is_not(client, topic, author, mo, reporter):
    made = reports.report("post", topic.first_post_id, by=reporter, reason="rules")
    moderation.remove(topic.first_post, by=author)

    reports.close(made, by=mo, outcome="hidden", reason="A page that was open since long.")

    made.refresh_from_db()
    assert offered(client, mo) == []
    assert refused(made, by=mo)


def test_nor_one_whose_words_are_gone(topic, author, mo, reporter):
    made = hidden("post", topic.first_post_id, by=reporter, mo=mo)
    purging.purge(topic.first_post, by=author)

    with pytest.raises((reports.ReportRefused, reports.kinds.Refused)):
        reports.put_back(made, by=mo, reason="We looked again.")
    assert not Decision.objects.filter(action="discussions.post.restored").exists()


def test_nothing_is_told_twice(client, topic, author, mo, other_mo, reporter):
    made = hidden("post", topic.first_post_id, by=reporter, mo=mo)
    asked = appeals.appeal(Decision.objects.get(), by=author, words="Please.")
    assert offered(client, mo) == [made.pk]

    appeals.close(asked, by=other_mo, outcome="lifted", words="Right.")

    assert offered(client, mo) == []
    assert refused(made, by=mo)


def test_of_two_reports_it_is_offered_for_the_one_that_hid_it(client, topic, mo, reporter):
    second = reports.report("post", topic.first_post_id, by=UserFactory(), reason="rules")
    first = hidden("post", topic.first_post_id, by=reporter, mo=mo)

    reports.close(second, by=mo, outcome="hidden")

    second.refresh_from_db()
    assert offered(client, mo) == [first.pk]
    assert refused(second, by=mo)


def test_what_belongs_to_nobody_is_put_back_too(client, mo, reporter):
    event = EventFactory(audience="members", by=UserFactory(superuser=True))
    Event.objects.filter(pk=event.pk).update(created_by=None)
    made = hidden("event", event.pk, by=reporter, mo=mo)
    assert offered(client, mo) == [made.pk]

    reports.put_back(made, by=mo, reason="We looked again.")

    event.refresh_from_db()
    assert event.hidden_at is None


def test_a_file_hides_its_post_with_the_reason_that_was_given_and_comes_back_with_it(client, topic, author, mo):
    post = reply_with(topic, author, (PDF, "peregrath.pdf"))
    made = hidden("attachment", post.attachments.get().pk, by=UserFactory(), mo=mo)

    decision = Decision.objects.get()
    assert (decision.kind, decision.target_id, decision.report) == ("post", post.pk, made)
    assert decision.words == "It names a client."
    assert not Post.objects.get(pk=post.pk).approved
    assert offered(client, mo) == [made.pk]

    reports.put_back(made, by=mo, reason="We looked again.")

    assert Post.objects.get(pk=post.pk).approved
    assert [each.action.rpartition(".")[2] for each in Decision.objects.order_by("pk")] == ["hidden", "restored"]
    assert offered(client, mo) == []


def test_in_a_group_those_who_lead_it_hear_of_that_and_the_author_reads_who_it_was(author, circle, mo):
    group, leader, other = circle
    topic = make_topic(forums.forum_for_group(group), by=leader)
    post = reply_with(topic, author, (PDF, "peregrath.pdf"))

    hidden("attachment", post.attachments.get().pk, by=leader, mo=mo)

    assert decisions.who_decided(Decision.objects.get()) == "A moderator"
    assert set(Notice.objects.filter(kind="inside").values_list("user", flat=True)) == {leader.pk, other.pk}


@pytest.mark.parametrize("thing", ["post", "file", "event"])
def test_the_trail_names_a_moderator_and_not_who_leads_the_group(author, circle, mo, reporter, thing):
    group, leader, other = circle
    kind, pk = {
        "post": lambda: ("post", reply_with(make_topic(forums.forum_for_group(group), by=leader), author).pk),
        "file": lambda: ("group-file", keep(group, author).pk),
        "event": lambda: ("event", EventFactory(group=group, audience="group", by=leader).pk),
    }[thing]()
    first = hidden(kind, pk, by=author if thing == "event" else other, mo=mo)
    reports.put_back(first, by=mo, reason="We looked again.")
    hidden(kind, pk, by=author if thing == "event" else other, mo=mo)
    decision = Decision.objects.latest("pk")
    asked = appeals.appeal(decision, by=decision.person, words="Please.")
    appeals.close(asked, by=other if thing == "event" else leader, outcome="lifted", words="Right.")

    rows = AuditEntry.objects.filter(action__contains="restored").order_by("pk")
    [by_staff, inside] = [row.action for row in rows]
    assert inside == f"{by_staff}.inside"
    assert [line.actor for line in audit.lines(reporter, rows)] == [mo.display_name, "a person"]
