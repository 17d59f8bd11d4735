from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from community.groups import invitations, membership, requests
from community.groups.models import Acceptance, Group, Invitation
from community.groups.refusals import GroupRefused
from community.members import blocks, standing
from core.models import AuditEntry
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def led(db):
    """A hidden consultation group, as its facilitator's membership."""
    return MembershipFactory(
        facilitator=True, group=GroupFactory(hidden=True, name="Quiet hour", purpose="For grief work.")
    )


@pytest.fixture
def chapter(db):
    return MembershipFactory(facilitator=True, group=GroupFactory(name="Lakeside chapter"))


def link(led, uses_allowed=1, days=14):
    return invitations.make_link(led.group, by=led.user, uses_allowed=uses_allowed, days=days)


def address(invitation) -> str:
    return reverse("groups:invitation_link", args=[invitations.token(invitation)])


# By mail ------------------------------------------------------------------------------------------------------------


def test_the_letter_says_who_invites_and_nothing_of_the_group(led, run_jobs):
    invitation = invitations.invite(led.group, by=led.user, email="New@example.org", words="Do come.")
    run_jobs()

    [letter] = mail.outbox
    html = letter.alternatives[0].content
    assert letter.to == ["new@example.org"]
    for text in (letter.body, html):
        assert str(led.user) in text
        assert "Do come." in text
        assert address(invitation) in text
        assert "small group of colleagues" in text
    for word in ("Quiet hour", "grief", led.group.slug):
        assert word not in letter.subject + letter.body + html
    assert str(led.user) not in letter.subject


@pytest.mark.parametrize(("has_account", "days_before"), [(False, 1), (True, 0)])
def test_the_day_is_that_of_the_reader_or_of_who_invites_them(led, run_jobs, has_account, days_before):
    type(led.user).objects.filter(pk=led.user.pk).update(time_zone="America/New_York")
    if has_account:
        UserFactory(email="new@example.org", time_zone="Europe/Lisbon")
    invitations.invite(led.group, by=led.user, email="new@example.org")
    late = datetime.combine(timezone.now().date() + timedelta(days=9), time(3), tzinfo=UTC)
    Invitation.objects.update(expires_at=late)
    run_jobs()

    day = date_format(late.date() - timedelta(days=days_before))
    for text in (mail.outbox[0].body, mail.outbox[0].alternatives[0].content):
        assert f"open until {day}" in text


def test_the_letter_of_a_chapter_names_it(chapter, run_jobs):
    invitations.invite(chapter.group, by=chapter.user, email="new@example.org")
    run_jobs()

    assert "“Lakeside chapter”" in mail.outbox[0].body
    assert "Lakeside" not in mail.outbox[0].subject


@pytest.mark.parametrize(("trait", "is_named"), [({}, True), ({"applicant": True}, False)])
def test_a_learning_community_is_named_to_members_alone(db, run_jobs, trait, is_named):
    led = MembershipFactory(facilitator=True, group=GroupFactory(community=True, name="Readers"))

    invitations.invite(led.group, by=led.user, email=UserFactory(**trait).email)
    run_jobs()

    assert ("Readers" in mail.outbox[0].body) == is_named


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda led, made: invitations.revoke(made, by=led.user),
        lambda led, made: Invitation.objects.update(expires_at=timezone.now()),
        lambda led, made: invitations.accept(made, by=UserFactory()),
        lambda led, made: Group.objects.update(archived_at=timezone.now()),
        lambda led, made: Group.objects.update(edition=7),
        lambda led, made: membership.add(led.group, UserFactory(email="new@example.org")),
        lambda led, made: blocks.block(led.user, by=UserFactory(email="new@example.org")),
        lambda led, made: UserFactory(email="new@example.org", is_active=False),
    ],
    ids=["revoked", "expired", "used", "archived", "maker outside", "is in", "blocked", "closed account"],
)
def test_a_letter_that_is_not_true_any_more_stays_unsent(led, run_jobs, meanwhile):
    made = invitations.invite(led.group, by=led.user, email="new@example.org")
    meanwhile(led, made)

    run_jobs()

    assert [letter for letter in mail.outbox if letter.to == ["new@example.org"]] == []


def test_a_member_with_this_address_finds_the_group_among_theirs(led):
    member, other = UserFactory(), UserFactory()

    invitations.invite(led.group, by=led.user, email=member.email.upper())

    assert list(Group.objects.inviting(member)) == list(Group.objects.visible_to(member)) == [led.group]
    assert not Group.objects.visible_to(other).exists()


