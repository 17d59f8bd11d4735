import os
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction

from community.members import policies
from community.members.models import Acceptance, Policy, User
from factories.members import UserFactory

TYPED = {
    "display_name": "Ada Lang",
    "email": "Ada@Example.org",
    "password1": "four-quiet-words-here",
    "accept": "on",
    "time_zone": "America/Chicago",
}


def sign_up(client, **changes):
    return client.post(
        "/accounts/signup/", {key: value for key, value in (TYPED | changes).items() if value is not None}
    )


def link_in(letter) -> str:
    """The path of the link in a letter of the account system."""
    return re.search(r"https?://[^/\s]+(/accounts/\S+)", letter.body)[1]


def test_sign_up_asks_for_four_things(db, client):
    form = client.get("/accounts/signup/").context["form"]

    assert [field.name for field in form.visible_fields()] == ["display_name", "email", "password1", "accept"]


def test_from_sign_up_to_the_page_of_an_applicant(client, run_jobs):
    answer = sign_up(client)
    assert answer.url == "/accounts/confirm-email/"
    run_jobs()
    [letter] = mail.outbox

    page = client.get(link_in(letter))
    assert "Is this address yours?" in page.content.decode()
    answer = client.post(link_in(letter), follow=True)

    user = User.objects.get()
    assert answer.redirect_chain[-1][0] == "/account/welcome/"
    assert "Thank you, Ada" in answer.content.decode()
    assert (user.display_name, user.email, user.time_zone) == ("Ada Lang", "ada@example.org", "America/Chicago")
    assert user.standing == "applicant"
    assert EmailAddress.objects.get().verified


def test_the_letter_has_our_words_as_text_and_html(client, run_jobs):
    sign_up(client)
    run_jobs()

    [letter] = mail.outbox
    assert letter.subject == "Please confirm your address"
    assert letter.body.startswith("Hello Ada,")
    assert "Confirm my address" in letter.alternatives[0].content


def test_an_applicant_sees_what_the_world_sees(client, db):
    client.force_login(UserFactory(applicant=True))

    assert client.get("/people/").status_code == 404


def test_nobody_logs_in_before_the_address_is_confirmed(client, run_jobs):
    sign_up(client)
    client.cookies.clear()

    answer = client.post("/accounts/login/", {"login": "ada@example.org", "password": "four-quiet-words-here"})

    assert answer.url == "/accounts/confirm-email/"
    assert client.get("/account/").status_code == 302


def test_the_current_texts_are_accepted_and_kept_by_version(client, run_jobs):
    newer = policies.publish(Policy.objects.create(kind="community_rules", body="Be kind."))

    sign_up(client)

    accepted = {acceptance.policy for acceptance in Acceptance.objects.filter(user__email="ada@example.org")}
    assert accepted == {newer, Policy.objects.get(kind="privacy_notice")}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"accept": None}, "accept", "tick this box"),
        ({"display_name": ""}, "display_name", "required"),
        ({"display_name": "x" * 81}, "display_name", "at most 80"),
        ({"display_name": "\x00"}, "display_name", "Null"),
        ({"email": "no address"}, "email", "valid email"),
        ({"email": ""}, "email", "required"),
        ({"password1": "password123"}, "password1", "too common"),
        ({"password1": "short"}, "password1", "too short"),
        ({"password1": "19283746501928"}, "password1", "entirely numeric"),
        ({"password1": "ada@example.org"}, "password1", "too similar"),
        ({"display_name": "Adalbert Longname", "password1": "adalbert longname"}, "password1", "too similar"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_the_rest_is_kept(client, db, changes, field, words):
    answer = sign_up(client, **changes)

    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors[field])
    if "email" not in changes:
        assert 'value="Ada@Example.org"' in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "\x00", "x" * 5000, None])
def test_without_a_zone_that_makes_sense_it_is_utc(client, db, zone):
    sign_up(client, time_zone=zone)

    assert User.objects.get().time_zone == "UTC"


def test_somebody_who_has_an_account_is_told_by_mail_and_the_page_says_the_same(client, run_jobs):
    UserFactory(email="ada@example.org", confirmed=True)

    answer = sign_up(client)
    run_jobs()

    assert answer.url == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    [letter] = mail.outbox
    assert letter.subject == "You have an account already"
    assert "/accounts/password/reset/" in letter.body


def test_the_database_keeps_addresses_apart_whatever_their_case(db):
    UserFactory(email="ada@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="ADA@example.org")


def test_two_who_sign_up_with_one_address_at_once_get_one_account(fresh_database):
    """Both pass the check of the form before either has written; the database decides, and nobody sees an error."""
    from django.test import Client

    from community.members.account_forms import SignupForm

    barrier_read, barrier_write = os.pipe()
    children = []
    connection.close()
    for _child in range(4):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                original = SignupForm.try_save

                def wait_then_save(form, request, original=original):
                    os.read(barrier_read, 1)  # until all have validated
                    return original(form, request)

                SignupForm.try_save = wait_then_save
                answer = sign_up(Client())
                status = 0 if (answer.status_code, answer.url) == (302, "/accounts/confirm-email/") else 2
            finally:
                os._exit(status)
        children.append(pid)
    os.close(barrier_read)
    import time

    time.sleep(2)
    os.write(barrier_write, b"gggg")
    statuses = [os.waitpid(pid, 0)[1] for pid in children]

    assert statuses == [0, 0, 0, 0]
    assert User.objects.count() == 1
    assert Acceptance.objects.count() == 2


def test_an_account_without_its_acceptances_is_never_left_behind(client, db, monkeypatch):
    def fail(user):
        raise RuntimeError

    monkeypatch.setattr(policies, "accept_current", fail)

    with pytest.raises(RuntimeError):
        sign_up(client)

    assert not User.objects.exists()


@pytest.mark.parametrize("key", ["abc", "MQ:1abc:xyz", "-", "x" * 500])
def test_a_bad_confirmation_link_is_a_page_that_says_so(client, db, key):
    answer = client.get(f"/accounts/confirm-email/{key}/")

    assert answer.status_code == 200
    assert "does not work any more" in answer.content.decode()


def test_signing_up_again_and_again_is_slowed_down(client, db):
    statuses = [sign_up(client, email=f"a{number}@example.org").status_code for number in range(21)]

    assert statuses[-1] == 429
    assert 429 not in statuses[:20]
