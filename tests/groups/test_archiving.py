import pytest
from django.urls import reverse

from community.groups import archiving, membership
from community.groups.models import Group
from community.groups.refusals import GroupRefused
from core.models import AuditEntry
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def leader(db):
    return MembershipFactory(group__consultation=True, facilitator=True)


def test_an_archived_group_is_there_for_its_people_and_for_nobody_else(leader):
    outsider = UserFactory()

    archiving.archive(leader.group, by=leader.user)

    assert leader.group in Group.objects.read_by(leader.user)
    assert leader.group in Group.objects.visible_to(leader.user)
    assert leader.group not in Group.objects.visible_to(outsider)


def test_nobody_joins_it_until_it_is_open_again(db):
    leader, person = MembershipFactory(facilitator=True), UserFactory()
    archiving.archive(leader.group, by=leader.user)

    with pytest.raises(GroupRefused, match="archived"):
        membership.join(leader.group, by=person)
    archiving.reopen(leader.group, by=leader.user)

    assert membership.join(leader.group, by=person)


def test_a_second_time_changes_nothing(leader):
    for change in (archiving.archive, archiving.archive, archiving.reopen, archiving.reopen):
        change(leader.group, by=leader.user)

    actions = AuditEntry.objects.filter(target_id=leader.group.pk, target_kind="groups.group").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["group.archived", "group.reopened"]


@pytest.mark.parametrize("change", [archiving.archive, archiving.reopen])
@pytest.mark.parametrize("who", ["member", "unsigned", "outsider", "superuser"])
def test_only_those_who_lead_it_may(db, change, who):
    group = GroupFactory(hidden=True)
    person = UserFactory(superuser=who == "superuser")
    if who in ("member", "unsigned"):
        MembershipFactory(group=group, user=person, unsigned=who == "unsigned", facilitator=who == "unsigned")

    with pytest.raises(GroupRefused, match="facilitators"):
        change(group, by=person)


def test_other_rooms_hear_of_it_in_the_same_transaction(leader, monkeypatch):
    heard = []
    monkeypatch.setattr(archiving, "_endings", [lambda group, by: heard.append((group, by))])

    archiving.archive(leader.group, by=leader.user)
    archiving.archive(leader.group, by=leader.user)

    assert heard == [(leader.group, leader.user)]


@pytest.mark.parametrize(
    ("who", "status"), [("facilitator", 200), ("member", 404), ("unsigned", 404), ("outsider", 404), ("superuser", 404)]
)
def test_who_reaches_the_page(client, leader, who, status):
    person = leader.user if who == "facilitator" else UserFactory(superuser=who == "superuser")
    if who in ("member", "unsigned"):
        MembershipFactory(group=leader.group, user=person, unsigned=who == "unsigned")
    client.force_login(person)
    url = reverse("groups:archive", args=[leader.group.slug])

    assert client.get(url).status_code == status
    assert client.post(url).status_code == (302 if status == 200 else 404)


def test_a_facilitator_archives_and_reopens_through_the_page(client, leader):
    client.force_login(leader.user)
    url = reverse("groups:archive", args=[leader.group.slug])

    archived = client.post(url, follow=True).content.decode()
    again = client.get(url).content.decode()
    reopened = client.post(url, {"action": "reopen"}, follow=True).content.decode()

    assert "This group was archived on" in archived
    assert "Set up a meeting" not in archived
    assert "Open the group again?" in again
    assert "is open again" in reopened
    assert Group.objects.get(pk=leader.group.pk).archived_at is None
