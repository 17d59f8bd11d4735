import io
import json

import pytest

from community.discussions.importing import json_lines
from community.discussions.importing.messages import key_of
from factories.archives import line


def read(*rows):
    lines = [row if isinstance(row, bytes) else f"{json.dumps(row)}\n".encode() for row in rows]
    return list(json_lines.pieces(io.BytesIO(b"".join(lines)), 0, 0))


def test_a_line_is_a_message():
    [piece] = read(line(1, author="ada@example.org", answers=["b", 7], subject="Re: Fees", body="So.\n\n-- \nAda"))

    message = piece.message
    assert (message.subject, message.body, message.address) == ("Fees", "So.", "ada@example.org")
    assert (message.key, message.answers, message.is_reply) == (key_of("m1"), (key_of("b"), key_of("7")), True)
    assert message.written.isoformat() == "2014-03-03T10:00:00+00:00"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (b"{\n", "no line of JSON"),
        (b"\xff\xfe\n", "no line of JSON"),
        (b"[" * 100_000 + b"\n", "no line of JSON"),
        (b"[]\n", "one object"),
        (b"null\n", "one object"),
        (line(1, id=None), "`id`"),
        (line(1, id=True), "`id`"),
        (line(1, id=""), "`id`"),
        (line(1, id={"a": 1}), "`id`"),
        (line(1, date="2014-03-03T09:00:00"), "`date`"),
        (line(1, date="soon"), "`date`"),
        (line(1, date=7), "`date`"),
        (line(1, date="2014-13-03T09:00:00Z"), "`date`"),
        (line(1, date="0001-01-01T00:00:00Z"), "before 1980"),
        (line(1, date="0001-01-01T00:00:00+14:00"), "before 1980"),
        (line(1, body=""), "`body`"),
        (line(1, body=None), "`body`"),
        (line(1, body=["x"]), "`body`"),
        (line(1, body="> quoted"), "`body`"),
        (line(1, subject=3), "`subject`"),
        (line(1, author=[]), "`author`"),
    ],
)
def test_a_line_that_is_none_says_why_and_the_others_come(row, error):
    found = read(line(1), row, line(3))

    assert [piece.number for piece in found] == [1, 2, 3]
    assert found[0].message
    assert found[2].message
    assert found[1].message is None
    assert error in found[1].error


def test_what_is_not_known_is_left_alone_and_what_can_be_missing_may_be():
    [piece] = read({"id": 1, "date": "2014-03-03T09:00:00Z", "body": "x", "likes": [{}], "title": None})

    assert (piece.message.subject, piece.message.address, piece.message.answers) == ("", "", ())


def test_halves_of_signs_and_nothings_are_left_out():
    [piece] = read(line(1, id="\ud800", subject="a\ud800b\0", body="c\udfff\0d"))

    assert (piece.message.subject, piece.message.body) == ("ab", "cd")


def test_a_body_is_cut_before_it_is_worked_on(monkeypatch):
    monkeypatch.setattr(json_lines, "LONGEST_TEXT", 20)

    [piece] = read(line(1, body="All of it is here. And not this."))

    assert piece.message.is_shortened
    assert piece.message.body.startswith("All of it is here.")
    assert "not this" not in piece.message.body


def test_a_line_that_is_too_long_is_one_error(monkeypatch):
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 1000)

    found = read(line(1, body="x" * 5000), b"\n", line(3))

    assert [bool(piece.message) for piece in found] == [False, False, True]
    assert "longer than" in found[0].error
    assert found[1].error == ""
