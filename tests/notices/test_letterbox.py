import pytest
from django.core.mail import send_mail
from django.urls import reverse


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


def test_a_letter_that_is_not_there_is_404(client, db, letterbox):
    assert client.get(reverse("notices:dev-mail-message", args=["nothing"])).status_code == 404


def test_elsewhere_there_is_no_letterbox(client, db, settings):
    settings.LETTERBOX = False

    assert client.get(reverse("notices:dev-mail")).status_code == 404
    assert client.get(reverse("notices:dev-mail-message", args=["x"])).status_code == 404
