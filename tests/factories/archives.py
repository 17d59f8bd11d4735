"""Archives of a list that never was, as files."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

BEGIN = datetime(2014, 3, 3, 9, 0, tzinfo=UTC)


def line(number: int, **fields) -> dict:
    """One message of JSON lines, an hour after the one before."""
    written = BEGIN + timedelta(hours=number)
    return {
        "id": f"m{number}",
        "date": written.isoformat(),
        "subject": f"Question {number}",
        "body": "How do you do it?",
    } | fields


def json_lines(path: Path, rows) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def letter(number: int = 1, body: str | bytes = "How do you do it?", **head) -> bytes:
    """A letter as a mailbox holds it; a head that is None is left out."""
    written = BEGIN + timedelta(hours=number)
    head = {
        "From": "Ada Example <ada@example.org>",
        "Date": format_datetime(written),
        "Subject": f"Question {number}",
        "Message_ID": f"<m{number}@example.org>",
    } | head
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in head.items() if value is not None]
    body = body.encode() if isinstance(body, str) else body
    top = f"From ada@example.org {written:%a %b %d %H:%M:%S %Y}"
    return "\n".join([top, *lines]).encode("utf-8", "surrogateescape") + b"\n\n" + body + b"\n\n"


def mailbox(path: Path, *letters: bytes) -> Path:
    path.write_bytes(b"".join(letters))
    return path
