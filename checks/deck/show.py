"""The deck in a browser: what is pressed, what is waited for, and what is found."""

import io
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, FloatRect, FrameLocator, Locator, Page, Request, ViewportSize

# The window in which a slide of reveal.js, 960 × 700 and its margin, is shown at its own size.
WINDOW: ViewportSize = {"width": 1000, "height": 730}
PATIENCE = 60_000  # milliseconds that anything may take: machines are busy
# The frames of the first slides, in their order.
FRAMES = ("first", "lazy", "steered", "clear")

POLL = """async (patience) => {
    const end = Date.now() + patience;
    while (Date.now() < end) {
        if (await (CONDITION)) return true;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
}"""


class Fault(Exception):
    """What is not as it was claimed."""


def hold(found: object, wanted: object, what: str) -> None:
    """Raises a Fault unless both are the same."""
    if found != wanted:
        raise Fault(f"{what}: {found!r}, where {wanted!r} was wanted")


class Show:
    """A page with the deck, on which nothing may go wrong.

    Figures are asked by messages, as any page may ask them; `is(name, test)` of the deck's page does so, too.
    """

    def __init__(self, browser: Browser, address: str, server: str) -> None:
        self.sites = (address, f"{server}/", "about:", "blob:", "data:")
        self.faults: list[str] = []
        self.page: Page = browser.new_page(viewport=WINDOW)
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error.stack or error.message}"))
        self.page.on("console", self.heard)
        self.page.on("request", self.fetched)
        self.page.goto(address)
        self.until("Reveal.isReady()", "reveal.js is ready")

    def heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def fetched(self, request: Request) -> None:
        if not request.url.startswith(self.sites):
            self.faults.append(f"request to another host: {request.url}")

    # --- waiting ---

    def until(self, condition: str, what: str) -> None:
        """Waits until a condition of the deck's page, or a promise of one, is true."""
        # Playwright's own waiting takes a promise of false for true.
        if not self.page.evaluate(POLL.replace("CONDITION", condition), PATIENCE):
            raise Fault(f"it did not come about that {what}\n  {self.all_told()}")

    def ready(self, *names: str) -> None:
        for name in names:
            self.until(f"stateOf('{name}')", f"the figure «{name}» answers")

    def shows(self, slide: int, what: str) -> None:
        self.until(f"Reveal.getIndices().h === {slide}", what)

    def plays(self, name: str) -> None:
        """Waits until a figure has been seen at three steps while it plays."""
        self.page.evaluate("() => { window.seen = new Set(); }")
        moves = f"is('{name}', ({{playing, step}}) => playing && seen.add(step).size > 2)"
        self.until(moves, f"the figure «{name}» plays")

    def stands(self, name: str, step: int, why: str) -> None:
        self.until(f"is('{name}', (state) => state.step === {step})", why)

    def at_rest(self) -> None:
        """Waits until slides and backgrounds have stopped moving."""
        still = "!document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === 'running')"
        self.until(still, "the slides come to rest")

    # --- doing ---

    def press(self, key: str, slide: int) -> None:
        """Presses a key, after which this slide is on show."""
        self.page.keyboard.press(key)
        self.shows(slide, f"the key {key} leads to slide {slide}")

    def go(self, slide: int) -> None:
        self.page.evaluate("(slide) => Reveal.slide(slide)", slide)
        self.shows(slide, f"slide {slide} is shown")

    def click(self, button: Locator) -> None:
        """Clicks a button of a figure, whose slide has come to rest."""
        # Playwright waits until an element no longer moves in its frame: not until the frame no longer moves.
        self.at_rest()
        button.click()

    def figure(self, name: str) -> FrameLocator:
        return self.page.frame_locator(f"#{name}")

    # --- finding ---

    @property
    def slide(self) -> int:
        found: int = self.page.evaluate("Reveal.getIndices().h")
        return found

    def state(self, name: str) -> dict[str, Any]:
        """What a figure tells of itself."""
        found: dict[str, Any] | None = self.page.evaluate("(name) => stateOf(name)", name)
        if found is None:
            raise Fault(f"the figure «{name}» does not answer\n  {self.all_told()}")
        return {part: value for part, value in found.items() if part not in ("event", "id")}

    def steps(self, names: list[str]) -> dict[str, int | None]:
        """Where figures stand; None for empty frames."""
        found: dict[str, int | None] = self.page.evaluate(
            """async (names) => {
                const states = await Promise.all(names.map(stateOf));
                return Object.fromEntries(names.map((name, n) => [name, states[n]?.step ?? null]));
            }""",
            names,
        )
        return found

    def all_told(self) -> str:
        """How all stands, for whoever reads of a fault."""
        told = """async (names) => {
            const focus = document.activeElement.id || document.activeElement.tagName;
            const states = await Promise.all(names.map(stateOf));
            return JSON.stringify({slide: Reveal.getIndices?.().h, focus,
                figures: Object.fromEntries(names.map((name, n) => [name, states[n]]))});
        }"""
        return str(self.page.evaluate(told, list(FRAMES)))

    def colour(self, name: str, place: tuple[int, int]) -> object:
        """The colour that is seen at a place of a frame."""
        box = self.page.locator(f"#{name}").bounding_box()
        if box is None or (round(box["width"]), round(box["height"])) != (800, 450):
            raise Fault(f"the frame «{name}» is {box}, not 800 × 450")
        clip: FloatRect = {"x": box["x"] + place[0], "y": box["y"] + place[1], "width": 1, "height": 1}
        picture = Image.open(io.BytesIO(self.page.screenshot(clip=clip)))
        return picture.convert("RGB").getpixel((0, 0))
