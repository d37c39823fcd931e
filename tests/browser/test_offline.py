"""Files opened from a disk in a real Chromium, with every network refused: they play, step, and their sliders work."""

import contextlib
import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from compute.kinds import KINDS
from tests.pages import Contexts, watch

Opened = Callable[..., Page]
LIVE = "/api/v1/offline/dilated?dilation=2&step=4&live=stride:1-3,dilation:1-3"


@pytest.fixture
def opened(contexts: Contexts, server: str, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Opens a file from the disk in a browser that reaches nothing; the test ends with no fault and no request."""
    faults: list[str] = []

    def refuse(route: Route) -> None:
        if urlsplit(route.request.url).scheme in ("file", "data", "blob"):
            return route.continue_()
        faults.append(f"request: {route.request.url}")
        return route.abort()

    with contexts.lending() as lend:
        # Closed to the network before a file is opened in it.
        pages = [lend(alone=True, base_url=server)]
        context = pages[0].context
        context.set_offline(True)
        context.route("**/*", refuse)

        def open_file(path: Path) -> Page:
            page = pages.pop() if pages else context.new_page()
            page.set_viewport_size({"width": 1100, "height": 800})
            watch(page, "", faults.append)
            page.goto(path.as_uri())
            page.wait_for_selector("html[data-ready]", state="attached")
            return page

        yield open_file
        if faults:
            faults += contexts.keep(request.node.nodeid)
    assert not faults, "\n".join(faults)


def controlled(server: str) -> str:
    """What asks an embedded figure for its controls; one without that parameter has them always."""
    with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(f"{server}/embed/dilated?controls=all"):
        return "&controls=all"
    return ""


def saved(server: str, address: str, folder: Path) -> Path:
    path = folder / "figure.html"
    with urllib.request.urlopen(f"{server}{address}{controlled(server)}", timeout=120) as answer:
        path.write_bytes(answer.read())
    return path


def drag(page: Page, name: str, value: str) -> None:
    """Moves a slider; where its page hides the controls, as a script of a slide would."""
    page.locator(f"#{name}-0-range").evaluate(
        "(range, value) => { range.value = value;"
        " for (const type of ['input', 'change']) range.dispatchEvent(new Event(type, { bubbles: true })); }",
        value,
    )


def names(page: Page) -> list[str]:
    """The tensors on show, as they are told."""
    found: list[str] = page.locator("#panels [role=grid]").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    return found


def test_a_file_plays_steps_and_ends_with_the_whole_output(server: str, opened: Opened, tmp_path: Path) -> None:
    page = opened(saved(server, "/api/v1/offline/dilated?dilation=2&step=4", tmp_path))
    count = page.locator("#step-count b")
    expect(count).to_have_text("4")
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("5")
    page.locator("#scrub").fill("8")
    page.locator("#play").click()
    expect(count).to_have_text("9")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    trace = KINDS["dilated"].trace(KINDS["dilated"].parse({"dilation": "2"}))
    output = trace["tensors"]["output"]["values"][0].tolist()
    grid = page.get_by_role("grid", name="Output 3 × 3")
    expect(grid).to_be_attached()
    expect(page.locator("output.sum-value")).to_have_text(f"{output[-1][-1]:g}".replace("-", "−"))


def test_files_of_all_scenes_play_from_a_disk(server: str, opened: Opened, tmp_path: Path) -> None:
    """What every kind's file has in it is asked of the files in `tests/app/test_offline.py`."""
    for slug, more in (
        ("cross-correlation", ""),
        ("3d", ""),
        ("pooling", ""),
        ("checkerboard", ""),
        ("dilated", "&layers=3d1,3d2"),
        ("transposed", "&view=together"),
        ("depthwise-separable", "&out_channels=4"),
        ("shuffled-grouped", ""),
    ):
        page = opened(saved(server, f"/api/v1/offline/{slug}?seed=1{more}", tmp_path))
        total = page.locator("#scrub").get_attribute("max") or ""
        assert int(total) > 0, slug
        expect(page.locator("#step-count b"), slug).to_have_text("0")
        page.keyboard.press("End")
        expect(page.locator("#step-count b"), slug).to_have_text(total)
        assert page.locator("#canvas svg").count() > 0, slug
        assert page.locator("#panels > [role=grid]").count() > 0, slug
        page.close()


def test_live_sliders_draw_what_was_packed(server: str, opened: Opened, tmp_path: Path) -> None:
    page = opened(saved(server, LIVE, tmp_path))
    assert "Output 3 × 3" in names(page)
    drag(page, "dilation", "1")
    expect(page.get_by_role("grid", name="Output 5 × 5")).to_be_attached()
    drag(page, "stride", "2")
    expect(page.get_by_role("grid", name="Output 3 × 3")).to_be_attached()
    drag(page, "stride", "3")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_attached()


def test_sliders_beyond_what_was_packed_say_what_is(server: str, opened: Opened, tmp_path: Path) -> None:
    page = opened(saved(server, LIVE, tmp_path))
    greyed = page.locator("[data-control=padding] .track")
    assert "This file holds Stride 1–3, Dilation 1–3." in (greyed.get_attribute("title") or "")
    drag(page, "stride", "2")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_attached()
    assert "This file holds Stride 1–3, Dilation 1–3." in (greyed.get_attribute("title") or "")
    drag(page, "padding", "2")
    error = page.locator("[data-control=padding] .field-error")
    expect(error).to_contain_text("This file holds Stride 1–3, Dilation 1–3.")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_attached()
    error.locator("button").evaluate("(button) => button.click()")
    expect(error).to_have_count(0)
    expect(page.locator("#connection:visible")).to_have_count(0)


def test_what_the_engine_refuses_is_refused_from_a_disk_too(server: str, opened: Opened, tmp_path: Path) -> None:
    address = "/api/v1/offline/dilated?input_size=5&dilation=1&live=dilation:1-3"
    page = opened(saved(server, address, tmp_path))
    drag(page, "dilation", "3")
    expect(page.locator("[data-control=dilation] .field-error")).to_contain_text("over 7 cells; the padded input has 5")


def test_a_file_opens_with_a_step_in_its_address(server: str, opened: Opened, tmp_path: Path) -> None:
    page = opened(saved(server, "/api/v1/offline/dilated?lang=zh&theme=dark&step=2", tmp_path))
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#step-count b")).to_have_text("2")


def test_a_folder_of_figures_plays_from_a_disk(server: str, opened: Opened, tmp_path: Path) -> None:
    figures = [f"/embed/dilated?dilation=2&live=stride:1-2{controlled(server)}", "/embed/pooling?step=1"]
    body = json.dumps({"figures": figures}).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{server}/api/v1/offline", body, headers)
    with urllib.request.urlopen(request, timeout=120) as answer, zipfile.ZipFile(io.BytesIO(answer.read())) as archive:
        archive.extractall(tmp_path)
    first, second = sorted((tmp_path / "convoscope").glob("*.html"))
    page = opened(first)
    page.keyboard.press("End")
    expect(page.locator("#step-count b")).to_have_text("9")
    drag(page, "stride", "2")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_attached()
    expect(opened(second).locator("#step-count b")).to_have_text("1")
