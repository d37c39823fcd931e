"""A reader's own picture as the input: chosen, dropped, pasted; reduced in the browser; refused in words."""

import base64
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.pictures import BLACK, WHITE, Pixel, grey, header_of, png, turned
from tests.browser.test_journey import open_figure, query_of, shapes
from tests.conftest import NewPage
from tests.pages import settled

SINGLE = "/learn/single-channel"
# Each pixel is a cell where the grid has four a side; 9 · 57 / 255 = 2.01, and so on.
DIGITS = ("0,1,2,3", "4,5,6,7", "8,9,0,1", "2,3,4,5")
FOUR = [[grey(round(int(digit) * 255 / 9)) for digit in row.split(",")] for row in DIGITS]
EXPECTED = ";".join(DIGITS)


def file(rows: list[list[Pixel]], name: str = "picture.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": png(rows)}


def hand_over_choosers(page: Page) -> None:
    """Lets the browser hand file choosers to the test from the start: it takes this up when it comes to it, and a key
    that is pressed before would open one that nobody sees."""
    page.on("filechooser", lambda chooser: None)


def choose(page: Page, picture: FilePayload) -> None:
    page.locator("#picture-file").set_input_files(picture)


def resize(page: Page, size: str) -> None:
    page.locator("#picture-size").fill(size)
    page.locator("#picture-size").press("Enter")


def fault(page: Page) -> Locator:
    return page.locator("[data-control=picture] .field-error")


def wait_for_input(page: Page, values: str) -> None:
    expect(page).to_have_url(re.compile(f"input={re.escape(values)}(&|$)"))


# What a browser hands over with a drop or a paste; scripts can build it, but no program can drag.
CARRIED = """({files, text}) => {
    const carried = new DataTransfer();
    for (const {name, type, bytes} of files) {
        carried.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, {type}));
    }
    if (text) carried.setData("text/plain", text);
    return carried;
}"""


def carried(page: Page, *pictures: bytes, text: str = "", kind: str = "image/png", name: str = "a.png") -> Any:
    files = [{"name": name, "type": kind, "bytes": base64.b64encode(picture).decode()} for picture in pictures]
    return page.evaluate_handle(CARRIED, {"files": files, "text": text})


def dropped(page: Page, target: str, data: Any) -> bool:
    """Drops on an element; whether the page kept the browser from opening the file itself."""
    prevented: bool = page.evaluate(
        """([target, dataTransfer]) => !document.querySelector(target).dispatchEvent(
            new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}))""",
        [target, data],
    )
    return prevented


def pasted(page: Page, data: Any) -> None:
    page.evaluate(
        """(clipboardData) => (document.activeElement ?? document.body).dispatchEvent(
            new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))""",
        data,
    )


def test_a_picture_chosen_by_keyboard_becomes_whole_numbers_of_the_input(page: Page) -> None:
    hand_over_choosers(page)
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=2&stride=2&seed=3")
    page.locator("#picture-choose").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(file(FOUR))
    wait_for_input(page, EXPECTED)
    assert query_of(page) == {"input": EXPECTED, "kernel_size": "2", "stride": "2", "seed": "3"}
    expect(page.locator("#status")).to_have_text(
        "The picture is the input now: 4 × 4 whole numbers, 0 black to 9 white."
    )
    expect(page.locator("#picture-note")).to_contain_text("so that you can add them up")
    expect(page.locator("#numbers [data-mode=mine]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#input-field")).to_have_value(EXPECTED)


