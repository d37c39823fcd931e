"""Hostile addresses and messages in a real Chromium, which watches for dialogs, scripts and other hosts."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Download,
    Error,
    Page,
    Request,
    Response,
    Route,
    sync_playwright,
)

from compute.kinds import KINDS
from soak.fuzzing import addresses, grammar
from soak.fuzzing.bodies import anything
from soak.fuzzing.grammar import SLUGS, chance
from soak.fuzzing.oracle import CANARY
from soak.fuzzing.running import Fault, Row
from tests.browsers import launch_options
from tests.servers import running_app

ADDRESSES = "addresses in a browser"
MESSAGES = "messages in a browser"
# Messages that one frame gets before the next is opened.
_A_FRAME = 60
_PATIENCE = 20_000  # milliseconds
# A refusal is an answer, and browsers tell every one of them as an error.
_MEANT = re.compile(r"status of 4\d\d")
_DECK = "/deck-of-the-fuzzer"
_WATCH = f"""
  window.{CANARY} = () => console.error("a script of the reader's own ran");
  addEventListener("securitypolicyviolation", ({{ blockedURI }}) =>
    console.error(`forbidden by the policy: ${{blockedURI}}`));
"""


class Watch:
    """A page whose faults are collected."""

    def __init__(self, browser: Browser, server: str) -> None:
        self.server = server
        self.found: list[str] = []
        self.context = browser.new_context(base_url=server)
        self.context.add_init_script(_WATCH)
        self.context.route(lambda address: not self._ours(address), self._foreign)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", self._uncaught)
        self.page.on("dialog", self._dialog)
        self.page.on("popup", self._window)
        self.page.on("download", self._download)
        self.page.on("response", self._response)

    def taken(self) -> list[str]:
        """The faults since the last call, each once."""
        found, self.found = list(dict.fromkeys(self.found)), []
        return found

    def _ours(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.scheme in ("about", "blob", "data") or parts.netloc == urlsplit(self.server).netloc

    def _foreign(self, route: Route, request: Request) -> None:
        self.found.append(f"request to another host: {request.url[:200]}")
        route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _MEANT.search(message.text):
            self.found.append(f"console: {message.text[:500]}")

    def _uncaught(self, error: Error) -> None:
        self.found.append(f"uncaught: {(error.stack or error.message)[:800]}")

    def _window(self, page: Page) -> None:
        self.found.append(f"a window was opened: {page.url[:200]}")

    def _download(self, download: Download) -> None:
        self.found.append(f"a file came unasked: {download.url[:200]}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"status {response.status}: {response.url[:500]}")

    def _dialog(self, dialog: Dialog) -> None:
        self.found.append(f"dialog: {dialog.message[:100]}")
        dialog.dismiss()


@contextmanager
def opened(server: str) -> Iterator[Watch]:
    """A browser with one page that is watched."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options())
        try:
            yield Watch(chromium, server)
        finally:
            chromium.close()


def address(rng: Random) -> str:
    """A page's address with something hostile in it, behind the question mark or behind the hash."""
    name = rng.choice(SLUGS)
    if chance(rng, 15):
        query = grammar.encoded(rng, [(side, f"{name}?stride={grammar.text(rng)}") for side in ("left", "right")])
        return f"/compare?{_spelt(query)}"
    asked = addresses.page(rng) if chance(rng, 60) else None
    given = [*grammar.pairs(rng, KINDS[name], 0)[:2], (rng.choice(_NAMES), rng.choice(grammar.MARKUP))]
    query = asked.query if asked else grammar.encoded(rng, given)
    path = asked.path.decode() if asked else f"{rng.choice(('/learn/', '/embed/'))}{name}"
    anchor = "#" + grammar.encoded(rng, [(grammar.text(rng), grammar.text(rng))]).decode() if chance(rng, 20) else ""
    return f"{path}?{_spelt(query)[:8000]}{anchor[:2000]}"


_NAMES = ("input", "kernel", "stride", "step", "theme", "stage", "lang", "kept", "speed", "panels", "autoplay", "x")


def _spelt(query: bytes) -> str:
    """A query as a browser can be handed it: what it would take for the end of the address is left out."""
    return "".join(chr(byte) if 0x20 < byte < 0x7F and byte != 0x23 else f"%{byte:02X}" for byte in query)


def visit(watch: Watch, place: str) -> list[str]:
    """Opens an address and waits until its scripts have come to rest; the faults."""
    try:
        watch.page.goto(place, wait_until="load", timeout=_PATIENCE)
        # Two frames: what a script puts into the page as it starts has been drawn.
        watch.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    except Error as error:
        # An answer that is a file, or none, is no page; the watch tells if it should not have been.
        if "net::ERR_" not in error.message and "Download" not in error.message:
            watch.found.append(f"hang: {error.message[:300]}")
    return watch.taken()


def message(rng: Random) -> Any:
    """What a page around a frame may send it, and much that it may not."""
    shape = rng.randint(0, 9)
    if shape < 4:
        parts = rng.sample(sorted(_PARTS), rng.randint(1, 3))
        own = {name: rng.choice(_PARTS[name]) if chance(rng, 70) else anything(rng) for name in parts}
        if chance(rng, 40):
            own["params"] = dict(grammar.pairs(rng, KINDS[rng.choice(SLUGS)]))
        return {"convoscope": own | ({"id": anything(rng)} if chance(rng, 40) else {})}
    if shape < 7:
        method = rng.choice(_METHODS) if chance(rng, 90) else grammar.text(rng)
        said = {"context": "player.js", "method": method, "value": rng.choice((True, 3, "ready", anything(rng)))}
        said |= {"listener": anything(rng)} if chance(rng, 50) else {}
        return json.dumps(said) if chance(rng, 50) else said
    if shape < 8:
        return rng.choice(("slide:start", "slide:stop", "{", '{"convoscope":', "[" * 5_000, '{"a":' * 5_000))
    return {"convoscope": anything(rng)} if shape < 9 else rng.choice((anything(rng), grammar.text(rng)))


