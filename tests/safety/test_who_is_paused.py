"""What moderators and members see of pauses and removals in force, and how letters speak to whom they concern."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from community.discussions import forums, posting
from community.safety import queue, reports, sanctions
from community.safety.letters import decision_context, inside_lines
from community.safety.models import Decision
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture
def member(db):
    return UserFactory(display_name="Max Member", practitioner=True)


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


@pytest.mark.parametrize("count", [1, 20])
def test_moderators_find_whom_they_removed(client, mo, django_assert_num_queries, count):
    people = [UserFactory(display_name=f"Pat Paused {number}", practitioner=True) for number in range(count)]
    for person in people:
        sanctions.impose(person, "remove", by=mo, words="Why.")
    client.force_login(mo)
    client.get(reverse("safety:people"))

    with django_assert_num_queries(6):
        page = client.get(reverse("safety:people")).content.decode()

    assert all(reverse("safety:person", args=[person.pk]) in page for person in people)
    assert "It lasts until a moderator lifts it." in page


def test_nobody_stands_there_who_is_back_was_warned_or_reads_it(client, member, mo, other_mo):
    sanctions.impose(UserFactory(display_name="Wanda Warned"), "warn", by=mo, words="Why.")
    sanctions.lift(sanctions.impose(member, "pause", by=mo, words="Why.", until=in_days(3)), by=mo)
    sanctions.impose(other_mo, "pause", by=mo, words="Why.", until=in_days(3))
    client.force_login(other_mo)

    assert "Nobody is paused or removed" in client.get(reverse("safety:people")).content.decode()


def test_decided_reports_lead_to_the_person(client, author, mo, topic):
    reports.close(reports.report("post", topic.first_post_id, by=UserFactory(), reason="rules"), by=mo, outcome="left")
    client.force_login(mo)

    assert reverse("safety:person", args=[author.pk]) in client.get(reverse("safety:decided")).content.decode()


@pytest.mark.parametrize(("kind", "words"), [("warn", "warned you."), ("remove", "removed you.")])
def test_a_letter_says_you(client, member, mo, run_jobs, kind, words):
    sanctions.impose(member, kind, by=mo, words="Enough.")
    run_jobs()
    client.force_login(member)

    [letter] = mail.outbox
    assert f"A moderator {words}" in letter.body
    pages = [reverse("notices:list"), reverse("safety:decisions"), Decision.objects.get().get_absolute_url()]
    assert all(f"A moderator {words[:-1]}" in client.get(page).content.decode() for page in pages)


def test_whom_it_concerns_reads_you_and_those_who_lead_do_not(author, mo, circle):
    group, leader, other = circle
    topic = make_topic(forums.forum_for_group(group), by=author)
    reports.close(
        reports.report("post", topic.first_post_id, by=other, reason="rules"), by=mo, outcome="hidden", reason="Why."
    )
    made = Decision.objects.get()

    [line] = inside_lines(leader, [type("Notice", (), {"pk": 1, "target_id": made.pk})]).values()

    assert "hid a post" in line.what
    assert "A moderator hid your post." in decision_context(author, made.pk)["said"]


def test_what_nobody_had_read_was_not_hidden(settings, mo, topic):
    settings.FIRST_POSTS_WAIT = 2
    newcomer = UserFactory()
    waiting = posting.reply(topic, by=newcomer, body="Hello.")

    queue.decline("post", waiting.pk, by=mo, words="Why.")

    said = decision_context(newcomer, Decision.objects.get().pk)["said"]
    assert "A moderator did not let your post through." in said


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Pacific/Auckland"])
def test_the_day_that_was_chosen_is_the_one_that_is_shown(client, member, mo, run_jobs, zone):
    for person, theirs in [(mo, zone), (member, "Europe/Berlin")]:
        type(person).objects.filter(pk=person.pk).update(time_zone=theirs)
    client.force_login(mo)
    day = (timezone.now() + timedelta(days=5)).date()
    client.post(
        reverse("safety:person", args=[member.pk]), {"kind": "pause", "until": day.isoformat(), "words": "Breathe."}
    )
    words = f"until and including {date_format(day)}"

    seen = {page: client.get(page).content.decode() for page in (reverse("safety:people"), person_url(member))}
    run_jobs()
    client.force_login(member)
    pages = ["portal:today", "members:account", "safety:decisions"]
    seen |= {name: client.get(reverse(name)).content.decode() for name in pages}
    seen["letter"] = mail.outbox[0].body

    assert [name for name, page in seen.items() if words not in page] == []
    assert [name for name, page in seen.items() if "midnight" in page] == []


def test_whoever_can_not_write_reads_that_they_are_paused(client, member, mo):
    forum = make_forum()
    sanctions.impose(member, "pause", by=mo, words="Breathe.", until=in_days(3))
    client.force_login(member)

    answer = client.get(reverse("discussions:new", args=[forum.slug]))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "A moderator has paused you" in page
    assert "until and including" in page
    assert reverse("safety:decisions") in page
    assert "This needs somebody else" not in page


def test_others_read_nothing_of_pauses(client, member):
    client.force_login(member)

    assert "paused" not in client.get(reverse("portal:today")).content.decode()
    assert "paused" not in client.get(reverse("members:account")).content.decode()


def test_hiding_asks_for_a_reason(client, author, mo, topic):
    made = reports.report("post", topic.first_post_id, by=UserFactory(), reason="rules")
    client.force_login(mo)
    close = reverse("safety:close", args=[made.pk])

    answer = client.post(close, {"outcome": "hidden", "reason": " ", "answer": "kept words"})

    assert answer.status_code == 422
    assert "Write a sentence that tells them why." in answer.content.decode()
    assert "kept words" in answer.content.decode()
    made.refresh_from_db()
    assert made.closed_at is None
    assert client.post(close, {"outcome": "left", "reason": ""}).status_code == 302


def test_what_could_identify_a_client_comes_right_after_danger(settings, author, mo, other_mo, topic):
    settings.FIRST_POSTS_WAIT = 2
    posting.reply(topic, by=UserFactory(), body="Hello.")
    for reason in ("rules", "client", "danger", "harm"):
        reports.report("post", topic.first_post_id, by=UserFactory(), reason=reason)

    order = [getattr(item.row, "reason", item.what) for item in queue.items(mo)]

    assert order == ["danger", "client", "rules", "harm", "waiting"]


def test_what_misleads_does_not_stand_beside_a_field(client, member, mo):
    client.force_login(mo)

    for url in (person_url(member), reverse("discussions:search"), reverse("members:people")):
        assert "field__optional" not in client.get(url).content.decode(), url


def person_url(person) -> str:
    return reverse("safety:person", args=[person.pk])
