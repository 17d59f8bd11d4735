import pytest

from community.members.names import tidy
from factories.members import UserFactory


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Maren \t Aldous ", "Maren Aldous"),
        ("Maren\u202e Aldous\u202c", "Maren Aldous"),
        ("Ma\u200bren\x07", "Maren"),
        ("Two\r\nlines", "Two lines"),
        ("Zoë Obrien-Łukasz", "Zoë Obrien-Łukasz"),
        ("\u0645\u06cc\u200c\u0646\u0627", "\u0645\u06cc\u200c\u0646\u0627"),
    ],
)
def test_a_name_keeps_what_is_seen(typed, kept):
    assert tidy(typed) == kept


def test_a_profile_takes_no_invisible_characters(client, db):
    user = UserFactory(display_name="Maren Aldous")
    client.force_login(user)

    client.post(
        "/account/profile/",
        {"display_name": "Tobias\u202e Jensen", "pronouns": "they\u200b/them", "time_zone": user.time_zone},
    )

    user.refresh_from_db()
    assert (user.display_name, user.pronouns) == ("Tobias Jensen", "they/them")


def test_a_name_of_nothing_but_invisible_characters_is_refused(client, db):
    user = UserFactory(display_name="Maren Aldous")
    client.force_login(user)

    client.post("/account/profile/", {"display_name": "\u200b\u202e", "time_zone": user.time_zone})

    user.refresh_from_db()
    assert user.display_name == "Maren Aldous"
