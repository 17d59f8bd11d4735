"""The queue: reports, first posts and appeals in one list, danger first, and nothing that one has a part in."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.discussions import forums, moderation, posting
from community.discussions.models import Post
from community.notices import preferences
from community.notices.models import Notice
from community.safety import appeals, notes, queue, reports
from community.safety.models import Decision, Note, Report
from events.models import Event
from factories.discussions import make_forum, make_topic
from factories.events import EventFactory
from factories.files import keep
from factories.members import UserFactory, as_moderator
from racing import all_at_once


@pytest.fixture
def reporter(db):
    return UserFactory(display_name="Rae Reporter", practitioner=True)


def test_danger_first_then_reports_and_appeals_by_age_then_first_posts(settings, author, mo, other_mo, topic, reporter):
    settings.FIRST_POSTS_WAIT = 2
    waiting = posting.reply(topic, by=UserFactory(), body="Hello.")
    Post.objects.filter(pk=waiting.pk).update(held_at=timezone.now() - timedelta(hours=3))
    reports.report("post", topic.first_post_id, by=reporter, reason="rules")
    moderation.hide(make_topic(by=author).first_post, by=other_mo, reason="Why.")
    appeals.appeal(Decision.objects.get(), by=author, words="Please.")
    reports.report("post", topic.first_post_id, by=UserFactory(), reason="danger")

    assert [item.what for item in queue.items(mo)] == ["report", "report", "appeal", "waiting"]
    assert queue.items(mo)[0].is_first
    assert queue.count(mo) == 4


@pytest.mark.parametrize("who", ["author", "reporter", "their own account"])
def test_who_is_named_in_a_report_is_recused(topic, author, reporter, who):
    named = as_moderator({"author": author, "reporter": reporter}.get(who) or UserFactory())
    if who == "their own account":
        made = reports.report("member", named.pk, by=reporter, reason="harm")
    else:
        made = reports.report("post", topic.first_post_id, by=reporter, reason="harm")

    assert (queue.items(named), queue.count(named)) == ([], 0)
    with pytest.raises(reports.ReportRefused):
        reports.close(made, by=named, outcome="left")


def test_danger_is_told_at_once_whatever_was_chosen_for_mail(author, mo, topic, reporter, run_jobs):
    preferences.choose(by=mo, of_kinds={"mention": "weekly"}, of_places={topic.forum_id: "never"})
    run_jobs()
    mail.outbox.clear()

    reports.report("post", topic.first_post_id, by=reporter, reason="danger")
    run_jobs()

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([mo.email], "Urgent: a report is waiting")
    assert Notice.objects.get(kind="report").waits_for == ""


def test_the_reporter_hears_what_became_of_it_and_the_author_not_of_them(client, author, mo, topic, reporter, run_jobs):
    made = reports.report("post", topic.first_post_id, by=reporter, reason="client", words="Canary words")
    run_jobs()
    mail.outbox.clear()

    reports.close(made, by=mo, outcome="hidden", reason="It names a street.", answer="Well seen.")
    run_jobs()

    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(letters) == {author.email, reporter.email}
    assert "Well seen." in letters[reporter.email]
    assert "It names a street." in letters[author.email]
    assert "Rae" not in letters[author.email]
    assert "Canary" not in letters[author.email]
    client.force_login(reporter)
    assert "Well seen." in client.get(reverse("safety:reported")).content.decode()
    client.force_login(author)
    assert "Well seen." not in client.get(reverse("safety:reported")).content.decode()


def test_decided_reports_are_read_again_but_what_a_group_showed_is_closed(client, author, mo, topic, circle, reporter):
    group, leader, _other = circle
    inside = posting.start_topic(forums.forum_for_group(group), by=author, subject="Hidden", body="Dunmarrow inside.")
    for post, by in [(topic.first_post, reporter), (inside.first_post, leader)]:
        reports.close(reports.report("post", post.pk, by=by, reason="rules"), by=mo, outcome="left")
    client.force_login(mo)

    page = client.get(reverse("safety:decided")).content.decode()

    assert "Lindisquay words." in page
    assert "Dunmarrow" not in page


def test_members_events_and_files_can_be_reported(client, author, mo, circle, reporter):
    group, leader, _other = circle
    event, file = EventFactory(), keep(group, author)
    assert Event.objects.shared_with(reporter).filter(pk=event.pk).exists()
    for person, kind, pk in [
        (reporter, "member", author.pk),
        (reporter, "event", event.pk),
        (leader, "group-file", file.pk),
    ]:
        client.force_login(person)
        sent = client.post(reverse("safety:report", args=[kind, pk]), {"reason": "rules"})
        assert sent.status_code == 302, kind

    client.force_login(mo)
    page = client.get(reverse("safety:queue")).content.decode()

    assert Report.objects.count() == 3
    assert event.title in page
    assert "notes.pdf" in page
    assert group.name not in page
    with pytest.raises(reports.ReportRefused):
        reports.close(Report.objects.get(kind="member"), by=mo, outcome="hidden")
    for made in Report.objects.all():
        reports.close(made, by=mo, outcome="left")


def test_from_outside_nobody_reports_what_they_do_not_see(client, author, circle):
    group, *_leaders = circle
    file = keep(group, author)
    client.force_login(UserFactory())

    assert client.get(reverse("safety:report", args=["group-file", file.pk])).status_code == 404
    hidden = UserFactory(hidden=True)
    assert client.get(reverse("safety:report", args=["member", hidden.pk])).status_code == 404


def test_notes_are_read_by_moderators_alone(client, author, mo, other_mo, topic, reporter):
    reports.report("post", topic.first_post_id, by=reporter, reason="rules")
    client.force_login(mo)
    client.post(reverse("safety:note", args=["post", topic.first_post_id]), {"words": "Dunmarrow note."})
    client.post(reverse("safety:note", args=["member", author.pk]), {"words": "Note on the person."})

    seen = {}
    for name, person in {"moderator": other_mo, "author": author, "reporter": reporter}.items():
        client.force_login(person)
        pages = [reverse("safety:queue"), topic.get_absolute_url(), reverse("members:person", args=[author.pk])]
        seen[name] = any("Dunmarrow note." in client.get(page).content.decode() for page in pages)
    client.force_login(other_mo)

    assert seen == {"moderator": True, "author": False, "reporter": False}
    assert "Note on the person." in client.get(reverse("safety:queue")).content.decode()
    client.force_login(author)
    assert client.post(reverse("safety:note", args=["post", topic.first_post_id]), {"words": "x"}).status_code == 404
    assert Note.objects.count() == 2


def test_a_moderator_reads_no_notes_on_themselves(mo, other_mo):
    notes.write("member", mo.pk, by=other_mo, words="About you.")

    assert notes.about([("member", mo.pk)], reader=mo) == {}
    with pytest.raises(notes.NoteRefused):
        notes.write("member", mo.pk, by=mo, words="About me.")


@pytest.mark.parametrize("count", [1, 20])
def test_the_queue_costs_the_same_with_all_kinds_in_it(
    client, settings, author, mo, other_mo, reporter, django_assert_num_queries, count
):
    settings.FIRST_POSTS_WAIT = 2
    forum = make_forum(audience="members")
    for number in range(count):
        topic = make_topic(forum, by=UserFactory(practitioner=True))
        reports.report("post", topic.first_post_id, by=UserFactory(), reason="rules")
        notes.write("post", topic.first_post_id, by=other_mo, words=f"Note {number}")
        posting.reply(topic, by=UserFactory(), body="Hello.")
        other = make_topic(forum, by=topic.poster)
        moderation.hide(other.first_post, by=other_mo, reason="Why.")
        appeals.appeal(Decision.objects.latest("pk"), by=topic.poster, words="Please.")
    client.force_login(mo)
    client.get(reverse("safety:queue"))

    with django_assert_num_queries(14):
        page = client.get(reverse("safety:queue")).content.decode()

    assert page.count("A first post waits") == count


def test_counting_is_one_question(mo, topic, reporter, django_assert_num_queries):
    reports.report("post", topic.first_post_id, by=reporter, reason="rules")
    assert mo.has_perm("safety.moderate")

    with django_assert_num_queries(1):
        assert queue.count(mo) == 1


@pytest.mark.parametrize("page", ["queue", "decided", "people", "figures"])
def test_the_pages_are_the_moderators_alone(client, mo, page):
    url, seen = reverse(f"safety:{page}"), {}
    for name, person in {"member": UserFactory(), "staff": UserFactory(staff=True), "moderator": mo}.items():
        client.force_login(person)
        seen[name] = client.get(url).status_code
    mo.user_permissions.clear()
    client.force_login(mo)

    assert seen == {"member": 404, "staff": 404, "moderator": 200}
    assert client.get(url).status_code == 404


def test_the_figures_name_nobody_and_say_the_same_in_a_table(client, author, mo, reporter):
    topic = make_topic(make_forum(), by=author, replies=1)
    reports.close(reports.report("post", topic.first_post_id, by=reporter, reason="rules"), by=mo, outcome="left")
    make_topic(make_forum(), by=author)
    client.force_login(mo)

    page = client.get(reverse("safety:figures")).content.decode()

    assert page.count('<svg class="plot__bars"') == page.count("<table") == 4
    assert "under an hour" in page
    assert "100 %" in page
    assert author.display_name not in page


def _close(report_id: int, by_id: int, outcome: str) -> str:
    by = UserFactory._meta.model.objects.get(pk=by_id)
    reports.close(Report.objects.get(pk=report_id), by=by, outcome=outcome)
    return outcome


def test_of_two_moderators_at_once_one_decides(fresh_database):
    topic = make_topic()
    people = [as_moderator(UserFactory(practitioner=True)) for _each in range(2)]
    made = reports.report("post", topic.first_post_id, by=UserFactory(), reason="rules")

    jobs = [(_close, made.pk, people[0].pk, "hidden"), (_close, made.pk, people[1].pk, "left")]
    answers = all_at_once(jobs, refusals=(reports.ReportRefused,))

    made.refresh_from_db()
    assert sorted(answers) == sorted(["ReportRefused", made.outcome])
    assert Post.objects.get(pk=topic.first_post_id).approved == (made.outcome == "left")


def test_the_queue_marks_no_notice_of_another_kind_as_read(client, mo, topic, reporter):
    made = reports.report("post", topic.first_post_id, by=reporter, reason="rules")
    Notice.objects.create(user=mo, kind="appeal", target_id=made.pk)
    client.force_login(mo)

    client.get(reverse("safety:queue"))

    assert [notice.kind for notice in Notice.objects.filter(user=mo, read_at=None)] == ["appeal"]
