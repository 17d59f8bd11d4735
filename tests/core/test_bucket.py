"""Files in a bucket, behind the same view: a small server on this machine speaks as much of S3 as reading needs."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings as configured

from core import files
from core.files import Served

STORED = {"/uploads/letters/note.txt": b"0123456789"}


class Bucket(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.asked.append((self.command, self.path))
        content = STORED.get(self.path)
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.send_header("Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT")
        self.send_header("ETag", '"cafe"')
        self.end_headers()
        if self.command == "GET" and content:
            self.wfile.write(content)

    def log_message(self, *words):
        """Say nothing."""


@pytest.fixture
def bucket(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    options = {
        "bucket_name": "uploads",
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
        "file_overwrite": False,
    }
    settings.STORAGES = configured.STORAGES | {"default": {"BACKEND": "core.bucket.BucketStorage", "OPTIONS": options}}
    files.register("letters/", lambda user, name: Served("Notes.txt", "text/plain"))
    Bucket.asked.clear()
    yield Bucket.asked
    del files._rules["letters/"]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
    ],
)
def test_a_file_in_a_bucket_goes_out_whole_and_in_parts(client, db, bucket, asked, status, content, said):
    response = client.get("/media/letters/note.txt", headers={"Range": asked} if asked else {})

    assert (response.status_code, response.getvalue()) == (status, content)
    assert response.headers.get("Content-Range") == said
    assert response["Last-Modified"] == "Mon, 02 Mar 2026 10:00:00 GMT"
    assert response["Content-Disposition"] == 'attachment; filename="Notes.txt"'


def test_a_head_request_fetches_nothing_from_the_bucket(client, db, bucket):
    response = client.head("/media/letters/note.txt")

    assert response["Content-Length"] == "10"
    assert {command for command, _path in bucket} == {"HEAD"}


def test_what_the_bucket_has_not_is_not_found(client, db, bucket):
    assert client.get("/media/letters/missing.txt").status_code == 404
    assert client.get("/media/letters/../other/note.txt").status_code == 404
