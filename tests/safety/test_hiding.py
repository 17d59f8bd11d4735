"""Events and files of groups that moderators hide by a report: who sees them still, who hears why, and the way back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.discussions import moderation
from community.groups.models import GroupFile
from community.notices.models import Notice
from community.safety import appeals, kinds, letters, queue, reports
from community.safety.models import Decision, Report
from core.models import AuditEntry
from events import agenda, hiding, rsvp
from events.models import Event, Occurrence
from factories.discussions import make_forum, make_topic
from factories.events import EventFactory
from factories.files import keep
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator
from portal import search


@pytest.fixture
def reporter(db):
    return UserFactory(display_name="Rae Reporter", practitioner=True)


@pytest.fixture
def organiser(db):
    return UserFactory(display_name="Otis Organizer", superuser=True)


def hidden(kind: str, pk: int, *, by, mo, reason: str = "It names a client.") -> Report:
    made = reports.report(kind, pk, by=by, reason="rules")
    reports.close(made, by=mo, outcome="hidden", reason=reason)
    return made


@pytest.fixture
def event(organiser):
    return EventFactory(title="Peregrath evening", audience="members", by=organiser)


def test_an_event_is_seen_by_its_organisers_alone(client, event, organiser, mo, reporter):
    meeting, member = event.occurrences.get(), UserFactory()
    rsvp.rsvp(meeting, by=member)
    pages = [
        meeting.get_absolute_url(),
        event.get_absolute_url(),
        reverse("events:calendar-file", args=[event.pk, event.slug, meeting.original_date]),
    ]
    client.force_login(member)
    assert client.get(pages[0]).status_code == 200
    assert not search.search(member, "Peregrath").is_empty
    assert "Peregrath" in client.get(reverse("events:list")).content.decode()

    hidden("event", event.pk, by=reporter, mo=mo)

    assert [client.get(page).status_code for page in pages] == [404] * 3
    for name in ("events:list", "events:this-month", "portal:today"):
        assert "Peregrath" not in client.get(reverse(name), follow=True).content.decode(), name
    assert agenda.upcoming_for(member, 3) == []
    assert search.search(member, "Peregrath").is_empty
    assert not Occurrence.objects.attendable_by(member).exists()
    with pytest.raises(rsvp.RsvpRefused):
        rsvp.rsvp(meeting, by=UserFactory())
    assert meeting.rsvps.get(user=member).state == "going"
    client.force_login(organiser)
    page = client.get(pages[0]).content.decode()
    assert "A moderator hid this event" in page
    assert "It names a client." in page


def test_the_organiser_hears_why_appeals_and_another_one_puts_it_back(
    client, event, organiser, mo, other_mo, reporter, run_jobs
):
    hidden("event", event.pk, by=reporter, mo=mo)
    run_jobs()
    [letter] = [letter for letter in mail.outbox if letter.to == [organiser.email] and "hid your event" in letter.body]
    made = Decision.objects.get()
    asked = appeals.appeal(made, by=organiser, words="It is about nobody.")
    appeals.close(asked, by=other_mo, outcome="lifted", words="Right.")

    event.refresh_from_db()
    assert "It names a client." in letter.body
    assert event.hidden_at is None
    assert Event.objects.visible_to(reporter).filter(pk=event.pk).exists()
    actions = list(AuditEntry.objects.filter(target_id=event.pk, action__startswith="events.").order_by("pk"))
    assert [(row.action, row.actor_id) for row in actions] == [
        ("events.event.hidden", mo.pk),
        ("events.event.restored", other_mo.pk),
    ]


def test_moderators_put_it_back_from_the_decided_ones(client, event, organiser, mo, other_mo, reporter, run_jobs):
    made = hidden("event", event.pk, by=reporter, mo=mo)
    client.force_login(other_mo)
    page = client.get(reverse("safety:decided")).content.decode()
    empty = client.post(reverse("safety:put-back", args=[made.pk]), {"reason": " "})

    sent = client.post(reverse("safety:put-back", args=[made.pk]), {"reason": "We looked again."})
    again = client.post(reverse("safety:put-back", args=[made.pk]), {"reason": "Twice."})

    assert reverse("safety:put-back", args=[made.pk]) in page
    assert (empty.status_code, sent.status_code, again.status_code) == (422, 302, 302)
    event.refresh_from_db()
    assert event.hidden_at is None
    run_jobs()
    assert any("We looked again." in letter.body for letter in mail.outbox if letter.to == [organiser.email])
    assert Decision.objects.count() == 2
    assert reverse("safety:put-back", args=[made.pk]) not in client.get(reverse("safety:decided")).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 302), ("member", 404), ("staff", 404), ("organiser", 404), ("reporter", 404), ("moderator", 302)],
)
def test_who_may_put_it_back(client, event, organiser, mo, reporter, who, status):
    made = hidden("event", event.pk, by=reporter, mo=mo)
    person = {"member": UserFactory(), "staff": UserFactory(staff=True), "moderator": mo}.get(who)
    person = person or {"organiser": organiser, "reporter": reporter}.get(who)
    if person:
        client.force_login(person)

    sent = client.post(reverse("safety:put-back", args=[made.pk]), {"reason": "Why."})

    event.refresh_from_db()
    assert sent.status_code == status
    assert (event.hidden_at is None) == (who == "moderator")


def test_what_was_decided_otherwise_since_is_not_undone_from_there(author, mo, other_mo, reporter):
    topic = make_topic(make_forum(), by=author)
    made = hidden("post", topic.first_post_id, by=reporter, mo=mo)
    moderation.restore(topic.first_post, by=mo, reason="Again.")
    topic.first_post.refresh_from_db()
    moderation.hide(topic.first_post, by=other_mo, reason="For another reason.")

    with pytest.raises(reports.ReportRefused):
        reports.put_back(made, by=mo, reason="Why.")


def test_a_post_is_put_back_from_there_too(author, mo, reporter):
    topic = make_topic(make_forum(), by=author)
    made = hidden("post", topic.first_post_id, by=reporter, mo=mo)

    reports.put_back(made, by=mo, reason="Why.")

    topic.refresh_from_db()
    assert topic.approved


def test_a_report_that_was_left_hides_and_puts_back_nothing(event, mo, reporter):
    made = reports.report("event", event.pk, by=reporter, reason="rules")
    reports.close(made, by=mo, outcome="left")

    with pytest.raises(reports.ReportRefused):
        reports.put_back(made, by=mo, reason="Why.")


def test_an_event_of_a_group_is_hidden_for_it_and_its_leaders_hear(client, author, circle, mo, run_jobs):
    group, leader, other = circle
    event = EventFactory(title="Peregrath inside", group=group, audience="group", by=leader)
    hidden("event", event.pk, by=author, mo=mo)
    run_jobs()

    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(letters) == {leader.email, other.email, author.email}
    for body in letters.values():
        assert "Peregrath" not in body
        assert group.name not in body
    assert Decision.objects.get().person == leader
    assert not Event.objects.visible_to(author).filter(pk=event.pk).exists()
    for person in (leader, other):
        client.force_login(person)
        page = client.get(reverse("notices:list")).content.decode()
        assert f"A moderator hid {'an' if person == other else 'your'} event." in page
        assert ("It names a client." in page) == (person == other)
        assert client.get(reverse("events:date", args=[event.occurrences.get().pk]), follow=True).status_code == 200
    client.force_login(mo)
    assert client.get(event.get_absolute_url()).status_code == 404


def test_whoever_set_it_up_and_left_is_not_told_of_it(author, circle, mo):
    group, leader, other = circle
    event = EventFactory(group=group, audience="group", by=leader)
    group.memberships.filter(user=leader).update(role="member", left_at=timezone.now(), ending="left")

    hidden("event", event.pk, by=author, mo=mo)

    assert Decision.objects.get().person == other


def test_a_file_is_kept_from_all_but_who_added_it_and_who_leads(client, author, circle, mo, run_jobs):
    group, leader, other = circle
    fellow = UserFactory(practitioner=True)
    put_in(group, fellow)
    file, left = keep(group, author, name="peregrath.pdf"), keep(group, author, name="harmless.pdf")
    address, page = file.get_absolute_url(), reverse("groups:files", args=[group.slug])
    client.force_login(fellow)
    assert client.get(address).status_code == 200

    made = hidden("group-file", file.pk, by=fellow, mo=mo)
    run_jobs()

    for person, sees in [(fellow, False), (author, True), (leader, True), (other, True)]:
        client.force_login(person)
        assert client.get(address).status_code == (200 if sees else 404)
        assert client.get(reverse("core:file", args=[file.file.name])).status_code == (200 if sees else 404)
        shown = client.get(page).content.decode() + client.get(group.get_absolute_url()).content.decode()
        assert ("peregrath.pdf" in shown, "It names a client." in shown) == (sees, sees)
        assert "harmless.pdf" in shown
    client.force_login(mo)
    assert client.get(address).status_code == 404
    assert left in GroupFile.objects.visible_to(fellow)
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(letters) == {author.email, leader.email, other.email, fellow.email}
    for body in letters.values():
        assert "peregrath" not in body.lower()
        assert "names a client" not in body
    assert Decision.objects.get().person == author
    assert reports.can_be_put_back(reports.judged_by(mo, [Report.objects.get(pk=made.pk)])) == {made.pk}


def test_another_leader_judges_the_appeal_about_a_file(author, circle, mo, other_mo):
    group, reporting, leader = circle
    file = keep(group, author)
    hidden("group-file", file.pk, by=reporting, mo=mo)
    asked = appeals.appeal(Decision.objects.get(), by=author, words="It is a reading list.")

    assert not appeals.may_judge(other_mo, asked)
    assert appeals.judges(asked) == [leader]
    with pytest.raises(appeals.AppealRefused):
        appeals.close(asked, by=reporting, outcome="lifted", words="I have changed my mind.")
    appeals.close(asked, by=leader, outcome="lifted", words="So it is.")

    file.refresh_from_db()
    assert file.hidden_at is None


def test_moderators_hide_the_reported_file_and_nothing_else_of_the_group(author, circle, mo):
    group, leader, _other = circle
    reported, other = keep(group, author), keep(group, author, name="other.pdf")
    made = reports.report("group-file", reported.pk, by=leader, reason="rules")
    reports.close(made, by=mo, outcome="left")

    with pytest.raises(reports.ReportRefused):
        reports.close(made, by=mo, outcome="hidden")
    assert set(GroupFile.objects.visible_to(leader)) == {reported, other}
    assert set(GroupFile.objects.visible_to(mo)) == set()


def test_what_is_gone_is_not_put_back(author, circle, event, mo, reporter):
    group, leader, _other = circle
    file = keep(group, author)
    made = hidden("group-file", file.pk, by=leader, mo=mo)
    GroupFile.objects.all().delete()

    with pytest.raises(kinds.Refused):
        reports.put_back(made, by=mo, reason="Why.")
    with pytest.raises(kinds.Refused):
        hiding.put_back(10**9, mo)


def test_who_leads_no_more_hears_no_more(author, circle, mo):
    group, leader, other = circle
    file = keep(group, author)
    hidden("group-file", file.pk, by=leader, mo=mo)
    group.memberships.filter(user=other).update(role="member")

    decision = Decision.objects.get()
    assert letters.inside_context(leader, decision.pk) is not None
    assert letters.inside_context(other, decision.pk) is None
    assert letters.inside_context(author, decision.pk) is None
    assert Notice.objects.filter(kind="inside").count() == 2


def test_the_organiser_is_recused(event, reporter):
    Event.objects.filter(pk=event.pk).update(created_by=as_moderator(UserFactory()))
    event.refresh_from_db()
    reports.report("event", event.pk, by=reporter, reason="rules")

    assert queue.items(event.created_by) == []


@pytest.mark.parametrize("part", ["host", "leader"])
def test_so_are_who_hosts_it_and_who_leads_its_group(mo, reporter, part):
    group, their = GroupFactory(kind="chapter"), as_moderator(UserFactory())
    put_in(group, their, role="facilitator" if part == "leader" else "member")
    event = EventFactory(group=group, audience="members", hosts=[their] if part == "host" else [])
    made = reports.report("event", event.pk, by=reporter, reason="rules")

    assert (queue.items(their), queue.count(their)) == ([], 0)
    assert reports.judges(made) == [mo]
    reports.close(made, by=mo, outcome="left")
    assert not reports.decided(their).exists()


@pytest.mark.parametrize("count", [1, 20])
def test_the_queue_costs_the_same_for_one_event_and_twenty(
    client, circle, mo, count, without_limits, django_assert_num_queries
):
    group, leader, _other = circle
    for _number in range(count):
        event = EventFactory(group=group, audience="group", by=leader, starts_on=timezone.localdate() + timedelta(3))
        reports.report("event", event.pk, by=leader, reason="danger")
    client.force_login(mo)
    client.get(reverse("safety:queue"))

    with django_assert_num_queries(14):
        page = client.get(reverse("safety:queue")).content.decode()

    assert page.count("Those who organize it") >= count