def test_inviting_the_same_address_twice_is_refused(led):
    invitations.invite(led.group, by=led.user, email="new@example.org")

    with pytest.raises(GroupRefused, match="open already"):
        invitations.invite_all(led.group, by=led.user, emails=["a@example.org", "NEW@example.org"])

    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("who", ["member", "unsigned facilitator", "facilitator elsewhere", "superuser"])
@pytest.mark.parametrize("what", ["invite", "link", "revoke"])
def test_only_facilitators_invite_and_only_from_inside(led, who, what):
    made = link(led)
    person = {
        "member": lambda: MembershipFactory(group=led.group).user,
        "unsigned facilitator": lambda: MembershipFactory(group=led.group, facilitator=True, unsigned=True).user,
        "facilitator elsewhere": lambda: MembershipFactory(facilitator=True).user,
        "superuser": lambda: UserFactory(is_staff=True, is_superuser=True),
    }[who]()

    with pytest.raises(GroupRefused, match="facilitators"):
        {
            "invite": lambda: invitations.invite(led.group, by=person, email="new@example.org"),
            "link": lambda: invitations.make_link(led.group, by=person, uses_allowed=1, days=1),
            "revoke": lambda: invitations.revoke(made, by=person),
        }[what]()

    assert list(Invitation.objects.open()) == [made]


def test_nobody_is_invited_into_an_archived_group(led):
    Group.objects.update(archived_at=timezone.now())

    for attempt in (lambda: link(led), lambda: invitations.invite(led.group, by=led.user, email="a@example.org")):
        with pytest.raises(GroupRefused, match="archived"):
            attempt()


def test_a_group_has_so_many_open_invitations(led):
    Invitation.objects.bulk_create([Invitation(group=led.group, made_by=led.user) for _ in range(50)])

    with pytest.raises(GroupRefused, match="at most 50 open"):
        link(led)
    Invitation.objects.filter(pk__in=Invitation.objects.values("pk")[:1]).update(revoked_at=timezone.now())
    link(led)


def test_a_person_sends_so_many_letters_a_day(led):
    other = MembershipFactory(facilitator=True, user=led.user)
    emails = [f"{number}@example.org" for number in range(40)]
    invitations.invite_all(led.group, by=led.user, emails=emails[:20])
    invitations.invite_all(other.group, by=led.user, emails=emails[20:])

    with pytest.raises(GroupRefused, match="40 invitations a day"):
        invitations.invite(other.group, by=led.user, email="one@example.org")

    Invitation.objects.update(made_at=timezone.now() - timedelta(days=2))
    invitations.invite(other.group, by=led.user, email="one@example.org")


@pytest.mark.parametrize(("uses", "days"), [(0, 1), (51, 1), (1, 0), (1, 91)])
def test_a_link_has_its_limits(led, uses, days):
    with pytest.raises(GroupRefused, match="1 to 50 people and 1 to 90 days"):
        link(led, uses, days)


# Taking up ----------------------------------------------------------------------------------------------------------


def test_a_member_comes_in_and_has_yet_to_sign(led, run_jobs):
    person, made = UserFactory(), link(led)

    own = invitations.accept(made, by=person)
    run_jobs()

    made.refresh_from_db()
    assert own.signed_edition is None
    assert list(Group.objects.belonged_to(person)) == [led.group]
    assert not Group.objects.entered_by(person).exists()
    assert made.uses == 1
    [letter] = mail.outbox
    assert letter.to == [led.user.email]
    assert "Quiet" not in letter.subject + letter.body
    assert str(person) not in letter.subject + letter.body


def test_who_is_no_member_yet_waits_and_keeps_the_place(led):
    applicant, admin, made = UserFactory(applicant=True, confirmed=True), UserFactory(is_superuser=True), link(led)

    assert invitations.accept(made, by=applicant) is None
    assert invitations.accept(made, by=applicant) is None
    made.refresh_from_db()
    assert made.uses == 1
    assert not Group.objects.visible_to(applicant).exists()
    Invitation.objects.update(expires_at=timezone.now())

    standing.admit(applicant, by=admin)
    assert list(Group.objects.inviting(applicant)) == [led.group]
    assert invitations.accept(made, by=applicant).group == led.group
    assert Acceptance.objects.get().entered_at is not None
    assert not Group.objects.inviting(applicant).exists()


def test_revoking_ends_the_waiting_too(led):
    applicant, made = UserFactory(applicant=True), link(led)
    invitations.accept(made, by=applicant)

    invitations.revoke(made, by=led.user)
    type(applicant).objects.filter(pk=applicant.pk).update(standing="active")
    applicant.refresh_from_db()

    assert not Group.objects.inviting(applicant).exists()
    with pytest.raises(GroupRefused, match="does not work any more"):
        invitations.accept(made, by=applicant)


