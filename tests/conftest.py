"""What tests share: a running server, a browser, and pages that tell when something went wrong in them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, WebSocket, sync_playwright

from tests.browsers import launch_options
from tests.servers import running_app
from tests.sites import BELOW, built

NewPage = Callable[..., Page]

# No test depends on time or luck: a busy machine is no fault of the code, and what passed here passes elsewhere.
# Inputs that nobody has tried yet are looked for by `python3 dev.py soak fuzz`.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: they are the slowest, and no event loop starts beside Playwright's."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The base URL of the application, running as a process of its own. Heavy work may wait longer than usual."""
    with running_app(CONVOSCOPE_STRICT_STRINGS="1", CONVOSCOPE_HEAVY_SECONDS="60") as url:
        yield url


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a few kinds, built once for all tests that look at one."""
    return built(tmp_path_factory.mktemp("host") / BELOW)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options())
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, server: str) -> Iterator[NewPage]:
    """Opens pages that must stay free of faults: new_page(allow=r"status of 422", color_scheme="dark").

    `allow` is a pattern of faults that a test means to cause; the rest goes to `Browser.new_context`.
    A fault is an error in the console (there the browser also reports what the content security policy forbids),
    an uncaught exception, or a request to another host. They are asserted absent when the test ends.
    """
    faults: list[str] = []
    contexts = []

    def open_page(allow: str | None = None, **options: Any) -> Page:
        context = browser.new_context(**{"base_url": server, **options})
        contexts.append(context)
        page = context.new_page()
        watch(page, server, lambda fault: None if allow and re.search(allow, fault) else faults.append(fault))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page that must stay free of faults."""
    return new_page()


def watch(page: Page, server: str, report: Callable[[str], None]) -> None:
    """Reports every fault of a page as a sentence."""

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            report(f"console: {message.text} ({message.location.get('url')})")

    def uncaught(error: Error) -> None:
        report(f"uncaught: {error.stack or error.message}")

    def request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("about", "blob", "data") and address.netloc != urlsplit(server).netloc:
            report(f"request to another host: {request.url}")

    def socket(socket: WebSocket) -> None:
        report(f"web socket: {socket.url}")

    page.on("console", console)
    page.on("pageerror", uncaught)
    page.on("request", request)
    page.on("websocket", socket)
