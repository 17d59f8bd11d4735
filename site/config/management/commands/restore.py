from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import backup


class Command(BaseCommand):
    help = "Replaces the database and the uploaded files by those of a backup. Stop the site first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, file, yes, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if not yes and not self._is_sure():
            raise CommandError("Nothing was changed.")
        try:
            backup.restore(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        call_command("release", verbosity=0)  # the backup may come from an older version
        self.stdout.write(f"The site is as it was in {file}.")

    def _is_sure(self) -> bool:
        self.stdout.write("This replaces everything that the site holds now.")
        try:
            return input("Type yes to go on: ").strip().lower() == "yes"
        except EOFError:
            return False
