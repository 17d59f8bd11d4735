"""Asks a server for one page again and again, for a given time, over kept-alive connections.

Run as a process of its own (`python -m config.bench.load URL SECONDS CONNECTIONS [COOKIE]`), since gevent changes the
standard library under whoever loads it. Only addresses of this machine are asked.
"""

import json
import sys
import time
from urllib.parse import urlsplit

BARE_PATH = "/bench/bare"


def measure(url: str, seconds: float, connections: int, cookie: str) -> dict:
    """How many answers of status 200 came, within how many seconds, and how many milliseconds half of them and 95 of
    100 took at most. Any other status ends the program."""
    import gevent  # changes the standard library: only here
    from geventhttpclient import HTTPClient
    from geventhttpclient.url import URL

    if urlsplit(url).hostname not in {"localhost", "127.0.0.1"}:
        raise SystemExit("The load is for this machine only.")
    target = URL(url)
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip, br"} if cookie else {"Accept-Encoding": "gzip, br"}
    client = HTTPClient.from_url(target, concurrency=connections, headers=headers, network_timeout=20)
    started = time.perf_counter()
    waits: list[float] = []

    def ask() -> None:
        while (asked := time.perf_counter()) - started < seconds:
            answer = client.get(target.request_uri)
            answer.read()
            if answer.status_code != 200:
                raise SystemExit(f"{url} answered {answer.status_code}")
            waits.append(1000 * (time.perf_counter() - asked))

    gevent.joinall([gevent.spawn(ask) for _connection in range(connections)], raise_error=True)
    client.close()
    waits.sort()
    return {
        "requests": len(waits),
        "seconds": time.perf_counter() - started,
        "p50": waits[len(waits) // 2],
        "p95": waits[len(waits) * 95 // 100],
    }


if __name__ == "__main__":
    url, seconds, connections, *rest = sys.argv[1:]
    sys.stdout.write(json.dumps(measure(url, float(seconds), int(connections), rest[0] if rest else "")))
