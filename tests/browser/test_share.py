"""Sharing: the link, code for pages and slides, files; by mouse, by key, with and without a clipboard or a server."""

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.sharing import code_of, open_dialog, stand_in
from tests.browser.test_journey import open_figure, query_of, shapes
from tests.conftest import NewPage
from tests.pages import says, settled, until

FIGURE = "/learn/single-channel?input=1,2,3,4;5,6,7,8;9,1,2,3;4,5,6,7&kernel=1,0;0,1&step=5"
CODED = ("iframe", "reveal", "quarto", "jupyter", "markdown", "markdown-html", "marp", "slidev", "beamer")
NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })"


def link_of(page: Page) -> str:
    return page.locator("#link-field").input_value()


def asked_of(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_the_dialog_opens_closes_and_gives_the_focus_back(page: Page) -> None:
    stand_in(page)
    open_figure(page, FIGURE)
    for button in ("share", "embed", "export"):
        open_dialog(page, button=button)
        expect(page.get_by_role("dialog", name="Share this figure")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#share-dialog")).to_be_hidden()
        expect(page.locator(f"#{button}")).to_be_focused()
        open_dialog(page, button=button)
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.locator("#share-dialog")).to_be_hidden()
        expect(page.locator(f"#{button}")).to_be_focused()


def test_a_key_opens_the_dialog_and_enter_copies_the_link(page: Page) -> None:
    stand_in(page)
    open_figure(page, FIGURE)
    page.keyboard.press("s")
    expect(page.locator("#copy-link")).to_be_focused()
    with says(page.locator("#copy-link"), "Copied"):
        page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator("#step-count b")).to_have_text("5")


def test_the_key_is_off_where_letters_are(page: Page) -> None:
    open_figure(page, FIGURE)
    page.keyboard.press("?")
    page.locator("#letters").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    settled(page)
    expect(page.locator("#share-dialog")).to_be_hidden()


def test_nothing_of_the_files_is_fetched_before_something_is_shared(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    stand_in(page)
    open_figure(page, FIGURE)
    settled(page)
    assert not [url for url in asked if "exporting" in url]
    open_dialog(page)
    assert len([url for url in asked if "exporting" in url]) == 1


def test_the_link_keeps_what_is_chosen_and_opens_exactly_that(new_page: NewPage) -> None:
    page, other = new_page(), new_page()
    open_dialog(page, FIGURE)
    assert link_of(page) == page.url
    page.locator("#share-theme").select_option("projector")
    page.locator("#share-lang").select_option("en")
    assert asked_of(link_of(page)) == {**query_of(page), "theme": "projector", "lang": "en"}
    page.locator("#share-theme").select_option("")
    page.locator("#share-lang").select_option("")
    open_figure(other, link_of(page))
    expect(other.locator("#step-count b")).to_have_text("5")
    assert shapes(other) == shapes(page)

    page.get_by_label("open at step 5").uncheck()
    assert "step" not in asked_of(link_of(page))
    page.get_by_label("my numbers").uncheck()
    assert asked_of(link_of(page)) == {"input_size": "4", "kernel_size": "2"}
    open_figure(other, link_of(page))
    expect(other.get_by_role("grid", name="Input 4 × 4")).to_be_visible()


def test_a_link_that_plays_at_once_plays(new_page: NewPage) -> None:
    page, other = new_page(), new_page()
    open_dialog(page, "/learn/single-channel?seed=3&step=2&speed=8")
    page.locator("#share-autoplay").check()
    assert asked_of(link_of(page))["autoplay"] == "true"
    expect(page.locator("#share-numbers")).to_be_disabled()
    open_figure(other, link_of(page))
    expect(other.locator("#step-count b")).to_have_text("9")
    expect(other).not_to_have_url(re.compile("autoplay"))


def test_the_dialog_follows_the_figure_of_the_page(page: Page) -> None:
    open_dialog(page, FIGURE)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.locator("#stride-0-range").fill("2")
    expect(page).to_have_url(re.compile("stride=2"))
    open_dialog(page)
    assert asked_of(link_of(page))["stride"] == "2"
    assert "stride=2" in code_of(page, "iframe")


def test_opening_pauses_what_plays(page: Page) -> None:
    open_figure(page, "/learn/single-channel?speed=0.5")
    page.locator("#play").click()
    stand_in(page)
    open_dialog(page)
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "plain http"])
def test_every_snippet_is_copied(new_page: NewPage, clipboard: bool) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    if not clipboard:
        page.add_init_script(NO_CLIPBOARD)
    open_dialog(page, FIGURE, "embed")
    copied = "navigator.clipboard.readText()" if clipboard else "getSelection().toString()"
    for tool in CODED:
        words = code_of(page, tool).split()
        assert words
        with says(page.locator("#share-copy"), "Copied"):
            page.locator("#share-copy").click()
        until(page, lambda: page.evaluate(copied).split() == words)  # noqa: B023, it is asked at once


