"""Who gets into the Wagtail admin, and how they get there."""

import pytest

from factories.members import UserFactory


def test_whoever_is_not_logged_in_goes_to_the_one_login(client, db):
    assert client.get("/admin/users/").url == "/accounts/login/?next=/admin/users/"


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("", "/admin/"),
        ("?next=/admin/pages/", "/admin/pages/"),
        ("?next=https://evil.example/", "/admin/"),
        ("?next=//evil.example/", "/admin/"),
        ("?next=%00", "/admin/"),
    ],
)
def test_the_admins_own_login_leads_to_the_one_login(client, db, asked, target):
    from urllib.parse import parse_qs, urlsplit

    answer = client.get(f"/admin/login/{asked}")

    assert urlsplit(answer.url).path == "/accounts/login/"
    assert parse_qs(urlsplit(answer.url).query)["next"] == [target]


def test_nobody_logs_in_past_the_one_login(client, db):
    admin = UserFactory(superuser=True, confirmed=True)

    client.post("/admin/login/", {"username": admin.email, "password": "a-long-enough-password"})

    assert client.get("/admin/").status_code == 302


def test_administrators_come_back_to_the_admin_after_the_login(client, db):
    admin = UserFactory(superuser=True, confirmed=True)

    answer = client.post(
        "/accounts/login/", {"login": admin.email, "password": "a-long-enough-password", "next": "/admin/users/"}
    )

    assert answer.url == "/admin/users/"


@pytest.mark.parametrize("who", [{}, {"applicant": True}, {"practitioner": True}, {"staff": True}])
def test_somebody_without_a_role_meets_a_closed_door_and_no_endless_round_trip(client, db, who):
    client.force_login(UserFactory(**who))

    assert client.get("/admin/").status_code == 403


@pytest.mark.parametrize("address", ["/admin/password_reset/", "/admin/password_reset/done/"])
def test_the_admins_own_password_reset_is_gone(client, db, address):
    assert client.get(address).status_code == 404


def test_name_address_password_and_picture_are_looked_after_in_one_place(client, db):
    client.force_login(UserFactory(superuser=True))

    page = client.get("/admin/account/").content.decode()

    for field in ("name_email-", "avatar-avatar", "password-new_password1", "locale-current_time_zone"):
        assert field not in page


def test_the_admin_shows_times_in_the_zone_of_the_profile(client, db, settings):
    from django.utils import timezone

    seen = []

    def look(sender, **kwargs):
        seen.append(timezone.get_current_timezone_name())

    from django.test.signals import template_rendered

    client.force_login(UserFactory(superuser=True, time_zone="Asia/Tokyo"))
    template_rendered.connect(look)
    try:
        client.get("/admin/")
    finally:
        template_rendered.disconnect(look)

    assert set(seen) == {"Asia/Tokyo"}
