from datetime import UTC, datetime

import pytest
from django.core import mail

from community.groups import agreements, archiving, membership, requests
from community.groups.models import JoinRequest, Signature
from community.members.models import User
from factories.groups import GroupFactory, MembershipFactory, new_version, put_in, sign
from factories.members import UserFactory


def letters_to(person) -> list:
    return [letter for letter in mail.outbox if letter.to == [person.email]]


def test_the_signer_gets_a_copy_with_every_word_and_no_name_of_the_group(circle, run_jobs):
    group, _leader, member = circle
    run_jobs()

    [letter] = letters_to(member)
    assert group.name not in letter.subject + letter.body + letter.alternatives[0].content
    assert agreements.text_for(group).words in letter.body
    assert Signature.objects.get(user=member).text_hash in letter.body


@pytest.mark.parametrize("kind", ["chapter", "community"])
def test_a_letter_about_a_group_that_members_may_know_names_it(db, run_jobs, kind):
    group, member = GroupFactory(kind=kind, name="Lakeside"), UserFactory()
    put_in(group, member)
    run_jobs()

    [letter] = letters_to(member)
    assert "Lakeside" in letter.body
    assert "Lakeside" not in letter.subject


@pytest.mark.parametrize("is_removed", [True, False])
@pytest.mark.parametrize(("kind", "named"), [("community", "“Lakeside”"), ("consultation", "a consultation group")])
def test_who_is_refused_or_removed_reads_which_group_it_is_about(db, run_jobs, kind, named, is_removed):
    led = MembershipFactory(facilitator=True, group=GroupFactory(kind=kind, name="Lakeside", joining="request"))
    member = UserFactory()
    if is_removed:
        own = MembershipFactory(group=led.group, user=member, joined_at=datetime(2026, 5, 3, 16, tzinfo=UTC))
        membership.remove(own, by=led.user, reason="We ended.")
    else:
        asked = requests.ask(led.group, by=member)
        JoinRequest.objects.update(made_at=datetime(2026, 5, 3, 16, tzinfo=UTC))
        requests.decline(asked, by=led.user)
    run_jobs()

    [letter] = letters_to(member)
    for part in (letter.body, letter.alternatives[0].content):
        assert named in part
        assert ("May 3, 2026" in part) == (kind == "consultation")
        assert ("Lakeside" in part) == (kind == "community")


def test_no_copy_goes_to_somebody_who_has_left_before_it_went(circle, run_jobs):
    group, _leader, member = circle
    membership.leave(group, by=member)
    run_jobs()

    assert letters_to(member) == []


@pytest.mark.parametrize("change", ["version", "addition"])
def test_those_who_have_to_sign_anew_are_told_once_and_the_writer_is_not(circle, run_jobs, change):
    group, leader, member = circle
    run_jobs()
    mail.outbox.clear()
    if change == "version":
        new_version("consultation")
    else:
        agreements.write_addition(group, by=leader, body="Secret canary words")
    run_jobs()

    [letter] = letters_to(member)
    everything = letter.subject + letter.body + letter.alternatives[0].content
    assert group.name not in everything
    assert group.slug not in everything
    assert "canary" not in everything
    own = [letter for letter in letters_to(leader) if "copy" not in letter.subject]
    assert len(own) == (1 if change == "version" else 0)


@pytest.mark.parametrize("change", ["version", "addition"])
@pytest.mark.parametrize("meanwhile", ["signed", "left", "archived", "newer", "lapsed"])
def test_such_a_letter_is_withheld_once_it_is_not_true_any_more(circle, run_jobs, change, meanwhile):
    group, leader, member = circle
    run_jobs()
    if change == "version":
        new_version("consultation")
        sign(group, leader)
    else:
        agreements.write_addition(group, by=leader, body="We begin on time.")
    run = {
        "signed": lambda: sign(group, member),
        "left": lambda: membership.leave(group, by=member),
        "archived": lambda: archiving.archive(group, by=leader),
        "newer": lambda: new_version("consultation", "Newer words"),
        "lapsed": lambda: User.objects.filter(pk=member.pk).update(standing="lapsed"),
    }
    run[meanwhile]()
    mail.outbox.clear()
    run_jobs()

    told = [letter for letter in letters_to(member) if "copy" not in letter.subject]
    assert len(told) == {("newer", "version"): 1, ("newer", "addition"): 2}.get((meanwhile, change), 0)


def test_who_is_removed_reads_the_reason_and_who_is_back_does_not(circle, run_jobs):
    group, leader, member = circle
    run_jobs()
    mail.outbox.clear()
    membership.remove(group.memberships.get(user=member), by=leader, reason="Three meetings without a word.")
    run_jobs()

    [letter] = letters_to(member)
    assert "Three meetings without a word." in letter.body
    assert group.name not in letter.subject + letter.body


def test_a_reason_is_withheld_from_somebody_who_is_in_again(circle, run_jobs):
    group, leader, member = circle
    run_jobs()
    mail.outbox.clear()
    membership.remove(group.memberships.get(user=member), by=leader, reason="A mistake.")
    membership.add(group, member)
    run_jobs()

    assert letters_to(member) == []
