import pytest
from django.utils import timezone

from community.groups import membership
from community.groups.models import Group, Membership
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


def test_a_member_joins_a_chapter(db):
    group, member = GroupFactory(), UserFactory()

    membership.join(group, by=member)

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

    with pytest.raises(membership.MembershipRefused, match="members of the association"):
        membership.join(group, by=UserFactory(**{trait: True}))


def test_a_consultation_group_is_not_joined_without_an_invitation(db):
    group = GroupFactory(consultation=True)

    with pytest.raises(membership.MembershipRefused, match="by invitation"):
        membership.join(group, by=UserFactory())


def test_leaving_counts_at_once_and_coming_back_starts_anew(db):
    own = MembershipFactory()
    first_day = own.joined_at

    membership.leave(own.group, by=own.user)
    assert not Group.objects.entered_by(own.user).exists()

    membership.join(own.group, by=own.user)
    own.refresh_from_db()
    assert own.left_at is None
    assert own.joined_at > first_day


def test_the_only_facilitator_stays_while_others_are_there(db):
    own = MembershipFactory(facilitator=True)
    MembershipFactory(group=own.group)

    with pytest.raises(membership.MembershipRefused, match="take over"):
        membership.leave(own.group, by=own.user)


def test_the_last_person_may_close_the_door(db):
    own = MembershipFactory(facilitator=True)

    membership.leave(own.group, by=own.user)

    assert not Membership.objects.current().exists()


def test_an_archived_group_is_not_joined(db):
    group = GroupFactory(archived_at=timezone.now())

    with pytest.raises(membership.MembershipRefused):
        membership.join(group, by=UserFactory())
