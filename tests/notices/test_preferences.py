import pytest

from community.notices import preferences
from community.notices.models import Preference
from factories.discussions import make_forum
from factories.members import UserFactory

KINDS = ["mention", "quote", "reply", "watch", "helped"]


@pytest.fixture
def member(client, db):
    person = UserFactory()
    client.force_login(person)
    return person


def typed(**changes) -> dict:
    return {f"kind-{name}": "daily" for name in KINDS} | changes


@pytest.mark.parametrize(
    ("of_kind", "of_place", "wanted"),
    [
        (None, None, "now"),
        ("weekly", None, "weekly"),
        (None, "daily", "daily"),
        ("weekly", "now", "now"),
        ("daily", "never", "never"),
        ("never", "now", "never"),
    ],
)
def test_what_is_chosen_for_a_place_counts_there_but_never_is_never(member, of_kind, of_place, wanted):
    if of_kind:
        preferences.choose(by=member, of_kinds={"reply": of_kind})
    if of_place:
        preferences.choose(by=member, of_places={7: of_place})

    assert preferences.frequency(member, "reply", 7) == wanted
    assert preferences.frequency(member, "reply", 8) == (of_kind or "now")
    assert preferences.Chosen(member).frequency("reply", 7) == wanted


def test_the_form_shows_what_holds_and_saves_what_is_chosen(client, member):
    forum = make_forum("Fees and money")

    client.post("/account/mail/", typed(new_place=forum.pk, new_frequency="weekly"))
    page = client.get("/account/mail/").content.decode()
    client.post("/account/mail/", typed(**{f"place-{forum.pk}": "", "kind-reply": "never"}))

    assert '<option value="weekly" selected>' in page
    assert f'name="place-{forum.pk}"' in page
    chosen = preferences.Chosen(member)
    assert chosen.places == {}
    assert chosen.kinds == dict.fromkeys(KINDS, "daily") | {"reply": "never"}


def test_one_choice_for_all(client, member):
    client.post("/account/mail/", typed(everything="weekly"))

    assert preferences.Chosen(member).kinds == dict.fromkeys(KINDS, "weekly")


def test_a_forum_that_one_does_not_see_is_not_offered_nor_taken(client, member):
    hidden = make_forum("For practitioners", audience="practitioners")

    page = client.get("/account/mail/").content.decode()
    answer = client.post("/account/mail/", typed(new_place=hidden.pk, new_frequency="daily"))

    assert "For practitioners" not in page
    assert answer.status_code == 422
    assert not Preference.objects.exists()


@pytest.mark.parametrize("wrong", ["hourly", "", "\0", "x" * 3000])
def test_a_choice_that_there_is_not_is_refused_beside_the_field(client, member, wrong):
    answer = client.post("/account/mail/", typed(**{"kind-reply": wrong}))

    assert answer.status_code == 422
    assert not Preference.objects.exists()


def test_a_visitor_is_asked_to_log_in(client, db):
    for path in ("/account/mail/", "/notices/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")
