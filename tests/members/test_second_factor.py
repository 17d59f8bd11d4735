import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import InvalidToken
from django.contrib.auth.models import Permission
from django.core import mail

from community.members.adapters import MFAAdapter
from factories.members import UserFactory

PASSWORD = "a-long-enough-password"


def code(secret: str) -> str:
    """What an authenticator app with this secret shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def member(db):
    return UserFactory(confirmed=True)


@pytest.fixture
def with_app(member):
    """The member with an authenticator app set up; `secret` is what the app knows."""
    member.secret = generate_totp_secret()
    TOTP.activate(member, member.secret)
    return member


def log_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def enter_account(client, user):
    """Log in, and say once more who it is, as the pages of the second factor ask."""
    log_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_an_app_is_set_up_with_its_first_code_and_brings_recovery_codes(
    client, member, run_jobs, django_capture_on_commit_callbacks
):
    enter_account(client, member)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    run_jobs()

    kinds = set(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert {letter.subject for letter in mail.outbox} == {"An authenticator app was set up"}


def test_a_wrong_first_code_sets_nothing_up(client, member):
    enter_account(client, member)
    client.get("/accounts/2fa/totp/activate/")

    page = client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()

    assert "This code doesn&#x27;t work" in page
    assert not Authenticator.objects.exists()


def test_the_second_factor_is_set_up_by_somebody_who_just_gave_the_password(client, member):
    client.force_login(member)

    answer = client.get("/accounts/2fa/totp/activate/")

    assert answer.url.startswith("/accounts/reauthenticate/")


def test_with_an_app_the_password_alone_lets_nobody_in(client, with_app):
    assert log_in(client, with_app).url == "/accounts/2fa/authenticate/"
    assert client.get("/account/").status_code == 302

    answer = client.post("/accounts/2fa/authenticate/", {"code": code(with_app.secret)})

    assert answer.url == "/today/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("typed", ["000000", "", "abc", "\x00", "9" * 400])
def test_a_wrong_code_is_answered_beside_the_field(client, with_app, typed):
    log_in(client, with_app)

    answer = client.post("/accounts/2fa/authenticate/", {"code": typed})

    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
    assert client.get("/account/").status_code == 302


def test_guessing_codes_is_stopped(client, with_app):
    log_in(client, with_app)
    for _attempt in range(10):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    client.post("/accounts/2fa/authenticate/", {"code": code(with_app.secret)})

    assert client.get("/account/").status_code == 302


def test_a_recovery_code_works_once(client, with_app):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    spare = RecoveryCodes.activate(with_app).get_unused_codes()[0]
    log_in(client, with_app)
    assert client.post("/accounts/2fa/authenticate/", {"code": spare}).url == "/today/"
    client.post("/accounts/logout/")

    log_in(client, with_app)
    answer = client.post("/accounts/2fa/authenticate/", {"code": spare})

    assert answer.context["form"].errors["code"]


def test_the_secret_is_not_legible_in_the_database(with_app):
    stored = Authenticator.objects.get(type="totp").data["secret"]

    assert with_app.secret not in stored
    assert MFAAdapter().decrypt(stored) == with_app.secret


def test_a_retired_secret_key_still_reads_what_it_wrote(settings):
    written = MFAAdapter().encrypt("JBSWY3DP")

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    assert MFAAdapter().decrypt(written) == "JBSWY3DP"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(written)


NONSENSE = ["", "{}", "[]", "null", '{"id": 1}', "nonsense", '{"response": {"userHandle": "AA"}}', "\x00", "1" * 5000]


@pytest.mark.parametrize("credential", NONSENSE)
def test_a_passkey_login_with_nonsense_lets_nobody_in(client, member, credential):
    client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})

    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})

    assert answer.status_code in (200, 302)
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_in_place_of_a_passkey_is_not_added(client, member, credential):
    enter_account(client, member)
    client.get("/accounts/2fa/webauthn/add/")

    answer = client.post("/accounts/2fa/webauthn/add/", {"name": "key", "passwordless": "on", "credential": credential})

    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_in_place_of_a_second_factor_lets_nobody_in(client, with_app, credential):
    log_in(client, with_app)

    assert client.post("/accounts/2fa/authenticate/", {"credential": credential}).status_code == 200
    assert client.get("/account/").status_code == 302


@pytest.fixture
def editor(db):
    user = UserFactory(staff=True, confirmed=True)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def test_the_admin_sends_staff_without_a_second_factor_to_set_one_up(client, editor, settings):
    settings.STAFF_SECOND_FACTOR = True
    client.force_login(editor)

    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain == [("/accounts/2fa/", 302)]
    assert "The site admin needs a second factor" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/pages/", "/admin/images/", "/admin/sprite/", "/admin/api/main/pages/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_of_the_admin_is_open_without_a_second_factor(client, editor, settings, address, method):
    settings.STAFF_SECOND_FACTOR = True
    client.force_login(editor)

    assert getattr(client, method)(address).url == "/accounts/2fa/"


def test_recovery_codes_alone_are_no_second_factor(client, editor, settings):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    settings.STAFF_SECOND_FACTOR = True
    RecoveryCodes.activate(editor)
    client.force_login(editor)

    assert client.get("/admin/").url == "/accounts/2fa/"


def test_with_a_second_factor_the_admin_opens(client, editor, settings):
    settings.STAFF_SECOND_FACTOR = True
    TOTP.activate(editor, generate_totp_secret())
    client.force_login(editor)

    assert client.get("/admin/").status_code == 200


def test_the_setting_is_off_where_the_site_is_developed(client, editor):
    client.force_login(editor)

    assert client.get("/admin/").status_code == 200
