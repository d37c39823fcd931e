"""Fingers, paper and less motion."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import SINGLE, open_figure, shapes
from tests.conftest import NewPage
from tests.pages import settled

SWIPE = """([from, to, { fingers = 1, selector = ".figure" }]) => {
    const area = document.querySelector(selector);
    const at = ([x, y], identifier) =>
        new Touch({ identifier, target: area, clientX: x + 30 * identifier, clientY: y });
    const fire = (type, points) => area.dispatchEvent(new TouchEvent(type, {
        bubbles: true, cancelable: true, changedTouches: points, touches: type === "touchend" ? [] : points,
    }));
    const points = (place) => Array.from({ length: fingers }, (_, n) => at(place, n));
    fire("touchstart", points(from));
    const free = fire("touchmove", points(to));
    fire("touchend", points(to));
    return free;
}"""

# How many different figures ten frames in a row show.
PICTURES = """async () => {
    const seen = new Set();
    for (let frame = 0; frame < 10; frame += 1) {
        seen.add(JSON.stringify(document.getElementById("canvas").layout.shapes));
        await new Promise((done) => requestAnimationFrame(done));
    }
    return seen.size;
}"""


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_figure(page, f"{SINGLE}?step=3")
    return page


def swipe(page: Page, start: tuple[int, int], end: tuple[int, int], **more: object) -> bool:
    """Whether the page left the movement to the browser, too."""
    left: bool = page.evaluate(SWIPE, [start, end, more])
    return left


def test_a_swipe_over_the_figure_is_a_step(phone: Page) -> None:
    count = phone.locator("#step-count b")
    assert swipe(phone, (300, 300), (200, 310))
    expect(count).to_have_text("4")
    expect(phone.locator("#spoken")).to_contain_text("The sum is 10.")
    swipe(phone, (100, 300), (220, 290), selector=".panel-grid")
    swipe(phone, (100, 300), (220, 290))
    expect(count).to_have_text("2")


@pytest.mark.parametrize(
    ("start", "end", "more"),
    [
        ((300, 300), (280, 300), {}),
        ((300, 300), (220, 200), {}),
        ((300, 500), (310, 200), {}),
        ((300, 300), (180, 300), {"fingers": 2}),
        ((300, 300), (180, 300), {"selector": ".lesson"}),
    ],
    ids=["short", "slanting", "scrolling", "pinching", "elsewhere"],
)
def test_other_movements_are_left_alone(phone: Page, start, end, more) -> None:
    assert swipe(phone, start, end, **more)
    settled(phone)
    expect(phone.locator("#step-count b")).to_have_text("3")


def test_a_swipe_while_a_number_is_typed_is_no_step(phone: Page) -> None:
    phone.get_by_role("grid", name="Input").focus()
    phone.keyboard.press("F2")
    expect(phone.locator("#cell-field")).to_be_focused()
    swipe(phone, (300, 300), (180, 300))
    settled(phone)
    expect(phone.locator("#step-count b")).to_have_text("3")


def test_pinching_and_scrolling_are_not_forbidden(phone: Page) -> None:
    viewport = phone.locator("meta[name=viewport]").get_attribute("content") or ""
    assert "scalable" not in viewport
    assert "maximum-scale" not in viewport
    for selector in (".figure", ".panel-grid"):
        allowed = phone.locator(selector).first.evaluate("(node) => getComputedStyle(node).touchAction")
        assert set(allowed.split()) == {"pan-y", "pinch-zoom"}


def test_nothing_moves_where_less_motion_is_asked_for(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    open_figure(page, "/learn/cross-correlation")
    moving = """() => [...document.querySelectorAll("*")].filter((node) => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(node);
        return transitionDuration.split(", ").some((time) => Number.parseFloat(time) > 0) ||
            animationName !== "none" || scrollBehavior === "smooth";
    }).map((node) => node.className)"""
    assert page.evaluate(moving) == []
    assert page.evaluate("document.getAnimations().length") == 0
    before = shapes(page)
    settled(page)
    assert shapes(page) == before
    # The kernel is turned over on the way into the first step: here at once.
    page.keyboard.press("ArrowRight")
    assert page.evaluate(PICTURES) == 1
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) != []
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(PICTURES) > 1


@pytest.mark.parametrize("theme", ["dark", "projector"])
def test_a_lesson_prints_as_figure_sum_facts_and_prose_in_light_colours(page: Page, theme: str) -> None:
    open_figure(page, f"{SINGLE}?step=5&theme={theme}")
    drawn = (
        "document.getElementById('canvas').layout.shapes"
        ".map(({ fillcolor }) => String(fillcolor).slice(0, 7).toLowerCase())"
    )
    before = page.evaluate(drawn)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for shown in ("h1", ".figure", "#sum .sum-value", "#caption", "#facts", ".question", ".prose"):
        expect(page.locator(shown).first).to_be_visible()
    for left_out in (".top", ".types", ".tabs", ".transport", ".link-tools", "#controls", ".answers", ".code"):
        expect(page.locator(left_out).first).to_be_hidden()
    assert "#dcebfb" in page.evaluate(drawn)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 25, 31)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.wait_for_function(f"(before) => JSON.stringify({drawn}) === JSON.stringify(before)", arg=before)


def test_a_lesson_becomes_a_document_of_few_pages(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=5&theme=dark")
    document = page.pdf(format="A4")
    pages = document.count(b"/Type /Page\n") or document.count(b"/Type /Page ") or document.count(b"/Type/Page/")
    assert 1 <= pages <= 4
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
