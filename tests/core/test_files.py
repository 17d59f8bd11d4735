import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import files
from core.bucket import BucketStorage
from factories.members import UserFactory


@pytest.fixture
def letters():
    """A folder that members may read, and one that nobody registered."""
    files.register("letters/", lambda user, name: getattr(user, "is_member", False))
    default_storage.save("letters/note.txt", ContentFile(b"<script>alert(1)</script>"))
    default_storage.save("letters/dot.png", ContentFile(b"\x89PNG"))
    default_storage.save("drawer/note.txt", ContentFile(b"nobody's"))
    yield
    del files._rules["letters/"]


@pytest.mark.parametrize(
    ("name", "visitor", "member"),
    [
        ("letters/note.txt", 404, 200),
        ("letters/missing.txt", 404, 404),
        ("drawer/note.txt", 404, 404),
        ("letters/../drawer/note.txt", 404, 404),
        ("letters/../../../../etc/passwd", 404, 404),
        ("letters/%00", 404, 404),
        ("letters", 404, 404),
    ],
)
def test_who_may_read_which_file(client, db, letters, name, visitor, member):
    assert client.get(f"/media/{name}").status_code == visitor

    client.force_login(UserFactory())
    assert client.get(f"/media/{name}").status_code == member


def test_a_file_never_runs_in_the_browser(client, db, letters):
    client.force_login(UserFactory())

    response = client.get("/media/letters/note.txt")

    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_picture_is_shown_in_place(client, db, letters):
    client.force_login(UserFactory())

    response = client.get("/media/letters/dot.png")

    assert response["Content-Type"] == "image/png"
    assert "Content-Disposition" not in response or response["Content-Disposition"].startswith("inline")


def test_standing_is_asked_at_each_request(client, db, letters):
    user = UserFactory()
    client.force_login(user)
    assert client.get("/media/letters/note.txt").status_code == 200

    type(user).objects.filter(pk=user.pk).update(standing="lapsed")

    assert client.get("/media/letters/note.txt").status_code == 404


def test_a_file_in_a_bucket_has_the_address_of_the_file_view():
    assert BucketStorage(bucket_name="uploads").url("pictures/two words.webp") == "/media/pictures/two%20words.webp"
