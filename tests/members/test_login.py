import re

import pytest
from django.core import mail

from community.members.models import User
from factories.members import UserFactory

PASSWORD = "a-long-enough-password"


@pytest.fixture
def member(db):
    return UserFactory(confirmed=True, email="maren@example.org", display_name="Maren Aldous")


def log_in(client, email, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


@pytest.mark.parametrize("email", ["maren@example.org", "MAREN@Example.ORG", "  maren@example.org "])
def test_members_log_in_with_their_address_in_any_case_and_land_on_today(client, member, email):
    assert log_in(client, email).url == "/today/"


def test_an_applicant_lands_on_the_page_that_says_what_happens_next(client, db):
    applicant = UserFactory(applicant=True, confirmed=True)

    assert log_in(client, applicant.email).url == "/account/welcome/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, member):
    wrong = log_in(client, member.email, "not-this-one-at-all")
    unknown = log_in(client, "nobody@example.org")

    words = "don&#x27;t match an account here"
    assert words in wrong.content.decode()
    assert words in unknown.content.decode()


def test_the_address_stays_in_its_field_after_a_mistake(client, member):
    page = log_in(client, member.email, "not-this-one-at-all").content.decode()

    assert 'value="maren@example.org"' in page
    assert "not-this-one-at-all" not in page


def test_guessing_a_password_is_stopped_after_five_attempts(client, member):
    for _attempt in range(5):
        log_in(client, member.email, "not-this-one-at-all")

    page = log_in(client, member.email).content.decode()

    assert "Too many attempts" in page
    assert client.get("/account/").status_code == 302


def test_the_limit_counts_for_all_processes_together(settings):
    """The limits live in the cache, and outside of tests the cache is in the database that all processes share."""
    from config.settings import base

    assert base.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_a_closed_account_is_told_so_and_stays_out(client, db):
    closed = UserFactory(confirmed=True, is_active=False)

    assert log_in(client, closed.email).url == "/accounts/inactive/"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_login_leads_to_no_other_site(client, member, target):
    assert log_in(client, member.email, next=target).url == "/today/"


def test_the_login_leads_back_to_where_somebody_wanted_to_go(client, member):
    asked = client.get("/account/profile/")
    assert asked.url == "/accounts/login/?next=/account/profile/"

    assert log_in(client, member.email, next="/account/profile/").url == "/account/profile/"


def test_logging_out_takes_a_post(client, member):
    client.force_login(member)

    client.get("/accounts/logout/")
    assert client.get("/account/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/account/").status_code == 302


def link_in(letter) -> str:
    return re.search(r"https?://[^/\s]+(/accounts/password/\S+)", letter.body)[1]


def test_a_forgotten_password_is_replaced_by_way_of_the_mail(client, member, run_jobs):
    answer = client.post("/accounts/password/reset/", {"email": "MAREN@example.org"})
    assert answer.url == "/accounts/password/reset/done/"
    run_jobs()
    address = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": "quite-another-password", "accept": "on"})
    run_jobs()

    assert log_in(client, member.email, "quite-another-password").url == "/today/"
    assert [letter.subject for letter in mail.outbox] == [
        "A link to choose a new password",
        "Your password has changed",
    ]


def test_a_reset_link_works_once(client, member, run_jobs):
    client.post("/accounts/password/reset/", {"email": member.email})
    run_jobs()
    link = link_in(mail.outbox[0])
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": "quite-another-password", "accept": "on"})

    assert "does not work any more" in client.get(link, follow=True).content.decode()


def test_asking_for_an_unknown_address_looks_the_same_and_says_so_by_mail(client, member, run_jobs):
    known = client.post("/accounts/password/reset/", {"email": member.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    run_jobs()

    assert known.content.decode() == unknown.content.decode()
    assert [letter.subject for letter in mail.outbox] == [
        "A link to choose a new password",
        "There is no account with this address",
    ]


@pytest.mark.parametrize("key", ["1-abc", "zzzzzzzzzzzzzzzz-abc", "0-set-password"])
def test_a_bad_reset_link_is_a_page_that_says_so(client, member, key):
    answer = client.get(f"/accounts/password/reset/key/{key}/")

    assert answer.status_code == 200
    assert "does not work any more" in answer.content.decode()


def test_a_weak_new_password_is_refused_beside_the_field(client, member, run_jobs):
    client.post("/accounts/password/reset/", {"email": member.email})
    run_jobs()
    address = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]

    page = client.post(address, {"password1": "maren aldous", "accept": "on"})

    assert "too similar" in str(page.context["form"].errors["password1"])


def test_changing_the_password_ends_all_other_sessions(client, member, django_user_model):
    from django.test import Client

    elsewhere = Client()
    log_in(elsewhere, member.email)
    log_in(client, member.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "quite-another-password"})

    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_the_list_of_sessions_ends_the_others(client, member):
    from django.test import Client

    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    log_in(elsewhere, member.email)
    elsewhere.get("/account/")
    log_in(client, member.email)
    client.get("/account/")

    assert "Firefox on Windows" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")

    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_new_address_counts_once_it_is_confirmed(client, member, run_jobs):
    log_in(client, member.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert User.objects.get().email == "maren@example.org"
    run_jobs()
    link = re.search(r"https?://[^/\s]+(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    client.post(link)
    run_jobs()

    assert User.objects.get().email == "new@example.org"
    assert mail.outbox[-1].subject == "Your e-mail address has changed"
    assert mail.outbox[-1].to == ["maren@example.org"]


def test_an_address_that_is_somebody_elses_login_is_not_taken_over(client, member, run_jobs):
    """The other account came from outside allauth (createsuperuser), which keeps no row for its address."""
    log_in(client, member.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "boss@example.org"})
    run_jobs()
    link = re.search(r"https?://[^/\s]+(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    UserFactory(email="boss@example.org", superuser=True)

    client.post(link)

    assert set(User.objects.values_list("email", flat=True)) == {"maren@example.org", "boss@example.org"}
