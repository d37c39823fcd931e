"""Numbers changed by touch: typed into cells of the figure, pasted over them, undone and done again."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from tests.browser.test_journey import SINGLE, open_figure, query_of
from tests.conftest import NewPage
from tests.pages import settled

SMALL = f"{SINGLE}?input=1,2,3;4,5,6;7,8,9&kernel=1,0;0,1"


def cell_of(grid: Locator, row: int, column: int, size: int) -> Position:
    """The middle of a cell of a square grid, counted from 1."""
    box = grid.bounding_box()
    assert box
    return {"x": (column - 0.5) * box["width"] / size, "y": (row - 0.5) * box["height"] / size}


def outputs(page: Page) -> list[str]:
    """The output's numbers, as readers' software is told them."""
    page.evaluate("document.getElementById('last').click()")  # what is covered is not told
    grid = page.get_by_role("grid", name="Output")
    found = []
    for row in (1, 2):
        for column in (1, 2):
            grid.hover(position=cell_of(grid, row, column, 2))
            text = grid.get_by_role("gridcell").text_content() or ""
            found.append(text.split(": ")[1])
    page.mouse.move(2, 2)
    page.evaluate("document.getElementById('first').click()")
    return found


def paste(page: Page, text: str) -> None:
    """What the browser tells a page when a reader pastes; the clipboard itself is the machine's."""
    taken = page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            return !(document.activeElement ?? document.body).dispatchEvent(event);
        }""",
        text,
    )
    assert taken, "the page left the text to the browser"


def test_a_double_click_opens_a_cell_and_its_number_reaches_output_and_query(page: Page) -> None:
    open_figure(page, SMALL)
    assert outputs(page) == ["6", "8", "12", "14"]
    grid = page.get_by_role("grid", name="Input 3 × 3")
    grid.dblclick(position=cell_of(grid, 2, 2, 3))
    field = page.get_by_role("textbox", name="Input, row 2, column 2")
    expect(field).to_be_focused()
    expect(field).to_have_value("5")
    assert page.evaluate("getSelection().toString()") == "5"
    over, under = field.bounding_box(), grid.bounding_box()
    assert over
    assert under
    assert abs(over["x"] - under["x"] - under["width"] / 3) < 1
    assert abs(over["width"] - under["width"] / 3) < 1
    page.keyboard.type("-2.5")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("input=1,2,3;4,-2.5,6;7,8,9&kernel=1,0;0,1"))
    below = page.get_by_role("textbox", name="Input, row 3, column 2")
    expect(below).to_have_value("8")
    expect(page.locator("#spoken")).to_have_text("Input, row 3, column 2: 8")
    page.keyboard.press("Escape")
    expect(grid).to_be_focused()
    assert outputs(page) == ["−1.5", "8", "12", "6.5"]
    expect(page.locator("#numbers [data-mode=mine]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#input-field")).to_have_value("1,2,3;4,-2.5,6;7,8,9")


def test_one_click_still_pins(page: Page) -> None:
    open_figure(page, SMALL)
    grid = page.get_by_role("grid", name="Kernel 2 × 2")
    grid.click(position=cell_of(grid, 1, 2, 2))
    page.mouse.move(2, 2)
    expect(page.locator("#caption")).to_contain_text("Weight in row 1, column 2")
    expect(page.locator("#caption")).to_contain_text("Double-click or type")
    expect(page.locator("#cell-field")).to_be_hidden()
    page.keyboard.press("7")
    expect(page.get_by_role("textbox", name="Kernel, row 1, column 2")).to_have_value("7")


def test_a_keyboard_alone_fills_a_kernel(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input=1,2,3;4,5,6;7,8,9&kernel_size=2")
    page.get_by_role("grid", name="Kernel 2 × 2").focus()
    page.keyboard.press("Enter")
    for number in ("1", "-1", "0", "2"):  # faster than any answer: no number may be lost
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    expect(page.get_by_role("grid", name="Kernel 2 × 2")).to_be_focused()
    expect(page).to_have_url(re.compile("kernel=1,-1;0,2"))
    assert query_of(page)["input"] == "1,2,3;4,5,6;7,8,9"
    assert outputs(page) == ["9", "11", "15", "17"]


def test_arrows_move_while_the_whole_text_is_selected_and_shift_goes_back(page: Page) -> None:
    open_figure(page, SMALL)
    page.get_by_role("grid", name="Input 3 × 3").focus()
    page.keyboard.press("F2")
    for key, place in (
        ("ArrowRight", "row 1, column 2"),
        ("ArrowDown", "row 2, column 2"),
        ("Tab", "row 2, column 3"),
        ("Tab", "row 3, column 1"),
        ("Shift+Tab", "row 2, column 3"),
        ("Shift+Enter", "row 1, column 3"),
        ("ArrowLeft", "row 1, column 2"),
    ):
        page.keyboard.press(key)
        expect(page.locator("#cell-field")).to_have_attribute("aria-label", f"Input, {place}")
    page.keyboard.type("12")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("0")
    expect(page.locator("#cell-field")).to_have_value("102")
    assert "102" not in page.url


def test_escape_leaves_everything_as_it_was(page: Page) -> None:
    open_figure(page, SMALL)
    before = page.url
    grid = page.get_by_role("grid", name="Input 3 × 3")
    grid.focus()
    page.keyboard.type("99")
    expect(page.locator("#cell-field")).to_have_value("99")
    page.keyboard.press("Escape")
    expect(page.locator("#cell-field")).to_be_hidden()
    expect(grid).to_be_focused()
    settled(page)
    assert page.url == before
    expect(page.locator("#undo")).to_be_disabled()
    assert outputs(page) == ["6", "8", "12", "14"]


@pytest.mark.parametrize("typed", ["-", "1,5", "two", ""])
def test_what_is_no_number_is_kept_and_explained(page: Page, typed: str) -> None:
    open_figure(page, SMALL)
    page.get_by_role("grid", name="Input 3 × 3").focus()
    page.keyboard.press("F2")
    field = page.locator("#cell-field")
    field.fill(typed)
    field.press("Enter")
    expect(page.locator("#cell-why")).to_contain_text("number")
    expect(field).to_have_value(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    page.locator("#play").focus()
    expect(field).to_have_value(typed)
    field.fill("4")
    expect(page.locator("#cell-why")).to_be_hidden()
    field.press("Enter")
    expect(page).to_have_url(re.compile("input=4,2,3"))


def test_a_field_that_is_left_takes_its_number(page: Page) -> None:
    open_figure(page, SMALL)
    page.get_by_role("grid", name="Input 3 × 3").focus()
    page.keyboard.type("30")
    page.locator("#scrub").focus()
    expect(page.locator("#cell-field")).to_be_hidden()
    expect(page).to_have_url(re.compile("input=30,2,3"))


def test_a_computed_number_is_not_typed_over(page: Page) -> None:
    open_figure(page, SMALL)
    page.get_by_role("grid", name="Output 2 × 2").focus()
    page.keyboard.press("5")
    expect(page.locator("#status")).to_contain_text("Output is computed")
    expect(page.locator("#cell-field")).to_be_hidden()
    paste(page, "1\t2")
    expect(page.locator("#status")).to_contain_text("computed")


def test_drawn_numbers_and_all_sizes_stay_when_one_number_changes(page: Page) -> None:
    open_figure(page, "/learn/depthwise-separable?in_channels=2&out_channels=2&input_size=4&seed=5&stage=pointwise")

    def drawn() -> dict[str, object]:
        query: dict[str, str | float | bool] = {
            name: value for name, value in query_of(page).items() if name != "stage"
        }
        tensors = page.request.get("/api/v1/traces/depthwise-separable", params=query).json()["tensors"]
        return {name: tensor["values"] for name, tensor in tensors.items()}

    before = drawn()
    page.get_by_role("grid", name=re.compile("1×1|filter 2", re.IGNORECASE)).last.focus()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("pointwise_kernel="))
    after = drawn()
    assert (after["input"], after["kernel"]) == (before["input"], before["kernel"])
    assert json.dumps(after["pointwise"]).count("9") > json.dumps(before["pointwise"]).count("9")
    assert query_of(page)["out_channels"] == "2"
    assert "kernel" not in query_of(page)


def test_undo_and_redo_go_through_numbers_sliders_and_presets(page: Page) -> None:
    open_figure(page, SMALL)
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(undo).to_be_disabled()
    expect(redo).to_be_disabled()
    page.get_by_role("grid", name="Input 3 × 3").focus()
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("input=30,2,3"))
    # The field lies over the next cell and holds nothing to undo; the number before it is meant.
    page.keyboard.press("Control+z")
    expect(page).to_have_url(re.compile("input=1,2,3"))
    expect(page.locator("#spoken")).to_have_text("Undone.")
    page.keyboard.press("Control+Shift+Z")
    expect(page).to_have_url(re.compile("input=30,2,3"))
    page.keyboard.press("Escape")

    page.locator("#stride-0-range").fill("2")
    expect(page).to_have_url(re.compile("stride=2"))
    page.locator("#preset").select_option("full_padding_no_strides")
    expect(page).to_have_url(re.compile(r"\?padding=2$"))
    for expected in ("stride=2", "input=30,2,3", "input=1,2,3"):
        undo.click()
        expect(page).to_have_url(re.compile(expected))
    expect(undo).to_be_disabled()
    expect(redo).to_be_focused()
    assert outputs(page) == ["6", "8", "12", "14"]
    page.keyboard.press("Control+y")
    expect(page).to_have_url(re.compile("input=30,2,3"))
    redo.click()
    redo.click()
    expect(page).to_have_url(re.compile(r"\?padding=2$"))
    expect(redo).to_be_disabled()
    expect(page.locator("#preset")).to_have_value("full_padding_no_strides")


def test_text_fields_keep_the_undo_of_the_browser(page: Page) -> None:
    open_figure(page, f"{SINGLE}?seed=1")
    page.locator("#stride-0-range").fill("2")
    expect(page).to_have_url(re.compile("stride=2"))
    field = page.locator("#padding-0-field")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type("1")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("0")
    assert query_of(page)["stride"] == "2"


def test_a_value_that_cannot_be_is_undone(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    open_figure(page, f"{SINGLE}?input_size=5&seed=1")
    page.locator("#kernel_size-0-field").fill("9")
    page.locator("#kernel_size-0-field").press("Enter")
    expect(page.locator("[data-control=kernel_size] .field-error")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-control=kernel_size] .field-error")).to_have_count(0)
    expect(page.locator("#kernel_size-0-field")).to_have_value("3")


def test_a_block_of_a_spreadsheet_replaces_cells_and_says_what_lay_beyond_the_edge(page: Page) -> None:
    open_figure(page, SMALL)
    page.get_by_role("grid", name="Input 3 × 3").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    paste(page, "10\t20\n30\t40\n")
    expect(page).to_have_url(re.compile("input=1,2,3;4,10,20;7,30,40&kernel"))
    expect(page.locator("#status")).to_have_text("4 numbers pasted.")
    assert outputs(page) == ["11", "22", "34", "50"]
    page.get_by_role("grid", name="Kernel 2 × 2").focus()
    page.keyboard.press("ArrowDown")
    paste(page, "array([[5, 6], [7, 8]])")
    expect(page).to_have_url(re.compile("kernel=1,0;5,6"))
    expect(page.locator("#status")).to_contain_text("2 numbers pasted. 2 more lay beyond the edge")
    expect(page.locator("#spoken")).to_contain_text("beyond the edge")
    paste(page, "1\tx")
    expect(page.locator("#status")).to_contain_text("«x» is not a number")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page).to_have_url(re.compile("input=1,2,3;4,5,6;7,8,9"))


def test_a_block_is_pasted_from_the_open_field_on_and_over_a_pinned_cell(page: Page) -> None:
    open_figure(page, SMALL)
    grid = page.get_by_role("grid", name="Input 3 × 3")
    grid.focus()
    page.keyboard.press("F2")
    paste(page, "11 12\n13 14")
    expect(page.locator("#cell-field")).to_be_hidden()
    expect(page).to_have_url(re.compile("input=11,12,3;13,14,6"))
    grid.click(position=cell_of(grid, 3, 1, 3))
    page.locator("#play").focus()
    paste(page, "[0, 0, 0]")
    expect(page).to_have_url(re.compile("input=11,12,3;13,14,6;0,0,0"))


def test_a_field_of_numbers_gets_a_pasted_block_in_our_grammar(page: Page) -> None:
    open_figure(page, SMALL)
    field = page.locator("#input-field")
    field.focus()
    paste(page, "1.\t2\n3\t4")
    expect(field).to_have_value("1,2;3,4")
    expect(page).to_have_url(re.compile(r"input=1,2;3,4&"))
    paste(page, "np.array([[[1, 2], [3, 4]]])")
    expect(field).to_have_value("1,2;3,4")


def test_the_keys_are_in_the_map(page: Page) -> None:
    open_figure(page, SINGLE)
    page.keyboard.press("?")
    for key in ("F2", "Ctrl+Z", "Ctrl+V"):
        expect(page.locator("#help-dialog kbd", has_text=key)).to_be_visible()


def test_two_taps_open_a_cell_on_a_phone(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_figure(page, SMALL)
    grid = page.get_by_role("grid", name="Input 3 × 3")
    for _ in range(2):
        grid.tap(position=cell_of(grid, 1, 1, 3))
    expect(page.get_by_role("textbox", name="Input, row 1, column 1")).to_be_focused()
    page.keyboard.type("123456.75")
    box = page.locator("#cell-field").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