def test_where_nothing_can_be_copied_the_text_is_selected_and_the_keys_are_said(page: Page) -> None:
    page.add_init_script(NO_CLIPBOARD)
    page.add_init_script("Document.prototype.execCommand = () => false")
    open_dialog(page, FIGURE)
    with says(page.locator("#copy-link"), "Selected: press Ctrl+C"):
        page.locator("#copy-link").click()
    selected = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert page.locator("#link-field").evaluate(selected) == link_of(page)
    with says(page.locator("#share-copy"), "Selected: press Ctrl+C"):
        page.locator("#share-copy").click()
    assert "<iframe" in page.evaluate("getSelection().toString()")


def test_size_and_options_reach_the_code(page: Page) -> None:
    open_dialog(page, FIGURE, "embed")
    page.locator("#share-width").fill("1280")
    expect(page.locator("#share-height")).to_have_value("720")
    page.locator("#share-ratio").uncheck()
    page.locator("#share-height").fill("500")
    assert 'width="1280" height="500"' in code_of(page, "iframe")
    page.locator("#share-more summary").click()
    page.locator("#share-controls").select_option("none")
    for box in ("autoplay", "loop", "transparent"):
        page.locator(f"#share-frame-{box}").check()
    page.locator("#share-frame-from").fill("2")
    page.locator("#share-frame-to").fill("7")
    src = re.search('src="([^"]+)"', code_of(page, "iframe"))
    assert src
    asked = asked_of(src[1].replace("&amp;", "&"))
    own = {"controls": "none", "autoplay": "true", "loop": "true", "transparent": "true", "start": "2", "end": "7"}
    assert asked.items() >= own.items()
    before = code_of(page, "iframe")
    page.locator("#share-frame-from").fill("8")
    expect(page.locator("#share-frame-problem")).to_contain_text("Choose steps from 1 to 9")
    assert code_of(page, "iframe") == before
    page.locator("#share-frame-from").fill("")
    expect(page.locator("#share-frame-problem")).to_be_hidden()


def test_slides_that_take_files_say_which_and_choose_it(page: Page) -> None:
    open_dialog(page, FIGURE, "embed")
    page.locator("[data-tool=powerpoint]").click()
    expect(page.locator("#share-code")).to_be_hidden()
    expect(page.locator("#share-note")).to_contain_text("PowerPoint file")
    page.get_by_role("button", name="Choose PowerPoint").click()
    expect(page.get_by_role("radio", name="PowerPoint")).to_be_checked()
    expect(page.get_by_role("radio", name="PowerPoint")).to_be_focused()
    page.locator("[data-tool=slides]").click()
    page.get_by_role("button", name="Choose GIF").click()
    expect(page.get_by_role("radio", name="GIF")).to_be_checked()


