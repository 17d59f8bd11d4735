"""A secret key for a local copy: made at first use and kept beside its data."""

import contextlib
import os
import secrets
from pathlib import Path


def kept_in(folder: Path) -> str:
    """The secret key of this data folder; only its owner can read the file."""
    path = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(60))
        with contextlib.suppress(FileExistsError):  # another process was quicker: its key counts
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()
