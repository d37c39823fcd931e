"""Looking into a step: the whole calculation of a cell, and values that are guessed before they are shown."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import open_figure, query_of, shapes
from tests.pages import settled

SINGLE = "/learn/single-channel"


def test_the_drawer_writes_out_a_cell_in_letters_and_numbers(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=5")
    drawer = page.locator("#calculation")
    drawer.locator("summary").click()
    expect(drawer).to_contain_text("Output, row 2, column 2")
    rows = drawer.locator("dd")
    expect(rows.nth(0)).to_contain_text(re.compile("x2.?2·w1.?1 \\+ x2.?3·w1.?2"))
    expect(drawer.locator("dt").first).to_have_text(re.compile("y2.?2"))
    expect(rows.last).to_contain_text(page.locator("#sum output").inner_text())
    page.get_by_role("grid", name="Output 3 × 3").hover(position={"x": 5, "y": 5})
    expect(drawer).to_contain_text("Output, row 1, column 1")
    page.mouse.move(5, 5)
    page.locator("#forward").click()
    expect(drawer).to_contain_text("Output, row 2, column 3")


@pytest.mark.parametrize("by", ["input", "output"])
def test_the_drawer_gathers_what_stamps_bring(page: Page, by: str) -> None:
    open_figure(page, f"/learn/transposed?view=stamp&by={by}&stride=2&input=1,2;3,4&kernel=1,1,1;1,1,1;1,1,1&step=4")
    page.locator("#calculation summary").click()
    page.get_by_role("grid", name="Output 5 × 5").hover(position={"x": 0, "y": 0})
    output = page.get_by_role("grid", name="Output 5 × 5").bounding_box()
    assert output
    page.mouse.move(output["x"] + output["width"] / 2, output["y"] + output["height"] / 2)
    expect(page.locator("#calculation")).to_contain_text("Output, row 3, column 3")
    expect(page.locator("#calculation dd").last).to_contain_text("10")


def test_a_value_is_guessed_before_it_is_shown(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=4")
    shown = shapes(page)
    page.locator("#predict").click()
    expect(page.locator("#caption")).to_have_text("Guess first: which number comes out in row 2, column 1?")
    assert "<b>?</b>" in shapes(page)
    assert "<b>?</b>" not in shown
    expect(page.locator("#sum output")).to_have_count(0)
    page.get_by_label("Your guess").fill("10")
    page.keyboard.press("Enter")
    expect(page.locator("#sum output")).to_have_text("10")
    expect(page.locator("#status")).to_have_text("Right: 10.")
    assert shapes(page) == shown
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Your guess")).to_have_value("")
    page.get_by_label("Your guess").fill("3")
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator("#status")).to_have_text("You said 3; it is 17.")
    expect(page.locator("#forward")).to_be_focused()


def test_the_forward_key_reveals_and_then_steps(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=2&predict=true")
    expect(page.get_by_role("button", name="Reveal")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator("#sum output")).to_have_text("12")
    expect(page.locator("#step-count b")).to_have_text("2")
    page.keyboard.press("PageDown")
    expect(page.locator("#step-count b")).to_have_text("3")
    expect(page.get_by_role("button", name="Reveal")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#sum output")).to_have_text("17")
    settled(page)
    assert "predict" not in query_of(page)


def test_a_figure_that_asks_plays_to_its_end(page: Page) -> None:
    open_figure(page, f"{SINGLE}?speed=8&predict=true")
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text("9")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    expect(page.locator("#sum output")).to_have_text("14")


def test_the_last_value_is_told_on_a_machine_of_few_frames_too(page: Page) -> None:
    open_figure(page, f"{SINGLE}?speed=8&predict=true&step=7")
    page.evaluate("() => { let now = 0; window.requestAnimationFrame = (work) => setTimeout(() => work(now += 150)); }")
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    expect(page.locator("#sum output")).to_have_text("14")


def test_two_sums_at_once_are_revealed_together(page: Page) -> None:
    open_figure(page, "/learn/cross-correlation?step=5&predict=true")
    expect(page.locator("#sum output")).to_have_text(["?", "?"])
    page.get_by_role("button", name="Reveal").first.click()
    expect(page.locator("#sum output")).to_have_text(["3", "24"])


def test_a_stamp_has_nothing_to_guess(page: Page) -> None:
    open_figure(page, "/learn/transposed?view=stamp&by=input&step=2&predict=true")
    expect(page.get_by_role("button", name="Reveal")).to_have_count(0)
    expect(page.locator("#sum output")).to_be_visible()