def test_numbers_too_long_for_a_link_are_said_and_stand_in_the_code(page: Page) -> None:
    rows = ";".join(",".join(str((r + c) % 9) for c in range(40)) for r in range(40))
    open_figure(page, "/learn/single-channel")
    stand_in(page)
    page.locator("[data-mode=mine]").click()
    page.locator("#numbers textarea").first.fill(rows)
    page.locator("#numbers textarea").first.press("Tab")
    expect(page).to_have_url(re.compile("kept="))
    open_dialog(page)
    expect(page.locator("#share-long")).to_contain_text("too long for a link")
    with says(page.locator("#copy-link"), "Copied, without the numbers"):
        page.locator("#copy-link").click()
    assert rows[:40] in code_of(page, "iframe")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A site of another origin, and its folder."""
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{site.server_port}", tmp_path
    site.shutdown()
    thread.join()
    site.server_close()


def test_the_frame_shows_the_figure_on_a_page_of_another_origin(
    new_page: NewPage, browser: Browser, elsewhere: tuple[str, Path]
) -> None:
    page = new_page()
    open_dialog(page, FIGURE, "embed")
    origin, folder = elsewhere
    (folder / "slide.html").write_text(f"<!doctype html><title>Slide</title>{code_of(page, 'iframe')}")
    context = browser.new_context()
    deck = context.new_page()
    deck.goto(f"{origin}/slide.html")
    frame = deck.locator("iframe")
    expect(frame).to_have_attribute("title", "Single-channel convolution, step 5 of 9")
    assert frame.bounding_box() == pytest.approx({"x": 8, "y": 8, "width": 800, "height": 450}, abs=1)
    inside = deck.frame_locator("iframe")
    expect(inside.locator("#sum output")).to_have_text("8")
    expect(inside.locator("#step-count")).to_have_text("Step 5 of 9")
    context.close()


def exports(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.standIn.exports")
    return found


def test_settings_reach_the_export_and_the_file_is_handed_over(page: Page) -> None:
    open_dialog(page, FIGURE, "export")
    expect(page.locator("#export-estimate")).to_have_text("1920 × 1080 · 9 frames · 8.1 s · 120 kB to 340 kB")
    page.locator("#export-size").select_option("own")
    page.locator("#export-width").fill("1000")
    page.locator("#export-height").fill("600")
    page.locator("#export-theme").select_option("dark")
    page.locator("#export-steps").select_option("chosen")
    page.locator("#export-from").fill("2")
    page.locator("#export-to").fill("6")
    page.locator("#export-speed").select_option("2")
    page.locator("#export-loop").select_option("times")
    page.locator("#export-loops").fill("3")
    page.locator("#export-transparent").check()
    page.locator("#export-title").uncheck()
    expect(page.locator("#export-estimate")).to_contain_text("5 frames")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download GIF").click()
    assert download.value.suggested_filename == "figure.gif"
    expect(page.locator("#export-done")).to_have_text("Done: figure.gif, 6 B")
    expect(page.locator("#export-start")).to_be_focused()
    [made] = exports(page)
    assert made["settings"] == {
        "format": "gif",
        "width": 1000,
        "height": 600,
        "theme": "dark",
        "transparent": True,
        "title": False,
        "equation": True,
        "start": 2,
        "end": 6,
        "speed": 2,
        "loop": 3,
    }
    assert made["context"] == {"step": 5, "slug": "single-channel", "params": parameters(page), "link": link_of(page)}


def parameters(page: Page) -> dict[str, str]:
    return {name: value for name, value in query_of(page).items() if name != "step"}


def test_a_format_is_told_what_it_takes_and_no_more(page: Page) -> None:
    taken = {
        "PNG": {"format", "width", "height", "theme", "transparent", "title", "equation", "step"},
        "MP4": {"format", "width", "height", "theme", "title", "equation", "speed"},
        "ZIP of SVG": {"format", "width", "height", "theme", "transparent", "title", "equation"},
        "CSV": {"format"},
    }
    open_dialog(page, FIGURE, "export")
    for name in taken:
        page.get_by_role("radio", name=name, exact=True).check()
        with page.expect_download():
            page.get_by_role("button", name=f"Download {name}").click()
    made = [export["settings"] for export in exports(page)]
    assert dict(zip(taken, map(set, made), strict=True)) == taken


def test_progress_is_shown_and_an_export_can_be_broken_off(page: Page) -> None:
    page.add_init_script("window.standIn = { wait: true }")
    open_dialog(page, FIGURE, "export")
    page.get_by_role("button", name="Download GIF").click()
    expect(page.get_by_label("GIF: frame 6 of 9")).to_have_js_property("value", 6)
    expect(page.locator("#export-cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#export-done")).to_have_text("Cancelled. Nothing was kept.")
    expect(page.locator("#export-progress")).to_be_hidden()
    expect(page.locator("#export-start")).to_be_focused()
    page.evaluate("window.standIn.wait = false")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_errors_teach_and_lose_nothing(page: Page) -> None:
    open_dialog(page, FIGURE, "export")
    page.locator("#export-speed").select_option("4")
    for fault, said in (
        ("refused", "Too many frames. Choose fewer."),
        ("gone", "The server does not answer. Your settings are still here"),
        ("broken", "The file could not be made. Your settings are still here"),
    ):
        page.evaluate("(fault) => { window.standIn.fault = fault; }", fault)
        expect(page.locator("#export-start")).to_be_enabled()
        page.locator("#export-start").click()
        expect(page.get_by_role("alert")).to_contain_text(said)
        expect(page.get_by_role("alert")).not_to_contain_text("secret")
        expect(page.locator("#export-speed")).to_have_value("4")
    expect(page.locator("#export-start")).to_be_enabled()


def test_an_estimate_that_cannot_be_proposes_what_can(page: Page) -> None:
    open_dialog(page, FIGURE, "export")
    page.locator("#export-size").select_option("own")
    page.locator("#export-width").fill("5000")
    expect(page.get_by_role("alert")).to_contain_text("Too wide.")
    expect(page.locator("#export-start")).to_be_disabled()
    page.get_by_role("button", name="Use 3840 × 2160").click()
    expect(page.locator("#export-width")).to_have_value("3840")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#export-start")).to_be_enabled()
    page.locator("#export-width").fill("")
    expect(page.locator("#export-start")).to_be_disabled()
    expect(page.locator("#export-width")).to_have_attribute("aria-invalid", "true")


def test_formats_that_the_server_lacks_are_greyed_and_say_why(page: Page) -> None:
    page.add_init_script("window.standIn = { missing: ['mp4', 'zip'] }")
    open_dialog(page, FIGURE, "export")
    for name in ("MP4", "ZIP of PNG"):
        card = page.get_by_role("radio", name=name, exact=True)
        expect(card).to_be_disabled()
        expect(card).to_have_accessible_description(re.compile(r"pip install 'convoscope\[export\]'"))
    expect(page.get_by_role("radio", name="GIF", exact=True)).to_be_enabled()


def test_without_a_server_the_browser_still_makes_what_it_can(page: Page) -> None:
    page.add_init_script("window.standIn = { gone: true }")
    open_dialog(page, FIGURE, "export")
    expect(page.get_by_role("radio", name="PNG", exact=True)).to_be_checked()
    enabled = page.locator("[name=share-format]:enabled").evaluate_all("(all) => all.map(({ value }) => value).sort()")
    assert enabled == ["json", "png", "svg"]
    expect(page.get_by_role("radio", name="GIF", exact=True)).to_have_accessible_description(re.compile("server"))
    with page.expect_download():
        page.get_by_role("button", name="Download PNG").click()


def offline(page: Page, answers: list[dict[str, str]]) -> None:
    """Answers in the server's place, and keeps what was asked."""

    def answer(route: Route) -> None:
        asked = asked_of(route.request.url)
        answers.append(asked)
        if "padding:0-2" in asked.get("live", "") and "stride:1-5" in asked["live"]:
            nearest = "stride:1-3,padding:0-1"
            error = {"code": "too_many_figures", "field": "live", "message": "Too many.", "hint": f"Try {nearest}."}
            route.fulfill(status=422, json={"error": {**error, "values": {"nearest": nearest}}})
        elif asked.get("estimate"):
            figures = 9 if "live" in asked else 1
            route.fulfill(json={"figures": figures, "bytes": 1_234_567, "name": "convoscope.html"})
        else:
            disposition = {"content-disposition": 'attachment; filename="convoscope-single-channel.html"'}
            route.fulfill(body="<!doctype html>", content_type="text/html", headers=disposition)

    page.route("**/api/v1/offline/**", answer)


