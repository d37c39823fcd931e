"""Numbers too long for a link stay in the tab, and the page says so; the link alone still is a figure."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.pictures import BLACK, WHITE
from tests.browser.sharing import stand_in
from tests.browser.test_journey import open_figure, query_of, shapes
from tests.browser.test_picture import choose, file, hand_over_choosers, resize
from tests.conftest import NewPage
from tests.pages import says, settled

SINGLE = "/learn/single-channel"
HERE = "These numbers are too long for a link"
LOST = "too long for its link"
CHESS = [[BLACK, WHITE] * 16, [WHITE, BLACK] * 16] * 16
LONG = ";".join([",".join(["3", "-14.25", "159.5"] * 8)] * 24)


def too_long(page: Page) -> None:
    """A figure with a picture of 32 × 32 cells as its input: 2047 characters of values."""
    open_figure(page, f"{SINGLE}?kernel=1,2;3,4&stride=2")
    choose(page, file(CHESS))
    settled(page)
    resize(page, "32")
    expect(page).to_have_url(re.compile("kept="))
    settled(page)


def typed(page: Page, values: str) -> None:
    page.locator("#numbers [data-mode=mine]").click()
    page.locator("#input-field").fill(values)
    page.locator("#input-field").blur()
    settled(page)


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")
    settled(page)


def test_the_address_keeps_all_but_the_numbers_and_the_page_says_so(page: Page) -> None:
    too_long(page)
    query = query_of(page)
    assert re.fullmatch("[0-9a-f]{16}", query.pop("kept"))
    assert query == {"kernel": "1,2;3,4", "stride": "2", "input_size": "32", "kernel_size": "2"}
    expect(page.locator("#link-note")).to_contain_text(HERE)
    stand_in(page)
    page.locator("#share").click()
    with says(page.locator("#copy-link"), "Copied, without the numbers"):
        page.locator("#copy-link").click()
    page.keyboard.press("Escape")
    resize(page, "31")
    expect(page).not_to_have_url(re.compile("kept="))
    expect(page.locator("#link-note")).to_be_hidden()


def test_a_size_that_fits_into_a_link_is_one_click_away(page: Page) -> None:
    too_long(page)
    page.locator("#link-note").get_by_role("button", name="Reduce to 31 × 31").click()
    expect(page.get_by_role("grid", name="Input 31 × 31")).to_be_visible()
    settled(page)
    assert len(page.url.split("?")[1]) < 2000
    assert query_of(page)["input"].startswith("1,8,1,8")
    expect(page.locator("#link-note")).to_be_hidden()


def test_reload_back_and_forward_bring_the_numbers_again(page: Page) -> None:
    too_long(page)
    picture, address = shapes(page), page.url
    page.reload()
    ready(page)
    assert (shapes(page), page.url) == (picture, address)
    expect(page.locator("#link-note")).to_contain_text(HERE)
    page.locator("#stride-0-range").fill("4")
    settled(page)
    assert shapes(page) != picture
    assert query_of(page)["kept"] == address.rsplit("=", 1)[1]
    page.go_back()
    settled(page)
    assert (shapes(page), page.url) == (picture, address)
    page.go_back()
    settled(page)
    expect(page.locator("#link-note")).to_be_hidden()
    page.go_forward()
    settled(page)
    assert shapes(page) == picture
    expect(page.locator("#link-note")).to_contain_text(HERE)


def test_undo_and_redo_bring_long_numbers_again(page: Page) -> None:
    too_long(page)
    picture = shapes(page)
    page.locator("#undo").click()
    settled(page)
    assert shapes(page) != picture
    expect(page.locator("#link-note")).to_be_hidden()
    page.locator("#redo").click()
    settled(page)
    assert shapes(page) == picture
    expect(page).to_have_url(re.compile("kept="))


def test_the_other_language_has_the_numbers_in_the_same_tab(page: Page) -> None:
    too_long(page)
    page.locator("[data-lang=zh]").click()
    ready(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#link-note")).to_contain_text("太长")
    page.locator("#forward").click()
    # The window stands on 0, 9; 9, 0: 9 · 2 + 9 · 3.
    expect(page.locator("output.sum-value")).to_have_text("45")
    settled(page)
    assert page.evaluate("history.state.kept.values.input.length") == 2047


def test_without_storage_a_reload_still_has_the_numbers(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    too_long(page)
    picture = shapes(page)
    page.reload()
    ready(page)
    assert shapes(page) == picture


def test_whoever_has_the_link_alone_meets_a_figure_of_that_size_and_is_told_why(new_page: NewPage) -> None:
    mine, yours = new_page(), new_page()
    too_long(mine)
    link = mine.url.split("/learn/")[1]
    for place, note in (("embed", "#kept-note"), ("learn", "#link-note")):
        open_figure(yours, f"/{place}/{link}")
        expect(yours.locator(note)).to_be_visible()
        expect(yours.locator(note)).to_contain_text(LOST)
        expect(yours.get_by_role("grid", name="Input 32 × 32")).to_be_visible()
        yours.locator("#forward").click()
        expect(yours.locator("output.sum-value")).not_to_be_empty()
        expect(yours.locator("#play")).to_be_in_viewport(ratio=1)
    settled(yours)
    assert query_of(yours)["kept"] == query_of(mine)["kept"]
    yours.goto(f"/learn/{link}")
    ready(yours)
    yours.locator("#stride-0-range").fill("3")
    settled(yours)
    expect(yours.locator("#link-note")).to_be_hidden()
    assert "kept" not in query_of(yours)
    yours.go_back()
    settled(yours)
    expect(yours.locator("#link-note")).to_contain_text(LOST)


def test_an_embed_knows_nothing_of_what_the_tab_keeps(page: Page) -> None:
    too_long(page)
    page.goto(page.url.replace("/learn/", "/embed/"))
    ready(page)
    expect(page.locator("#kept-note")).to_contain_text(LOST)


def test_without_scripts_the_marker_is_explained(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{SINGLE}?input_size=6&kept=0123456789abcdef")
    expect(page.locator(".problem.notice").last).to_contain_text(LOST)
    expect(page.locator("#tables table").first.locator("tr")).to_have_count(6)
    page.goto(f"{SINGLE}?input_size=6")
    expect(page.locator(".problem.notice")).to_have_count(1)


def test_numbers_that_were_typed_are_saved_and_opened_elsewhere(new_page: NewPage, tmp_path: Path) -> None:
    mine, yours = new_page(), new_page()
    hand_over_choosers(yours)
    open_figure(mine, f"{SINGLE}?stride=2")
    typed(mine, LONG)
    expect(mine.locator("#link-note")).to_contain_text(HERE)
    expect(mine.get_by_role("button", name="Reduce to")).to_have_count(0)
    with mine.expect_download() as download:
        mine.get_by_role("button", name="Save numbers").click()
    assert download.value.suggested_filename == "single-channel.json"
    saved = tmp_path / "single-channel.json"
    download.value.save_as(saved)
    assert json.loads(saved.read_text(encoding="utf-8"))["input"] == LONG

    open_figure(yours, f"/learn/{mine.url.split('/learn/')[1]}")
    expect(yours.locator("#link-note")).to_contain_text(LOST)
    with yours.expect_file_chooser() as chooser:
        yours.get_by_role("button", name="Open saved numbers").click()
    chooser.value.set_files(saved)
    expect(yours.locator("#link-note")).to_contain_text(HERE)
    settled(yours)
    assert shapes(yours) == shapes(mine)
    assert yours.url == mine.url


def test_a_file_without_saved_numbers_is_refused(page: Page) -> None:
    open_figure(page, f"{SINGLE}?kept=0123456789abcdef")
    before = page.url
    for data in (b"", b"[1, 2]", b'{"stride": 2}', b" " * 2_000_000):
        page.locator("#numbers-file").set_input_files(
            {"name": "x.json", "mimeType": "application/json", "buffer": data}
        )
        expect(page.locator("#status")).to_have_text("This file holds no numbers that were saved here.")
        page.evaluate("document.getElementById('status').textContent = ''")
    assert page.url == before


def test_what_values_do_not_concern_is_asked_without_them(page: Page) -> None:
    open_figure(page, SINGLE)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    typed(page, ";".join([",".join(["3", "-14.25", "159.5"] * 16)] * 48))
    expect(page.get_by_role("grid", name="Input 48 × 48")).to_be_visible()
    limits = next(url for url in reversed(seen) if "/limits/" in url)
    assert len(limits) < 300
    assert "input_size=48" in limits
    assert "input=" not in limits
