"""Figures fetched before a slider comes to them: what it spares, what bounds it, what ends it."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_journey import open_figure
from tests.conftest import NewPage
from tests.pages import settled, until

SINGLE = "/learn/single-channel"
TRACES = "**/api/v1/traces/**"

# Notes in `begun` the input sizes of the figures that the page asks for, and in `timers` what it is about to do.
# Frames become timers, and keep their order among them: on a busy machine a frame, with which the figure under the
# slider is asked for, may come later than the 40 ms after which those beside it are.
NOTING = """{
    const { setTimeout, clearTimeout, fetch } = window;
    window.begun = [];
    window.timers = new Set();
    window.fetch = (place, ...given) => {
        const { pathname, searchParams } = new URL(place, location.href);
        if (pathname.includes("/traces/")) begun.push(searchParams.get("input_size") ?? "default");
        return fetch(place, ...given);
    };
    window.setTimeout = (work, pause = 0, ...given) => {
        const timer = setTimeout((...said) => {
            timers.delete(timer);
            work(...said);
        }, pause, ...given);
        if (pause < 1000) timers.add(timer);
        return timer;
    };
    window.clearTimeout = (timer) => {
        timers.delete(timer);
        clearTimeout(timer);
    };
    window.requestAnimationFrame = (work) => window.setTimeout(() => work(performance.now()));
    window.cancelAnimationFrame = window.clearTimeout;
}"""


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return noting(new_page())


def noting(page: Page) -> Page:
    page.add_init_script(NOTING)
    return page


def asked(page: Page) -> list[str]:
    """The input sizes of the figures that the page has asked the server for, in order."""
    sizes: list[str] = page.evaluate("begun")
    return sizes


def asks(page: Page, *sizes: str) -> None:
    """Waits until so many figures have been asked for; they are these, in this order."""
    page.wait_for_function("(many) => begun.length >= many", arg=len(sizes))
    assert asked(page) == list(sizes)


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


def idle(page: Page) -> None:
    """Waits until the page has done all that it does without an answer that is on its way."""
    page.wait_for_function("() => timers.size === 0")


def test_the_values_beside_a_slider_are_there_before_it_comes_to_them(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    slide(page, 7)
    shown(page, 7)
    settled(page)
    # What was on show at first is there as well.
    asks(page, "7", "8", "9")
    slide(page, 8)
    shown(page, 8)
    slide(page, 9)
    shown(page, 9)
    settled(page)
    assert [asked(page).count(size) for size in ("6", "7", "8", "9")] == [0, 1, 1, 1]


def test_a_figure_that_was_shown_is_not_asked_for_again(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    for size in (7, 8, 7, 8, 9, 8):
        slide(page, size)
        shown(page, size)
    settled(page)
    assert [asked(page).count(size) for size in ("6", "7", "8", "9")] == [0, 1, 1, 1]
    assert set(asked(page)) <= {"default", "7", "8", "9", "10", "11"}


def test_a_figure_still_under_way_when_it_is_wanted_again_is_fetched_once(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    held: list[Route] = []
    page.route(TRACES, lambda route: held.append(route) if size_of(route.request.url) == "9" else route.continue_())
    slide(page, 7)
    until(page, lambda: len(held) == 1)
    slide(page, 8)
    shown(page, 8)
    idle(page)
    held[0].continue_()
    asks(page, "7", "8", "9", "10")
    settled(page)
    assert asked(page) == ["7", "8", "9", "10"]


def test_one_figure_at_a_time_is_fetched_beforehand(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    held: list[Route] = []
    page.route(TRACES, lambda route: route.continue_() if size_of(route.request.url) == "7" else held.append(route))
    slide(page, 7)
    shown(page, 7)
    until(page, lambda: len(held) == 1)
    idle(page)
    assert asked(page) == ["7", "8"]
    held[0].continue_()
    until(page, lambda: len(held) == 2)
    held[1].continue_()
    settled(page)
    assert asked(page) == ["7", "8", "9"]


def test_a_figure_under_way_is_waited_for_and_not_asked_for_twice(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=6")
    held: list[Route] = []
    page.route(TRACES, lambda route: route.continue_() if size_of(route.request.url) == "7" else held.append(route))
    slide(page, 7)
    until(page, lambda: len(held) == 1)
    slide(page, 8)
    idle(page)
    held[0].continue_()
    shown(page, 8)
    assert asked(page).count("8") == 1


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
    page.route(TRACES, lambda route: held.append(route) if size_of(route.request.url) == "8" else route.continue_())
    slide(page, 7)
    until(page, lambda: len(held) == 1)
    with page.expect_event("requestfailed", lambda request: size_of(request.url) == "8"):
        act(page)


def test_a_server_that_has_too_much_to_do_is_asked_for_nothing_beforehand(new_page: NewPage) -> None:
    page = noting(new_page(allow="status of 503"))
    open_figure(page, f"{SINGLE}?input_size=6")

    def answer(route: Route) -> None:
        if size_of(route.request.url) == "7":
            return route.continue_()
        return route.fulfill(status=503, headers={"retry-after": "1"}, body="")

    page.route(TRACES, answer)
    with page.expect_response(lambda response: size_of(response.url) == "8"):
        slide(page, 7)
    settled(page)
    # What was put off may be asked for again after the second that the server wants; nothing more is.
    assert set(asked(page)) == {"7", "8"}
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator("#stage")).not_to_have_class(re.compile("waiting"))


def test_who_saves_data_is_sent_nothing_beforehand(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    open_figure(page, f"{SINGLE}?input_size=6")
    for size in (7, 8):
        slide(page, size)
        shown(page, size)
    page.locator("#input_size-0-range").dispatch_event("change")
    expect(page).to_have_url(re.compile("input_size=8"))
    settled(page)
    assert asked(page) == ["7", "8"]


def test_what_cannot_be_is_not_tried(page: Page) -> None:
    """A kernel of 5 wants an input of 5; `page` fails the test on an answer that says so."""
    open_figure(page, f"{SINGLE}?input_size=7&kernel_size=5")
    slide(page, 6)
    # 5 is the default, and left out of addresses; 4 is not asked for.
    asks(page, "6", "default")
    slide(page, 5)
    shown(page, 5)
    settled(page)
    assert asked(page) == ["6", "default"]
