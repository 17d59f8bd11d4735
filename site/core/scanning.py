"""Uploads shown to a virus scanner, where the site has one: clamd, at the address that CLAMD_ADDRESS names.

The protocol is clamd's INSTREAM (its manual page, section COMMANDS): the file goes over in pieces, each with its
length before it, and an empty one ends it. Where the scanner doesn't answer, nothing is taken: a file that nobody
looked at is no better than one that was found bad.
"""

import logging
import socket
import struct
from contextlib import closing
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PIECE = 64 * 1024  # bytes
PATIENCE = 30  # seconds for each step
LONGEST_ANSWER = 4096  # bytes

log = logging.getLogger(__name__)


def check(file: IO[bytes]) -> None:
    """Raise ValidationError, with a sentence for its sender, for a file in which the scanner found something, or that
    it could not look at. Without a scanner everything passes."""
    address = settings.CLAMD_ADDRESS
    if not address:
        return
    try:
        answer = _ask(address, file)
    except (OSError, ValueError) as error:  # it is not there, or its address is none
        log.error("The virus scanner does not answer: %s", type(error).__name__)
        answer = ""
    finally:
        file.seek(0)
    if answer.endswith("OK"):
        return
    if answer.endswith("FOUND"):
        message = _("A virus scanner found something in this file, so we have not kept it. Please check your computer.")
        raise ValidationError(message, code="infected")
    if answer:
        log.error("The virus scanner could not look at a file: %s", answer[:80])
    message = _("We can't look through files for viruses just now, so we can't take any. Please try again later.")
    raise ValidationError(message, code="not_scanned")


def _ask(address: str, file: IO[bytes]) -> str:
    """What clamd says of `file`: "stream: OK", or the name of what it found and "FOUND"."""
    file.seek(0)
    with closing(_connected(address)) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            scanner.sendall(struct.pack("!L", len(piece)) + piece)
        scanner.sendall(struct.pack("!L", 0))
        answer = b""
        while len(answer) < LONGEST_ANSWER and (more := scanner.recv(LONGEST_ANSWER)):
            answer += more
    return answer.decode(errors="replace").strip("\0 \n")


def _connected(address: str) -> socket.socket:
    """A connection to "host:port", or to a socket by its path."""
    if address.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(PATIENCE)
        try:
            scanner.connect(address)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
