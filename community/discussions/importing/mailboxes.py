"""An archive of letters in one file: mbox, as Mailman, groups.io, Google Takeout and mail programs write it.

It is read letter by letter, the oldest of formats with the oldest of programs behind it: whatever is wrong with a
letter is said of that letter alone. Files that came with letters are left out.
"""

import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Letter
from email.parser import BytesParser
from email.utils import parsedate_to_datetime, parsedate_tz
from typing import BinaryIO

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

LARGEST = 32_000_000  # bytes of a letter with all its files
LONGEST_HEADER = 10_000
LONGEST_AUTHOR = 1_000

_BEGINS = re.compile(rb"From \S.{0,200}\d{1,2}:\d\d")
_QUOTED_BEGIN = re.compile(rb">+From ")
_NUMBER = re.compile(r"<([^<>\s]{1,500})>")
_ASIDE = re.compile(r'"(?:\\.|[^"\\])*"|\((?:\\.|[^()\\])*\)')  # names in quotes, and comments
_ADDRESS = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
_VEILED = re.compile(r"([^\s<>,;@]{1,64}) at ([^\s<>,;@]{1,200})")  # as Mailman's public archives have it
_NO_TEXTS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}  # codecs that no letter is in
_KINDS = {"text", "image", "audio", "video", "application", "message"}
_parser = BytesParser(policy=policy.compat32)


def pieces(file: BinaryIO, place: int, number: int) -> Iterator[Piece]:
    """What stands in `file` from the byte `place` on, which is behind letter `number`."""
    for raw, end in _letters(file, place):
        number += 1
        try:
            yield Piece(number, end, _message(raw))
        except Unreadable as error:
            yield Piece(number, end, None, str(error))
        except Exception:  # noqa: BLE001 - the parser of the standard library fails on broken letters in many ways
            yield Piece(number, end, None, "This letter can't be read.")


def _letters(file: BinaryIO, place: int) -> Iterator[tuple[bytes, int]]:
    """Each letter from its line "From " on, and the byte after it; of one that is too large, its first lines."""
    file.seek(place)
    lines: list[bytes] = []
    size, end, is_after_empty = 0, place, True
    while line := file.readline(LARGEST):
        if is_after_empty and _BEGINS.match(line):
            if lines:
                yield b"".join(lines), end
            lines, size = [line], 0
        elif lines:
            size += len(line)
            if size <= LARGEST:
                lines.append(line[1:] if _QUOTED_BEGIN.match(line) else line)
            elif lines[-1] != _TOO_LARGE:
                lines.append(_TOO_LARGE)
        elif line.strip():
            raise Unreadable('This is no mbox: it does not begin with a line "From ".')
        is_after_empty = not line.strip()
        end += len(line)
    if lines:
        yield b"".join(lines), end


_TOO_LARGE = b"\0too large"


def _message(raw: bytes) -> Message:
    if raw.endswith(_TOO_LARGE):
        raise Unreadable(f"This letter is larger than {LARGEST // 1_000_000} MB.")
    first, _end, rest = raw.partition(b"\n")
    letter = _parser.parsebytes(rest)
    number = _NUMBER.search(_header(letter, "Message-ID"))
    answered = _NUMBER.findall(_header(letter, "In-Reply-To"))[:1]
    answered += reversed(_NUMBER.findall(_header(letter, "References", last=True)))
    name, address = _author(letter)
    subject, is_reply = bodies.base_subject(_decoded_header(_header(letter, "Subject")), of_list=_list_of(letter))
    attached: list[str] = []
    text = _text(letter, attached)
    body, is_shortened = bodies.shortened(bodies.written(bodies.as_mail(text[:LONGEST_TEXT]), author=name))
    if not body.strip():
        raise Unreadable("Nothing is left of this letter without signature, quotes and files.")
    return Message(
        key=key_of(number[1] if number else raw),
        answers=keys_of(answered),
        is_reply=is_reply or bool(answered),
        subject=subject,
        body=body,
        address=address,
        written=_moment(letter, first.decode("latin-1")),
        is_shortened=is_shortened or len(text) > LONGEST_TEXT,
        attached=tuple(attached),
    )


