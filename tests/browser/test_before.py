"""The server's picture of a figure: there before any script of the page, and the very one that the page then draws."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from app.comparisons import PAIRS, SIDES, link
from tests.browser.test_first import PLOTLY, Held
from tests.conftest import NewPage
from tests.pages import settled

# Every mark on show: its text, its place, and its colours as they are seen.
MARKS = """(canvas) => {
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const seen = (colour) => {
        if (colour === "none") return colour;
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data];
    };
    const [svg] = [...document.querySelectorAll(`#${canvas} svg`)].filter((svg) => svg.getClientRects().length > 0);
    return [...svg.querySelectorAll("path, text, tspan, rect, line, circle")].map((mark) => {
        const { x, y, width, height } = mark.getBoundingClientRect();
        const { fill, stroke } = getComputedStyle(mark);
        return { text: mark.textContent, place: [x, y + scrollY, width, height], colours: [fill, stroke].map(seen) };
    });
}"""
# Where the page's parts stand that a late figure would push down.
TOPS = "() => ['switches', 'stages', 'canvas', 'dock'].map((id) => document.getElementById(id).offsetTop)"
# What stands around a side of a comparison, and where: the words, and the tops of its parts.
AROUND = """(side) => {
    const part = (name) => document.getElementById(`${side}-${name}`);
    const words = ["until", "stages", "sum", "caption"].map((name) => part(name).innerText);
    const top = (name) => Math.round(part(name).getBoundingClientRect().top + scrollY);
    const tops = ["canvas", "sum", "caption"].map(top);
    return { words, tops, chosen: ["kind", "preset"].map((name) => part(name).selectedOptions[0].textContent) };
}"""
# Pixels are rounded, and a mixture with nothing is not rounded as an opacity in hexadecimal is.
NEAR = 0.6
ALIKE = 4

SCRIPTS = re.compile(r"/js/(main|embed|compare)[^/]*\.js")
WIDE, LAPTOP, PHONE = (1440, 900), (1280, 800), (390, 844)

Scheme = Literal["light", "dark"]


@contextmanager
def without_scripts_yet(page: Page, path: str) -> Iterator[None]:
    """The page as it is while its own script is on its way, which comes when this ends."""
    page.route(PLOTLY, lambda route: route.abort())
    held = Held(page, SCRIPTS)
    page.goto(path, wait_until="commit")
    page.locator("#page-data").wait_for(state="attached")
    # Of the rooms, the sheet shows one.
    figures = page.locator(".canvas").count()
    expect(page.locator(".canvas .first > svg:visible")).to_have_count(figures)
    yield
    held.go()
    expect(page.locator(".canvas .first")).to_have_count(0)
    settled(page)


def alike(before: list[dict[str, Any]], after: list[dict[str, Any]], near: float = NEAR) -> None:
    assert [mark["text"] for mark in before] == [mark["text"] for mark in after], "the texts differ"
    assert len(before) > 10
    for one, other in zip(before, after, strict=True):
        differ = f"a mark «{one['text']}» was {one['place']} {one['colours']}, is {other['place']} {other['colours']}"
        assert one["place"] == pytest.approx(other["place"], abs=near), differ
        for colour, same in zip(one["colours"], other["colours"], strict=True):
            assert colour == (same if same == "none" else pytest.approx(same, abs=ALIKE)), differ


@pytest.mark.parametrize(
    ("path", "size", "scheme"),
    [
        ("/learn/single-channel", WIDE, "light"),
        ("/learn/single-channel?step=4&theme=projector", WIDE, "light"),
        ("/learn/multi-channel?step=5&lang=zh", WIDE, "dark"),
        ("/learn/depthwise-separable?step=40", WIDE, "light"),
        ("/learn/spatially-separable?stage=all&step=3", WIDE, "light"),
        ("/learn/3d?step=2", WIDE, "light"),
        ("/learn/transposed?step=3&lang=zh", WIDE, "light"),
        ("/learn/checkerboard?step=7", LAPTOP, "light"),
        ("/learn/cross-correlation?step=2", LAPTOP, "dark"),
        ("/learn/shuffled-grouped?step=9", LAPTOP, "light"),
        ("/learn/transposed?step=3", PHONE, "dark"),
        ("/learn/pooling?step=1", PHONE, "light"),
    ],
)
def test_the_servers_picture_is_the_one_that_the_page_then_draws(
    new_page: NewPage, path: str, size: tuple[int, int], scheme: Scheme
) -> None:
    stays_the_same(new_page(allow="Failed to load resource"), path, size, scheme)


def stays_the_same(page: Page, path: str, size: tuple[int, int], scheme: Scheme) -> None:
    """Asserts that scripts, when they come, draw each mark of a lesson where it is, and push nothing down."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    with without_scripts_yet(page, path):
        marks, tops = page.evaluate(MARKS, "canvas"), page.evaluate(TOPS)
    alike(marks, page.evaluate(MARKS, "canvas"))
    then = page.evaluate(TOPS)
    assert then == tops, f"parts of the page stood at {tops}, stand at {then}"


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/embed/single-channel?step=4", (960, 540)),
        ("/embed/transposed?step=3&theme=dark", (960, 540)),
        ("/embed/multi-channel?step=3&fit=width", (960, 540)),
        ("/embed/single-channel?step=2&panels=input,output", (960, 540)),
        ("/embed/checkerboard?step=7", (640, 400)),
        ("/embed/single-channel?step=2&lang=zh", (390, 600)),
    ],
)
def test_a_frame_has_the_picture_that_its_scripts_then_draw(
    new_page: NewPage, path: str, size: tuple[int, int]
) -> None:
    page = new_page(allow="Failed to load resource")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    with without_scripts_yet(page, path):
        marks, dock = page.evaluate(MARKS, "canvas"), page.locator("#dock").bounding_box()
    alike(marks, page.evaluate(MARKS, "canvas"), near=2)
    assert page.locator("#dock").bounding_box() == dock


