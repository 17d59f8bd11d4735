"""`make lock`: resolve requirements*.in into hashed requirements*.txt for every platform and Python that we support.

No address of a registry may stand in them, so that they install from whichever one a machine uses.
"""

import subprocess
import sys
from pathlib import Path

from config.embedded import ROOT

OPTIONS = ["--quiet", "--upgrade", "--universal", "--generate-hashes", "--python-version", "3.11"]
UNNAMED = ["--no-emit-index-url", "--no-emit-find-links", "--no-header"]


def resolve(name: str, *more: str) -> None:
    """Write `<name>.txt` from `<name>.in`. Paths are relative, so that none of this machine lands in the file."""
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "compile", *OPTIONS, *UNNAMED, *more, f"{name}.in", "--output-file", f"{name}.txt"]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own command


def main() -> None:
    resolve("requirements-uv")
    resolve("requirements")
    resolve("requirements-dev", "--constraints", "requirements.txt")
    for path in ROOT.glob("requirements*.txt"):
        if "://" in path.read_text() or str(ROOT) in path.read_text():
            sys.exit(f"{path.name} names a host or a folder of this machine: look at it before you commit.")


if __name__ == "__main__":
    main()
