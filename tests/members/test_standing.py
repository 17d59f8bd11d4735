from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core import mail
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.members import standing
from community.members.models import User
from community.members.standing import StandingRefused
from factories.members import UserFactory


@pytest.fixture
def secretary(db):
    """Staff who may change people, and is no administrator."""
    user = UserFactory(staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_user", content_type__app_label="members"))
    return user


@pytest.fixture
def today():
    return timezone.localdate()


def check(user, *, by, **changes):
    today = timezone.localdate()
    facts = {"on": today, "expires_on": today + timedelta(days=365), "jurisdiction": "Ohio", "number": "E.123"}
    standing.check_licence(user, by=by, **facts | changes)


def test_a_lapsed_member_is_not_a_practitioner(db):
    user = UserFactory(practitioner=True, lapsed=True)

    assert not user.is_practitioner
    assert list(User.objects.practitioners()) == []


def test_admitting_makes_a_member_and_writes_to_them(secretary, run_jobs):
    applicant = UserFactory(applicant=True, confirmed=True, display_name="Ada Lang")

    standing.admit(applicant, by=secretary)
    run_jobs()

    assert applicant.is_member
    assert User.objects.get(pk=applicant.pk).is_member
    [letter] = mail.outbox
    assert letter.to == [applicant.email]
    assert "Hello Ada," in letter.body
    assert "/people/" in letter.body
    assert letter.alternatives[0].mimetype == "text/html"


def test_admitting_is_in_the_log_that_staff_read(secretary):
    applicant = UserFactory(applicant=True, confirmed=True)

    standing.admit(applicant, by=secretary)

    entry = ModelLogEntry.objects.get(action="members.admit")
    assert (entry.user, entry.object_id) == (secretary, str(applicant.pk))


def test_the_letter_of_admission_stays_behind_when_the_membership_has_lapsed_meanwhile(secretary, run_jobs):
    applicant = UserFactory(applicant=True, confirmed=True)

    standing.admit(applicant, by=secretary)
    standing.lapse(applicant, by=secretary)
    run_jobs()

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ({"applicant": True}, "has not confirmed the e-mail address"),
        ({"confirmed": True}, "is no applicant any more"),
        ({"lapsed": True, "confirmed": True}, "is no applicant any more"),
        ({"applicant": True, "confirmed": True, "is_active": False}, "is closed"),
    ],
)
def test_who_cannot_be_admitted(secretary, run_jobs, who, sentence):
    user = UserFactory(**who)

    with pytest.raises(StandingRefused, match=sentence):
        standing.admit(user, by=secretary)
    run_jobs()

    assert User.objects.get(pk=user.pk).standing == user.standing
    assert mail.outbox == []


def test_lapse_and_reinstate_lead_there_and_back(secretary):
    member = UserFactory()

    standing.lapse(member, by=secretary)
    assert not User.objects.get(pk=member.pk).is_member

    standing.reinstate(member, by=secretary)
    assert User.objects.get(pk=member.pk).is_member


@pytest.mark.parametrize(
    ("function", "who"),
    [(standing.lapse, {"applicant": True}), (standing.reinstate, {}), (standing.withdraw_check, {})],
)
def test_what_does_not_fit_is_refused(secretary, function, who):
    with pytest.raises(StandingRefused):
        function(UserFactory(**who), by=secretary)


@pytest.mark.parametrize(
    "function",
    [
        standing.admit,
        standing.lapse,
        standing.reinstate,
        standing.withdraw_check,
        standing.close,
        standing.reopen,
        check,
    ],
)
def test_only_staff_who_may_change_people_decide(db, function):
    user = UserFactory(applicant=True, confirmed=True)

    for actor in (UserFactory(), UserFactory(staff=True), UserFactory(superuser=True, is_active=False)):
        with pytest.raises(StandingRefused, match="may not change"):
            function(user, by=actor)


def test_an_administrator_is_changed_by_administrators_only(secretary):
    administrator = UserFactory(superuser=True)

    with pytest.raises(StandingRefused):
        standing.close(administrator, by=secretary)
    standing.close(administrator, by=UserFactory(superuser=True))

    assert not administrator.is_active


