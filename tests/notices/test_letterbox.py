import pytest
from django.core.mail import EmailMessage, get_connection, send_mail
from django.urls import reverse

from community.notices.letterbox import newest
from factories.groups import GroupFactory, new_version, put_in
from factories.members import UserFactory


@pytest.fixture
def letterbox(settings, tmp_path):
    settings.LETTERBOX = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.mkdir()
    return settings.EMAIL_FILE_PATH


def test_letters_on_a_developers_machine_are_read_in_the_browser(client, db, letterbox):
    send_mail("Grüße from a chapter", "Follow https://example.org/x <now>", None, ["ada@example.org"])

    listing = client.get(reverse("notices:dev-mail"))
    [file] = letterbox.glob("*.log")
    letter = client.get(reverse("notices:dev-mail-message", args=[file.stem]))

    assert "Grüße from a chapter" in listing.content.decode()
    assert 'href="https://example.org/x"' in letter.content.decode()
    assert "&lt;now&gt;" in letter.content.decode()


def test_an_agreement_is_read_to_its_last_word_whatever_rulers_and_quotes_are_in_it(client, db, letterbox, run_jobs):
    rulers = "\n\n".join(["-" * 70, "-" * 79, "Content of “ours”, über alles.", "=" * 70])
    new_version("consultation", f"We keep “everything” to ourselves.\n\n{rulers}\n\nThe last — word.")
    put_in(GroupFactory(kind="consultation"), UserFactory())
    run_jobs()

    [letter] = [each for each in newest() if "copy" in each.subject]

    assert "We keep “everything” to ourselves." in letter.text
    assert "über alles" in letter.text
    assert "The last — word." in letter.text
    assert letter.text.rstrip().endswith("for as long as you are in the group.")
    page = client.get(reverse("notices:dev-mail-message", args=[letter.name])).content.decode()
    assert "The last — word." in page


def test_of_two_letters_in_one_file_the_first_ends_where_the_second_begins(letterbox):
    letters = [
        EmailMessage("One", "First.", None, ["a@example.org"]),
        EmailMessage("Two", "2.", None, ["b@example.org"]),
    ]
    with get_connection() as connection:
        connection.send_messages(letters)

    [letter] = newest()

    assert (letter.subject, letter.text) == ("One", "First.")


def test_a_letter_that_is_not_there_is_404(client, db, letterbox):
    assert client.get(reverse("notices:dev-mail-message", args=["nothing"])).status_code == 404


def test_elsewhere_there_is_no_letterbox(client, db, settings):
    settings.LETTERBOX = False

    assert client.get(reverse("notices:dev-mail")).status_code == 404
    assert client.get(reverse("notices:dev-mail-message", args=["x"])).status_code == 404
