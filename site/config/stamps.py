"""Fingerprints of what is slow to prepare, so that it is prepared again only when it changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from config.embedded import ROOT

SOURCES = ("site", "community", "events")


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)} ".encode() + content)
    return digest.hexdigest()


def migrations() -> str:
    """Changes with our migrations, and with the packages, which bring their own."""
    ours = (path for source in SOURCES for path in (ROOT / source).rglob("migrations/*.py"))
    return _hash([ROOT / "requirements.txt", *ours])


def static_files() -> str:
    """Changes with what collectstatic gathers and with the code that names and compresses it."""
    sources = [path for path in (ROOT / "site" / "core" / "assets").rglob("*") if path.is_file()]
    for source in SOURCES:
        sources += [path for path in (ROOT / source).rglob("static/**/*") if path.is_file()]
    settings = (ROOT / "site" / "config" / "settings" / f"{name}.py" for name in ("base", "dev"))
    return _hash([ROOT / "requirements.txt", ROOT / "site" / "core" / "storage.py", *settings, *sources])
