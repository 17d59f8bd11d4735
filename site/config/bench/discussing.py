"""The rows about discussions: few posts and then many, in the same forums (`talk`).

With `quick` there are the few alone. The many are 1,000,000 posts: that takes a few minutes and some three gigabytes
until the copy of the data is thrown away.
"""

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import psutil
from django.db import connection
from django.test import Client
from django.urls import reverse

from community.discussions.models import Post
from community.discussions.reading import POSTS_A_PAGE
from community.members.models import User
from community.safety import identifiers
from config.bench import hostile, rows, talk
from config.bench.rows import Row
from config.bench.server import Result, Server, Target, at_most, cookie_of, progress, queries
from core import markdown

REPLIES = 40  # each by somebody else, since nobody may post so many in a row
WORKER_SECONDS = 25  # that it has for the letters about them


def pages_of(looked: talk.Looked) -> dict[str, list[Target]]:
    """What is looked at, by row: once signed in and once not."""
    topic = looked.topic.get_absolute_url()
    last = -(-looked.topic.posts_count // POSTS_A_PAGE)
    paths = {
        "forum list": reverse("discussions:list"),
        "topic list": looked.forum.get_absolute_url(),
        "all topics": reverse("discussions:all"),
        "topic": topic,
        "deep page": f"{topic}?page={last - 1}",  # without the box to answer in, as the first one is
    }
    return {name: [_target(name, path, signed_in) for signed_in in (False, True)] for name, path in paths.items()}


def _target(name: str, path: str, signed_in: bool) -> Target:
    return Target(Row(name, lambda: path, often=True, share_anonymous=_share_of_visitors(name)), path, signed_in)


def _share_of_visitors(name: str) -> float:
    return rows.SHARE_TOPIC_ANONYMOUS if name in {"topic", "deep page"} else rows.SHARE_OFTEN


def results(
    server: Server, reader: Client, measured: Callable[[list[Target]], tuple[list[Result], dict]], *, quick: bool
) -> list[Result]:
    """All rows. `measured` measures pages beside the bare view, and says what each costs against it."""
    progress("writing 10,000 posts")
    looked = talk.fill(talk.SMALL)
    shown, few = _pages(server, reader, looked, measured)
    found = [] if not quick else shown
    found += _replies(server, looked, "10,000")
    if not quick:
        progress("writing 1,000,000 posts (a few minutes)")
        started = time.monotonic()
        looked = talk.fill(talk.BIG)
        found.append(Result("1,000,000 posts written in", round(time.monotonic() - started), "s"))
        shown, many = _pages(server, reader, looked, measured)
        found += shown
        found += [
            at_most(f"{name}: CPU at 1,000,000 posts, as against 10,000", many[name] / few[name], "times", rows.GROWTH)
            for name in many
        ]
        for who in ("anonymous", "signed in"):
            deep = many[f"deep page, {who}"] / many[f"topic, {who}"]
            found.append(at_most(f"page {looked.topic.posts_count // 20:,} against page 1, {who}", deep, "times", 1.2))
        found += _replies(server, looked, "1,000,000")
    found += _searches(server, cookie_of(reader))
    found.append(_look_for_identifiers())
    found.append(_render_hostile())
    found.append(at_most("memory of the worker", _worker_mb(server), "MB", rows.MEMORY_MB))
    return found


def _pages(server: Server, reader: Client, looked: talk.Looked, measured) -> tuple[list[Result], dict[str, float]]:
    pages = [page for both in pages_of(looked).values() for page in both]
    anonymous = Client(headers={"host": "localhost"})
    asked = [
        at_most(f"{page.name}: queries", queries(reader if page.signed_in else anonymous, page.path), "", 10)
        for page in pages
    ]
    shown, costs = measured(pages)
    waits = []
    for page in pages:
        half, most = server.waits(page.path, 2, cookie_of(reader) if page.signed_in else "")
        waits.append(Result(f"{page.name}: p50 at one connection", round(half, 1), "ms"))
        waits.append(Result(f"{page.name}: p95 at one connection", round(most, 1), "ms"))
    return [*asked, *shown, *waits], costs


def _replies(server: Server, looked: talk.Looked, among: str) -> list[Result]:
    """What answering costs in the longest topic of a large forum: over HTTP, one after the other."""
    people = User.objects.members().filter(email__startswith="bench-").order_by("pk")[:REPLIES]
    sessions = []
    for person in people:
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        client.get(looked.topic.get_absolute_url())
        sessions.append(client)
    before, waits = server.cpu_seconds(), []
    path = f"{looked.topic.get_absolute_url()}reply/"
    written = Post.objects.filter(topic=looked.topic).count()
    for number, client in enumerate(sessions):
        started = time.perf_counter()
        token = client.cookies["csrftoken"].value
        body = urlencode({"body": f"What number {number} would say to this.", "csrfmiddlewaretoken": token})
        status = _post(server.address, path, body, cookie_of(client))
        waits.append(1000 * (time.perf_counter() - started))
        if status != 302:
            raise SystemExit(f"A reply was answered with {status}.")
    spent = server.cpu_seconds() - before
    missing = written + len(sessions) - Post.objects.filter(topic=looked.topic).count()
    if missing:
        raise SystemExit(f"{missing} replies were not written.")
    return [
        at_most(f"reply among {among} posts: CPU", 1000 * spent / len(sessions), "ms", rows.REPLY_MS),
        Result(f"reply among {among} posts: p50 at one connection", round(statistics.median(waits), 1), "ms"),
    ]


def _post(address: str, path: str, body: str, cookie: str) -> int:
    asked = http.client.HTTPConnection(urlsplit(address).hostname or "", urlsplit(address).port, timeout=20)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        asked.request("POST", path, body, headers)
        return asked.getresponse().status
    finally:
        asked.close()


def _searches(server: Server, cookie: str) -> list[Result]:
    found = []
    for kind, word in (("rare", talk.RARE), ("common", talk.COMMON), ("absent", talk.ABSENT)):
        path = f"{reverse('discussions:search')}?{urlencode({'q': word})}"
        half, most = server.waits(path, 3, cookie)
        found.append(Result(f"search for a {kind} word: p50 at one connection", round(half, 1), "ms"))
        found.append(at_most(f"search for a {kind} word: p95 at one connection", most, "ms", rows.SEARCH_MS))
    return found


def _look_for_identifiers() -> Result:
    """What it costs to look at 2 kB before they are posted, half of them full of what is looked for."""
    told = "She was born on 3/14/1987, lives at 412 Oak Street, Columbus, OH 43215, and called from 614-555-0134. "
    asked = "PHQ-9 18 after session 14 of 20, 50 mg in the morning; how do you go on with 24/7 worry since 2019? "
    text = (told * 10 + asked * 10)[:2000]
    waits = []
    for _round in range(60):
        started = time.perf_counter()
        identifiers.find(text, this_year=2026)
        waits.append(1000 * (time.perf_counter() - started))
    most = statistics.quantiles(waits, n=20)[-1]
    return at_most("looking for identifiers in 2 kB: p95", most, "ms", rows.IDENTIFIERS_MS)


def _render_hostile() -> Result:
    """What the worst of many texts costs that are written to take long."""
    worst, named = 0.0, ""
    for name, text in hostile.TEXTS.items():
        for piece in hostile.pieces(text):
            costs = []
            for _round in range(3):
                started = time.process_time()
                markdown.render(piece)
                costs.append(1000 * (time.process_time() - started))
            worst, named = max((worst, named), (min(costs), name))
    progress(f"the worst of hostile Markdown: {named}")
    return at_most("hostile Markdown, the worst of 20 kB: CPU", worst, "ms", rows.HOSTILE_MS)


def _worker_mb(server: Server) -> float:
    """What the worker holds once it has written the letters about the replies."""
    progress("letting the worker write letters")
    connection.close()
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], stdout=subprocess.DEVNULL)
    try:
        time.sleep(WORKER_SECONDS)
        if worker.poll() is not None:
            raise SystemExit("The worker did not stay.")
        return server.held_by([psutil.Process(worker.pid)])
    finally:
        worker.terminate()
        worker.wait(20)
