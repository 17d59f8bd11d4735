"""What all other tests, and the layout, stand on."""

import socket
from pathlib import Path

import pytest

from config import secret, stamps

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("address", [("203.0.113.7", 80), ("example.org", 443)])
def test_no_test_reaches_the_outside(address):
    with socket.socket() as sock, pytest.raises(Exception, match="Tests reach nothing outside"):
        sock.connect(address)


def test_site_is_a_source_root_and_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_lock_files_name_no_host():
    for path in ROOT.glob("requirements*.txt"):
        assert "://" not in path.read_text()


def test_stamp_changes_with_a_migration(tmp_path, monkeypatch):
    migration = tmp_path / "events" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("one")
    (tmp_path / "requirements.txt").write_text("django==5.2")
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    before = stamps.migrations()

    migration.write_text("two")

    assert stamps.migrations() != before


def test_secret_key_stays_and_is_kept_to_its_owner(tmp_path):
    key = secret.kept_in(tmp_path)

    assert secret.kept_in(tmp_path) == key
    assert len(key) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