def test_a_kernel_that_was_given_stays(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input=1,2;3,4&kernel=1,0;0,1")
    resize(page, "4")
    choose(page, file(FOUR))
    wait_for_input(page, EXPECTED)
    assert query_of(page)["kernel"] == "1,0;0,1"
    expect(page.get_by_role("grid", name="Output 3 × 3")).to_be_visible()


def test_the_size_can_be_changed_afterwards_and_counts_for_the_next_picture(page: Page) -> None:
    open_figure(page, f"{SINGLE}?seed=0")
    expect(page.locator("#picture-size")).to_have_value("5")
    white = [[WHITE] * 8 for _ in range(8)]
    choose(page, file(white))
    wait_for_input(page, ";".join([",".join("9" * 5)] * 5))
    resize(page, "8")
    wait_for_input(page, ";".join([",".join("9" * 8)] * 8))
    choose(page, file([[BLACK]]))
    wait_for_input(page, ";".join([",".join("0" * 8)] * 8))


def test_three_channels_are_red_green_and_blue_and_others_repeat_the_brightness(page: Page) -> None:
    row: list[Pixel] = [(255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (255, 255, 255, 255)]
    open_figure(page, "/learn/multi-channel?input_size=4")
    choose(page, file([row] * 4))
    wait_for_input(page, "%7C".join(";".join([colour] * 4) for colour in ("9,0,0,9", "0,9,0,9", "0,0,9,9")))
    expect(page.locator("#status")).to_contain_text("red, green and blue")
    open_figure(page, "/learn/grouped?input_size=4")
    choose(page, file([row] * 4))
    wait_for_input(page, "%7C".join([";".join(["2,6,1,9"] * 4)] * 4))


def test_the_middle_is_taken_and_white_shines_through(page: Page) -> None:
    clear: Pixel = (0, 0, 0, 0)
    row = [BLACK, BLACK, WHITE, clear, grey(142), grey(142), BLACK, BLACK]
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=1")
    choose(page, file([row] * 4))
    wait_for_input(page, ";".join(["9,9,5,5"] * 4))


def test_a_picture_is_turned_as_its_camera_was_held(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=1")
    jpeg = page.evaluate(
        """() => {
            const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 64});
            const brush = canvas.getContext("2d");
            brush.fillStyle = "#fff";
            brush.fillRect(0, 0, 64, 64);
            brush.fillStyle = "#000";
            brush.fillRect(0, 0, 32, 64);
            return canvas.toDataURL("image/jpeg", 1).split(",")[1];
        }"""
    )
    straight = base64.b64decode(jpeg)
    choose(page, {"name": "held.jpg", "mimeType": "image/jpeg", "buffer": straight})
    wait_for_input(page, ";".join(["0,0,9,9"] * 4))
    choose(page, {"name": "held.jpg", "mimeType": "image/jpeg", "buffer": turned(straight, 6)})
    wait_for_input(page, "0,0,0,0;0,0,0,0;9,9,9,9;9,9,9,9")


def test_a_large_picture_is_read_and_stays_on_the_device(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=2")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(f"{request.method} {request.url}{request.post_data or ''}"))
    half = [[BLACK] * 1200 + [WHITE] * 1200] * 2400
    choose(page, file(half))
    wait_for_input(page, ";".join(["0,0,9,9"] * 4))
    settled(page)
    values = "input=" + "%3B".join(["0%2C0%2C9%2C9"] * 4)
    # Modules that the page fetches when it has time for them tell nothing of the picture.
    asked = [seen for seen in requests if not re.match(r"GET (data:|https?://[^/]+/static/[\w./-]+$)", seen)]
    assert {urlsplit(seen.removeprefix("GET ")).path for seen in asked} == {
        f"/api/v1/{what}/single-channel" for what in ("traces", "limits")
    }
    assert {urlsplit(seen).query for seen in asked} == {f"kernel_size=2&{values}"}


def test_dragging_over_the_figure_says_what_a_drop_will_do(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=2")
    target = page.locator("#drop-target")
    expect(target).to_be_hidden()
    data = carried(page, png(FOUR))
    page.dispatch_event("#canvas", "dragover", {"dataTransfer": data})
    expect(target).to_be_visible()
    expect(target).to_have_text("Drop a picture: it becomes the input")
    expect(target).to_have_class(re.compile("over"))
    assert dropped(page, "#canvas", data)
    wait_for_input(page, EXPECTED)
    expect(target).to_be_hidden()


def test_a_drag_that_leaves_the_window_takes_its_target_along(page: Page) -> None:
    open_figure(page, SINGLE)
    data = carried(page, png(FOUR))
    page.dispatch_event(".lesson", "dragover", {"dataTransfer": data})
    expect(page.locator("#drop-target")).to_be_visible()
    expect(page.locator("#drop-target")).not_to_have_class(re.compile("over"))
    page.dispatch_event(".lesson", "dragleave", {})
    expect(page.locator("#drop-target")).to_be_hidden()
    words = page.evaluate_handle("() => { const d = new DataTransfer(); d.setData('text/plain', 'words'); return d; }")
    page.dispatch_event("#canvas", "dragover", {"dataTransfer": words})
    expect(page.locator("#drop-target")).to_be_hidden()


def test_a_file_that_misses_the_figure_neither_opens_nor_counts(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=2")
    before = page.url
    assert dropped(page, ".lesson", carried(page, png(FOUR)))
    settled(page)
    assert page.url == before


def test_a_folder_or_the_address_of_a_picture_is_refused(page: Page) -> None:
    open_figure(page, SINGLE)
    folder = page.evaluate_handle("() => ({types: ['Files'], files: []})")
    page.evaluate(
        """(data) => {
            const event = new Event("drop", {bubbles: true, cancelable: true});
            Object.defineProperty(event, "dataTransfer", {value: data});
            document.getElementById("canvas").dispatchEvent(event);
        }""",
        folder,
    )
    expect(fault(page)).to_contain_text("not a picture")


def test_a_picture_is_pasted_and_numbers_beside_it_come_first(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=2")
    pasted(page, carried(page, png(FOUR)))
    wait_for_input(page, EXPECTED)
    page.get_by_role("grid", name="Input 4 × 4").focus()
    pasted(page, carried(page, png([[WHITE]]), text="7\t6\n5\t4"))
    expect(page.locator("#status")).to_have_text("4 numbers pasted.")
    wait_for_input(page, "7,6,2,3;5,4,6,7;8,9,0,1;2,3,4,5")


@pytest.mark.parametrize(
    ("name", "kind", "data", "said"),
    [
        ("empty.png", "image/png", b"", "This file is empty."),
        ("notes.txt", "text/plain", b"1,2,3", "This is not a picture."),
        ("cut.png", "image/png", png(FOUR)[:60], "cannot be decoded"),
        ("named.png", "image/png", b"no picture at all", "cannot be decoded"),
        ("wide.png", "image/png", header_of(10_000, 5_000), "10000 × 5000 pixels; at most 40 million"),
    ],
)
def test_what_is_no_picture_is_said_beside_the_button_and_the_figure_stays(
    page: Page, name: str, kind: str, data: bytes, said: str
) -> None:
    open_figure(page, f"{SINGLE}?step=3")
    before, address = shapes(page), page.url
    choose(page, {"name": name, "mimeType": kind, "buffer": data})
    expect(fault(page)).to_contain_text(said)
    expect(page.locator("#status")).to_contain_text(said)
    assert (shapes(page), page.url) == (before, address)
    choose(page, file(FOUR))
    expect(fault(page)).to_have_count(0)


def test_a_file_that_is_too_heavy_is_refused(page: Page, tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.png"
    heavy.write_bytes(bytes(20 * 1024 * 1024 + 60_000))
    open_figure(page, SINGLE)
    page.locator("#picture-file").set_input_files(heavy)
    expect(fault(page)).to_contain_text("20.1 MB; at most 20 MB")


def test_a_picture_without_a_type_is_known_by_its_first_bytes(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=2")
    dropped(page, "#canvas", carried(page, png(FOUR), kind="", name="picture"))
    wait_for_input(page, EXPECTED)


@pytest.mark.parametrize(("slug", "axes"), [("cross-correlation", 1), ("3d", 3), ("layer?dims=1", 1)])
def test_figures_without_rows_and_columns_say_that_they_take_no_picture(page: Page, slug: str, axes: int) -> None:
    open_figure(page, f"/learn/{slug}")
    expect(page.locator("#picture-choose")).to_be_hidden()
    expect(page.locator("#picture-note")).to_contain_text(
        f"A picture needs two axes; the input of this figure has another number ({axes})"
    )
    before = shapes(page)
    data = carried(page, png(FOUR))
    page.dispatch_event("#canvas", "dragover", {"dataTransfer": data})
    expect(page.locator("#drop-target")).to_have_text("This figure takes no picture")
    expect(page.locator("#drop-target")).not_to_have_class(re.compile("over"))
    dropped(page, "#canvas", data)
    expect(fault(page)).to_contain_text("A picture has rows and columns")
    assert shapes(page) == before


def test_a_layer_takes_a_picture_again_once_it_has_two_axes(page: Page) -> None:
    open_figure(page, "/learn/layer?dims=1")
    dropped(page, "#canvas", carried(page, png(FOUR)))
    expect(fault(page)).to_be_visible()
    page.locator("#dims-0-field").fill("2")
    page.locator("#dims-0-field").press("Enter")
    expect(page.locator("#picture-choose")).to_be_visible()
    expect(fault(page)).to_have_count(0)


@pytest.mark.parametrize(("typed", "nearest"), [("100", "32"), ("2", "4"), ("7.6", "8"), ("many", "5"), ("", "5")])
def test_a_size_that_cannot_be_is_answered_with_the_nearest(page: Page, typed: str, nearest: str) -> None:
    open_figure(page, f"{SINGLE}?seed=0")
    choose(page, file([[WHITE]]))
    wait_for_input(page, ";".join([",".join("9" * 5)] * 5))
    resize(page, typed)
    expect(fault(page)).to_contain_text("4 to 32")
    expect(page.locator("#picture-size")).to_have_value(typed)
    fault(page).get_by_role("button", name=f"Use {nearest}").click()
    expect(page.get_by_role("grid", name=f"Input {nearest} × {nearest}")).to_be_visible()
    expect(fault(page)).to_have_count(0)


def test_a_size_beyond_what_one_answer_holds_is_answered_with_the_largest_that_works(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    open_figure(page, "/learn/multi-channel?out_channels=32&input_size=5&view=numbers")
    choose(page, file([[WHITE]]))
    settled(page)
    resize(page, "32")
    expect(fault(page)).to_contain_text("at most 500 000 products")
    expect(page.locator("[data-control=input_size] .field-error")).to_have_count(0)
    # 32 filters of 27 weights on 24 × 24 places are 497 664 products.
    fault(page).get_by_role("button", name="Use 26").click()
    expect(fault(page)).to_have_count(0)
    settled(page)
    assert page.evaluate("document.getElementById('input-field').value") == "|".join(
        [";".join([",".join("9" * 26)] * 26)] * 3
    )


def test_a_picture_is_undone_and_done_again(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=4&kernel_size=2")
    before = shapes(page)
    choose(page, file(FOUR))
    wait_for_input(page, EXPECTED)
    settled(page)
    with_picture = shapes(page)
    page.locator("#undo").click()
    settled(page)
    assert shapes(page) == before
    assert "input" not in query_of(page)
    page.locator("#redo").click()
    wait_for_input(page, EXPECTED)
    settled(page)
    assert shapes(page) == with_picture


def test_on_a_phone_the_picture_controls_are_large_enough_and_fit(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_figure(page, f"{SINGLE}?lang=zh")
    for control in ("#picture-choose", "#picture-size"):
        box = page.locator(control).bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= 390
    choose(page, {"name": "empty.png", "mimeType": "image/png", "buffer": b""})
    expect(fault(page)).to_contain_text("该文件是空的")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
