"""What a reader has before Plotly has come, while it takes over, and where it never comes."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_journey import shapes
from tests.conftest import NewPage
from tests.pages import settled

SINGLE = "/learn/single-channel"
COMPARED = "/compare?left=dilated?dilation=1&right=dilated?dilation=2"
PLOTLY = "**/plotly.min.js"
# Every text of the painter's picture, with its place.
TEXTS = "(id) => [...document.querySelectorAll(`#${id} text`)].map((text) => text.textContent)"
PICTURE = "() => document.getElementById('canvas').innerHTML"


class Held:
    """Requests of a page that wait until they are let go; those that come later do not wait."""

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        self._waiting: list[Route] = []
        self._open = False
        page.route(address, self._take)

    def go(self) -> None:
        self._open = True
        for route in self._waiting:
            route.continue_()

    def _take(self, route: Route) -> None:
        if self._open:
            route.continue_()
        else:
            self._waiting.append(route)


@pytest.fixture
def held(page: Page) -> Held:
    """The page's requests for Plotly."""
    return Held(page, PLOTLY)


def painted(page: Page) -> None:
    page.wait_for_selector("html[data-drawn]", state="attached")
    expect(page.locator("html")).not_to_have_attribute("data-ready", "")


def let_go(page: Page, held: Held) -> None:
    """Plotly comes, and has taken over when this returns."""
    held.go()
    page.wait_for_selector("html[data-ready]", state="attached")


def step_of(page: Page) -> str:
    return page.locator("#step-count b").inner_text()


def test_before_plotly_has_come_the_figure_can_be_stepped_pointed_at_changed_and_played(page: Page, held: Held) -> None:
    page.goto(f"{SINGLE}?step=4")
    painted(page)
    expect(page.locator("#tables")).to_be_hidden()
    first = page.evaluate(PICTURE)
    page.locator("#forward").click()
    expect(page.locator("output.sum-value")).to_have_text("17")
    assert page.evaluate(PICTURE) != first
    page.get_by_role("grid", name="Kernel 3 × 3").hover(position={"x": 5, "y": 5})
    expect(page.locator("#caption")).to_contain_text("Weight in row 1, column 1")
    page.locator("#stride-0-range").fill("2")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()
    page.locator("#first").click()
    page.locator("#speed").select_option("max")
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text("4")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("#canvas path[stroke='#4c9bee']").first).to_be_visible()
    painted(page)


def test_plotly_takes_over_the_very_marks_at_the_same_step(new_page: NewPage) -> None:
    """What is handed to Plotly after a step before it came is what it draws when it was there first."""
    late, early = new_page(), new_page()
    held = Held(late, PLOTLY)
    late.goto(f"{SINGLE}?step=2")
    painted(late)
    late.locator("#scrub").fill("6")
    let_go(late, held)
    early.goto(f"{SINGLE}?step=6")
    early.wait_for_selector("html[data-ready]", state="attached")
    assert shapes(late) == shapes(early)
    expect(late.locator("#canvas > svg")).to_have_count(0)
    assert late.locator("#canvas .main-svg").count() > 0
    late.locator("#forward").click()
    expect(late.locator("#step-count b")).to_have_text("7")


def test_plotly_takes_over_while_the_figure_plays_and_it_plays_on(page: Page, held: Held) -> None:
    page.goto(f"{SINGLE}?input_size=64&speed=8")
    painted(page)
    page.locator("#play").click()
    expect(page.locator("#step-count b")).not_to_have_text("0")
    before = int(step_of(page))
    let_go(page, held)
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    passed = "|".join(str(step) for step in range(before + 2))
    expect(page.locator("#step-count b")).not_to_have_text(re.compile(f"^({passed})$"))
    expect(page.locator("#canvas > svg")).to_have_count(0)
    page.locator("#play").click()
    stopped = step_of(page)
    assert int(page.locator("#scrub").input_value()) == int(stopped)


def test_plotly_takes_over_under_a_slider_that_is_held(page: Page, held: Held) -> None:
    page.goto(SINGLE)
    painted(page)
    slider = page.locator("#input_size-0-range")
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle)
    moved = slider.input_value()
    expect(page.get_by_role("grid", name=f"Input {moved} × {moved}")).to_be_visible()
    let_go(page, held)
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    final = slider.input_value()
    assert final != moved
    expect(page.get_by_role("grid", name=f"Input {final} × {final}")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#input_size-0-field")).to_have_value(final)
    expect(page.locator("#canvas > svg")).to_have_count(0)


def test_a_cell_in_focus_keeps_it_when_plotly_takes_over(page: Page, held: Held) -> None:
    page.goto(f"{SINGLE}?step=3")
    painted(page)
    page.get_by_role("grid", name="Output 3 × 3").focus()
    page.keyboard.press("ArrowRight")
    said = page.locator("#caption").inner_text()
    let_go(page, held)
    expect(page.locator("#caption")).to_have_text(said)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "grid"


def test_a_figure_that_the_address_lets_play_plays_before_plotly_has_come(page: Page, held: Held) -> None:
    page.goto(f"{SINGLE}?autoplay=true&speed=8")
    painted(page)
    expect(page.locator("#step-count b")).to_have_text("9")
    let_go(page, held)
    expect(page.locator("#step-count b")).to_have_text("9")


def test_two_figures_are_painted_and_step_before_plotly_has_come(page: Page, held: Held) -> None:
    page.goto(COMPARED)
    painted(page)
    page.locator("#forward").click()
    first = [page.evaluate(TEXTS, f"{side}-canvas") for side in ("left", "right")]
    assert all(len(texts) > 10 for texts in first)
    page.locator("#right-preset").select_option(index=2)
    expect(page.locator("#right-canvas text").first).to_be_visible()
    let_go(page, held)
    for side in ("left", "right"):
        expect(page.locator(f"#{side}-canvas > svg")).to_have_count(0)
        assert page.locator(f"#{side}-canvas .main-svg").count() > 0


@pytest.mark.parametrize("instead", ["nothing", "an empty file"])
@pytest.mark.parametrize("address", [SINGLE, COMPARED])
def test_where_plotly_never_comes_nothing_is_missing(new_page: NewPage, address: str, instead: str) -> None:
    page = new_page(allow="plotly|Failed to load resource")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        if instead == "nothing":
            route.abort()
        else:
            route.fulfill(content_type="text/javascript", body="")

    page.route(PLOTLY, refuse)
    with page.expect_request(PLOTLY):
        page.goto(address)
    painted(page)
    page.locator("#last").click()
    expect(page.locator("output.sum-value").first).not_to_be_empty()
    canvas = "canvas" if address == SINGLE else "left-canvas"
    expect(page.locator(f"#{canvas} text").first).to_be_visible()
    before = page.evaluate(TEXTS, canvas)
    page.locator("#back").click()
    assert page.evaluate(TEXTS, canvas) != before or address == COMPARED
    expect(page.locator("#problem")).to_be_hidden()
    if address == SINGLE:
        page.locator("#stride-0-field").fill("2")
        page.locator("#stride-0-field").press("Enter")
        expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()
    settled(page)
    painted(page)
    assert len(asked) == 1
