import pytest

from factories.members import UserFactory

CODECS = ["utf-7", "unicode_escape", "raw_unicode_escape", "utf-16", "latin-1"]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("path", ["/search/?q=%5Cud800", "/people/?q=%5Cx00", "/nowhere/?q=+2AA-"])
def test_an_address_in_another_charset_is_not_read(client, db, codec, path):
    client.force_login(UserFactory())

    assert client.get(path, headers={"content-type": f"text/plain; charset={codec}"}).status_code == 400


@pytest.mark.parametrize("codec", CODECS)
def test_a_form_in_another_charset_is_not_read(client, db, codec):
    """Half of a surrogate pair can neither be stored nor shown: the page that says so must not give it back either."""
    client.force_login(UserFactory())
    body = b'--B\r\nContent-Disposition: form-data; name="bio"\r\n\r\n\\ud800 \\x00 +2AA-\r\n--B--\r\n'

    response = client.generic("POST", "/account/profile/", body, f"multipart/form-data; boundary=B; charset={codec}")

    assert response.status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_utf_8_is_read_however_it_is_written(client, db, charset):
    headers = {"content-type": f"text/html; charset={charset}"}

    assert client.get("/search/?q=caf%C3%A9", headers=headers).status_code == 200


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "anything"])
def test_a_cookie_with_a_nul_is_not_read(client, db, name):
    assert client.get("/", headers={"cookie": f'{name}="abcdefgh\\000ijklmnop"'}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/%00/",
        "/articles/%00/",
        "/media/documents/%00",
        "/accounts/oidc/%00/login/",
        "/accounts/password/reset/key/1-%00/",
    ],
)
def test_no_address_holds_a_nul(client, db, path):
    assert client.get(path).status_code == 404
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/today/", "/people/", "/groups/", "/events/", "/search/?q=fees", "/nowhere/"])
def test_what_a_member_is_shown_is_kept_by_no_cache(client, db, path):
    client.force_login(UserFactory())

    assert {"private", "no-store"} <= set(client.get(path)["Cache-Control"].split(", "))


def test_a_page_for_everybody_may_be_kept(client, db):
    response = client.get("/events/")

    assert "no-store" not in response.get("Cache-Control", "")
    assert "Cookie" in response["Vary"]
