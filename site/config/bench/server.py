"""The server that is measured, the pages that it is asked for, and how what was found is told."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import psutil
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.bench import rows

CONNECTIONS = 8
WARM_UP_SECONDS = 1


@dataclass(frozen=True)
class Target:
    """One page as one kind of visitor sees it."""

    row: rows.Row
    path: str
    signed_in: bool

    @property
    def name(self) -> str:
        return f"{self.row.name}, {'signed in' if self.signed_in else 'anonymous'}"

    @property
    def query_goal(self) -> int:
        return rows.QUERIES_OFTEN if self.row.often else rows.QUERIES

    @property
    def share_goal(self) -> float:
        if self.row.share_anonymous and not self.signed_in:
            return self.row.share_anonymous
        if self.row.often:
            return rows.SHARE_OFTEN
        return rows.SHARE_SIGNED_IN if self.signed_in else rows.SHARE_ANONYMOUS


@dataclass(frozen=True)
class Result:
    """One line of the table and of bench.json; `goal` and `met` are None where there is nothing to reach."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    met: bool | None = None


def at_least(name: str, value: float, unit: str, goal: float) -> Result:
    return Result(name, round(value, 4), unit, goal, value >= goal)


def at_most(name: str, value: float, unit: str, goal: float) -> Result:
    return Result(name, round(value, 2), unit, goal, value <= goal)


def cookie_of(client: Client) -> str:
    """What a browser would send after its first page: the session and the token of forms."""
    return "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())


class Server:
    """The gunicorn that is measured: its master and its workers."""

    def __init__(self, address: str, pid: int) -> None:
        self.address = address
        self.master = psutil.Process(pid)

    def processes(self) -> list[psutil.Process]:
        return [self.master, *self.master.children(recursive=True)]

    def cpu_seconds(self) -> float:
        times = [process.cpu_times() for process in self.processes()]
        return sum(time.user + time.system for time in times)

    def memory_mb(self) -> float:
        return self.held_by(self.processes())

    @staticmethod
    def held_by(processes: Iterable[psutil.Process]) -> float:
        """What all of them hold together; pages that they share count once (PSS; RSS where the system has no PSS)."""
        total = 0
        for process in processes:
            full = process.memory_full_info()
            total += getattr(full, "pss", full.rss)
        return total / 1e6

    def load(self, path: str, seconds: float, cookie: str = "") -> tuple[float, float]:
        """Ask for a page as fast as it comes: requests a second, and the server's CPU milliseconds for each."""
        before = self.cpu_seconds()
        answer = self._ask(path, seconds, CONNECTIONS, cookie)
        spent = self.cpu_seconds() - before
        return answer["requests"] / answer["seconds"], 1000 * spent / answer["requests"]

    def waits(self, path: str, seconds: float, cookie: str = "") -> tuple[float, float]:
        """How long one visitor waits, who asks again and again: the median and the 95th percentile, in milliseconds."""
        answer = self._ask(path, seconds, 1, cookie)
        return answer["p50"], answer["p95"]

    def _ask(self, path: str, seconds: float, connections: int, cookie: str) -> dict:
        command = [sys.executable, "-m", "config.bench.load", f"{self.address}{path}", str(seconds), str(connections)]
        if cookie:
            command.append(cookie)
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own command
        return json.loads(done.stdout)


def queries(client: Client, path: str) -> int:
    """How many queries a page takes once the process is warm."""
    for _ in range(2):
        client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return len(captured)


def progress(words: str) -> None:
    """One line that is written over, for a person who watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r  {words:<50}\r")
