"""Figures fetched before a slider comes to them: what it spares, what bounds it, what ends it."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.test_journey import open_figure, until

SINGLE = "/learn/single-channel"
TRACES = "**/api/v1/traces/**"


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The input sizes of the figures that the page asks the server for, in order."""
    sizes: list[str] = []

    def note(request: Request) -> None:
        if "/api/v1/traces/" in request.url:
            sizes.append(size_of(request.url))

    page.on("request", note)
    return sizes


def size_of(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("input_size", ["default"])[0]


def slide(page: Page, size: int) -> None:
    """Moves the slider as a finger does that stays on it."""
    page.evaluate(
        """(size) => {
            const range = document.getElementById('input_size-0-range');
            range.value = size;
            range.dispatchEvent(new Event('input', { bubbles: true }));
        }""",
        str(size),
    )


def shown(page: Page, size: int) -> None:
    expect(page.get_by_role("grid", name=f"Input {size} × {size}")).to_be_visible()


def rested(page: Page) -> None:
    """Waits until a timer has run that was set after the one with which fetching begins: timers keep their order."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")


def test_the_values_beside_a_slider_are_there_before_it_comes_to_them(page: Page, asked: list[str]) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    slide(page, 7)
    shown(page, 7)
    # What was on show at first is there as well.
    until(page, lambda: asked == ["7", "8", "9"])
    slide(page, 8)
    shown(page, 8)
    slide(page, 9)
    shown(page, 9)
    assert [asked.count(size) for size in ("6", "7", "8", "9")] == [0, 1, 1, 1]


def test_a_figure_that_was_shown_is_not_asked_for_again(page: Page, asked: list[str]) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    for size in (7, 8, 7, 8, 9, 8):
        slide(page, size)
        shown(page, size)
    assert [asked.count(size) for size in ("6", "7", "8", "9")] == [0, 1, 1, 1]
    assert set(asked) <= {"default", "7", "8", "9", "10", "11"}


def test_a_figure_still_under_way_when_it_is_wanted_again_is_fetched_once(page: Page, asked: list[str]) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    held: list[Route] = []
    page.route(TRACES, lambda route: held.append(route) if size_of(route.request.url) == "9" else route.continue_())
    slide(page, 7)
    until(page, lambda: len(held) == 1)
    slide(page, 8)
    shown(page, 8)
    rested(page)
    held[0].continue_()
    until(page, lambda: "10" in asked)
    assert asked == ["7", "8", "9", "10"]


def test_one_figure_at_a_time_is_fetched_beforehand(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    held: list[Route] = []
    page.route(TRACES, lambda route: route.continue_() if size_of(route.request.url) == "7" else held.append(route))
    slide(page, 7)
    shown(page, 7)
    until(page, lambda: len(held) == 1)
    rested(page)
    assert [size_of(route.request.url) for route in held] == ["8"]
    held[0].continue_()
    until(page, lambda: len(held) == 2)
    held[1].continue_()
    rested(page)
    assert [size_of(route.request.url) for route in held] == ["8", "9"]


def test_a_figure_under_way_is_waited_for_and_not_asked_for_twice(page: Page, asked: list[str]) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    held: list[Route] = []
    page.route(TRACES, lambda route: route.continue_() if size_of(route.request.url) == "7" else held.append(route))
    slide(page, 7)
    until(page, lambda: len(held) == 1)
    slide(page, 8)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    held[0].continue_()
    shown(page, 8)
    assert asked.count("8") == 1


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda page: page.locator("#forward").click(), id="a step"),
        pytest.param(lambda page: page.locator("#play").click(), id="play"),
        pytest.param(lambda page: page.locator("#reset").click(), id="another figure"),
    ],
)
def test_whatever_else_the_reader_does_ends_it(page: Page, act: Callable[[Page], None]) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    held: list[Route] = []
    ended: list[str] = []
    page.on("requestfailed", lambda request: ended.append(size_of(request.url)))
    page.route(TRACES, lambda route: held.append(route) if size_of(route.request.url) == "8" else route.continue_())
    slide(page, 7)
    until(page, lambda: len(held) == 1)
    act(page)
    until(page, lambda: ended == ["8"])


def test_a_server_that_has_too_much_to_do_is_asked_for_nothing_beforehand(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(allow="status of 503")
    open_figure(page, f"{SINGLE}?input_size=6")
    refused: list[str] = []

    def answer(route: Route) -> None:
        if size_of(route.request.url) == "7":
            return route.continue_()
        refused.append(route.request.url)
        return route.fulfill(status=503, headers={"retry-after": "1"}, body="")

    page.route(TRACES, answer)
    slide(page, 7)
    until(page, lambda: len(refused) == 1)
    rested(page)
    assert len(refused) == 1
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator("#stage")).not_to_have_class(re.compile("waiting"))


def test_who_saves_data_is_sent_nothing_beforehand(page: Page, asked: list[str]) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    open_figure(page, f"{SINGLE}?input_size=6")
    for size in (7, 8):
        slide(page, size)
        shown(page, size)
    page.locator("#input_size-0-range").dispatch_event("change")
    expect(page).to_have_url(re.compile("input_size=8"))
    rested(page)
    assert asked == ["7", "8"]


def test_what_cannot_be_is_not_tried(page: Page, asked: list[str]) -> None:
    """A kernel of 5 wants an input of 5; `page` fails the test on an answer that says so."""
    open_figure(page, f"{SINGLE}?input_size=7&kernel_size=5")
    slide(page, 6)
    # 5 is the default, and left out of addresses; 4 is not asked for.
    until(page, lambda: asked == ["6", "default"])
    slide(page, 5)
    shown(page, 5)
    rested(page)
    assert asked == ["6", "default"]
