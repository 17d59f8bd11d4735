from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from community.groups import membership, requests
from community.groups.models import Group, JoinRequest, Membership
from community.groups.refusals import GroupRefused
from community.members import blocks
from core.models import AuditEntry
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def led(db):
    """A consultation group that is joined by request, as its facilitator's membership."""
    return MembershipFactory(facilitator=True, group=GroupFactory(consultation=True, joining="request", name="Quiet"))


def test_who_asks_is_not_in_yet_and_the_facilitators_hear_of_it(led, run_jobs):
    asker = UserFactory()

    requests.ask(led.group, by=asker, words="I work with couples.")
    run_jobs()

    assert not Group.objects.belonged_to(asker).exists()
    [letter] = mail.outbox
    assert letter.to == [led.user.email]
    assert "couples" not in letter.body
    for word in ("Quiet", led.group.slug):
        assert word not in letter.subject + letter.body + letter.alternatives[0].content


def test_the_letter_names_a_learning_community(db, run_jobs):
    led = MembershipFactory(facilitator=True, group=GroupFactory(community=True, joining="request", name="Readers"))

    requests.ask(led.group, by=UserFactory())
    run_jobs()

    assert "“Readers”" in mail.outbox[0].body
    assert "Readers" not in mail.outbox[0].subject


def test_asking_twice_is_one_request(led):
    asker = UserFactory()

    first, second = (requests.ask(led.group, by=asker, words=words) for words in ("a", "b"))

    assert first == second
    assert JoinRequest.objects.get().words == "a"


@pytest.mark.parametrize("group", [{"consultation": True}, {"hidden": True}, {"archived_at": timezone.now()}])
def test_a_group_that_cannot_be_asked_refuses(db, group):
    with pytest.raises(GroupRefused):
        requests.ask(GroupFactory(**group), by=UserFactory())


def test_a_hidden_group_is_not_asked_even_where_it_takes_requests(db):
    with pytest.raises(GroupRefused, match="by invitation"):
        requests.ask(GroupFactory(hidden=True, joining="request"), by=UserFactory())


@pytest.mark.parametrize("trait", ["applicant", "lapsed"])
def test_only_members_of_the_association_ask(led, trait):
    with pytest.raises(GroupRefused):
        requests.ask(led.group, by=UserFactory(**{trait: True}))


def test_an_approved_asker_belongs_and_signs_next(led, run_jobs):
    asker = UserFactory()
    asked = requests.ask(led.group, by=asker)

    requests.approve(asked, by=led.user, answer="Come on Tuesday.")
    run_jobs()

    asked.refresh_from_db()
    assert (asked.outcome, asked.decided_by, asked.answer) == ("approved", led.user, "Come on Tuesday.")
    assert list(Group.objects.belonged_to(asker)) == [led.group]
    assert not Group.objects.entered_by(asker).exists()
    letter = mail.outbox[-1]
    assert letter.to == [asker.email]
    assert "Come on Tuesday." in letter.body
    assert "Quiet" not in letter.subject + letter.body


def test_a_declined_asker_is_told_kindly_and_asks_again_after_a_week(led, run_jobs):
    asker = UserFactory()
    asked = requests.ask(led.group, by=asker)

    requests.decline(asked, by=led.user, answer="We are starting late this year.")
    run_jobs()

    assert "We are starting late this year." in mail.outbox[-1].body
    assert not Membership.objects.filter(user=asker).exists()
    with pytest.raises(GroupRefused, match="wait a week"):
        requests.ask(led.group, by=asker)
    JoinRequest.objects.update(decided_at=timezone.now() - timedelta(days=8))
    assert requests.ask(led.group, by=asker) != asked


@pytest.mark.parametrize("second", [requests.approve, requests.decline])
@pytest.mark.parametrize("first", [requests.approve, requests.decline])
def test_a_request_is_answered_once(led, first, second):
    asked = requests.ask(led.group, by=UserFactory())
    first(asked, by=led.user)

    with pytest.raises(GroupRefused, match="answered already"):
        second(asked, by=led.user)

    assert JoinRequest.objects.get().decided_by == led.user


