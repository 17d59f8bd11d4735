"""A backup brings everything back: shown by a round trip."""

import tarfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from community.members.models import User
from config import backup
from core import audit
from core.models import AuditEntry
from factories.members import UserFactory


@pytest.fixture
def files_on_disk(settings, tmp_path):
    """Uploaded files in a folder, as on a real site."""
    media = tmp_path / "media"
    settings.MEDIA_ROOT = media
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    assert isinstance(default_storage, FileSystemStorage)
    return media


def test_round_trip(fresh_database, files_on_disk, tmp_path):
    UserFactory(email="kept@collegial.test")
    default_storage.save("pictures/kept.txt", ContentFile(b"kept"))
    archive = tmp_path / "site.tar"
    call_command("backup", str(archive))
    User.objects.all().delete()
    UserFactory(email="later@collegial.test")
    default_storage.delete("pictures/kept.txt")
    default_storage.save("pictures/later.txt", ContentFile(b"later"))

    call_command("restore", str(archive), yes=True)

    assert list(User.objects.values_list("email", flat=True)) == ["kept@collegial.test"]
    assert [path.name for path in files_on_disk.rglob("*") if path.is_file()] == ["kept.txt"]
    assert (files_on_disk / "pictures" / "kept.txt").read_bytes() == b"kept"
    assert UserFactory().pk  # the sequences came along


def test_the_audit_trail_comes_back_and_stays_append_only(fresh_database, files_on_disk, tmp_path):
    person, archive = UserFactory(), tmp_path / "site.tar"
    with transaction.atomic():
        audit.write("members.admit", by=person, person=person)
    call_command("backup", str(archive))
    with transaction.atomic():
        audit.write("members.lapse", by=person, person=person)

    call_command("restore", str(archive), yes=True)

    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["members.admit"]
    for change in ("DELETE FROM", "TRUNCATE"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(f"{change} core_auditentry")


def test_backup_is_for_its_owner_only(fresh_database, files_on_disk, tmp_path):
    archive = tmp_path / "site.tar"

    call_command("backup", str(archive))

    assert archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["site.tar"]


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\x00" * 20_000])
def test_restore_refuses_what_is_no_backup(fresh_database, files_on_disk, tmp_path, content):
    UserFactory(email="kept@collegial.test")
    archive = tmp_path / "site.tar"
    archive.write_bytes(content)

    with pytest.raises(CommandError, match="can't be read as a backup"):
        call_command("restore", str(archive), yes=True)

    assert User.objects.filter(email="kept@collegial.test").exists()


def test_restore_refuses_a_newer_version(fresh_database, files_on_disk, tmp_path, monkeypatch):
    newer = backup._manifest() | {"migrations": ["members.0999_from_the_future"]}
    monkeypatch.setattr(backup, "_manifest", lambda: newer)
    archive = tmp_path / "site.tar"
    call_command("backup", str(archive))

    with pytest.raises(CommandError, match="newer version"):
        call_command("restore", str(archive), yes=True)


def test_broken_dump_changes_nothing(fresh_database, files_on_disk, tmp_path):
    UserFactory(email="kept@collegial.test")
    default_storage.save("pictures/kept.txt", ContentFile(b"kept"))
    archive, broken = tmp_path / "site.tar", tmp_path / "broken.tar"
    call_command("backup", str(archive))
    with tarfile.open(archive) as source, tarfile.open(broken, "w") as target:
        for member in source.getmembers():
            if member.name == "database.dump":
                member.size //= 2
            target.addfile(member, source.extractfile(member) if member.isfile() else None)

    with pytest.raises(CommandError, match="failed"):
        call_command("restore", str(broken), yes=True)

    assert User.objects.filter(email="kept@collegial.test").exists()
    assert [path.name for path in files_on_disk.rglob("*") if path.is_file()] == ["kept.txt"]


def test_restore_asks_first(fresh_database, files_on_disk, tmp_path, monkeypatch):
    archive = tmp_path / "site.tar"
    call_command("backup", str(archive))
    monkeypatch.setattr("builtins.input", lambda _: "no")

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", str(archive))
