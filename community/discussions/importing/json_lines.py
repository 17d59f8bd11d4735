"""An archive of JSON lines: one message a line, as `docs/import.md` says."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from community.discussions.importing import bodies
from community.discussions.importing.messages import (
    EARLIEST,
    LONGEST_TEXT,
    Message,
    Piece,
    Unreadable,
    key_of,
    keys_of,
)

LONGEST_LINE = 2_000_000  # bytes


def pieces(file: BinaryIO, place: int, number: int) -> Iterator[Piece]:
    """What stands in `file` from the byte `place` on, which is behind line `number`."""
    file.seek(place)
    while line := file.readline(LONGEST_LINE + 1):
        is_long = len(line) > LONGEST_LINE
        while is_long and line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
        number += 1
        try:
            if is_long:
                raise Unreadable(f"The line is longer than {LONGEST_LINE:,} bytes.")
            yield Piece(number, file.tell(), _message(line) if line.strip() else None)
        except Unreadable as error:
            yield Piece(number, file.tell(), None, str(error))


def _message(line: bytes) -> Message:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable("This is no line of JSON in UTF-8.") from None
    if not isinstance(row, dict):
        raise Unreadable("A line holds one object: {...}.")
    number = row.get("id")
    if not isinstance(number, str | int) or isinstance(number, bool) or number == "":
        raise Unreadable("`id` is missing: a text or a number of its own for each message.")
    answers = row.get("answers")
    numbers = answers if isinstance(answers, list) else [] if answers is None else [answers]
    subject, is_reply = bodies.base_subject(_text(row, "subject")[:LONGEST_TEXT])
    text = _text(row, "body")
    body, is_shortened = bodies.shortened(bodies.written(text[:LONGEST_TEXT]))
    if not body.strip():
        raise Unreadable("`body` is missing, or nothing is left of it without signature and quotes.")
    return Message(
        key=key_of(str(number)),
        answers=keys_of(str(each) for each in numbers),
        is_reply=is_reply or bool(numbers),
        subject=subject,
        body=body,
        address=_text(row, "author").strip(),
        written=_moment(row),
        is_shortened=is_shortened or len(text) > LONGEST_TEXT,
    )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"`{name}` is a text.")
    return value


def _moment(row: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(row, "date"))
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise Unreadable('`date` is missing or has no zone: "2019-03-14T09:26:00-05:00".')
    if moment <= EARLIEST:
        raise Unreadable(f"`date` is before {EARLIEST.year}: no clock was set then.")
    return moment
