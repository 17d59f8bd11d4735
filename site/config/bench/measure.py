"""Measures the rows against a running server (its address and process id are given), and writes the table."""

import argparse
import json
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import django
import psutil

django.setup()

from django.db import connection  # noqa: E402 - after setup
from django.test import Client  # noqa: E402 - after setup
from django.test.utils import CaptureQueriesContext  # noqa: E402 - after setup

from community.members.models import User  # noqa: E402 - after setup
from config import embedded  # noqa: E402 - after setup
from config.bench import crowd, rows  # noqa: E402 - after setup
from config.bench.load import BARE_PATH  # noqa: E402 - after setup

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


def targets() -> list[Target]:
    found = []
    for row in rows.ROWS:
        path = row.path()
        if path is None:
            raise SystemExit(
                f"The data has no page for “{row.name}”. The demo community has one: make reset, make run."
            )
        if row.anonymous:
            found.append(Target(row, path, signed_in=False))
        if row.signed_in:
            found.append(Target(row, path, signed_in=True))
    return found


@contextmanager
def signed_in_client() -> Iterator[Client]:
    """A client with a session of the demo's member, which ends with the measuring."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(email=rows.READER))
    yield client
    client.session.delete()


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
        """What all of them hold together; pages that they share count once (PSS; RSS where the system has no PSS)."""
        total = 0
        for process in self.processes():
            full = process.memory_full_info()
            total += getattr(full, "pss", full.rss)
        return total / 1e6

    def load(self, path: str, seconds: float, cookie: str = "") -> tuple[float, float]:
        """Ask for a page as fast as it comes: requests a second, and the server's CPU milliseconds for each."""
        command = [sys.executable, "-m", "config.bench.load", f"{self.address}{path}", str(seconds), str(CONNECTIONS)]
        before = self.cpu_seconds()
        done = subprocess.run([*command, cookie] if cookie else command, stdout=subprocess.PIPE, check=True)  # noqa: S603
        spent = self.cpu_seconds() - before
        answer = json.loads(done.stdout)
        return answer["requests"] / answer["seconds"], 1000 * spent / answer["requests"]


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


def measured(server: Server, pages: list[Target], cookie: str, rounds: int, seconds: float) -> list[Result]:
    """Every page once in each round, each time beside the bare view; medians over the rounds."""
    for page in pages:
        server.load(page.path, WARM_UP_SECONDS, cookie if page.signed_in else "")
    server.load(BARE_PATH, WARM_UP_SECONDS)
    shares, cpu_shares, costs = defaultdict(list), defaultdict(list), defaultdict(list)
    for number in range(rounds):
        for page in pages:
            progress(f"round {number + 1} of {rounds}: {page.name}")
            bare_rate, bare_cost = server.load(BARE_PATH, seconds / 2)
            rate, cost = server.load(page.path, seconds, cookie if page.signed_in else "")
            shares[page].append(rate / bare_rate)
            cpu_shares[page].append(bare_cost / cost)
            costs[page].append(cost)
    progress("")
    results = []
    for page in pages:
        share, cpu_share = statistics.median(shares[page]), statistics.median(cpu_shares[page])
        results.append(at_least(f"{page.name}: requests/s", share, "of a bare view", page.share_goal))
        results.append(at_least(f"{page.name}: server CPU", cpu_share, "of a bare view", page.share_goal))
        results.append(Result(f"{page.name}: CPU a request", round(statistics.median(costs[page]), 2), "ms"))
    return results


def growth(server: Server, pages: list[Target], cookie: str, rounds: int, seconds: float) -> list[Result]:
    """What the pages that must not grow cost among many groups, as a multiple of what they cost among few; each time
    against the bare view beside it, since a machine is not equally quick all the time."""
    reader = User.objects.get(email=rows.READER)

    def costs() -> list[float]:
        found = []
        for page in pages:
            sent = cookie if page.signed_in else ""
            server.load(page.path, WARM_UP_SECONDS, sent)
            progress(f"growth: {page.name}")
            shares = []
            for _ in range(rounds):
                bare_cost = server.load(BARE_PATH, seconds / 2)[1]
                shares.append(server.load(page.path, seconds, sent)[1] / bare_cost)
            found.append(statistics.median(shares))
        return found

    crowd.leave_few(reader)
    few = costs()
    crowd.add_many(reader)
    many = costs()
    progress("")
    words = f"CPU among {crowd.MANY} groups, as against {crowd.FEW}"
    return [
        at_most(f"{page.name}: {words}", after / before, "times", rows.GROWTH)
        for page, before, after in zip(pages, few, many, strict=True)
    ]


def show(results: list[Result]) -> None:
    width = max(len(result.name) for result in results)
    for result in results:
        goal = "" if result.goal is None else f"   goal {result.goal:g}   {'met' if result.met else 'NOT MET'}"
        sys.stdout.write(f"  {result.name:<{width}}  {result.value:>8g} {result.unit}{goal}\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("pid", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    arguments = parser.parse_args()
    server = Server(arguments.address, arguments.pid)
    pages = targets()
    anonymous = Client(headers={"host": "localhost"})
    with signed_in_client() as reader:
        results = [
            at_most(
                f"{page.name}: queries",
                queries(reader if page.signed_in else anonymous, page.path),
                "",
                page.query_goal,
            )
            for page in pages
        ]
        cookie = cookie_of(reader)
        results += measured(server, pages, cookie, arguments.rounds, arguments.seconds)
        growing = [page for page in pages if page.row.with_many_groups]
        results += growth(server, growing, cookie, arguments.rounds, arguments.seconds)
    results.append(at_most("memory of gunicorn", server.memory_mb(), "MB", rows.MEMORY_MB))
    show(results)
    path = embedded.data_dir() / "bench.json"
    path.write_text(json.dumps([asdict(result) for result in results], indent=2))
    sys.stdout.write(f"\n  Written to {path}\n")


if __name__ == "__main__":
    main()
