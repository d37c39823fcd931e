"""Two figures side by side, in a real Chromium; `page` fails the test on any fault it meets."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.comparisons import PAIRS, link
from tests.conftest import NewPage
from tests.pages import settled

DILATED = "/compare?left=dilated?dilation=1&right=dilated?dilation=2"
SIDES = ("left", "right")


def open_pair(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")


def query_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def drawn(page: Page, side: str) -> str:
    """All that a side's figure shows, as it was handed to Plotly."""
    found: str = page.evaluate(
        "(id) => JSON.stringify(['shapes', 'images'].map((key) => document.getElementById(id).layout[key]))",
        f"{side}-canvas",
    )
    return found


def arrived(page: Page, **sides: str) -> None:
    """Waits until the address names these sides, and their figures are drawn."""
    page.wait_for_url(
        lambda url: all(parse_qs(urlsplit(url).query).get(name) == [side] for name, side in sides.items())
    )
    settled(page)


def cost_of(page: Page, what: str) -> list[str]:
    return page.locator(f"[data-cost={what}] b").all_inner_texts()


@pytest.mark.parametrize("number", range(len(PAIRS)), ids=[pair.id for pair in PAIRS])
def test_both_figures_of_every_pair_draw_and_reach_their_end(page: Page, number: int) -> None:
    pair, lang = PAIRS[number], ("en", "zh")[number % 2]
    open_pair(page, link(pair.left, pair.right, {"lang": lang}))
    expect(page.locator("html")).to_have_attribute("lang", lang)
    before = [drawn(page, side) for side in SIDES]
    page.locator("#last").click()
    for side, first in zip(SIDES, before, strict=True):
        assert drawn(page, side) != first
        expect(page.locator(f"#{side}-sum output.sum-value").first).not_to_be_empty()
        expect(page.locator(f"#{side}-problem")).to_be_hidden()
    expect(page.locator(".pairs a[aria-current]")).to_have_count(1)
    assert len(page.locator(".cost-words").all_inner_texts()) == 5


def test_one_clock_plays_both_and_the_shorter_waits_at_its_end(page: Page) -> None:
    open_pair(page, f"{DILATED}&speed=max")
    expect(page.locator("#step-count .total")).to_have_text("of 25")
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text("25")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    expect(page.locator("#right-caption")).to_have_text("Finished after 9 steps.")
    expect(page.locator("#left-caption")).to_contain_text("row 5, column 5")
    expect(page).to_have_url(re.compile("step=25"))

    page.locator("#scrub").fill("9")
    waiting = drawn(page, "right")
    expect(page.locator("#right-caption")).to_contain_text("row 3, column 3")
    page.locator("#forward").click()
    expect(page.locator("#right-caption")).to_have_text("Finished after 9 steps.")
    assert drawn(page, "right") == waiting


def test_keys_step_both_figures(page: Page) -> None:
    open_pair(page, DILATED)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step-count b")).to_have_text("1")
    expect(page.locator("#spoken")).to_contain_text(re.compile("Figure 1: .*Figure 2: "))
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#step-count b")).to_have_text("6")
    page.keyboard.press("End")
    expect(page.locator("#step-count b")).to_have_text("25")
    page.keyboard.press("Home")
    expect(page.locator("#step-count b")).to_have_text("0")
    page.keyboard.press("l")
    page.keyboard.press(">")
    page.keyboard.press("t")
    settled(page)
    assert query_of(page) == {
        "left": "dilated?dilation=1",
        "right": "dilated?dilation=2",
        "loop": "true",
        "speed": "2",
        "theme": "dark",
    }


def test_a_shared_link_restores_the_very_picture(new_page: NewPage) -> None:
    mine, yours = new_page(), new_page()
    open_pair(mine, DILATED)
    mine.locator("#scrub").fill("7")
    settled(mine)
    open_pair(yours, mine.url)
    for side in SIDES:
        assert drawn(mine, side) == drawn(yours, side)
        assert mine.locator(f"#{side}-sum").inner_text() == yours.locator(f"#{side}-sum").inner_text()


def test_sides_swap_and_the_way_back_leads_back(page: Page) -> None:
    open_pair(page, f"{DILATED}&step=4")
    left, right = (drawn(page, side) for side in SIDES)
    page.locator("#swap").click()
    arrived(page, left="dilated?dilation=2", right="dilated?dilation=1")
    assert [drawn(page, side) for side in SIDES] == [right, left]
    assert cost_of(page, "multiplications") == ["81", "225"]
    expect(page.locator("[data-cost=multiplications] .cost-words")).to_have_text(
        "Figure 1 needs 2.8 times fewer multiplications than Figure 2."
    )
    page.go_back()
    expect(page.locator("#left-preset")).to_have_value("dilation-1")
    assert [drawn(page, side) for side in SIDES] == [left, right]