@pytest.mark.parametrize("end", ["revoked", "expired", "used", "archived"])
def test_an_invitation_that_is_over_lets_nobody_in(led, end):
    made = link(led)
    {
        "revoked": lambda: invitations.revoke(made, by=led.user),
        "expired": lambda: Invitation.objects.update(expires_at=timezone.now()),
        "used": lambda: invitations.accept(made, by=UserFactory()),
        "archived": lambda: Group.objects.update(archived_at=timezone.now()),
    }[end]()
    people = led.group.memberships.count()

    with pytest.raises(GroupRefused):
        invitations.accept(made, by=UserFactory())

    assert led.group.memberships.count() == people


def test_who_is_in_already_uses_nothing_up(led):
    made = link(led)
    invitations.accept(made, by=led.user)

    made.refresh_from_db()
    assert made.uses == 0


def test_a_full_group_uses_nothing_up(led):
    made = link(led)
    MembershipFactory.create_batch(8, group=led.group)

    with pytest.raises(GroupRefused, match="All 9 places"):
        invitations.accept(made, by=UserFactory())

    made.refresh_from_db()
    assert (made.uses, Acceptance.objects.count()) == (0, 0)


def test_who_left_does_not_come_back_by_the_same_link(led):
    person, made = UserFactory(), link(led, 5)
    invitations.accept(made, by=person)
    membership.leave(led.group, by=person)

    with pytest.raises(GroupRefused):
        invitations.accept(made, by=person)


def test_who_was_removed_comes_back_by_a_new_letter_to_them_alone(led):
    own = MembershipFactory(group=led.group)
    person = own.user
    old_letter = Invitation.objects.create(group=led.group, email=person.email, made_by=led.user)
    membership.remove(own, by=led.user, reason="They asked us to.")
    strangers_letter = invitations.invite(led.group, by=led.user, email="other@example.org")

    assert not Group.objects.visible_to(person).exists()
    for made in (old_letter, strangers_letter, link(led, 5)):
        with pytest.raises(GroupRefused):
            invitations.accept(made, by=person)
    letter = invitations.invite(led.group, by=led.user, email=person.email)
    assert invitations.accept(letter, by=person).left_at is None


def test_who_was_removed_does_not_come_back_by_an_older_letter_to_another_address_of_theirs(led):
    own = MembershipFactory(group=led.group)
    person = own.user
    letter = invitations.invite(led.group, by=led.user, email="home@example.org")
    membership.remove(own, by=led.user, reason="They asked us to.")

    person.email = "home@example.org"
    person.save()

    assert not Group.objects.visible_to(person).exists()
    assert not Invitation.objects.offered_to(person).exists()
    with pytest.raises(GroupRefused):
        invitations.accept(letter, by=person)


def test_a_link_ends_with_the_membership_of_its_maker_and_those_who_wait_keep_their_place(led):
    maker, waiting = MembershipFactory(group=led.group, facilitator=True).user, UserFactory(applicant=True)
    made = invitations.make_link(led.group, by=maker, uses_allowed=5, days=14)
    invitations.accept(made, by=waiting)

    membership.leave(led.group, by=maker)

    with pytest.raises(GroupRefused):
        invitations.accept(made, by=UserFactory())
    type(waiting).objects.filter(pk=waiting.pk).update(standing="active")
    waiting.refresh_from_db()
    assert invitations.accept(made, by=waiting).left_at is None


def test_a_letter_is_over_for_one_who_came_in_another_way(db):
    led = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True, joining="request"))
    person = UserFactory()
    asked = requests.ask(led.group, by=person)
    letter = invitations.invite(led.group, by=led.user, email=person.email)

    requests.approve(asked, by=led.user)

    assert not Invitation.objects.open().filter(pk=letter.pk).exists()


def test_an_invitation_settles_an_open_request(db):
    led = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True, joining="request"))
    person = UserFactory()
    asked = requests.ask(led.group, by=person)

    invitations.accept(link(led), by=person)

    asked.refresh_from_db()
    assert asked.outcome == "approved"


def test_the_database_itself_counts_the_uses(led):
    made = link(led)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=made.pk).update(uses=2)


def test_the_trail_holds_no_address(led):
    person = UserFactory()

    letter = invitations.invite(led.group, by=led.user, email=person.email)
    invitations.accept(letter, by=person)
    invitations.revoke(link(led), by=led.user)

    rows = AuditEntry.objects.order_by("pk").values_list("action", "person_id")
    assert list(rows) == [
        ("group.invitation.made", None),
        ("group.invitation.accepted", person.pk),
        ("group.member.joined", person.pk),
        ("group.invitation.made", None),
        ("group.invitation.revoked", None),
    ]
