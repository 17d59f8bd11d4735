"""Uploads and a virus scanner: a small server that speaks clamd's INSTREAM, on this machine."""

import socket
import struct
import threading
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from core import scanning
from core.uploads import clean_upload
from factories.files import PDF, photograph, sent

BAD = b"X5O!P%@AP-A-TEST"


def _exactly(connection: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        more = connection.recv(size - len(got))
        if not more:
            raise ConnectionError
        got += more
    return got


def _scan(connection: socket.socket, seen: list[bytes]) -> bytes:
    """What clamd would answer to what comes in."""
    assert _exactly(connection, 10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack("!L", _exactly(connection, 4))[0]:
        content += _exactly(connection, size)
    seen.append(content)
    return b"stream: Test.File FOUND\0" if BAD in content else b"stream: OK\0"


@contextmanager
def clamd(scan=_scan, family=socket.AF_INET, address=("127.0.0.1", 0)):
    """The scanner: where it listens, and what it was shown."""
    seen: list[bytes] = []
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.bind(address)
    listening.listen()

    def serve():
        while True:
            try:
                connection, _from = listening.accept()
            except OSError:
                return
            with connection:
                connection.sendall(scan(connection, seen))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname(), seen
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


@pytest.fixture
def scanner(settings):
    with clamd() as ((host, port), seen):
        settings.CLAMD_ADDRESS = f"{host}:{port}"
        yield seen


def test_without_a_scanner_everything_passes():
    scanning.check(BytesIO(BAD))


def test_the_scanner_is_shown_the_whole_file(scanner):
    content = PDF + b"x" * 200_000

    upload = clean_upload(sent(content))

    assert scanner == [content]
    assert upload.content.read() == content


def test_a_picture_is_shown_as_it_came(scanner):
    picture = photograph()

    clean_upload(sent(picture, "us.jpg"))

    assert scanner == [picture]


@pytest.mark.parametrize(("content", "name"), [(PDF + BAD, "notes.pdf"), (photograph(comment=BAD), "us.jpg")])
def test_what_it_finds_something_in_is_refused_with_a_sentence(scanner, content, name):
    with pytest.raises(ValidationError, match="virus scanner found something") as refused:
        clean_upload(sent(content, name))

    assert refused.value.code == "infected"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK, or so\0"])
def test_any_other_answer_is_no_permission(settings, answer):
    def puzzled(connection, seen):
        _scan(connection, seen)
        return answer

    with clamd(puzzled) as ((host, port), _seen):
        settings.CLAMD_ADDRESS = f"{host}:{port}"
        with pytest.raises(ValidationError, match="can't look through files") as refused:
            clean_upload(sent())

    assert refused.value.code == "not_scanned"


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nonsense", "/nowhere/clamd.sock", "127.0.0.1:x"])
def test_where_it_does_not_answer_nothing_is_taken(settings, address):
    settings.CLAMD_ADDRESS = address

    with pytest.raises(ValidationError, match="try again later"):
        clean_upload(sent())


def test_it_can_be_a_socket_in_the_file_system(settings, tmp_path):
    path = str(tmp_path / "clamd.sock")
    with clamd(family=socket.AF_UNIX, address=path) as (_name, seen):
        settings.CLAMD_ADDRESS = path

        clean_upload(sent())

    assert seen == [PDF]
