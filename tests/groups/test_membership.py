import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.groups import agreements, membership
from community.groups.models import Group, Membership
from community.groups.refusals import GroupRefused
from core.models import AuditEntry
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory


def sign(group, person) -> None:
    agreements.sign(group, by=person, edition=agreements.text_for(group).edition)


# Joining ------------------------------------------------------------------------------------------------------------


def test_a_member_joins_a_chapter_and_is_inside_once_they_have_signed(db):
    group, member = GroupFactory(), UserFactory()

    membership.join(group, by=member)
    assert list(Group.objects.belonged_to(member)) == [group]
    assert not Group.objects.entered_by(member).exists()

    sign(group, member)
    assert list(Group.objects.entered_by(member)) == [group]


def test_joining_twice_changes_nothing(db):
    own = MembershipFactory(facilitator=True)

    membership.join(own.group, by=own.user)

    own.refresh_from_db()
    assert own.role == "facilitator"
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("trait", ["applicant", "lapsed"])
def test_somebody_who_is_no_member_does_not_join(db, trait):
    group = GroupFactory()

    with pytest.raises(GroupRefused, match="once your membership is confirmed"):
        membership.join(group, by=UserFactory(**{trait: True}))


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        ({"consultation": True}, "by invitation"),
        ({"consultation": True, "joining": "request"}, "ask to join"),
        ({"community": True, "joining": "request"}, "ask to join"),
        ({"archived_at": timezone.now()}, "archived"),
    ],
)
def test_a_group_that_is_not_open_is_not_joined(db, group, sentence):
    with pytest.raises(GroupRefused, match=sentence):
        membership.join(GroupFactory(**group), by=UserFactory())


def test_a_full_group_is_not_joined(db):
    group = GroupFactory(community=True, size_limit=3)
    put_in(group, *UserFactory.create_batch(3))

    with pytest.raises(GroupRefused, match="All 3 places are taken"):
        membership.join(group, by=UserFactory())


def test_the_database_itself_counts_the_places(db):
    group = GroupFactory(community=True, size_limit=3)
    MembershipFactory.create_batch(3, group=group)

    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(group=group)


# Leaving and being removed ------------------------------------------------------------------------------------------


def test_leaving_counts_at_once_and_coming_back_starts_anew(db):
    own = MembershipFactory()
    first_day = own.joined_at

    membership.leave(own.group, by=own.user)
    assert not Group.objects.belonged_to(own.user).exists()

    membership.join(own.group, by=own.user)
    own.refresh_from_db()
    assert (own.left_at, own.ending, own.signed_edition) == (None, "", None)
    assert own.joined_at > first_day


def test_leaving_twice_changes_nothing(db):
    own = MembershipFactory()

    membership.leave(own.group, by=own.user)
    membership.leave(own.group, by=own.user)

    assert AuditEntry.objects.filter(action="group.member.left").count() == 1


def test_leaving_frees_the_place(db):
    group = GroupFactory(community=True, size_limit=3)
    put_in(group, *(people := UserFactory.create_batch(3)))

    membership.leave(group, by=people[0])

    assert membership.join(group, by=UserFactory()).left_at is None


def test_the_only_facilitator_stays_while_others_are_there(db):
    own = MembershipFactory(facilitator=True)
    MembershipFactory(group=own.group)

    assert membership.must_hand_over(own.group, own.user)
    with pytest.raises(GroupRefused, match="Hand over before you leave"):
        membership.leave(own.group, by=own.user)


def test_the_last_person_may_close_the_door(db):
    own = MembershipFactory(facilitator=True)

    membership.leave(own.group, by=own.user)

    assert not Membership.objects.current().exists()


def test_an_archived_group_is_left(db):
    own = MembershipFactory(group__archived_at=timezone.now())

    membership.leave(own.group, by=own.user)

    assert not Group.objects.belonged_to(own.user).exists()


