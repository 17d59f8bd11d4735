"""`make run` and `make dev`: one process that starts the database, the web server and the worker, and stops them all.

Django is not loaded here: what needs it runs as a child, and only when something changed since the last time.
"""

import fcntl
import http.client
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from config import embedded, probe, stamps
from config.demo import ADDRESSES, PASSWORD

ROOT = embedded.ROOT
GUNICORN = ("-m", "gunicorn", "--config", "python:config.server")
START_SECONDS = 90
STOP_SECONDS = 15
TICK = 0.05


class Trouble(Exception):
    """Something that a person should read; the site does not start, or stops."""


class Stopped(Exception):
    """Somebody asked us to stop."""


def say(words: str = "") -> None:
    print(words, flush=True)  # noqa: T201 - the terminal is this command's page


class Supervisor:
    """Starts what the site needs, one after the other, waits, and stops all of it, whatever happened."""

    def __init__(self, host: str, port: int, *, debug: bool, demo: bool) -> None:
        self.host = host
        self.port = port
        self.debug = debug
        self.demo = demo
        self.address = f"http://{'localhost' if is_loopback(host) else host}:{port}"
        self.children: dict[str, subprocess.Popen] = {}
        self.database: embedded.Embedded | None = None
        self.asked_to_stop = False
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "PYTHONUNBUFFERED": "1",
            "BASE_URL": self.address,
            "BIND": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "DEBUG": "1" if debug else "0",
        }

    def run(self) -> int:
        """Run until somebody asks us to stop (0), or until something goes wrong (1)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._check_port()
            self._start_database()
            self._prepare()
            self._serve()
            self._watch()
        except Stopped:
            return 0
        except (Trouble, psycopg.Error) as trouble:
            say(f"\n{trouble}")
            return 1
        finally:
            self._stop()
        return 0

    def _on_signal(self, _number, _frame) -> None:
        self.asked_to_stop = True  # read between the steps, so that none is left half done and unknown

    def _pause(self) -> None:
        time.sleep(TICK)
        if self.asked_to_stop:
            raise Stopped

    # Before the start ----------------------------------------------------------------------------------------------

    def _check_port(self) -> None:
        try:
            family, kind, _, _, address = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
        except socket.gaierror as error:
            raise Trouble(f"HOST={self.host} PORT={self.port} is no address to serve on.") from error
        with socket.socket(family, kind) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind(address)
            except PermissionError as error:
                raise Trouble(f"Port {self.port} is for the system only. Try another: make run PORT=8001") from error
            except OSError as error:
                raise Trouble(f"Port {self.port} is taken. Try another: make run PORT=8001") from error

    def _start_database(self) -> None:
        if not self.env.get("DATABASE_URL"):
            if hasattr(os, "geteuid") and os.geteuid() == 0:
                say(
                    "You are root, and PostgreSQL does not run as root: its package makes a system user `pgserver`"
                    f" and lets everybody enter the folders that lead to {embedded.data_dir()}."
                )
            self.database = embedded.Embedded(embedded.data_dir() / "pg")
            self.database.ensure_database(embedded.DATABASE)
            self.env["DATABASE_URL"] = self.database.url(embedded.DATABASE)
        if self.asked_to_stop:
            raise Stopped

    # Preparing ------------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Migrate, gather static files and load the demo, as far as each is needed. The first two run side by side."""
        static = self._begin_static_files()
        try:
            if self._ask(_STAMP) != stamps.migrations():
                say("Bringing the database up to date (half a minute at the first start) ...")
                self._step("release", "manage.py", "release", "--verbosity", "0")
            self._load_demo()
            self._finish_static_files(static)
        finally:
            if static and static.poll() is None:
                end_group(static)

    def _load_demo(self) -> None:
        if not is_loopback(self.host):
            if self._ask(_HAS_DEMO_ACCOUNTS, [ADDRESSES]):
                raise Trouble(
                    f"HOST={self.host} can be reached by others, and the demo accounts' password is known to all."
                    " Empty this copy first (make reset), or serve on HOST=127.0.0.1."
                )
        elif self.demo and not self._ask(_HAS_PEOPLE):
            self._step("demo", "manage.py", "demo")

    @property
    def _static_stamp(self) -> Path:
        return embedded.data_dir() / "static.stamp"

    def _begin_static_files(self) -> subprocess.Popen | None:
        stamp = self._static_stamp
        gathered = (embedded.data_dir() / "static" / "staticfiles.json").exists()
        if self.debug or (gathered and stamp.exists() and stamp.read_text() == stamps.static_files()):
            return None  # with DEBUG they are served from where they are
        stamp.unlink(missing_ok=True)
        return self._spawn("manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0")

    def _finish_static_files(self, process: subprocess.Popen | None) -> None:
        if process is None:
            return
        if process.poll() is None:
            say("Compressing static files ...")
        self._wait_for("collectstatic", process)
        self._static_stamp.write_text(stamps.static_files())

    # Serving --------------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        probe.heartbeat_path().unlink(missing_ok=True)
        for name, arguments in self.services().items():
            self.children[name] = self._spawn(*arguments)
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            self._check_children()
            if time.monotonic() > deadline:
                raise Trouble(f"The site did not answer within {START_SECONDS} s.")
            self._pause()
        self._greet()

    def services(self) -> dict[str, tuple[str, ...]]:
        """What serves the site: a name for people, and Python's arguments."""
        if self.debug:
            web: tuple[str, ...] = ("manage.py", "runserver", self.env["BIND"])
            return {"web server": web, "worker": ("manage.py", "worker", "--reload")}
        return {"web server": (*GUNICORN, "config.wsgi"), "worker": ("manage.py", "worker")}

    def _is_ready(self) -> bool:
        return self._web_is_ready() and ("worker" not in self.children or probe.worker_is_alive())

    def _web_is_ready(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - asked, not bound
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _greet(self) -> None:
        say(f"\n  Collegial is at {self.address}\n")
        if self._ask(_HAS_DEMO_ACCOUNTS, [ADDRESSES]):
            say(f"  Log in with one of these, password {PASSWORD}:")
            for address in ADDRESSES:
                say(f"    {address}")
        elif not self._ask(_HAS_PEOPLE):
            say("  Nobody has an account yet. Make the first one: .venv/bin/python manage.py createsuperuser")
        say(f"\n  Mail that the site sends is at {self.address}/dev/mail/")
        say("  Ctrl-C stops it.")

    def _watch(self) -> None:
        while True:
            self._check_children()
            self._pause()

    def _check_children(self) -> None:
        for name, process in self.children.items():
            if process.poll() is not None:
                raise Trouble(f"The {name} ended by itself ({how_it_ended(process)}); its words are above.")

    # Children -------------------------------------------------------------------------------------------------------

    def _spawn(self, *arguments: str) -> subprocess.Popen:
        """A child in a session of its own: a Ctrl-C reaches us alone, and we end it with all that it started."""
        return subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, *arguments], cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def _step(self, name: str, *arguments: str) -> None:
        process = self._spawn(*arguments)
        try:
            self._wait_for(name, process)
        finally:
            end_group(process)

    def _wait_for(self, name: str, process: subprocess.Popen) -> None:
        while process.poll() is None:
            self._pause()
        if process.returncode:
            raise Trouble(f"The step `{name}` failed ({how_it_ended(process)}); its words are above.")

    def _ask(self, query: str, parameters: list | None = None):
        """The first value of a query; None where the tables are not there yet."""
        with psycopg.connect(self.env["DATABASE_URL"], connect_timeout=10) as connection:
            try:
                row = connection.execute(query, parameters).fetchone()
            except psycopg.errors.UndefinedTable:
                return None
        return row[0] if row else None

    def _stop(self) -> None:
        if self.children:
            say("\nStopping ...")
        for process in self.children.values():
            signal_group(process, signal.SIGTERM)
        for process in self.children.values():
            end_group(process)
        if self.database:
            self.database.release()


