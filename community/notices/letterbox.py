"""The letters that the development settings write into files (EMAIL_FILE_PATH), read back."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

NEWEST = 50
# The ruler that Django's backend writes after each letter; one inside of a letter is followed by something else.
_END_OF_LETTER = re.compile(rb"\n-{79}\n(?=\Z|Content-Type: )")


@dataclass(frozen=True)
class Letter:
    """One letter; `name` is its file's, without the ending."""

    name: str
    at: datetime
    to: str
    subject: str
    text: str


def newest() -> list[Letter]:
    """The newest letters first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_parse(path) for path in files[:NEWEST]]


def read(name: str) -> Letter:
    """The letter of this name; FileNotFoundError where there is none."""
    return _parse(Path(settings.EMAIL_FILE_PATH) / f"{name}.log")


def _parse(path: Path) -> Letter:
    raw = _END_OF_LETTER.split(path.read_bytes())[0]
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Letter(
        name=path.stem,
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=body.get_content() if body else "",
    )
