"""`make run`, as a person uses it: it starts, answers, and leaves nothing behind."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from config import embedded, stamps
from config.supervisor import is_loopback
from factories.members import UserFactory

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_START_SECONDS = 240
SECOND_START_SECONDS = 60  # on a machine that runs other tests too; alone it is below ten


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def data():
    """A data folder of its own, with a path that is short enough for PostgreSQL's socket."""
    folder = Path(tempfile.mkdtemp(prefix="collegial-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(data):
    """Starts the supervisor, or any other module of config, in the folder; ends what a failed test left running."""
    started = []

    def run(module: str = "config.supervisor", *, through_make: bool = False, **variables: str) -> subprocess.Popen:
        environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}}
        environment |= {"COLLEGIAL_DATA": str(data), "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "DEMO": "0"} | variables
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        command = ["make", "--no-print-directory", "run"] if through_make else [sys.executable, "-m", module]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        process.stdout.close()


def processes_of(data: Path) -> list[str]:
    """The command lines of all that runs for this data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
            if str(data) in words or process.environ().get("COLLEGIAL_DATA") == str(data):
                found.append(words)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found


def wait_until_ready(process: subprocess.Popen, port: int, seconds: float) -> float:
    """Wait for the site; returns how many seconds it took."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        assert process.poll() is None, process.stdout.read()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return time.monotonic() - started
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"not ready after {seconds} s")


def said_by(process: subprocess.Popen, seconds: float = 60) -> str:
    """All that a process said, once it has ended."""
    words, _ = process.communicate(timeout=seconds)
    return words


def test_it_starts_answers_stops_and_starts_again(data, start):
    port = free_port()
    first = start(through_make=shutil.which("make") is not None, PORT=str(port))
    wait_until_ready(first, port, FIRST_START_SECONDS)
    assert any("postgres" in words for words in processes_of(data))

    first.send_signal(signal.SIGTERM)  # to make, which hands it on

    words = said_by(first)
    assert f"http://localhost:{port}" in words
    assert processes_of(data) == []

    again = start(PORT=str(port))
    wait_until_ready(again, port, SECOND_START_SECONDS)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/") as page:
        assert page.status == 200
    again.send_signal(signal.SIGINT)

    assert again.wait(60) == 0
    assert processes_of(data) == []


def test_taken_port_is_one_line(data, start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(PORT=str(port))

        words = said_by(process)

    assert process.returncode == 1
    assert words == f"\nPort {port} is taken. Try another: make run PORT=8001\n"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PORT": "http"}, "PORT is a number"),
        ({"PORT": "80000"}, "PORT is a number"),
        ({"HOST": "no such host", "PORT": "8000"}, "is no address to serve on"),
    ],
)
def test_wrong_address_is_a_sentence(start, variables, words):
    process = start(**variables)

    assert words in said_by(process)
    assert process.returncode == 1


@pytest.mark.parametrize("module", ["config.supervisor", "config.reset"])
def test_one_at_a_time_in_one_folder(data, start, module):
    with (data / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = start(module, PORT=str(free_port()))

        assert "running already" in said_by(process)

    assert process.returncode == 1


def test_reset_without_an_answer_changes_nothing(data, start):
    (data / "mail").mkdir()
    process = start("config.reset")

    assert "Nothing was changed" in said_by(process)
    assert (data / "mail").is_dir()


def test_reset_empties_what_is_ours_and_nothing_else(data):
    (data / "media" / "pictures").mkdir(parents=True)
    (data / "notes.txt").write_text("mine")
    environment = os.environ | {"COLLEGIAL_DATA": str(data), "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}

    done = subprocess.run(
        [sys.executable, "-m", "config.reset"], cwd=ROOT, env=environment, input="yes\n", capture_output=True, text=True
    )

    assert done.returncode == 0
    assert sorted(path.name for path in data.iterdir()) == ["notes.txt", "supervisor.lock"]


def address_of(database: str) -> str:
    """The DATABASE_URL of another database on the test's server."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def static_files_are_there(data: Path) -> None:
    """As after an earlier start."""
    (data / "static").mkdir()
    (data / "static" / "staticfiles.json").write_text("{}")
    (data / "static.stamp").write_text(stamps.static_files())


def test_demo_accounts_are_not_served_to_others(fresh_database, data, start):
    UserFactory(email="Admin@collegial.test")
    static_files_are_there(data)

    process = start(HOST="0.0.0.0", PORT=str(free_port()), DATABASE_URL=address_of(fresh_database))

    assert "the demo accounts' password is known to all" in said_by(process)
    assert process.returncode == 1


def test_a_child_that_dies_takes_all_down_and_is_named(fresh_database, data, start):
    static_files_are_there(data)

    process = start(PORT=str(free_port()), DATABASE_URL=address_of(fresh_database), WEB_CONCURRENCY="many")

    assert "The web server ended by itself" in said_by(process)
    assert process.returncode == 1
    assert processes_of(data) == []


def test_a_signal_during_the_start_is_heeded(fresh_database, data, start):
    process = start(PORT=str(free_port()), DATABASE_URL=address_of(fresh_database))
    deadline = time.monotonic() + 60
    while len(processes_of(data)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)

    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
    assert processes_of(data) == []


@pytest.mark.parametrize(
    ("host", "answer"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_loopback(host, answer):
    assert is_loopback(host) is answer


def test_embedded_server_stops_with_its_last_user(data):
    first = embedded.Embedded(data / "pg", durable=False)
    second = embedded.Embedded(data / "pg", durable=False)

    first.release()
    assert any("postgres" in words for words in processes_of(data))
    second.release()
    second.release()

    assert processes_of(data) == []
