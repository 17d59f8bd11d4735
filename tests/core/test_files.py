import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.http import http_date

from core import files
from core.bucket import BucketStorage
from core.files import Served
from factories.members import UserFactory

TEXT = b"0123456789"
WITHOUT_TOKENS = re.compile(r'nonce="[^"]*"|(?<=value=")[A-Za-z0-9]{64}|"[A-Za-z0-9]{64}"')
KINDS = {
    "note.txt": Served("Notes of May.txt", "text/plain"),
    "dot.webp": Served.picture("letters/dot.webp", is_private=False),
    "page.html": Served("page.html", "text/html", is_private=False, is_shown=True),
    "empty.txt": Served("", "text/plain"),
    "missing.txt": Served(),
}


def rule(user, name: str) -> Served | None:
    return KINDS.get(name.removeprefix("letters/")) if getattr(user, "is_member", False) else None


@pytest.fixture(params=["InMemoryStorage", "FileSystemStorage"])
def letters(db, settings, request):
    """A folder that members may read, and one that nobody registered; in memory and on disk."""
    backend = {"BACKEND": f"django.core.files.storage.{request.param}"}
    settings.STORAGES = configured.STORAGES | {"default": backend}
    files.register("letters/", rule)
    default_storage.save("letters/note.txt", ContentFile(TEXT))
    default_storage.save("letters/page.html", ContentFile(b"<script>alert(1)</script>"))
    default_storage.save("letters/dot.webp", ContentFile(b"RIFF"))
    default_storage.save("letters/empty.txt", ContentFile(b""))
    default_storage.save("drawer/note.txt", ContentFile(b"nobody's"))
    yield
    del files._rules["letters/"]


@pytest.fixture
def member(client, letters):
    client.force_login(UserFactory())
    return client


def ask(client, name: str, **headers):
    """The answer, with what it streamed in `body`: a file that nobody reads to its end stays open."""
    response = client.get(f"/media/letters/{name}", headers={key.replace("_", "-"): it for key, it in headers.items()})
    response.body = response.getvalue()
    return response


@pytest.mark.parametrize(
    ("name", "visitor", "member"),
    [
        ("letters/note.txt", 404, 200),
        ("letters/missing.txt", 404, 404),
        ("drawer/note.txt", 404, 404),
        ("letters/../drawer/note.txt", 404, 404),
        ("letters/../../../../etc/passwd", 404, 404),
        ("/etc/passwd", 404, 404),
        ("letters/%00", 404, 404),
        ("letters/", 404, 404),
        ("letters", 404, 404),
    ],
)
def test_who_may_read_which_file(client, letters, name, visitor, member):
    assert client.get(f"/media/{name}").status_code == visitor

    client.force_login(UserFactory())
    response = client.get(f"/media/{name}")
    response.getvalue()
    assert response.status_code == member


def test_a_missing_file_and_a_forbidden_one_have_the_same_page(client, member):
    missing = client.get("/media/letters/missing.txt")
    forbidden = client.get("/media/drawer/missing.txt")

    words = [WITHOUT_TOKENS.sub("", response.content.decode()) for response in (missing, forbidden)]
    assert words[0] == words[1]


def test_a_private_file_is_saved_under_its_own_name_and_kept_by_no_cache(member):
    response = ask(member, "note.txt")

    assert response.body == TEXT
    assert response["Content-Disposition"] == 'attachment; filename="Notes of May.txt"'
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Length"] == "10"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_picture_of_ours_is_shown_in_place(member):
    response = ask(member, "dot.webp")

    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"] == 'inline; filename="dot.webp"'
    assert response["Cache-Control"] == "private, max-age=3600"


def test_what_is_no_picture_never_runs_in_the_browser_whatever_its_room_says(member):
    response = ask(member, "page.html")

    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


def test_standing_is_asked_at_each_request(client, letters):
    user = UserFactory()
    client.force_login(user)
    assert ask(client, "note.txt").status_code == 200

    type(user).objects.filter(pk=user.pk).update(standing="lapsed")

    assert ask(client, "note.txt").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, TEXT, "bytes 0-9/10"),
        ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
        ("bytes=5-999", 206, b"56789", "bytes 5-9/10"),
        ("Bytes= 0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=99-100", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, TEXT, None),
        ("bytes=3-1", 200, TEXT, None),
        ("bytes=-", 200, TEXT, None),
        ("bytes=a-b", 200, TEXT, None),
        ("bytes=٣-٤".encode().decode("latin-1"), 200, TEXT, None),
        ("bytes=" + "9" * 5000 + "-", 200, TEXT, None),
        ("lines=1-2", 200, TEXT, None),
        ("", 200, TEXT, None),
    ],
)
def test_which_part_of_a_file_goes_out(member, asked, status, content, said):
    response = ask(member, "note.txt", Range=asked)

    assert response.status_code == status
    assert response.body == content
    assert response.headers.get("Content-Range") == said
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert int(response.headers.get("Content-Length", 0)) == len(content)


