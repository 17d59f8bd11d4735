"""Breaking the glass: two of the staff, a reason, a day, and the group is told."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group as StaffGroup
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from community.discussions import forums
from community.groups import emergency
from community.groups.models import EmergencyAccess, Group
from community.groups.permissions import glass_breakers, may_break_glass
from community.groups.refusals import GroupRefused
from community.members.models import User
from core import audit
from core.models import AuditEntry
from factories.discussions import make_topic
from factories.groups import MembershipFactory, glass_breaker
from factories.members import UserFactory

REASON = "A member writes of harm that somebody may come to."


def readers(group) -> set[str]:
    return {user.display_name for user in User.objects.all() if group in Group.objects.read_by(user)}


def later(access: EmergencyAccess, **moved) -> None:
    """The same access as it is some time later."""
    row = EmergencyAccess.objects.get(pk=access.pk)
    for name, by in moved.items():
        setattr(row, name, getattr(row, name) - by)
    row.save()


# Who may ------------------------------------------------------------------------------------------------------------

PEOPLE = {
    "member": (lambda: UserFactory(), False),
    "editor": (lambda: in_role("Editors"), False),
    "moderator": (lambda: in_role("Moderators"), False),
    "membership": (lambda: glass_breaker(), True),
    "superuser": (lambda: UserFactory(superuser=True), True),
    "lapsed staff": (lambda: glass_breaker(lapsed=True), False),
    "closed account": (lambda: glass_breaker(is_active=False), False),
    "with the permission, not on the staff": (lambda: permitted(), False),
    "on the staff, with the permission": (lambda: permitted(is_staff=True), True),
}


def in_role(name: str) -> User:
    user = UserFactory(staff=True)
    user.groups.add(StaffGroup.objects.get(name=name))
    return user


def permitted(**fields) -> User:
    user = UserFactory(**fields)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["break_glass", "access_admin"]))
    return user


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_ask_and_grant(group, asker, who):
    make, may = PEOPLE[who]
    person = make()
    UserFactory(superuser=True)

    assert may_break_glass(person) == may
    assert glass_breakers().filter(pk=person.pk).exists() == may
    if may:
        emergency.ask(group, by=person, reason=REASON)
        emergency.grant(emergency.ask(group, by=asker, reason=REASON), by=person)
    else:
        with pytest.raises(GroupRefused, match="may not"):
            emergency.ask(group, by=person, reason=REASON)
        with pytest.raises(GroupRefused, match="may not"):
            emergency.grant(emergency.ask(group, by=asker, reason=REASON), by=person)


def test_nobody_is_counted_twice_who_has_the_permission_twice(db, asker):
    asker.user_permissions.add(Permission.objects.get(codename="break_glass"))

    assert glass_breakers().filter(pk=asker.pk).count() == 1
    assert not emergency.are_enough()


def test_a_site_with_one_administrator_cannot(group):
    alone = UserFactory(superuser=True)

    with pytest.raises(GroupRefused, match="takes two people"):
        emergency.ask(group, by=alone, reason=REASON)


def test_nobody_grants_what_they_asked_for(waiting, asker):
    with pytest.raises(GroupRefused, match="Somebody else"):
        emergency.grant(waiting, by=asker)


@pytest.mark.parametrize("unsigned", [False, True])
def test_who_belongs_to_the_group_neither_asks_nor_grants(group, waiting, granter, unsigned):
    MembershipFactory(group=group, user=granter, unsigned=unsigned)

    with pytest.raises(GroupRefused, match="belong to this group"):
        emergency.ask(group, by=granter, reason=REASON)
    with pytest.raises(GroupRefused, match="belong to this group"):
        emergency.grant(waiting, by=granter)
    with pytest.raises(GroupRefused, match="belong to this group"):
        emergency.decline(waiting, by=granter)


def test_there_is_no_access_without_a_reason(group, asker, granter):
    with pytest.raises(GroupRefused, match="reason"):
        emergency.ask(group, by=asker, reason="  \n")


# From asking to the end ---------------------------------------------------------------------------------------------


def test_asking_opens_nothing(group, waiting, insider):
    assert readers(group) == {"Ina Insider"}


def test_a_grant_opens_the_group_to_both_for_a_day(group, access, insider):
    assert readers(group) == {"Ina Insider", "Asa Asker", "Gro Granter"}
    assert access.expires_at - access.granted_at == timedelta(hours=24)

    later(access, granted_at=timedelta(hours=24), expires_at=timedelta(hours=24))

    assert readers(group) == {"Ina Insider"}


def test_the_database_wants_two_people(waiting, asker):
    waiting.granted_by, waiting.granted_at, waiting.expires_at = asker, timezone.now(), timezone.now()
    with pytest.raises(IntegrityError, match="two_people_break_the_glass"):
        waiting.save()


def test_a_request_that_nobody_grants_falls_away(group, waiting, asker, granter):
    later(waiting, asked_at=timedelta(days=3))

    with pytest.raises(GroupRefused, match="fallen away"):
        emergency.grant(waiting, by=granter)
    again = emergency.ask(group, by=asker, reason="Once more.")
    assert list(EmergencyAccess.objects.waiting()) == [again]


def test_asking_twice_is_one_request(group, waiting, asker):
    with pytest.raises(GroupRefused, match="asked for this already"):
        emergency.ask(group, by=asker, reason=REASON)


def test_who_reads_already_does_not_ask(group, access, granter):
    with pytest.raises(GroupRefused, match="read this group already"):
        emergency.ask(group, by=granter, reason=REASON)


def test_declined_is_declined(waiting, granter, group, asker):
    emergency.decline(waiting, by=granter)

    with pytest.raises(GroupRefused, match="answered already"):
        emergency.grant(waiting, by=granter)
    assert not EmergencyAccess.objects.open().exists()
    assert emergency.ask(group, by=asker, reason=REASON)


def test_ones_own_request_is_taken_back_and_not_declined(waiting, asker, granter):
    with pytest.raises(GroupRefused, match="your own"):
        emergency.decline(waiting, by=asker)
    with pytest.raises(GroupRefused, match="Only the one who asked"):
        emergency.withdraw(waiting, by=granter)

    emergency.withdraw(waiting, by=asker)

    with pytest.raises(GroupRefused, match="answered already"):
        emergency.grant(waiting, by=granter)


@pytest.mark.parametrize("who", ["asker", "granter", "third"])
def test_each_of_the_two_ends_it_for_both_and_so_does_a_third(group, access, asker, granter, insider, who):
    emergency.end(access, by={"asker": asker, "granter": granter, "third": glass_breaker()}[who])
    emergency.end(access, by=asker)

    assert readers(group) == {"Ina Insider"}
    assert AuditEntry.objects.filter(action="group.glass.ended").count() == 1


def test_what_was_not_granted_is_not_ended_and_members_do_not_end_it(waiting, granter, asker, insider):
    with pytest.raises(GroupRefused, match="not granted"):
        emergency.end(waiting, by=granter)
    emergency.grant(waiting, by=granter)
    with pytest.raises(GroupRefused, match="may not"):
        emergency.end(waiting, by=insider)


@pytest.mark.parametrize("whose", ["asker", "granter"])
@pytest.mark.parametrize(
    "lost",
    [
        lambda user: user.groups.clear(),
        lambda user: User.objects.filter(pk=user.pk).update(is_staff=False),
        lambda user: User.objects.filter(pk=user.pk).update(standing="lapsed"),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    ],
    ids=["permission", "staff", "standing", "account"],
)
def test_it_ends_on_the_next_request_when_one_of_the_two_may_not_any_more(
    client, group, access, asker, granter, lost, whose
):
    client.force_login(asker)
    assert client.get(group.get_absolute_url()).status_code == 200

    lost({"asker": asker, "granter": granter}[whose])

    assert client.get(group.get_absolute_url()).status_code in ((404,) if asker.is_active else (404, 302))


def test_a_request_of_somebody_who_may_not_any_more_is_not_granted(waiting, asker, granter):
    asker.groups.clear()

    with pytest.raises(GroupRefused, match="may not do this any more"):
        emergency.grant(waiting, by=granter)


# What is noted and told ---------------------------------------------------------------------------------------------


def test_each_step_is_in_the_audit_trail(access, asker, granter, insider):
    emergency.end(access, by=granter)

    rows = AuditEntry.objects.filter(target_kind="groups.emergencyaccess", target_id=access.pk).order_by("pk")
    assert [(row.action, row.actor_id) for row in rows] == [
        ("group.glass.asked", asker.pk),
        ("group.glass.granted", granter.pk),
        ("group.glass.ended", granter.pk),
    ]


def test_the_trail_names_no_group_and_its_number_only_to_those_who_may(group, access, asker, insider):
    entries = AuditEntry.objects.filter(action="group.glass.granted")
    auditor = UserFactory(staff=True)

    assert [line.thing for line in audit.lines(asker, entries)] == [f"group {group.pk}"]
    assert [(line.actor, line.thing) for line in audit.lines(auditor, entries)] == [("Gro Granter", "a group")]


def test_each_hour_of_reading_is_noted_once(client, group, access, asker, granter, insider):
    topic = make_topic(forums.forum_for_group(group), by=insider)
    for person in (asker, granter, insider):
        client.force_login(person)
        for address in (group.get_absolute_url(), topic.get_absolute_url(), topic.forum.get_absolute_url()) * 2:
            assert client.get(address).status_code == 200

    noted = AuditEntry.objects.filter(action=emergency.READ)
    assert sorted(noted.values_list("actor_id", flat=True)) == sorted([asker.pk, granter.pk])
    assert set(noted.values_list("target_id", flat=True)) == {access.pk}


@pytest.mark.parametrize("page", ["agreement", "post"])
def test_reading_is_noted_where_no_page_of_the_group_is_opened(client, group, access, asker, insider, page):
    topic = make_topic(forums.forum_for_group(group), by=insider)
    client.force_login(asker)

    client.get(
        {"agreement": f"{group.get_absolute_url()}agreement/", "post": topic.first_post.get_absolute_url()}[page]
    )

    assert AuditEntry.objects.filter(action=emergency.READ).count() == 1


def test_the_next_hour_is_noted_anew(client, group, access, asker, monkeypatch):
    client.force_login(asker)
    client.get(group.get_absolute_url())
    hour_later = timezone.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: hour_later)

    client.get(group.get_absolute_url())

    assert AuditEntry.objects.filter(action=emergency.READ).count() == 2


def test_members_who_are_not_staff_cost_no_query_more(group, access, insider, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert emergency.reading(group, insider) is None


def test_the_second_people_get_a_letter_and_those_of_the_group_do_not(group, asker, granter, run_jobs):
    inside, admin = glass_breaker(), UserFactory(superuser=True)
    MembershipFactory(group=group, user=inside)
    emergency.ask(group, by=asker, reason=REASON)

    run_jobs()

    assert {letter.to[0] for letter in mail.outbox} == {granter.email, admin.email}
    for letter in mail.outbox:
        everything = letter.subject + letter.body + letter.alternatives[0].content
        assert "Brackenmoor" not in everything
        assert "hollowgate" not in everything
        assert "harm" not in everything
        assert "Asa Asker" in letter.body


def test_the_letter_to_the_second_people_waits_for_nobody(group, waiting, asker, granter, run_jobs):
    emergency.withdraw(waiting, by=asker)

    run_jobs()

    assert mail.outbox == []


def test_everybody_in_the_group_gets_a_letter_at_the_grant(group, waiting, granter, asker, insider, run_jobs):
    unsigned = MembershipFactory(group=group, unsigned=True).user
    MembershipFactory(group=group, left_at=timezone.now())
    run_jobs()
    mail.outbox.clear()
    emergency.grant(waiting, by=granter)

    run_jobs()

    assert {letter.to[0] for letter in mail.outbox} == {insider.email, unsigned.email, asker.email}
    for letter in mail.outbox:
        everything = letter.subject + letter.body + letter.alternatives[0].content
        assert "Brackenmoor" not in everything
        assert "hollowgate" not in everything
        assert "harm" not in everything
        assert "Gro Granter" in letter.body


def test_the_home_says_who_reads_why_and_until_when_and_afterwards_too(client, group, access, insider, asker):
    client.force_login(insider)
    during = client.get(group.get_absolute_url()).content.decode()
    emergency.end(access, by=asker)
    afterwards = client.get(group.get_absolute_url()).content.decode()

    for page in (during, afterwards):
        assert "Asa Asker" in page
        assert "Gro Granter" in page
        assert REASON in page
        assert f"number for the association: {group.pk}" in page
    assert "staff can read here" in during
    assert "staff can read here" not in afterwards
    assert "1 emergency access so far" in afterwards


def test_a_request_is_told_to_nobody_in_the_group(client, group, waiting, insider):
    client.force_login(insider)

    page = client.get(group.get_absolute_url()).content.decode()

    assert "Asa Asker" not in page
    assert "harm" not in page


@pytest.mark.parametrize("who", PEOPLE)
def test_who_opens_the_page_in_the_admin(client, group, who):
    make, may = PEOPLE[who]
    client.force_login(make())

    response = client.get("/admin/emergency-access/")

    assert (response.status_code == 200) == may
    assert may or response.status_code in (302, 403)
