"""What tests share: a running server, a browser, and pages that tell when something went wrong in them."""

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browsers import options_for_many_pages
from tests.pages import Contexts, watch
from tests.servers import running_app
from tests.sites import BELOW, built

NewPage = Callable[..., Page]

# No test depends on time or luck: a busy machine is no fault of the code, and what passed here passes elsewhere.
# Inputs that nobody has tried yet are looked for by `python3 dev.py soak fuzz`.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: they are the slowest, and no event loop starts beside Playwright's."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The base URL of the application, running as a process of its own. Heavy work may wait longer than usual."""
    with running_app(CONVOSCOPE_STRICT_STRINGS="1", CONVOSCOPE_HEAVY_SECONDS="60") as url:
        yield url


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a few kinds, built once for all tests that look at one, whichever process they run in."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with FileLock(shared / "site.lock"):
        folder = shared / "host" / BELOW
        return folder if folder.exists() else built(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**options_for_many_pages())
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def new_page(contexts: Contexts, server: str, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Opens pages that must stay free of faults: new_page(allow=r"status of 422", color_scheme="dark").

    `allow` is a pattern of faults that a test means to cause; the rest goes to `Browser.new_context`. A test that gives
    a whole context scripts or a clock of its own says `alone=True`: nobody else gets that context.
    A fault is an error in the console (there the browser also reports what the content security policy forbids),
    an uncaught exception, or a request to another host. They are asserted absent when the test ends. When a test
    fails, its report says where in `build/failures` a picture of its page and Playwright's trace are.
    """
    faults: list[str] = []
    with contexts.lending() as lend:

        def open_page(allow: str | None = None, *, alone: bool = False, **options: Any) -> Page:
            page = lend(**{"alone": alone, "base_url": server, **options})
            watch(page, server, lambda fault: None if allow and re.search(allow, fault) else faults.append(fault))
            return page

        yield open_page
        if faults:
            faults += contexts.keep(request.node.nodeid)
    assert not faults, "\n".join(faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keeps what a page showed when its test failed, and says where."""
    report = yield
    contexts = getattr(item, "funcargs", {}).get("contexts")
    if contexts and report.when == "call" and report.failed:
        report.sections.append(("left for you", "\n".join(contexts.keep(item.nodeid))))
    return report


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page that must stay free of faults."""
    return new_page()
