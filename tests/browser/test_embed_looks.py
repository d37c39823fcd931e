"""What is seen of a figure in a frame: all of it, as the lesson has it, and on the page of live frames."""

import io

import orjson
import pytest
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Page, ViewportSize, expect

from app.answers import dumped, trace_document
from compute.kinds import KINDS
from tests.browser.frames import step_of
from tests.conftest import NewPage
from tests.pages import settled

SIZES: list[ViewportSize] = [
    {"width": 1600, "height": 900},
    {"width": 800, "height": 450},
    {"width": 400, "height": 300},
    {"width": 320, "height": 320},
]
# One kind of each scene that a first preset shows.
PICTURED = (
    "single-channel",
    "cross-correlation",
    "3d",
    "pooling",
    "transposed",
    "checkerboard",
    "depthwise-separable",
    "shuffled-grouped",
)
WHOLE = ("single-channel", "transposed", "checkerboard", "3d", "grouped", "layer", "cross-correlation")


@pytest.mark.parametrize("turn", range(len(WHOLE)), ids=WHOLE)
def test_the_whole_figure_is_seen_in_its_frame(page: Page, turn: int) -> None:
    """Opened at one of the sizes, and brought to the others."""
    first = turn % len(SIZES)
    found = faults_of_frame(page, WHOLE[turn], SIZES[first:] + SIZES[:first])
    assert not found, "\n".join(found)


def faults_of_frame(page: Page, slug: str, sizes: list[ViewportSize]) -> list[str]:
    """What of a figure is not seen in frames of these sizes."""
    page.set_viewport_size(sizes[0])
    page.goto(f"/embed/{slug}?step=3")
    page.wait_for_selector("html[data-ready]", state="attached")
    found = []
    for size in sizes:
        page.set_viewport_size(size)
        settled(page)
        width, height = size["width"], size["height"]
        outside, sideways, down = page.evaluate(OUTSIDE)
        found += [f"{width} × {height}: {outside} px lie outside"] if outside > 1 else []
        found += [f"{width} × {height}: it scrolls sideways"] if sideways > 0 else []
        found += [f"{width} × {height}: it scrolls down"] if height >= 450 and down > 1 else []
    return found


# How far the drawing reaches over its room, and the page over its window.
OUTSIDE = """() => {
    const [drawn, room] = ["#canvas", ".figure"].map((part) => document.querySelector(part).getBoundingClientRect());
    const { scrollWidth, scrollHeight } = document.documentElement;
    const over = [room.x - drawn.x, room.y - drawn.y, drawn.right - room.right, drawn.bottom - room.bottom];
    return [drawn.width > 100 ? Math.max(...over) : Infinity, scrollWidth - innerWidth, scrollHeight - innerHeight];
}"""

ROOM = """() => {
    document.getElementById("caption").textContent = "\\u00a0";
    const canvas = document.getElementById("canvas");
    const top = canvas.getBoundingClientRect().top + scrollY;
    return {width: canvas.parentElement.clientWidth - 24,
        height: Math.max(300, innerHeight - top - document.getElementById("dock").offsetHeight - 20)};
}"""


GIVEN = """() => {
    const canvas = document.getElementById("canvas");
    const {height} = canvas.style;
    canvas.style.height = "0";
    const room = canvas.parentElement.clientHeight - 16;
    canvas.style.height = height;
    return room;
}"""


def picture(page: Page) -> Image.Image:
    """The figure without what lies over it, which keeps its room: another room would be another figure."""
    page.add_style_tag(content=".dock, .top, .panels { visibility: hidden } .figure { background: white }")
    return Image.open(io.BytesIO(page.locator("#canvas").screenshot())).convert("RGB")


