"""Whoever is removed is out of all that is not the world's, groups too, from the next request on; and in again when it
is lifted or its time is over, whether the worker is there or late."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.discussions import forums, posting
from community.discussions.models import Topic
from community.groups.models import Group
from community.members import roles, secret_addresses, standing
from community.members.models import User
from community.safety import appeals, decisions, sanctions
from community.safety.models import Decision, Sanction
from core.models import AuditEntry
from events import rsvp
from factories.discussions import make_forum, make_topic
from factories.events import occurrence
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator
from racing import all_at_once


@pytest.fixture
def member(db):
    return UserFactory(display_name="Max Member", practitioner=True)


def in_days(days: float):
    return timezone.now() + timedelta(days=days)


def removed(person, mo, *, until=None):
    return sanctions.impose(person, "remove", by=mo, words="You went too far.", until=until)


def time_passes(made: Sanction, *, minutes: int = 1) -> None:
    """Its end is so long ago."""
    now = timezone.now()
    times = {"made_at": now - timedelta(days=9), "until": now - timedelta(minutes=minutes)}
    Sanction.objects.filter(pk=made.pk).update(**times)


def test_out_of_everything_on_the_next_request(client, member, mo):
    group = GroupFactory(kind="community")
    put_in(group, member)
    inside = posting.start_topic(forums.forum_for_group(group), by=member, subject="Inside", body="B")
    topic, meeting = make_topic(make_forum()), occurrence()
    key = secret_addresses.make("discussions", by=member)
    client.force_login(member)
    pages = [
        topic.get_absolute_url(),
        inside.get_absolute_url(),
        group.get_absolute_url(),
        reverse("groups:people", args=[group.slug]),
        reverse("members:people"),
        reverse("members:addresses"),
        meeting.get_absolute_url(),
        reverse("discussions:my-feed", args=[key]),
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)

    removed(member, mo)

    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    assert client.post(reverse("events:go", args=[meeting.pk])).status_code == 404
    assert not User.objects.members().filter(pk=member.pk).exists()
    assert not User.objects.visible_to(mo).filter(pk=member.pk).exists()
    assert not Group.objects.entered_by(member).exists()
    with pytest.raises(rsvp.RsvpRefused):
        rsvp.rsvp(meeting, by=member)


def test_the_account_the_reason_and_the_appeal_stay(client, member, mo, other_mo, run_jobs):
    removed(member, mo, until=in_days(30))
    run_jobs()
    client.force_login(member)
    [letter] = mail.outbox

    for name in ("members:account", "members:profile", "safety:decisions", "members:waiting", "notices:list"):
        assert client.get(reverse(name)).status_code == 200, name
    assert "You went too far." in letter.body
    assert "and ends by itself" in letter.body
    assert mo.display_name not in letter.body
    made = Decision.objects.get()
    assert "You went too far." in client.get(made.get_absolute_url()).content.decode()
    sent = client.post(made.get_absolute_url(), {"words": "It was a misunderstanding."})

    assert sent.status_code == 302
    appeals.close(made.appeal, by=other_mo, outcome="lifted", words="Right.")
    member.refresh_from_db()
    assert member.is_member
    assert sanctions.in_force(member) is None


def test_the_pages_say_so(client, member, mo):
    removed(member, mo)
    client.force_login(member)

    for name in ("members:account", "portal:today", "members:waiting"):
        page = client.get(reverse(name)).content.decode()
        assert reverse("safety:decisions") in page, name
        assert "application is with" not in page, name


def test_no_letters_but_those_about_it(member, mo, run_jobs):
    topic = make_topic(make_forum(), by=member)
    removed(member, mo)
    run_jobs()
    mail.outbox.clear()

    posting.reply(topic, by=UserFactory(practitioner=True), body="An answer.")
    run_jobs()

    assert [letter for letter in mail.outbox if letter.to == [member.email]] == []


def test_lifted_by_a_moderator(client, member, mo):
    made = removed(member, mo)
    client.force_login(mo)

    page = client.get(reverse("safety:person", args=[member.pk]))
    sent = client.post(reverse("safety:lift", args=[member.pk, made.pk]))

    assert (page.status_code, sent.status_code) == (200, 302)
    member.refresh_from_db()
    assert member.standing == "active"
    assert Topic.objects.visible_to(member).count() == Topic.objects.count()


def test_the_clock_lets_them_in_by_their_own_request_where_the_worker_is_late(client, member, mo):
    topic = make_topic(make_forum())
    made = removed(member, mo, until=in_days(1))
    client.force_login(member)
    assert client.get(topic.get_absolute_url()).status_code == 404

    time_passes(made, minutes=1)

    assert client.get(topic.get_absolute_url()).status_code == 200
    assert User.objects.members().filter(pk=member.pk).exists()
    assert sanctions.end_removals() == 0
    assert AuditEntry.objects.filter(action="safety.member.over", person_id=member.pk).count() == 1


def test_the_worker_lets_in_whose_time_is_over_an_hour_late_and_nobody_else(member, mo):
    still, other = UserFactory(), UserFactory()
    time_passes(removed(member, mo, until=in_days(1)), minutes=61)
    removed(still, mo, until=in_days(1))
    removed(other, mo)

    assert (sanctions.end_removals(), sanctions.end_removals()) == (1, 0)

    left_out = set(User.objects.filter(standing="removed"))
    assert left_out == {still, other}


def test_the_end_of_an_old_removal_ends_no_new_one(client, member, mo, other_mo):
    old = removed(member, mo, until=in_days(1))
    asked = appeals.appeal(Decision.objects.get(), by=member, words="Please.")
    time_passes(old, minutes=61)
    removed(member, mo, until=in_days(5))

    appeals.close(asked, by=other_mo, outcome="lifted", words="The first one was wrong.")

    assert sanctions.end_removals() == 0
    client.force_login(member)
    assert client.get(reverse("members:people")).status_code == 404


def test_a_pause_in_its_place_lets_them_in_to_read(member, mo):
    topic = make_topic(make_forum())
    removed(member, mo)

    sanctions.impose(member, "pause", by=mo, words="Less.", until=in_days(1))

    assert member.is_member
    assert Topic.objects.visible_to(member).filter(pk=topic.pk).exists()
    assert sanctions.is_kept_out(member)


@pytest.mark.parametrize("state", ["applicant", "lapsed"])
def test_who_is_no_member_is_not_removed_and_so_not_let_in_by_it(mo, state):
    person = UserFactory(standing=state)

    with pytest.raises(sanctions.SanctionRefused):
        removed(person, mo)

    person.refresh_from_db()
    assert person.standing == state
    assert not Sanction.objects.exists()


def test_an_administrator_is_not_removed(client, mo):
    admin = UserFactory(superuser=True)
    client.force_login(mo)

    page = client.post(
        reverse("safety:person", args=[admin.pk]), {"kind": "remove", "until": "", "words": "kept words"}
    )

    assert page.status_code == 422
    assert "kept words" in page.content.decode()
    admin.refresh_from_db()
    assert admin.standing == "active"


def test_of_standing_moderators_have_no_other_power(member, mo):
    lapsed = UserFactory(lapsed=True)

    for change in (standing.lapse, standing.close):
        with pytest.raises(standing.StandingRefused):
            change(member, by=mo)
    with pytest.raises(standing.StandingRefused):
        standing.reinstate(lapsed, by=mo)
    standing.readmit(lapsed, by=mo)
    lapsed.refresh_from_db()
    assert lapsed.standing == "lapsed"


@pytest.mark.parametrize("who", ["member", "staff", "themselves"])
def test_who_does_not_moderate_removes_nobody(member, who):
    by = {"member": UserFactory(), "staff": UserFactory(staff=True), "themselves": as_moderator(member)}[who]

    with pytest.raises(sanctions.SanctionRefused):
        removed(member, by)
    member.refresh_from_db()
    assert member.is_member


def test_staff_who_are_removed_have_no_permission_left(client, mo):
    clerk = as_moderator(UserFactory(staff=True))
    assert clerk.has_perm("safety.moderate")

    removed(clerk, mo)

    clerk = User.objects.get(pk=clerk.pk)
    assert not clerk.has_perm("safety.moderate")
    client.force_login(clerk)
    assert client.get("/admin/").status_code in (302, 403)
    assert client.get(reverse("safety:queue")).status_code == 404
    with pytest.raises(roles.RoleRefused):
        roles.set_roles(clerk, by=UserFactory(superuser=True), groups=[], administrator=True)


def test_the_log_of_the_staff_knows(member, mo, other_mo):
    made = removed(member, mo)
    sanctions.lift(made, by=other_mo)

    actions = list(AuditEntry.objects.filter(person_id=member.pk).order_by("pk").values_list("action", flat=True))
    assert actions == ["safety.member.remove", "safety.member.lifted"]
    assert decisions.of_person(member).count() == 2


def test_nothing_more_is_asked_for_people_who_are_not_removed(client, member, django_assert_num_queries):
    client.force_login(member)
    client.get(reverse("members:waiting"))

    with django_assert_num_queries(2):  # session and person
        client.get(reverse("members:waiting"))


def _end(person_id: int) -> bool:
    return bool(sanctions._end_removal(User.objects.get(pk=person_id)))


def _remove_again(person_id: int, mo_id: int) -> str:
    people = User.objects.in_bulk([person_id, mo_id])
    removed(people[person_id], people[mo_id])
    return "removed"


def test_worker_and_request_at_once_let_them_in_once(fresh_database):
    person, mo = UserFactory(), as_moderator(UserFactory())
    time_passes(removed(person, mo, until=in_days(1)))

    answers = all_at_once([(_end, person.pk)] * 6, refusals=())

    assert sorted(answers) == [False] * 5 + [True]
    assert AuditEntry.objects.filter(action="safety.member.over").count() == 1


def test_a_new_removal_at_that_moment_is_not_lost(fresh_database):
    mo = as_moderator(UserFactory())
    for _round in range(5):
        person = UserFactory()
        time_passes(removed(person, mo, until=in_days(1)))

        all_at_once([(_end, person.pk), (_remove_again, person.pk, mo.pk), (_end, person.pk)], refusals=())

        person.refresh_from_db()
        assert person.standing == "removed"
        assert sanctions.in_force(person).until is None


def test_nothing_that_others_read_is_changed_by_who_is_removed(client, member, mo):
    removed(member, mo)
    name = member.display_name
    client.force_login(member)
    address = reverse("members:profile")

    page = client.get(address).content.decode()
    sent = client.post(address, {"display_name": "Something Rude", "time_zone": "UTC"}).content.decode()

    member.refresh_from_db()
    assert member.display_name == name
    assert "what others read of you can" in page
    assert "what others read of you can" in sent
    others = ("members:account", "members:own-data", "notices:preferences", "safety:decisions")
    assert {client.get(reverse(name)).status_code for name in others} == {200}