@pytest.mark.parametrize("answers", [requests.approve, requests.decline])
@pytest.mark.parametrize("who", ["member", "unsigned facilitator", "facilitator elsewhere", "staff", "asker"])
def test_only_facilitators_answer_and_only_from_inside(led, answers, who):
    asker = UserFactory()
    asked = requests.ask(led.group, by=asker)
    people = {
        "member": lambda: MembershipFactory(group=led.group).user,
        "unsigned facilitator": lambda: MembershipFactory(group=led.group, facilitator=True, unsigned=True).user,
        "facilitator elsewhere": lambda: MembershipFactory(facilitator=True).user,
        "staff": lambda: UserFactory(is_staff=True, is_superuser=True),
        "asker": lambda: asker,
    }

    with pytest.raises(GroupRefused, match="facilitators"):
        answers(asked, by=people[who]())

    assert JoinRequest.objects.get().decided_at is None


def test_a_full_group_keeps_the_request_open(led):
    asked = requests.ask(led.group, by=UserFactory())
    MembershipFactory.create_batch(8, group=led.group)

    with pytest.raises(GroupRefused, match="All 9 places are taken"):
        requests.approve(asked, by=led.user)

    assert JoinRequest.objects.get().decided_at is None


def test_somebody_whose_membership_lapsed_meanwhile_is_not_let_in(led):
    asker = UserFactory()
    asked = requests.ask(led.group, by=asker)
    type(asker).objects.filter(pk=asker.pk).update(standing="lapsed")

    with pytest.raises(GroupRefused, match="not a member of the association"):
        requests.approve(asked, by=led.user)


def test_a_request_is_taken_back(led):
    asker = UserFactory()
    asked = requests.ask(led.group, by=asker)

    requests.withdraw(led.group, by=asker)
    requests.withdraw(led.group, by=asker)

    asked.refresh_from_db()
    assert asked.outcome == "withdrawn"
    with pytest.raises(GroupRefused, match="taken back"):
        requests.approve(asked, by=led.user)


def test_asking_and_taking_back_over_and_over_ends_for_the_day(led, run_jobs):
    asker = UserFactory()
    for _ in range(requests.ASKS_A_DAY):
        requests.ask(led.group, by=asker)
        requests.withdraw(led.group, by=asker)

    with pytest.raises(GroupRefused, match="tomorrow"):
        requests.ask(led.group, by=asker)


def test_who_takes_it_back_and_asks_again_is_heard(led, run_jobs):
    asker = UserFactory()
    requests.ask(led.group, by=asker)
    requests.withdraw(led.group, by=asker)
    requests.ask(led.group, by=asker)

    run_jobs()

    assert len(mail.outbox) == 1


def test_a_letter_about_a_request_that_was_taken_back_stays_unsent(led, run_jobs):
    asker = UserFactory()
    requests.ask(led.group, by=asker)
    requests.withdraw(led.group, by=asker)

    run_jobs()

    assert mail.outbox == []


def test_nothing_comes_from_people_one_blocks(led, run_jobs):
    asker = UserFactory()
    blocks.block(asker, by=led.user)
    blocks.block(led.user, by=asker)

    requests.decline(requests.ask(led.group, by=asker), by=led.user)
    run_jobs()

    assert mail.outbox == []


def test_the_answer_stays_unsent_to_one_who_was_let_in_and_left(led, run_jobs):
    asker = UserFactory()
    requests.approve(requests.ask(led.group, by=asker), by=led.user)
    membership.leave(led.group, by=asker)

    run_jobs()

    assert [letter for letter in mail.outbox if letter.to == [asker.email]] == []


def test_being_let_in_another_way_settles_the_request(led):
    asker = UserFactory()
    asked = requests.ask(led.group, by=asker)

    membership.add(led.group, asker)

    asked.refresh_from_db()
    assert asked.outcome == "approved"


def test_the_trail_says_who_and_no_words(led):
    asker = UserFactory()

    requests.decline(requests.ask(led.group, by=asker, words="secret"), by=led.user, answer="secret")
    requests.withdraw(led.group, by=asker)

    rows = AuditEntry.objects.filter(action__startswith="group.request").order_by("pk")
    assert [(row.action, row.actor_id, row.person_id) for row in rows] == [
        ("group.request.made", asker.pk, asker.pk),
        ("group.request.declined", led.user.pk, asker.pk),
    ]
