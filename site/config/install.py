"""Fill `.venv` from the hashed requirements, once for each version of them. Run by make with whatever Python there is.

Only the standard library is used here, and only its old words, so that an old Python gets a sentence and no traceback.
"""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def say(words):
    sys.stderr.write(words + "\n")


def run(*command):
    """Run one step quietly; where it fails, show what it said and stop."""
    done = subprocess.run(  # noqa: S603 - fixed commands of our own
        [str(word) for word in command], cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        say(done.stdout.decode(errors="replace"))
        raise SystemExit("The installation stopped at: " + " ".join(str(word) for word in command[:4]))


def fingerprint(requirements):
    """Changes with the requirements and with the Python that they were installed for."""
    digest = hashlib.sha256((ROOT / requirements).read_bytes())
    digest.update((VENV / "pyvenv.cfg").read_bytes() if (VENV / "pyvenv.cfg").exists() else b"")
    return digest.hexdigest()


def is_done(requirements):
    stamp = VENV / ("installed-" + requirements)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(requirements)


def install(requirements):
    """Make the virtual environment if it is missing or its Python has gone, and install into it."""
    if not PYTHON.exists():
        say("Making a virtual environment in .venv ...")
        if subprocess.call([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL):
            raise SystemExit("This Python has no venv module. On Debian or Ubuntu: apt install python3-venv")
        run(sys.executable, "-m", "venv", "--clear", VENV)
    say("Installing the packages of %s (once; some 30 s) ..." % requirements)  # noqa: UP031 - for old Pythons
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-uv.txt")
    uv = (VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--require-hashes", "--compile-bytecode")
    run(*uv, "-r", requirements)
    (VENV / ("installed-" + requirements)).write_text(fingerprint(requirements))


def main():
    if sys.version_info < (3, 11):  # noqa: UP036 - it may be an older one that asks
        version = ".".join(str(part) for part in sys.version_info[:3])
        raise SystemExit(
            "Collegial needs Python 3.11 or later; this is %s. Name another: make PYTHON=python3.12 ..."  # noqa: UP031
            % version
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the step under way is ended too
    wanted = "requirements-dev.txt" if "--dev" in sys.argv else "requirements.txt"
    # What the tests need includes what the site needs, in the same versions.
    if is_done(wanted) or (wanted == "requirements.txt" and is_done("requirements-dev.txt")):
        return
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    install(wanted)


if __name__ == "__main__":
    main()
