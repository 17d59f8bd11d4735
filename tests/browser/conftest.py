"""A real Chromium against a real server, on a database of the test's own.

    def test_something(page, site_url, log_in, axe):
        log_in(page, MemberFactory())
        page.goto(f"{site_url}/today/")
        axe(page)

Every page fails its test when its console shows an error, a policy is violated, or it asks for something outside of
this machine. `page_without_js` is the same with JavaScript off; `open_page(width=320, dark=True)` makes more of them.
`run_jobs()` runs what the page queued, and mail is in `django.core.mail.outbox`.
"""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 10_000
# Preloading would fetch the style sheets again, and their imports from the wrong place.
AXE_RULES = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        missing = f"No Chromium here (looked for {', '.join(CHROMIUM)}). On Debian: apt install chromium"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return found


@pytest.fixture(scope="module")
def browser(chromium_path):
    """One Chromium for a module. While it runs, Playwright's event loop runs in this thread, and Django must not mind
    that; it ends with the module, so that other tests are checked as usual."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site_url(fresh_database, settings) -> str:
    """The address of a server on the test's own database."""
    server = ThreadedWSGIServer(("localhost", 0), QuietWSGIRequestHandler)
    url = f"http://localhost:{server.server_port}"
    settings.WAGTAILADMIN_BASE_URL = url
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield url
    server.shutdown()
    server.server_close()
    thread.join()


class Watched:
    """The pages of a test, and what went wrong on them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.troubles: list[str] = []
        self.documents: set[str] = set()
        self.measured: set[Page] = set()  # pages on which axe ran since they were loaded

    def open(self, *, js: bool = True, width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        context = self.browser.new_context(
            java_script_enabled=js,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        )
        context.set_default_timeout(WAIT_MS)
        context.route(lambda url: not self._is_here(url), self._refuse)
        self.contexts.append(context)
        page = context.new_page()
        page.on("response", self._remember)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        return page

    @staticmethod
    def _is_here(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"data", "blob", "about"} or parts.hostname in {"localhost", "127.0.0.1"}

    def _refuse(self, route) -> None:
        self.troubles.append(f"asked for {route.request.url}, which is not on this machine")
        route.abort()

    def _remember(self, response) -> None:
        if response.request.is_navigation_request():
            self.documents.add(response.url)
            self.measured.discard(response.frame.page)

    def _listen(self, message) -> None:
        if message.type != "error":
            return
        url = message.location.get("url", "")
        if message.text.startswith("Failed to load resource") and url in self.documents:
            return  # the page itself is a 404 or a 403: that is for the test to say
        if message.page in self.measured and "inline style" in message.text:
            return
        self.troubles.append(f"{url}: {message.text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def watched(browser, site_url):
    """Closes the pages before the server, and fails the test that had trouble on one of them."""
    pages = Watched(browser)
    yield pages
    pages.close()
    assert pages.troubles == []


@pytest.fixture
def open_page(watched) -> Callable[..., Page]:
    """Makes a page in a context of its own: `open_page(js=True, width=1280, height=900, dark=False)`."""
    return watched.open


@pytest.fixture
def page(open_page) -> Page:
    return open_page()


@pytest.fixture
def page_without_js(open_page) -> Page:
    return open_page(js=False)


@pytest.fixture
def troubles(watched) -> list[str]:
    """What went wrong on the pages so far. A test that expects trouble empties it."""
    return watched.troubles


@pytest.fixture
def log_in(site_url, settings) -> Callable[[Page, object], None]:
    """Signs a person in on a page, by a session's cookie."""

    def sign_in(page: Page, user) -> None:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site_url}])

    return sign_in


@pytest.fixture
def axe(watched) -> Callable[[Page], None]:
    """Asserts that axe finds nothing on a page as it stands (an open dialog, a form with errors).

    Its script is evaluated by the browser's debugger, which the page's own policy does not govern; the inline styles
    that it tries to set are blocked by it, and these complaints are axe's and not the page's.
    """

    def check(page: Page) -> None:
        watched.measured.add(page)
        found = Axe().run(page, options=AXE_RULES).response["violations"]
        assert [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]] == []

    return check
