"""`manage.py import_forum FILE --forum SLUG`: a list archive becomes a forum (docs/import.md)."""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from community.discussions.importing import report, runs
from community.discussions.importing.messages import Unreadable
from community.discussions.models import ForumImport
from community.discussions.refusals import DiscussionRefused
from core.audience import NOT_A_GROUP

INTERRUPTED = 130  # the exit code of what Ctrl-C ended


class Command(BaseCommand):
    help = "Brings a list archive, JSON lines or mbox, into a forum that nobody reads until staff open it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="an archive that ends in .jsonl or .mbox")
        parser.add_argument("--forum", required=True, metavar="SLUG", help="the address of the forum")
        parser.add_argument(
            "--audience", choices=[value for value, _words in NOT_A_GROUP], help="who reads a new forum"
        )
        parser.add_argument("--name", default="", help="what a new forum is called")
        parser.add_argument(
            "--no-authors",
            dest="has_authors",
            action="store_false",
            help="no post is a member's: for a list that did not check its senders",
        )

    def handle(self, *, file, forum, audience, name, has_authors, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        shown = _Bar(file.stat().st_size)
        try:
            runs.reader_of(file)
            place = runs.place_for(forum, audience=audience, name=name)
            doing = runs.run(file, place, has_authors=has_authors, progress=shown)
        except (DiscussionRefused, Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on from here.", returncode=INTERRUPTED) from None
        finally:
            shown.end()
        self._tell(doing, file, shown)

    def _tell(self, doing: ForumImport, file: Path, shown: "_Bar") -> None:
        for line in report.lines(doing):
            self.stdout.write(line)
        if doing.counts.get("errors"):
            self.stdout.write(f"What could not be read: {runs.errors_path(file)}")
        if not shown.messages:
            self.stdout.write("All of this archive was here before this run.")
        else:
            self.stdout.write(f"{shown.messages:,} read in {shown.seconds:.0f} s.")
        if not doing.forum.opened:
            self.stdout.write(f'Nobody reads "{doing.forum}" until somebody opens it in the admin, under Forums.')


class _Bar:
    """How far it is, on a terminal; elsewhere it only counts."""

    WIDTH = 30

    def __init__(self, size: int) -> None:
        self.size = max(size, 1)
        self.first: int | None = None  # where this run began
        self.messages, self.seconds, self.started = 0, 0.0, time.monotonic()
        self.is_shown = sys.stderr.isatty()

    def __call__(self, place: int, number: int) -> None:
        self.first = number if self.first is None else self.first
        self.messages, self.seconds = number - self.first, time.monotonic() - self.started
        if self.is_shown:
            share = place / self.size
            bar = ("#" * round(share * self.WIDTH)).ljust(self.WIDTH, ".")
            pace = self.messages / max(self.seconds, 0.001)
            sys.stderr.write(f"\r{bar} {share:4.0%}  {number:,} read, {pace:,.0f} a second ")
            sys.stderr.flush()

    def end(self) -> None:
        if self.is_shown and self.first is not None:
            sys.stderr.write("\n")