def test_a_removal_is_told_to_them_with_the_reason_and_to_nobody_else(db, run_jobs):
    led = MembershipFactory(facilitator=True)
    own = MembershipFactory(group=led.group)

    membership.remove(own, by=led.user, reason=" They asked us to. ")
    run_jobs()

    own.refresh_from_db()
    assert (own.ending, own.reason, own.signed_edition) == ("removed", "They asked us to.", None)
    assert not Group.objects.read_by(own.user).exists()
    [letter] = mail.outbox
    assert letter.to == [own.user.email]
    assert "They asked us to." in letter.body
    [row] = AuditEntry.objects.all()
    assert (row.action, row.actor_id, row.person_id) == ("group.member.removed", led.user.pk, own.user.pk)


def test_who_was_removed_asks_before_they_come_back_even_into_an_open_group(db):
    led = MembershipFactory(facilitator=True)
    own = MembershipFactory(group=led.group)
    membership.remove(own, by=led.user, reason="No.")

    with pytest.raises(GroupRefused, match="You can ask to join"):
        membership.join(led.group, by=own.user)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("member", "Only its facilitators"),
        ("unsigned", "Only its facilitators"),
        ("elsewhere", "Only its facilitators"),
    ],
)
def test_only_those_who_lead_from_inside_remove(db, who, sentence):
    own = MembershipFactory()
    person = {
        "member": lambda: MembershipFactory(group=own.group).user,
        "unsigned": lambda: MembershipFactory(group=own.group, facilitator=True, unsigned=True).user,
        "elsewhere": lambda: MembershipFactory(facilitator=True).user,
    }[who]()

    with pytest.raises(GroupRefused, match=sentence):
        membership.remove(own, by=person, reason="x")


def test_a_facilitator_is_not_removed_by_another_and_nobody_without_a_reason(db):
    led = MembershipFactory(facilitator=True)
    other, own = MembershipFactory(group=led.group, facilitator=True), MembershipFactory(group=led.group)

    with pytest.raises(GroupRefused, match="steps down first"):
        membership.remove(other, by=led.user, reason="x")
    with pytest.raises(GroupRefused, match="give a reason"):
        membership.remove(own, by=led.user, reason="  ")
    membership.leave(own.group, by=own.user)
    with pytest.raises(GroupRefused, match="not in this group any more"):
        membership.remove(own, by=led.user, reason="x")


# Leading ------------------------------------------------------------------------------------------------------------


def test_handing_over_makes_one_and_unmakes_the_other(db):
    led = MembershipFactory(facilitator=True)
    own = MembershipFactory(group=led.group)

    membership.hand_over(led.group, to=own, by=led.user)

    assert list(Group.objects.facilitated_by(own.user)) == [led.group]
    assert not Group.objects.facilitated_by(led.user).exists()
    assert Group.objects.entered_by(led.user).exists()


@pytest.mark.parametrize("to", ["unsigned", "left", "of another group", "themselves"])
def test_a_group_is_handed_over_to_somebody_inside(db, to):
    led = MembershipFactory(facilitator=True)
    own = {
        "unsigned": lambda: MembershipFactory(group=led.group, unsigned=True),
        "left": lambda: MembershipFactory(group=led.group, left_at=timezone.now()),
        "of another group": MembershipFactory,
        "themselves": lambda: led,
    }[to]()

    with pytest.raises(GroupRefused):
        membership.hand_over(led.group, to=own, by=led.user)

    assert list(Membership.objects.filter(role="facilitator")) == [led]


def test_a_member_appoints_nobody(db):
    led = MembershipFactory(facilitator=True)
    own, other = MembershipFactory.create_batch(2, group=led.group)

    for member in (own, other):
        with pytest.raises(GroupRefused, match="Only a facilitator"):
            membership.appoint(member, by=own.user)


def test_the_only_facilitator_does_not_step_down(db):
    led = MembershipFactory(facilitator=True)
    own = MembershipFactory(group=led.group)

    with pytest.raises(GroupRefused, match="Hand over to somebody first"):
        membership.step_down(led.group, by=led.user)

    membership.appoint(own, by=led.user)
    membership.step_down(led.group, by=led.user)
    assert list(Membership.objects.filter(role="facilitator")) == [own]
