"""`make reset`: throw away the data of this copy, after asking, and never under a running site."""

import os
import shutil
import sys
from pathlib import Path

from config import embedded
from config.supervisor import Trouble, say, the_only_one

FOLDERS = ("pg", "pg-test", "media", "mail", "static")
FILES = ("static.stamp", "secret-key", "bench.json")


def empty(folder: Path) -> None:
    """Remove what we keep in the data folder, by name: it may be a folder that holds other things too."""
    for name in ("pg", "pg-test"):
        if (folder / name / "PG_VERSION").exists():  # it may run on: a process that was killed leaves it running
            embedded.Embedded(folder / name).release()
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def main() -> int:
    folder = embedded.data_dir()
    try:
        with the_only_one(folder):
            say(f"This throws away all data of this copy: the database, uploads and mail in {folder}.")
            if os.environ.get("DATABASE_URL"):
                say("The database that DATABASE_URL names is left as it is.")
            try:
                answer = input("Type yes to go on: ")
            except EOFError:
                answer = ""
            if answer.strip().lower() != "yes":
                say("\nNothing was changed.")
                return 1
            empty(folder)
    except Trouble as trouble:
        say(str(trouble))
        return 1
    say("Empty. `make run` fills it again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
