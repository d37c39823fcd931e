"""Pages for tests in a browser: opened in contexts that are used again, watched for faults, kept when a test fails."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Request, WebSocket

from tests.servers import ROOT

FAILURES = ROOT / "build" / "failures"
QUIET = Path(__file__).parent / "browser" / "quiet.js"
# What a page can be given when it is there already; any other option makes another context.
MEDIA = ("color_scheme", "forced_colors", "reduced_motion")


class Lend(Protocol):
    """Opens a page in a context that no other page of this test has."""

    def __call__(self, *, alone: bool, base_url: str, **options: Any) -> Page: ...


class Contexts:
    """The contexts of one browser, emptied after each test and lent again to the next that asks for the same options.

    A context that is used again has the scripts of the page in its cache, and one page stays open in it, so that its
    renderer stays and has them compiled.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}
        self.lent: list[BrowserContext] = []

    @contextlib.contextmanager
    def lending(self) -> Iterator[Lend]:
        """A way to open pages, which are closed when the block ends."""
        given: list[tuple[str, BrowserContext]] = []

        def lend(*, alone: bool, base_url: str, **options: Any) -> Page:
            viewport = options.pop("viewport", None)
            media = {name: options.pop(name) for name in MEDIA if name in options}
            permissions = options.pop("permissions", ())
            key = repr((base_url, sorted(options.items())))
            idle = [] if alone else self._idle.setdefault(key, [])
            context = idle.pop() if idle else self._opened(base_url, options)
            given.append(("" if alone else key, context))
            self.lent.append(context)
            context.tracing.start_chunk()
            page = context.new_page()
            if viewport:
                page.set_viewport_size(viewport)
            if media:
                page.emulate_media(**media)
            if permissions:
                context.grant_permissions(permissions)
            return page

        try:
            yield lend
        finally:
            self.lent.clear()
            for key, context in given:
                context.tracing.stop_chunk()
                if key:
                    empty(context)
                    self._idle[key].append(context)
                else:
                    context.close()

    def keep(self, test: str) -> list[str]:
        """Leaves a picture of each page that is open and Playwright's trace for a test that failed; where they lie."""
        folder = FAILURES / re.sub(r"[^\w.-]+", "-", test.removeprefix("tests/")).strip("-")[:150]
        folder.mkdir(parents=True, exist_ok=True)
        kept = []
        for number, context in enumerate(self.lent, 1):
            for page_number, page in enumerate(context.pages[1:], 1):
                with contextlib.suppress(Error):
                    file = folder / f"page-{number}-{page_number}.png"
                    page.screenshot(path=file, timeout=10_000)
                    kept.append(file)
            with contextlib.suppress(Error):
                trace = folder / f"trace-{number}.zip"
                context.tracing.stop_chunk(path=trace)
                kept.append(trace)
                context.tracing.start_chunk()
        return [str(file.relative_to(ROOT)) for file in kept]

    def _opened(self, base_url: str, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(base_url=base_url, **options)
        context.add_init_script(path=QUIET)
        # Pictures of every action would take longer than the actions.
        context.tracing.start(screenshots=False, snapshots=False)
        anchor = context.new_page()
        anchor.goto(f"{base_url.rstrip('/')}/healthz")
        return context


def empty(context: BrowserContext) -> None:
    """Makes a context as it was when it was new, but for its cache."""
    anchor, *pages = context.pages
    for page in pages:
        page.close()
    context.unroute_all()
    context.clear_cookies()
    context.clear_permissions()
    context.set_offline(False)
    anchor.evaluate("localStorage.clear()")


def settled(page: Page) -> None:
    """Waits until a page and its frames wait for nothing: no answer is on its way, and no short timer is set."""
    for frame in page.frames:
        frame.evaluate("quiet()")


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Lets the browser go on, frame by frame, until something has come to the test, and not for ever."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        # Also where the page goes elsewhere meanwhile: then the next one is asked.
        page.wait_for_function("() => new Promise((done) => requestAnimationFrame(() => done(true)))")


@contextlib.contextmanager
def says(place: Locator, words: str) -> Iterator[None]:
    """Waits until a place has said something since the block began, also where it said so for a moment only."""
    said = place.evaluate_handle("""(place) => {
        const said = [];
        const keep = () => said.push(place.textContent.trim());
        new MutationObserver(keep).observe(place, { childList: true, characterData: true, subtree: true });
        return said;
    }""")
    yield
    until(place.page, lambda: words in said.json_value())


def watch(page: Page, server: str, report: Callable[[str], None]) -> None:
    """Reports every fault of a page as a sentence."""

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            report(f"console: {message.text} ({cast(dict[str, Any], message.location).get('url')})")

    def uncaught(error: Error) -> None:
        report(f"uncaught: {error.stack or error.message}")

    def request(request: Request) -> None:
        # Nobody else is reached from here. To be told of every request would take longer than the requests.
        address = urlsplit(request.url)
        if address.scheme not in ("about", "blob", "data") and address.netloc != urlsplit(server).netloc:
            report(f"request to another host: {request.url}")

    def socket(socket: WebSocket) -> None:
        report(f"web socket: {socket.url}")

    page.on("console", console)
    page.on("pageerror", uncaught)
    page.on("requestfailed", request)
    page.on("websocket", socket)
