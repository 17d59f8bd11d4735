"""Measures the rows against a running server (its address and process id are given), and writes the table."""

import argparse
import json
import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import django

django.setup()

from django.test import Client  # noqa: E402 - after setup

from community.members.models import User  # noqa: E402 - after setup
from config import embedded  # noqa: E402 - after setup
from config.bench import crowd, discussing, rows  # noqa: E402 - after setup
from config.bench.load import BARE_PATH  # noqa: E402 - after setup
from config.bench.server import (  # noqa: E402 - after setup
    WARM_UP_SECONDS,
    Result,
    Server,
    Target,
    at_least,
    at_most,
    cookie_of,
    progress,
    queries,
)


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


def measured(
    server: Server, pages: list[Target], cookie: str, rounds: int, seconds: float
) -> tuple[list[Result], dict[str, float]]:
    """Every page once in each round, each time beside the bare view; medians over the rounds. And what each costs, as
    a multiple of the bare view."""
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
    return results, {page.name: 1 / statistics.median(cpu_shares[page]) for page in pages}


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


def counted(page: Target, reader: Client) -> Result:
    """How many queries a page takes."""
    asks = reader if page.signed_in else Client(headers={"host": "localhost"})
    return at_most(f"{page.name}: queries", queries(asks, page.path), "", page.query_goal)


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
    parser.add_argument("--discussions", action="store_true", help="only the rows about discussions")
    arguments = parser.parse_args()
    is_quick = os.environ.get("QUICK", "") not in ("", "0")
    server = Server(arguments.address, arguments.pid)
    results: list[Result] = []
    with signed_in_client() as reader:
        cookie = cookie_of(reader)

        def beside_bare(pages: list[Target]) -> tuple[list[Result], dict[str, float]]:
            return measured(server, pages, cookie, arguments.rounds, arguments.seconds)

        if not arguments.discussions:
            pages = targets()
            results += [counted(page, reader) for page in pages]
            results += beside_bare(pages)[0]
            growing = [page for page in pages if page.row.with_many_groups]
            results += growth(server, growing, cookie, arguments.rounds, arguments.seconds)
        results += discussing.results(server, reader, beside_bare, quick=is_quick)
    results.append(at_most("memory of gunicorn", server.memory_mb(), "MB", rows.MEMORY_MB))
    show(results)
    path = embedded.data_dir() / "bench.json"
    path.write_text(json.dumps([asdict(result) for result in results], indent=2))
    sys.stdout.write(f"\n  Written to {path}\n")


if __name__ == "__main__":
    main()