def test_an_empty_file_goes_out_whole_and_has_no_parts(member):
    assert ask(member, "empty.txt").body == b""
    assert ask(member, "empty.txt", Range="bytes=0-").status_code == 416


@pytest.mark.parametrize("range_asked", ["bytes=0-3", "bytes=99-"])
def test_a_head_request_hears_of_the_whole_file(member, range_asked):
    response = member.head("/media/letters/note.txt", headers={"Range": range_asked})

    assert response.status_code == 200
    assert response.content == b""
    assert response["Content-Length"] == "10"
    assert response["Content-Disposition"] == 'attachment; filename="Notes of May.txt"'


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (lambda first: first["ETag"], 206),
        (lambda first: f"W/{first['ETag']}", 200),
        (lambda first: '"another"', 200),
        (lambda first: first["Last-Modified"], 206),
        (lambda first: http_date((datetime.now(UTC) - timedelta(days=1)).timestamp()), 200),
        (lambda first: "yesterday", 200),
    ],
)
def test_a_part_is_sent_while_the_file_is_the_one_whose_beginning_is_there(member, condition, status):
    first = ask(member, "note.txt")

    response = ask(member, "note.txt", Range="bytes=4-", If_Range=condition(first))

    assert response.status_code == status


def test_a_picture_that_the_browser_has_is_not_sent_again(member):
    first = ask(member, "dot.webp")

    same = ask(member, "dot.webp", If_None_Match=first["ETag"])
    since = ask(member, "dot.webp", If_Modified_Since=first["Last-Modified"])
    other = ask(member, "dot.webp", If_None_Match='"another"')
    elsewhere = ask(member, "dot.webp", If_Match='"another"')

    assert (same.status_code, since.status_code, other.status_code, elsewhere.status_code) == (304, 304, 200, 412)
    assert same.content == b""
    assert (same["ETag"], same["Cache-Control"]) == (first["ETag"], "private, max-age=3600")


def test_whoever_has_lost_the_file_is_not_told_that_it_is_unchanged(client, letters):
    user = UserFactory()
    client.force_login(user)
    tag = ask(client, "dot.webp")["ETag"]
    type(user).objects.filter(pk=user.pk).update(standing="lapsed")

    assert ask(client, "dot.webp", If_None_Match=tag).status_code == 404
    assert ask(client, "dot.webp", Range="bytes=0-1").status_code == 404
    assert client.head("/media/letters/dot.webp").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_file_is_only_read(member, method):
    assert getattr(member, method)("/media/letters/note.txt").status_code == 405


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ("Notes.pdf", "Notes.pdf"),
        ("  two\t words .pdf", "two words.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Users\\me\\notes.pdf", "C-Users-me-notes.pdf"),
        ("x\r\nSet-Cookie: a=b.pdf", "x Set-Cookie- a=b.pdf"),
        ('a";filename="b.exe', "a-;filename=-b.exe"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ("a\x00b.pdf", "ab.pdf"),
        ("half \ud83d.pdf", "half.pdf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_one_that_can_be_saved(name, saved_as):
    assert files.download_name(name) == saved_as


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [("Notes.pdf", "Notes.pdf"), ("Notes.PDF", "Notes.pdf"), ("virus.exe", "virus.exe.pdf"), ("", "file.pdf")],
)
def test_a_name_ends_in_what_the_file_is(name, saved_as):
    assert files.download_name(name, ".pdf") == saved_as


@pytest.mark.parametrize("name", ["x\r\nSet-Cookie: a=b", 'a"; filename="b', "Übersicht März.pdf", "\udc80", "😀"])
def test_no_name_breaks_out_of_its_header(member, monkeypatch, name):
    monkeypatch.setitem(KINDS, "note.txt", Served(name, "text/plain"))

    response = ask(member, "note.txt")

    assert response.status_code == 200
    assert response["Content-Disposition"].isascii()
    assert response["Content-Disposition"].startswith(("attachment; filename=", "attachment; filename*=utf-8''"))
    assert "Set-Cookie" not in response.headers
    assert response["Content-Disposition"].count('"') in (0, 2)


def test_a_file_in_a_bucket_has_the_address_of_the_file_view():
    assert BucketStorage(bucket_name="uploads").url("pictures/two words.webp") == "/media/pictures/two%20words.webp"