def test_a_file_without_a_server_tells_its_figures_and_takes_live_sliders(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    asked: list[dict[str, str]] = []
    offline(page, asked)
    open_dialog(page, FIGURE, "export")
    page.get_by_role("radio", name="HTML", exact=True).check()
    expect(page.locator("#export-estimate")).to_have_text("one figure inside · 1.2 MB")
    page.get_by_role("checkbox", name="Stride").check()
    page.get_by_role("checkbox", name="Padding", exact=True).check()
    expect(page.locator("#export-estimate")).to_have_text("9 figures inside · 1.2 MB")
    assert asked[-1]["live"] == "stride:1-3,padding:0-2"
    assert asked[-1]["controls"] == "all"
    page.get_by_label("Stride: to", exact=True).fill("5")
    expect(page.get_by_role("alert")).to_contain_text("Too many.")
    expect(page.locator("#export-start")).to_be_disabled()
    page.get_by_role("button", name="Use stride:1-3,padding:0-1").click()
    expect(page.get_by_label("Stride: to", exact=True)).to_have_value("3")
    expect(page.get_by_label("Padding: to", exact=True)).to_have_value("1")
    expect(page.locator("#export-start")).to_be_enabled()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download HTML").click()
    assert download.value.suggested_filename == "convoscope-single-channel.html"
    assert asked[-1]["live"] == "stride:1-3,padding:0-1"
    assert "estimate" not in asked[-1]
    assert asked[-1]["step"] == "5"
    assert asked[-1]["lang"] == "en"


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_dialog_is_a_sheet_of_its_own(new_page: NewPage, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 700}, has_touch=True)
    open_dialog(page, FIGURE)
    box = page.locator("#share-dialog").bounding_box()
    assert box == {"x": 0, "y": 0, "width": width, "height": 700}
    inside = page.locator("#share-dialog").evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert inside
    with page.expect_download():
        page.locator("#export-start").tap()


def test_the_keyboard_alone_shares(page: Page) -> None:
    """From the page to a file: every control is reached by Tab, cards by arrows."""
    stand_in(page)
    open_figure(page, FIGURE)
    page.keyboard.press("s")
    expect(page.locator("#copy-link")).to_be_focused()
    expect(page.locator("#export-estimate")).to_contain_text("frames")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.tool || ''"))
        if reached[-1] == "format-gif":
            break
    assert {"share-step", "share-theme", "iframe", "beamer", "share-width", "share-copy", "format-gif"} <= set(reached)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="PNG", exact=True)).to_be_checked()
    expect(page.locator("#export-start")).to_be_enabled()
    while page.evaluate("document.activeElement.id") != "export-start":
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        assert len(reached) < 120, reached
    with page.expect_download():
        page.keyboard.press("Enter")
