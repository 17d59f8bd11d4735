"""One file that holds the whole site: the database and the uploaded files.

The programs are PostgreSQL's own (pg_dump, pg_restore, psql): those on the PATH, or those of the embedded server. They
must be as new as the server is.
"""

import contextlib
import datetime
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config import embedded

FORMAT = 1
LOCK_WAIT = "30s"
PLAIN = ("--no-owner", "--no-privileges")  # it belongs to whoever restores it
# What libpq reads from the environment, so that no password stands in a command line.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class BackupError(Exception):
    """Why a backup or a restore did not happen, as a sentence. Nothing was changed."""


def write(path: Path) -> None:
    """Write a backup to `path`, readable by its owner only. A file of that name is replaced once the new one is whole.

    The database is dumped first, so that every file that it speaks of is there when the files are copied.
    """
    draft = path.with_name(f"{path.name}.part")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        dump = Path(folder) / "database.dump"
        _run("pg_dump", "--format=custom", *PLAIN, "--exclude-table-data=django_cache", f"--file={dump}")
        manifest = Path(folder) / "manifest.json"
        manifest.write_text(json.dumps(_manifest(), indent=2))
        try:
            draft.touch(mode=0o600)
            with tarfile.open(draft, "w") as archive:
                archive.add(manifest, "manifest.json")
                archive.add(dump, "database.dump")
                media = media_folder()
                if media and media.is_dir():
                    archive.add(media, "media")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def restore(path: Path) -> None:
    """Replace the database and the uploaded files by those of a backup: all of it, or, with a BackupError, nothing.

    The database changes in one transaction. The site should be stopped; one that holds on to a table is waited for
    half a minute.
    """
    media = media_folder()
    with _opened(path) as archive, tempfile.TemporaryDirectory(dir=path.parent) as folder:
        _check(archive)
        archive.extract("database.dump", folder, filter="data")
        fresh = _unpack_media(archive, media) if media else None
        try:
            _replace_database(Path(folder))
        except BaseException:
            if fresh:
                shutil.rmtree(fresh)
            raise
        if media and fresh:
            _replace_media(media, fresh)


def media_folder() -> Path | None:
    """Where the uploaded files are; None where they are in a bucket, which has a backup of its own."""
    return Path(settings.MEDIA_ROOT) if isinstance(default_storage, FileSystemStorage) else None


def _manifest() -> dict:
    applied = MigrationLoader(connection).applied_migrations
    return {
        "format": FORMAT,
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "media": media_folder() is not None,
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
    }


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as archive:
            yield archive
    except (tarfile.TarError, OSError, KeyError, ValueError) as error:
        raise BackupError(f"{path} can't be read as a backup of this site: {error}") from error


def _check(archive: tarfile.TarFile) -> None:
    """Refuse what is no backup, and one from a newer version, whose tables this version does not know."""
    file = archive.extractfile("manifest.json")
    if file is None:
        raise ValueError("its manifest is no file")
    manifest = json.load(file)
    if manifest["format"] != FORMAT:
        raise BackupError("This backup was written in a format that this version does not know.")
    loader = MigrationLoader(connection)
    known = loader.disk_migrations.keys() | {old for new in loader.disk_migrations.values() for old in new.replaces}
    unknown = set(manifest["migrations"]) - {f"{app}.{name}" for app, name in known}
    if unknown:
        raise BackupError(
            "This backup comes from a newer version of the site. Install that version first."
            f" (It knows {len(unknown)} migrations that this one does not, such as {min(unknown)}.)"
        )


def _replace_database(folder: Path) -> None:
    script = folder / "restore.sql"
    with script.open("wb") as file:
        file.write(f"SET lock_timeout = '{LOCK_WAIT}';\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n".encode())
        file.flush()
        _run("pg_restore", *PLAIN, "--file=-", str(folder / "database.dump"), stdout=file)
    connection.close()
    strict = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _run("psql", *strict, f"--file={script}", stdout=subprocess.DEVNULL)


def _unpack_media(archive: tarfile.TarFile, media: Path) -> Path:
    """The backup's files in a new folder inside of the present one, which may be a volume that can't be renamed."""
    media.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".restore-", dir=media))
    members = [member for member in archive.getmembers() if member.name.startswith("media/")]
    archive.extractall(fresh, members, filter="data")
    return fresh


def _replace_media(media: Path, fresh: Path) -> None:
    for old in media.iterdir():
        if old != fresh:
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    for new in (fresh / "media").iterdir() if (fresh / "media").exists() else ():
        new.rename(media / new.name)
    shutil.rmtree(fresh)


def _program(name: str) -> str:
    """A program on the PATH if it is as new as the server, else the embedded server's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (needed,) = cursor.fetchone()
    found = shutil.which(name)
    if found and _major(found) >= needed:
        return found
    with contextlib.suppress(ImportError):
        carried = str(embedded.binary(name))
        if _major(carried) >= needed:
            return carried
    raise BackupError(f"`{name}` {needed} or newer is needed. It comes with PostgreSQL's client programs.")


def _major(program: str) -> int:
    """The major version that a program of PostgreSQL says it has: 18 of "pg_dump (PostgreSQL) 18.4"."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - as above
    return int(said.stdout.split(") ")[1].split(".")[0])


def _run(name: str, *arguments: str, stdout=None) -> None:
    """Run one of PostgreSQL's programs on the site's database; BackupError with its last words where it fails."""
    parameters = connection.get_connection_params()
    variables = {_VARIABLES[key]: str(value) for key, value in parameters.items() if key in _VARIABLES and value}
    done = subprocess.run(  # noqa: S603 - fixed programs; the arguments are ours
        [_program(name), *arguments],
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()[-500:]}")