_STAMP = "SELECT obj_description('django_migrations'::regclass, 'pg_class')"
_HAS_PEOPLE = "SELECT EXISTS (SELECT FROM members_user)"
_HAS_DEMO_ACCOUNTS = "SELECT EXISTS (SELECT FROM members_user WHERE lower(email) = ANY(%s))"


def how_it_ended(process: subprocess.Popen) -> str:
    """In words: its exit status, or the signal that ended it."""
    if process.returncode < 0:
        return signal.Signals(-process.returncode).name
    return f"exit status {process.returncode}"


def signal_group(process: subprocess.Popen, number: int) -> None:
    """Send a signal to a child and all that it started; nothing where they are gone."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):  # PermissionError: macOS says so of a zombie
        return


def end_group(process: subprocess.Popen) -> None:
    """End a child and all that it started: kindly first, surely in the end."""
    signal_group(process, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        say(f"A process took longer than {STOP_SECONDS} s to stop, and was killed.")
    signal_group(process, signal.SIGKILL)
    process.wait()


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def the_only_one(folder: Path):
    """The lock of this data folder's supervisor; raises Trouble where another one has it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "supervisor.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Trouble(f"Collegial is running already, with the data in {folder}. Stop it first (Ctrl-C).") from None
    return lock


def main() -> int:
    port = os.environ.get("PORT") or "8000"
    if not (port.isdecimal() and 0 < int(port) < 65536):
        say("PORT is a number from 1 to 65535.")
        return 1
    supervisor = Supervisor(
        os.environ.get("HOST") or "127.0.0.1",
        int(port),
        debug=os.environ.get("DEBUG") == "1",
        demo=os.environ.get("DEMO") != "0",
    )
    try:
        with the_only_one(embedded.data_dir()):
            return supervisor.run()
    except Trouble as trouble:
        say(str(trouble))
        return 1


if __name__ == "__main__":
    sys.exit(main())
