"""The whole page by keyboard alone: no pointer is used here, and no key goes astray."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_access import ready
from tests.browser.test_journey import SINGLE, open_figure, query_of
from tests.conftest import NewPage
from tests.pages import settled

FOCUSED = "document.activeElement"


def tab_to(page: Page, selector: str, most: int = 90) -> None:
    """Presses Tab until the wanted element has the focus."""
    for _ in range(most):
        if page.evaluate(f"(wanted) => {FOCUSED}.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def test_a_reader_does_everything_by_keyboard(page: Page) -> None:
    open_figure(page, SINGLE)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the figure")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    # From the skip link the figure is near: its grids, their cells, a pinned one.
    tab_to(page, ".panel-grid", most=6)
    grid = page.get_by_role("grid", name="Input 5 × 5")
    expect(grid).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(grid.get_by_role("gridcell")).to_have_text("Row 2, column 2: 0")
    expect(page.locator("#spoken")).to_contain_text("Input in row 2, column 2, value 0: 4 output cells read it.")
    page.keyboard.press("Enter")
    tab_to(page, "#play")
    expect(page.locator("#caption")).to_contain_text("Input in row 2, column 2")  # pinned: it stays
    page.keyboard.press("Escape")
    expect(page.locator("#caption")).to_have_text("Press play, or guess first.")

    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    before = int(page.locator("#step-count b").inner_text())
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#step-count b")).to_have_text(str(before + 1))

    tab_to(page, "#padding-0-range")
    page.keyboard.press("ArrowRight")
    settled(page)
    assert query_of(page)["padding"] == "1"
    expect(page.get_by_role("grid", name="Output 5 × 5")).to_have_count(1)

    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#padding-0-range")).to_be_focused()


def test_the_map_changes_nothing_under_it(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=3")
    page.get_by_role("grid", name="Input").focus()
    page.keyboard.press("Enter")
    pinned = page.locator("#caption").inner_text()
    page.locator("#help").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("t")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_focused()
    expect(page.locator("#step-count b")).to_have_text("3")
    assert page.locator("#caption").inner_text() == pinned


def test_single_letters_can_be_switched_off_and_stay_off(new_page: NewPage) -> None:
    page = new_page(color_scheme="light")
    open_figure(page, SINGLE)
    page.keyboard.press("?")
    switch = page.get_by_role("switch", name="Single-letter shortcuts")
    tab_to(page, "#letters", most=3)
    expect(switch).to_be_checked()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    for key in ("?", "t", "l", ">", "p", "b", "."):
        page.keyboard.press(key)
    expect(page.locator("#help-dialog")).to_be_hidden()
    expect(page.locator("#loop")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#speed")).to_have_value("1")
    for mark in ("data-theme", "data-present", "data-blank"):
        assert page.locator("html").get_attribute(mark) is None
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step-count b")).to_have_text("1")

    ready(page, "/")
    page.keyboard.press("/")
    expect(page.locator("#asked")).not_to_be_focused()
    page.locator("#help").focus()
    page.keyboard.press("Enter")
    tab_to(page, "#letters", most=3)
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#asked")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#help-dialog")).to_be_hidden()  # it is a letter of what is asked for


def test_a_browser_that_keeps_nothing_still_switches_them_off(page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    open_figure(page, SINGLE)
    page.keyboard.press("?")
    tab_to(page, "#letters", most=3)
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    expect(page.locator("#loop")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (320, 256)])
def test_what_has_the_focus_is_never_hidden(page: Page, width: int, height: int) -> None:
    """WCAG 2.4.11, the whole way round: what sticks to the edges does not lie over it."""
    page.set_viewport_size({"width": width, "height": height})
    open_figure(page, "/learn/grouped?step=3")
    hidden = page.evaluate(
        """() => {
            const inFront = (node) => {
                const box = node.getBoundingClientRect();
                const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
                return points.some(([x, y]) => {
                    const top = document.elementFromPoint(box.x + x * box.width, box.y + y * box.height);
                    return top && (node.contains(top) || top.contains(node) || top.closest("label")?.contains(node) ||
                        top.closest("label")?.control === node);
                });
            };
            const wanted = "a, button, summary, select, textarea, input, [tabindex='0']";
            const stops = [...document.querySelectorAll(wanted)].filter((node) =>
                node.checkVisibility({ visibilityProperty: true }) && !node.disabled && node.tabIndex >= 0);
            const hidden = [];
            for (const node of stops.concat(stops.toReversed())) {
                node.focus();
                if (!inFront(node)) hidden.push(node.outerHTML.slice(0, 100));
            }
            return [stops.length, hidden];
        }"""
    )
    assert hidden[0] > 30
    assert hidden[1] == []