def test_a_checked_licence_makes_a_practitioner(secretary, today):
    member = UserFactory()

    check(member, by=secretary)

    assert member.is_practitioner
    assert list(User.objects.practitioners()) == [member]
    assert (member.licence_checked_on, member.licence_checked_by) == (today, secretary)


def test_a_licence_counts_on_its_last_day_and_not_on_the_next(secretary, today):
    member = UserFactory()

    check(member, by=secretary, on=today - timedelta(days=9), expires_on=today)
    assert member.is_practitioner
    assert User.objects.practitioners().exists()

    check(member, by=secretary, on=today - timedelta(days=9), expires_on=today - timedelta(days=1))
    assert not member.is_practitioner
    assert not User.objects.practitioners().exists()


def test_a_licence_may_be_without_an_end(secretary):
    member = UserFactory()

    check(member, by=secretary, expires_on=None)

    assert member.is_practitioner


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"jurisdiction": "  "}, "needs the jurisdiction"),
        ({"number": ""}, "needs the jurisdiction"),
        ({"on": timezone.localdate() + timedelta(days=2)}, "a day to come"),
        ({"expires_on": timezone.localdate() - timedelta(days=1)}, "had run out"),
    ],
)
def test_a_check_that_cannot_be_is_refused(secretary, changes, sentence):
    member = UserFactory()

    with pytest.raises(StandingRefused, match=sentence):
        check(member, by=secretary, **changes)

    assert not User.objects.get(pk=member.pk).is_practitioner


def test_a_withdrawn_check_leaves_a_member(secretary):
    member = UserFactory()
    check(member, by=secretary)

    standing.withdraw_check(member, by=secretary)

    assert member.is_member
    assert not member.is_practitioner
    assert member.licence_checked_by is None


def test_an_invitation_opens_an_account_and_sends_a_link(secretary, run_jobs, client):
    user = standing.invite("New.Person@Example.org", " Noor Person ", by=secretary)
    run_jobs()

    assert user.is_member
    assert (user.email, user.display_name) == ("new.person@example.org", "Noor Person")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    [letter] = mail.outbox
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    assert client.get("/" + link.split("/", 3)[3], follow=True).status_code == 200


def test_whoever_is_invited_accepts_the_rules_when_choosing_a_password(secretary, run_jobs, client):
    user = standing.invite("new@example.org", "Noor", by=secretary)
    run_jobs()
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    address = page.redirect_chain[-1][0]

    refused = client.post(address, {"password1": "four-quiet-words-here"})
    assert "tick this box" in refused.content.decode()
    client.post(address, {"password1": "four-quiet-words-here", "accept": "on"})

    assert user.acceptances.count() == 2
    assert User.objects.get(pk=user.pk).check_password("four-quiet-words-here")


def test_an_address_that_has_an_account_is_not_invited_whatever_its_case(secretary):
    UserFactory(email="taken@example.org")

    with pytest.raises(StandingRefused, match="has an account"):
        standing.invite("TAKEN@example.org", "Somebody", by=secretary)


def test_only_staff_invite(db):
    with pytest.raises(StandingRefused):
        standing.invite("new@example.org", "Noor", by=UserFactory())


def test_closing_an_account_ends_its_sessions_at_once(secretary, client):
    member = UserFactory(confirmed=True)
    client.post("/accounts/login/", {"login": member.email, "password": "a-long-enough-password"})
    assert client.get("/account/").status_code == 200

    standing.close(member, by=secretary)

    assert client.get("/account/").status_code == 302
    assert not client.session.get("_auth_user_id")


def test_losing_standing_counts_on_the_next_request(secretary, client):
    member = UserFactory()
    client.force_login(member)
    assert client.get("/people/").status_code == 200

    standing.lapse(member, by=secretary)

    assert client.get("/people/").status_code == 404


def test_nobody_closes_their_own_account_from_the_admin(secretary):
    with pytest.raises(StandingRefused, match="Somebody else"):
        standing.close(secretary, by=secretary)


def test_a_reopened_account_has_the_standing_it_had(secretary):
    member = UserFactory(is_active=False)

    standing.reopen(member, by=secretary)

    assert User.objects.get(pk=member.pk).is_member