def test_a_kind_a_preset_and_a_pair_are_chosen_and_undone_by_the_way_back(page: Page) -> None:
    open_pair(page, DILATED)
    expect(page.locator("#left-preset")).to_have_value("dilation-1")
    expect(page.locator("#right-preset")).to_have_value("article")
    page.locator("#right-preset").select_option("dilation-4")
    arrived(page, right="dilated?input_size=11&dilation=4")
    assert cost_of(page, "receptive_field") == ["3 × 3", "9 × 9"]
    page.locator("#left-kind").select_option("pooling")
    expect(page.locator("#left-lesson")).to_have_text("Pooling")
    expect(page.locator("[data-cost=multiplications] .cost-words")).to_have_text("Figure 1 multiplies nothing.")
    assert query_of(page)["left"].startswith("pooling?")
    page.get_by_role("link", name="One group and two").click()
    arrived(page, left="grouped?groups=1", right="grouped?groups=2")
    expect(page.locator("[data-cost=output_shape] .cost-words")).to_have_text("The outputs have the same shape.")
    for title, preset in (
        ("Pooling", "dilation-4"),
        ("Dilated convolution", "dilation-4"),
        ("Dilated convolution", "article"),
    ):
        page.go_back()
        expect(page.locator("#left-lesson")).to_have_text(title)
        expect(page.locator("#right-preset")).to_have_value(preset)
    page.go_forward()
    expect(page.locator("#right-preset")).to_have_value("dilation-4")


def test_one_side_wrong_is_said_and_can_be_mended_or_replaced(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    open_pair(page, "/compare?left=dilated?dilation=9&right=dilated?dilation=2&step=3")
    expect(page.locator("#left-problem")).to_contain_text("dilation 9")
    expect(page.locator("#left-caption")).to_have_text("No figure on this side.")
    expect(page.locator(".costs")).to_be_hidden()
    expect(page.locator("#step-count")).to_contain_text("of 9")
    page.locator("#forward").click()
    settled(page)
    # What was typed stays in the address.
    assert query_of(page)["left"] == "dilated?dilation=9"
    assert page.locator("#left-problem a").get_attribute("href") == "/learn/dilated?dilation=9"
    page.locator("#swap").click()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#right-problem")).to_contain_text("dilation 9")
    page.locator("#right-kind").select_option("pooling")
    settled(page)
    expect(page.locator("#right-problem")).to_be_hidden()
    expect(page.locator(".costs")).to_be_visible()
    page.go_back()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#right-problem")).to_contain_text("dilation 9")


def test_a_cell_under_the_pointer_is_told_on_its_own_side(page: Page) -> None:
    open_pair(page, f"{DILATED}&step=1")
    other = page.locator("#right-caption").inner_text()
    page.locator("#left-panels").get_by_role("grid", name="Kernel 3 × 3").hover(position={"x": 5, "y": 5})
    expect(page.locator("#left-caption")).to_contain_text("Weight in row 1, column 1")
    assert page.locator("#right-caption").inner_text() == other
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids))


def test_edit_leads_to_the_lesson_with_the_figure(page: Page) -> None:
    open_pair(page, f"{DILATED}&theme=dark&lang=zh")
    page.locator("#left-edit").click()
    page.wait_for_url(re.compile("/learn/dilated"))
    page.wait_for_selector("html[data-ready]", state="attached")
    assert query_of(page) == {"dilation": "1", "theme": "dark", "lang": "zh"}


def test_the_lesson_leads_to_a_comparison_of_the_figure_on_show(page: Page) -> None:
    open_pair(page, "/learn/dilated")
    page.locator("#dilation-0-range").fill("1")
    settled(page)
    page.locator("#forward").click()
    settled(page)
    page.locator("#compare").click()
    page.wait_for_url(re.compile("/compare"))
    page.wait_for_selector("html[data-ready]", state="attached")
    assert query_of(page) == {"left": "dilated?dilation=1", "right": "dilated?dilation=2", "step": "1"}
    page.go_back()
    page.wait_for_url(re.compile("/learn/dilated"))
    page.wait_for_selector("html[data-ready]", state="attached")
    page.go_back()
    settled(page)
    assert (
        "dilated?dilation=1" in parse_qs(urlsplit(page.locator("#compare").get_attribute("href") or "").query)["right"]
    )


@pytest.mark.parametrize(
    ("address", "lang"),
    [
        (DILATED, "zh"),
        (link(PAIRS[0].left, PAIRS[0].right), "en"),
        (link(PAIRS[3].left, PAIRS[3].right), "zh"),
        (link(PAIRS[3].left, PAIRS[3].right), "en"),
    ],
)
def test_a_phone_stacks_the_sides_without_scrolling_sideways(new_page: NewPage, address: str, lang: str) -> None:
    page = new_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    open_pair(page, f"{address}&step=5&lang={lang}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    tops = [page.locator(f"#{side}-canvas").bounding_box() for side in SIDES]
    assert tops[0]
    assert tops[1]
    assert tops[1]["y"] > tops[0]["y"] + tops[0]["height"]
    transport = page.locator(".transport").bounding_box()
    assert transport
    assert transport["y"] + transport["height"] == pytest.approx(640, abs=1)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main :is(a, button, select)')].filter((one) => {
             const { width, height } = one.getBoundingClientRect();
             return width > 0 && one.id !== 'link-field' && Math.min(width, height) < 24;
           }).map((one) => one.outerHTML)"""
    )
    assert small == []


def test_with_scripts_off_the_costs_are_those_that_scripts_show(new_page: NewPage) -> None:
    address = link(PAIRS[3].left, PAIRS[3].right)
    plain, scripted = new_page(java_script_enabled=False), new_page()
    plain.goto(address)
    open_pair(scripted, address)
    rows = plain.locator("#costs tbody tr").all()
    for row, what in zip(
        rows, ("multiplications", "parameters", "steps", "output_shape", "receptive_field"), strict=True
    ):
        assert row.locator("td").all_inner_texts() == cost_of(scripted, what)
    expect(plain.locator("#left-tables table")).to_be_visible()
    expect(plain.locator("#swap")).to_be_hidden()
