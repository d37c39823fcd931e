"""Pages of another site that frame figures: served from another origin, hearing what figures tell, and asking them."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

SINGLE = "/embed/single-channel"
FAST = "speed=max"

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Another site</title></head>
<body style="margin:0">
<script>
  window.heard = [];
  addEventListener("message", (event) => {
    const frames = [...document.querySelectorAll("iframe")];
    const from = frames.findIndex(({contentWindow}) => contentWindow === event.source);
    const data = typeof event.data === "string" ? JSON.parse(event.data) : event.data;
    heard.push({from, data, origin: event.origin});
  });
  window.tell = (message, n = 0) => document.querySelectorAll("iframe")[n].contentWindow.postMessage(message, "*");
  window.told = (event) => heard.map(({data}) => data.convoscope).filter((one) => one && one.event === event);
  window.player = (event) => heard.map(({data}) => data)
    .filter((one) => one.context === "player.js" && one.event === event);
</script>
"""


class OtherSite:
    """A site whose pages are what a test says."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.pages: dict[str, str] = {}

    def page(self, body: str, name: str = "deck") -> str:
        """The address of a page with this body."""
        self.pages[f"/{name}"] = HEAD + body
        return f"{self.url}/{name}"


@contextlib.contextmanager
def other_site() -> Iterator[OtherSite]:
    """Another origin on this machine, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path.partition("?")[0], "").encode()
            self.send_response(200 if body else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = OtherSite(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def step_of(frame: FrameLocator) -> Any:
    return expect(frame.locator("#step-count b"))


def asked(page: Page, wish: object, identity: str) -> dict[str, Any]:
    """Sends a message of ours and returns the answer."""
    page.evaluate("([wish, id]) => tell({convoscope: {...wish, id}})", [wish, identity])
    page.wait_for_function("(id) => heard.some(({data}) => data.convoscope?.id === id)", arg=identity)
    found: dict[str, Any] = page.evaluate(
        "(id) => heard.map(({data}) => data.convoscope).find((one) => one?.id === id)", identity
    )
    return found


def moments_pass(page: Page, identity: str) -> None:
    """Draws the page around a figure again and again, and lets the figure answer: also one that is out of sight."""
    page.evaluate(
        "async () => { for (let n = 0; n < 10; n += 1) await new Promise((done) => requestAnimationFrame(done)); }"
    )
    asked(page, {"state": True}, identity)


def eventually(page: Page, wanted: dict[str, Any]) -> dict[str, Any]:
    """Asks for the state until it has these values, and returns it."""
    # In a loop of ours: Playwright's waiting takes a promise of false for true.
    found: dict[str, Any] = page.evaluate(
        """async (wanted) => {
            for (const end = Date.now() + 30_000;;) {
                const answer = new Promise((resolve) => {
                    const hear = ({data}) => {
                        if (data.convoscope?.id !== "eventually") return;
                        removeEventListener("message", hear);
                        resolve(data.convoscope);
                    };
                    addEventListener("message", hear);
                });
                tell({convoscope: {state: true, id: "eventually"}});
                const state = await answer;
                const there = Object.entries(wanted).every(([name, value]) => state[name] === value);
                if (there || Date.now() > end) return state;
                await new Promise((resolve) => requestAnimationFrame(resolve));
            }
        }""",
        wanted,
    )
    assert {name: found[name] for name in wanted} == wanted
    return found
