"""What an archive holds, whatever its form: messages, and places where there is none that can be read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # before it, a clock was not set
LONGEST_TEXT = 400_000  # characters that are looked at
MOST_ANSWERED = 20  # of the numbers that a message says it answers to, the nearest


class Unreadable(Exception):
    """Why one piece of an archive is no message: a sentence without a word of it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it will stand in the forum. `address` is whose it is, for finding the account; it is not kept.

    `answers` are the messages that it answers to, the nearest first; `is_reply` also where it names none, and its
    subject says so. `written` (aware) is None where it has no date. `attached` are the kinds of files left out.
    """

    key: UUID
    answers: tuple[UUID, ...]
    is_reply: bool
    subject: str
    body: str
    address: str
    written: datetime | None
    is_shortened: bool = False
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One line or letter of a file: `number` counts from 1, `end` is the byte after it."""

    number: int
    end: int
    message: Message | None
    error: str = ""


def key_of(number: str | bytes) -> UUID:
    """What is remembered of the number that a message had in its archive."""
    number = number.encode(errors="surrogatepass") if isinstance(number, str) else number
    return UUID(bytes=hashlib.sha256(number).digest()[:16])


def keys_of(numbers: Iterable[str]) -> tuple[UUID, ...]:
    """The same for those that a message answers to, each once."""
    return tuple(dict.fromkeys(key_of(number) for number in numbers))[:MOST_ANSWERED]
