"""What the demonstration says: TOML files, read as they are needed."""

import tomllib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "content"


def read(name: str) -> dict:
    """The content file `name`, without its ending."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def threads() -> list[dict]:
    """The files of public threads, one a forum."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((FOLDER / "threads").glob("*.toml"))]