_METHODS = (
    *("play", "pause", "getPaused", "getDuration", "getCurrentTime", "setCurrentTime", "getLoop", "setLoop", "mute"),
    *("addEventListener", "removeEventListener", "__proto__", "constructor", "toString", "getVolume"),
)
_PARTS: dict[str, tuple[Any, ...]] = {
    "play": (True, False),
    "step": (0, 1, 3, 2**53, -1),
    "loop": (True, False),
    "speed": ("1", 2, "max", "x"),
    "theme": ("dark", "light", "projector", *grammar.MARKUP[:3]),
    "transparent": (True, False),
    "stage": ("all", *grammar.MARKUP[:3]),
    "panels": ("input,output", ["kernel"], list(grammar.MARKUP[:3])),
    "params": ({"stride": "2"}, {"input": grammar.MARKUP[0]}, {"stride": None}, {"__proto__": "1"}),
    "listen": (True, False),
    "state": (True, False),
    "__proto__": ({"play": True}, None),
}
# Sends the messages one after another, each in a task of its own, and asks at the end whether the figure still answers.
_SEND = """
async (messages) => {
  const frame = document.querySelector("iframe").contentWindow;
  for (const message of messages) {
    frame.postMessage(message, "*");
    await new Promise((done) => setTimeout(done));
  }
  return await new Promise((done) => {
    const wait = setTimeout(() => done(false), 15000);
    addEventListener("message", ({ data }) => {
      if (typeof data !== "string" || !data.includes('"getDuration"') || !data.includes("still-there")) return;
      clearTimeout(wait);
      done(true);
    });
    frame.postMessage({ context: "player.js", method: "getDuration", listener: "still-there" }, "*");
  });
}
"""


def deck(watch: Watch, slug: str) -> None:
    """A page with a figure in a frame, which has said that it is ready."""
    body = (
        "<!doctype html><script>window.ready = new Promise((done) => addEventListener('message', ({ data }) => "
        "data.convoscope?.event === 'ready' && done(true)));</script>"
        f'<iframe src="/embed/{slug}" width="800" height="450"></iframe>'
    )
    watch.page.route(f"**{_DECK}", lambda route: route.fulfill(body=body, content_type="text/html"))
    watch.page.goto(_DECK, timeout=_PATIENCE)
    watch.page.evaluate("() => window.ready")


def send(page: Page, messages: list[Any]) -> bool:
    """Whether the figure in the frame still answers after all of them."""
    return bool(page.evaluate(_SEND, messages))


def run(seed: int, count: int) -> list[Row]:
    """So many inputs: a third of them addresses that are opened, two thirds messages to frames."""
    with running_app("soak.fuzzing.watched:app") as url, opened(url) as watch:
        return [visited(watch, seed, max(count // 3, 1)), messaged(watch, seed, max(count - count // 3, 1))]


def visited(watch: Watch, seed: int, count: int) -> Row:
    """So many addresses."""
    row = Row(area=ADDRESSES)
    began = time.monotonic()
    for number in range(count):
        place = address(Random(f"{seed}/{ADDRESSES}/{number}"))
        since = time.perf_counter()
        found = visit(watch, place)
        row.add("opened", (time.perf_counter() - since) * 1000)
        if found:
            where = f"--seed {seed} --area browser, {ADDRESSES}, number {number}"
            row.blame(Fault(where=where, sort=found[0].split("\n")[0][:80], what="; ".join(found), smallest=place))
    row.seconds = time.monotonic() - began
    return row


def messaged(watch: Watch, seed: int, count: int) -> Row:
    """So many messages, to one frame after another."""
    row = Row(area=MESSAGES)
    began = time.monotonic()
    for first in range(0, count, _A_FRAME):
        numbers = range(first, min(first + _A_FRAME, count))
        messages = [message(Random(f"{seed}/{MESSAGES}/{number}")) for number in numbers]
        slug = SLUGS[first // _A_FRAME % len(SLUGS)]
        since = time.perf_counter()
        deck(watch, slug)
        alive = send(watch.page, messages)
        spent = (time.perf_counter() - since) * 1000
        for _ in messages:
            row.add("sent", spent / len(messages))
        found = [*([] if alive else ["hang: the figure answers no more"]), *watch.taken()]
        if found:
            where = f"--seed {seed} --area browser, {MESSAGES}, numbers {numbers[0]} to {numbers[-1]}, {slug}"
            smallest = repr(_culprit(watch, slug, messages))
            row.blame(Fault(where=where, sort=found[0].split("\n")[0][:80], what="; ".join(found), smallest=smallest))
    row.seconds = time.monotonic() - began
    return row


def _culprit(watch: Watch, slug: str, messages: list[Any]) -> list[Any]:
    """The half, the quarter and so on of the messages that still brings a fault about."""
    while len(messages) > 1:
        middle = len(messages) // 2
        for half in (messages[:middle], messages[middle:]):
            deck(watch, slug)
            if not send(watch.page, half) or watch.taken():
                messages = half
                break
        else:
            break
    return messages
