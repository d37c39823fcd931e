"""What is seen of a figure in a frame: all of it, as the lesson has it, and on the page of live frames."""

import io

import pytest
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, Page, expect

from compute.kinds import KINDS
from tests.browser.frames import step_of
from tests.conftest import NewPage


@pytest.mark.parametrize(("width", "height"), [(1600, 900), (800, 450), (400, 300), (320, 320)])
@pytest.mark.parametrize(
    "slug", ["single-channel", "transposed", "checkerboard", "3d", "grouped", "layer", "cross-correlation"]
)
def test_the_whole_figure_is_seen_in_its_frame(page: Page, slug: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"/embed/{slug}?step=3")
    page.wait_for_selector("html[data-ready]", state="attached")
    canvas, figure = (page.locator(f"{part}").bounding_box() for part in ("#canvas", ".figure"))
    assert canvas
    assert figure
    assert canvas["x"] >= figure["x"] - 1
    assert canvas["y"] >= figure["y"] - 1
    assert canvas["x"] + canvas["width"] <= figure["x"] + figure["width"] + 1
    assert canvas["y"] + canvas["height"] <= figure["y"] + figure["height"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if height >= 450:
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")


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


@pytest.mark.parametrize("slug", KINDS)
def test_the_picture_is_that_of_the_lesson(new_page: NewPage, slug: str) -> None:
    """The lesson's figure is drawn by Plotly, the frame's by the painter, in a room of the same size."""
    lesson, frame = new_page(viewport={"width": 1440, "height": 900}), new_page()
    lesson.goto(f"/learn/{slug}?step=1&theme=light")
    lesson.wait_for_selector("html[data-ready]", state="attached")
    height = 700
    frame.set_viewport_size({"width": int(lesson.evaluate(ROOM)["width"]) + 16, "height": height})
    frame.goto(f"/embed/{slug}?step=1&theme=light&fit=width&controls=none")
    frame.wait_for_selector("html[data-ready]", state="attached")
    # A frame is drawn anew when its size has come to rest; until then the rooms are measured again, too.
    for _ in range(160):
        room = lesson.evaluate(ROOM)
        height += round(room["height"] - frame.evaluate(GIVEN))
        frame.set_viewport_size({"width": int(room["width"]) + 16, "height": height})
        ours, theirs = picture(frame), picture(lesson)
        if apart(ours, theirs) == 0:
            break
        frame.wait_for_timeout(250)
    assert ours.size == theirs.size
    assert apart(ours, theirs) == 0
    assert len(ours.getcolors(1 << 24) or ()) > 20


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


def test_frames_of_the_page_wear_its_theme(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, color_scheme="light")
    page = context.new_page()
    page.goto("/learn/dilated")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.get_by_role("button", name="Dark").click()
    page.goto("/docs/embed")
    expect(page.frame_locator("#plain").locator("html")).to_have_attribute("data-theme", "dark")
    context.close()
