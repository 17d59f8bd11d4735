"""Going through an archive from its beginning to its end, and on from where it stopped.

A batch is one transaction: its posts, the place in the file, what was counted, and the size of the file of errors
stand or fall together. Two runs at once don't meet: each finds the other's place and stops.
"""

import fcntl
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from community.discussions import forums
from community.discussions.importing import arrivals, json_lines, mailboxes
from community.discussions.importing.messages import Piece, Unreadable
from community.discussions.models import Forum, ForumImport
from community.discussions.refusals import DiscussionRefused
from community.notices import outbox
from core import audit
from core.audience import Audience

AT_ONCE = 500  # lines or letters of a batch
Reader = Callable[[BinaryIO, int, int], Iterator[Piece]]
READERS: dict[str, Reader] = {".jsonl": json_lines.pieces, ".mbox": mailboxes.pieces}

Progress = Callable[[int, int], None]  # bytes and messages so far, first those of earlier runs


def place_for(slug: str, *, audience: str | None = None, name: str = "") -> Forum:
    """The forum at this address, new if there is none; nobody reads a new one until it is opened. One that is there
    and empty stays as it is until the first batch comes.

    Raises DiscussionRefused for one that people read already, for one with another audience, for a group's, and for a
    new one without an audience.
    """
    forum = Forum.objects.places().filter(slug=slug).first()
    if forum is None:
        if audience is None:
            raise DiscussionRefused("There is no forum at this address. Say who reads the new one: --audience.")
        name = name or slug.replace("-", " ").capitalize()
        return forums.create_forum(name, slug=slug, audience=audience, opened=False)
    if forum.audience == Audience.GROUP:
        raise DiscussionRefused("What a group reads is its own affair; an archive can't be brought there.")
    if audience not in (None, forum.audience):
        raise DiscussionRefused(f"This forum is there already, for other people: {forum.audience_words}")
    if forum.opened and not forum.imports.exists() and forum.topics.exists():
        raise DiscussionRefused("People read this forum already. An archive comes into one of its own.")
    return forum


def run(
    path: Path, forum: Forum, *, has_authors: bool = True, progress: Progress = lambda place, number: None
) -> ForumImport:
    """Bring the archive at `path` into `forum`, from where an earlier run of the same file stopped. Posts are by the
    members whose addresses they have, or where it is not to be believed in that (`has_authors`), by nobody.

    Errors go to `errors_path(path)`. Raises DiscussionRefused where the file is of no form that is known, where the
    forum has been opened or got another audience, and where another run is at work; Unreadable for a file without any
    message in it.
    """
    read = reader_of(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        doing = _begun(forum, digest)
        if doing.finished_at is not None:
            return doing
        with _errors(errors_path(path), doing.errors_size) as errors:
            progress(doing.place, doing.number)
            found = read(file, doing.place, doing.number)
            pieces = found if has_authors else map(_without_author, found)
            while batch := list(islice(pieces, AT_ONCE)):
                _take(doing, batch, errors)
                progress(doing.place, doing.number)
        if doing.pk is None:
            raise Unreadable("This file is empty.")
        with transaction.atomic():
            _locked(doing)
            doing.finished_at = timezone.now()
            doing.save()
    return doing


def reader_of(path: Path) -> Reader:
    """What reads a file of this name. Raises DiscussionRefused where nothing does."""
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise DiscussionRefused(f"An archive ends in {' or '.join(READERS)}.")
    return read


def _without_author(piece: Piece) -> Piece:
    return replace(piece, message=piece.message and replace(piece.message, address=""))


def errors_path(path: Path) -> Path:
    """Where it says which lines or letters were left out, and why; without a word of them."""
    return path.with_name(f"{path.name}.errors.jsonl")


def _begun(forum: Forum, digest: str) -> ForumImport:
    """What is noted of this archive; where it comes for the first time, that is written with its first batch."""
    doing = ForumImport.objects.filter(forum=forum, digest=digest).first() or ForumImport(digest=digest)
    doing.forum = forum  # as it was when it was chosen
    return doing


def _take(doing: ForumImport, batch: list[Piece], errors: BinaryIO) -> None:
    """One batch, with the forum locked: nobody opens it or changes who reads it meanwhile."""
    failed = [{"number": piece.number, "error": piece.error} for piece in batch if piece.error]
    with transaction.atomic(), outbox.quietly():
        forum = _locked(doing)
        counts = arrivals.bring(forum, [piece.message for piece in batch if piece.message is not None])
        doing.counts = dict(Counter(doing.counts) + counts + Counter(errors=len(failed)))
        doing.place, doing.number = batch[-1].end, batch[-1].number
        errors.write("".join(f"{json.dumps(line)}\n" for line in failed).encode())
        errors.flush()
        doing.errors_size = errors.tell()
        doing.save()


def _locked(doing: ForumImport) -> Forum:
    """The forum with its row locked, as long as this run may go on. One that stood open and empty is shut."""
    forum = Forum.objects.select_for_update(no_key=True).get(pk=doing.forum_id)
    is_read = forum.opened and (not doing.forum.opened or forum.imports.exists() or forum.topics.exists())
    if is_read or forum.audience != doing.forum.audience:
        raise DiscussionRefused("The forum is open or has other readers by now. No more goes into it.")
    noted = ForumImport.objects.filter(forum=forum, digest=doing.digest).values_list("place", "finished_at").first()
    if (noted or (0, None)) != (doing.place, None):
        raise DiscussionRefused("Another run brings the same archive here.")
    if forum.opened:
        Forum.objects.filter(pk=forum.pk).update(opened=False)
        audit.write("discussions.forum.shut", by=None, on=forum)
        doing.forum.opened = forum.opened = False
    return forum


@contextmanager
def _errors(path: Path, size: int) -> Iterator[BinaryIO]:
    """The file of errors as it was when the last batch was done: what a crash left behind it is written anew. Nobody
    else writes into it meanwhile; it goes where it stays empty."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DiscussionRefused("Another run reads the same archive.") from None
        size = min(size, os.fstat(file.fileno()).st_size)  # it may have stayed where the archive was brought from
        file.truncate(size)
        file.seek(size)
        try:
            yield file
        finally:
            if not file.tell():
                path.unlink()