@pytest.mark.parametrize("slug", PICTURED)
def test_the_picture_is_that_of_the_lesson(new_page: NewPage, slug: str) -> None:
    """The lesson's figure is drawn by Plotly, the frame's by the painter, in a room of the same size."""
    lesson, frame = new_page(viewport={"width": 1440, "height": 900}), new_page()
    ours, theirs = pictures(lesson, frame, slug)
    assert ours.size == theirs.size
    assert apart(ours, theirs) == 0
    assert len(ours.getcolors(1 << 24) or ()) > 20


def pictures(lesson: Page, frame: Page, slug: str) -> tuple[Image.Image, Image.Image]:
    """A kind's figure as a frame has it and as its lesson has it."""
    lesson.goto(f"/learn/{slug}?step=1&theme=light")
    lesson.wait_for_selector("html[data-ready]", state="attached")
    height = 700
    frame.set_viewport_size({"width": int(lesson.evaluate(ROOM)["width"]) + 16, "height": height})
    frame.goto(f"/embed/{slug}?step=1&theme=light&fit=width&controls=none")
    frame.wait_for_selector("html[data-ready]", state="attached")
    settled(lesson)
    settled(frame)
    room = lesson.evaluate(ROOM)
    height += round(room["height"] - frame.evaluate(GIVEN))
    frame.set_viewport_size({"width": int(room["width"]) + 16, "height": height})
    settled(frame)
    return picture(frame), picture(lesson)


def test_a_picture_of_every_scene_is_compared(page: Page) -> None:
    traces = {
        slug: orjson.loads(dumped(trace_document(kind, kind.parse_facts(kind.presets[0].params))))
        for slug, kind in KINDS.items()
    }
    page.goto("/learn/single-channel")
    scenes = page.evaluate(
        """async (traces) => {
            const root = document.querySelector('script[src*="/js/main.js"]').src.replace("main.js", "");
            const { partsOf } = await import(`${root}scenes/parts.js`);
            return Object.fromEntries(Object.entries(traces).map(([slug, trace]) =>
                [slug, partsOf(trace).map(({ scene }) => scene)]));
        }""",
        traces,
    )
    assert {scene for slug in PICTURED for scene in scenes[slug]} == {one for some in scenes.values() for one in some}


def apart(ours: Image.Image, theirs: Image.Image) -> int:
    """How many pixels of two pictures differ, beyond what may be; all, where their sizes do.

    Plotly sets a text or a line that falls between two pixels on one of them; out of focus, both are the same.
    """
    pixels = ours.width * ours.height
    if ours.size != theirs.size:
        return pixels
    soft = (one.filter(ImageFilter.GaussianBlur(2)) for one in (ours, theirs))
    far = sum(ImageChops.difference(*soft).convert("L").histogram()[48:])
    return far if far > 0.0002 * pixels else 0


def test_the_page_of_live_frames_sends_what_its_buttons_say(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/docs/embed")
    frame = page.frame_locator("#steered")
    page.locator("#steered").scroll_into_view_if_needed()
    expect(frame.get_by_role("grid", name="Output 7 × 7")).to_be_visible()
    page.get_by_role("button", name="Stride 2").click()
    expect(frame.get_by_role("grid", name="Output 4 × 4")).to_be_visible()
    page.get_by_role("button", name="Step 4", exact=True).click()
    step_of(frame).to_have_text("4")
    page.get_by_role("button", name="Step 4000").click()
    expect(page.locator("[data-heard=steered]")).to_contain_text("out_of_range")
    page.locator("#played").scroll_into_view_if_needed()
    expect(page.frame_locator("#played").get_by_role("grid").first).to_be_visible()
    page.get_by_role("button", name="To 3.6 seconds").click()
    step_of(page.frame_locator("#played")).to_have_text("4")


def test_frames_of_the_page_wear_its_theme(new_page: NewPage) -> None:
    page = new_page(color_scheme="light")
    page.goto("/learn/dilated")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.get_by_role("button", name="Dark").click()
    page.goto("/docs/embed")
    expect(page.frame_locator("#plain").locator("html")).to_have_attribute("data-theme", "dark")