# How pairs are looked at; those that are not named: at their beginning, wide.
LOOKS: dict[str, tuple[dict[str, str], tuple[int, int]]] = {
    "separable": ({"step": "5", "lang": "zh"}, WIDE),
    "checkerboard": ({"theme": "dark"}, LAPTOP),
    "shuffle": ({"theme": "projector"}, WIDE),
    "dilation": ({"step": "12"}, (1024, 768)),
    "transposed": ({"step": "3"}, PHONE),
}


@pytest.mark.parametrize(
    ("pair", "extra", "size"), [(pair.id, *LOOKS.get(pair.id, ({}, WIDE))) for pair in PAIRS], ids=lambda one: str(one)
)
def test_both_sides_of_a_comparison_are_those_that_the_page_then_draws(
    new_page: NewPage, pair: str, extra: dict[str, str], size: tuple[int, int]
) -> None:
    sides_stay_the_same(new_page(allow="Failed to load resource"), pair, extra, size)


def test_every_look_is_of_a_pair() -> None:
    assert set(LOOKS) < {pair.id for pair in PAIRS}


def sides_stay_the_same(page: Page, pair: str, extra: dict[str, str], size: tuple[int, int]) -> None:
    """Asserts that scripts, when they come, draw each mark of both sides where it is, and leave all around them."""
    chosen = next(one for one in PAIRS if one.id == pair)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    with without_scripts_yet(page, link(chosen.left, chosen.right, extra)):
        before = [(page.evaluate(MARKS, f"{side}-canvas"), page.evaluate(AROUND, side)) for side in SIDES]
    for (marks, around), side in zip(before, SIDES, strict=True):
        alike(marks, page.evaluate(MARKS, f"{side}-canvas"))
        then = page.evaluate(AROUND, side)
        assert then == around, f"the {side} side was {around}, is {then}"


def test_a_side_stands_beside_what_is_wrong_with_the_other(new_page: NewPage) -> None:
    page = new_page(allow="Failed to load resource")
    page.route(re.compile(r"/js/compare[^/]*\.js"), lambda route: route.abort())
    page.goto("/compare?left=dilated?dilation=1&right=dilated?stride=0&step=3")
    expect(page.locator("#left-canvas .first > svg:visible")).to_have_count(1)
    expect(page.locator("#left-sum output.sum-value")).not_to_be_empty()
    expect(page.locator("#right-canvas .first")).to_have_count(0)
    expect(page.locator("#right-problem")).to_be_visible()


def test_a_picture_in_a_frame_larger_than_any_fills_it(new_page: NewPage) -> None:
    page = new_page(allow="Failed to load resource")
    page.set_viewport_size({"width": 1920, "height": 1080})
    with without_scripts_yet(page, "/embed/single-channel?step=4"):
        width = page.locator(".first-wide").evaluate("(svg) => svg.getBoundingClientRect().width")
        assert width > 1880
        assert page.evaluate("() => document.documentElement.scrollHeight") <= 1080


def test_the_picture_has_the_theme_that_this_browser_remembers(new_page: NewPage) -> None:
    page = new_page(allow="Failed to load resource")
    page.goto("/")
    page.evaluate("() => localStorage.setItem('convoscope.theme', 'dark')")
    with without_scripts_yet(page, "/learn/single-channel"):
        marks = page.evaluate(MARKS, "canvas")
    alike(marks, page.evaluate(MARKS, "canvas"))


def test_what_the_picture_shows_is_read_aloud_from_tables_until_scripts_come(new_page: NewPage) -> None:
    page = new_page(allow="Failed to load resource")
    with without_scripts_yet(page, "/learn/single-channel"):
        expect(page.get_by_role("table").first).to_be_attached()
        assert page.locator("#tables").evaluate("(tables) => tables.getBoundingClientRect().height") <= 1
        expect(page.locator("#caption")).not_to_be_empty()
    expect(page.locator("#tables")).to_be_hidden()


def test_a_room_narrower_than_any_has_the_whole_picture(new_page: NewPage) -> None:
    page = new_page(allow="Failed to load resource")
    page.set_viewport_size({"width": 320, "height": 640})
    with without_scripts_yet(page, "/learn/single-channel"):
        left, right = page.locator(".first-narrow").evaluate(
            "(svg) => { const { left, right } = svg.getBoundingClientRect(); return [left, right]; }"
        )
        assert 0 <= left < right <= 320
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_a_figure_too_large_to_be_drawn_beforehand_shows_its_tables(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/learn/single-channel?input_size=128", wait_until="commit")
    page.locator("#page-data").wait_for(state="attached")
    assert page.locator("#canvas .first").count() == 0
    page.locator("html[data-drawn]").wait_for(state="attached")