def _header(letter: Letter, name: str, *, last: bool = False) -> str:
    """A line of the head as it was sent, unfolded; bytes outside of ASCII are read as what they most likely are."""
    value = next((str(value) for key, value in letter.raw_items() if key.lower() == name.lower()), "")
    value = value[-LONGEST_HEADER:] if last else value[:LONGEST_HEADER]
    raw = value.encode("utf-8", "surrogateescape")
    return " ".join(_decoded(raw, "utf-8").split())


def _decoded_header(value: str) -> str:
    """A line of the head with its encoded words in letters."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(_decoded(part, charset) if isinstance(part, bytes) else part for part, charset in parts)


def _decoded(raw: bytes, charset: str | None) -> str:
    """Bytes as text, whatever they claim to be."""
    for name in (charset or "", "utf-8"):
        try:
            if name and codecs.lookup(name).name not in _NO_TEXTS:
                return raw.decode(name)
        except (LookupError, ValueError):  # no such charset, or not in it
            continue
    return raw.decode("cp1252", "replace")


def _author(letter: Letter) -> tuple[str, str]:
    """Name and address of who wrote it. Where a list put itself into "From", the address is the list's: in the lines
    that name another, senders write what they like."""
    sent = _header(letter, "From")
    shown, angle, _address = sent.partition("<")
    name = _decoded_header(shown if angle else sent.partition("(")[2]).split(" via ")[0].strip("\"') ")
    is_one = len(sent) <= LONGEST_AUTHOR and len(letter.get_all("From", [])) == 1
    return name, _address_in(sent) if is_one else ""


def _address_in(sent: str) -> str:
    """The one address in a line "From" as it was sent: its encoded words are names, whatever they hold. None where it
    could be read in two ways, since the list may have looked at the other."""
    bare = _ASIDE.sub(" ", sent).strip()
    found = _ADDRESS.findall(bare)
    if len({each.lower() for each in found}) == 1 and (bare == found[0] or bare.endswith(f"<{found[-1]}>")):
        return found[-1]
    veiled = None if found else _VEILED.fullmatch(bare)
    return f"{veiled[1]}@{veiled[2]}" if veiled else ""


def _list_of(letter: Letter) -> str:
    """The name of the list, as it stands in brackets before its subjects."""
    return _header(letter, "List-Id").rpartition("<")[2].partition(".")[0]


def _moment(letter: Letter, first: str) -> datetime | None:
    """When it was sent: by its own clock, else by that of a server, else by the line before it."""
    passed = _header(letter, "Received").rpartition(";")[2]
    for said in (_header(letter, "Date"), passed, re.sub(r"^From \S+( at \S+)?\s", "", first)):
        try:
            if parsedate_tz(said) is None:
                continue
            moment = parsedate_to_datetime(said)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            if moment.astimezone(UTC) > EARLIEST:
                return moment
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _text(part: Letter, attached: list[str]) -> str:
    """What can be read in a part; the kinds of what is left out go into `attached`."""
    kind = part.get_content_type()
    if kind.startswith("multipart/") and part.is_multipart():
        texts = [(each, _text(each, attached)) for each in part.get_payload() if isinstance(each, Letter)]
        if kind == "multipart/alternative":
            plain = next((text for each, text in texts if each.get_content_type() == "text/plain" and text.strip()), "")
            return plain or next((text for _each, text in texts if text.strip()), "")
        return "\n\n".join(text for _each, text in texts if text.strip())
    is_file = part.get_content_disposition() == "attachment" or part.get_filename()
    if part.is_multipart() or is_file or kind not in ("text/plain", "text/html"):
        attached.append(part.get_content_maintype() if part.get_content_maintype() in _KINDS else "other")
        return ""
    raw = part.get_payload(decode=True)
    text = _decoded(raw if isinstance(raw, bytes) else b"", part.get_content_charset())
    return bodies.from_html(text) if kind == "text/html" else text
