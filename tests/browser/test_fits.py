"""Nothing is cut off, covered or beside the page: in Chinese, in words twice as long, on narrow screens, zoomed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sharing import open_dialog
from tests.browser.test_access import LESSONS, PAGES, ready, set_theme
from tests.browser.test_journey import SINGLE, open_figure, rested
from tests.conftest import NewPage
from tests.servers import running_app

FAULTS = (Path(__file__).parent / "fits.js").read_text(encoding="utf-8")
WIDTHS = (1440, 1024, 768, 390, 320)


@pytest.fixture(scope="module")
def doubled() -> Iterator[str]:
    with running_app("tests.browser.doubled:app", CONVOSCOPE_STRICT_STRINGS="1", CONVOSCOPE_DOUBLED="1") as url:
        yield url


def faults(page: Page, widths: tuple[int, ...]) -> list[str]:
    """What does not fit at these widths, with all that opens open and all tabs shown at once."""
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    page.evaluate("delete document.body.dataset.shown")
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        rested(page, 200)  # the figure follows when the window has come to rest
        found += [f"{width}: {fault}" for fault in page.evaluate(FAULTS)]
    return found


def stepped(path: str) -> str:
    return f"{path}?step=4" if path in LESSONS or "embed" in path else f"{path}?"


@pytest.mark.parametrize("path", PAGES)
def test_words_twice_as_long_fit(new_page: NewPage, doubled: str, path: str) -> None:
    page = new_page(allow="status of 404|another host", base_url=doubled, reduced_motion="reduce")
    ready(page, stepped(path))
    found = faults(page, WIDTHS)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PAGES)
def test_chinese_fits(new_page: NewPage, path: str) -> None:
    page = new_page(allow="status of 404", reduced_motion="reduce")
    ready(page, f"{stepped(path)}&lang=zh")
    found = faults(page, WIDTHS)
    assert not found, "\n".join(found)


def faults_of_sharing(page: Page) -> list[str]:
    """What does not fit in the dialog, for a tool and a format of each sort; what lies under it is asked elsewhere."""
    page.evaluate("for (const under of document.querySelectorAll('.shell, .top')) under.style.display = 'none'")
    found = []
    for tool, format_ in (("iframe", "gif"), ("powerpoint", "html"), ("beamer", "png")):
        page.locator(f"[data-tool={tool}]").click()
        page.locator(f"#format-{format_}").check()
        page.locator("#export-start").wait_for()
        found += [f"{tool} {format_} {fault}" for fault in faults(page, WIDTHS)]
    return found


def test_the_sharing_of_a_figure_fits_with_words_twice_as_long(new_page: NewPage, doubled: str) -> None:
    page = new_page(allow="status of 404|another host", base_url=doubled, reduced_motion="reduce")
    open_dialog(page, f"{SINGLE}?step=4&theme=projector")
    found = faults_of_sharing(page)
    assert not found, "\n".join(found)


def test_the_sharing_of_a_figure_fits_in_chinese(new_page: NewPage) -> None:
    page = new_page(allow="status of 404", reduced_motion="reduce")
    page.add_init_script("window.standIn = { missing: ['mp4', 'zip'] }")
    open_dialog(page, f"{SINGLE}?step=4&lang=zh")
    found = faults_of_sharing(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PAGES)
def test_pages_reflow_at_a_zoom_of_400_percent(new_page: NewPage, path: str) -> None:
    """1280 × 1024 seen four times as large is 320 × 256; also in the theme with the largest type."""
    page = new_page(allow="status of 404", viewport={"width": 320, "height": 256}, reduced_motion="reduce")
    ready(page, stepped(path))
    for theme in ("light", "projector"):
        set_theme(page, theme)
        rested(page, 200)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, theme
        # Nothing that sticks takes the little height there is.
        stuck = page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility() &&
                /fixed|sticky/.test(getComputedStyle(node).position) && !node.matches(".skip, .types"))
                .map((node) => node.className)"""
        )
        assert stuck == [], theme


def test_a_figure_too_wide_for_its_room_scrolls_alone_and_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    open_figure(page, "/learn/transposed?step=4")
    figure = page.get_by_role("region", name="Figure, scrolls sideways")
    assert figure.evaluate("(node) => node.scrollWidth > node.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    figure.focus()
    step = page.locator("#step-count b").inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(node) => node.scrollLeft > 0", arg=figure.element_handle())
    expect(page.locator("#step-count b")).to_have_text(step)
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(figure).to_have_count(0)


def test_what_does_not_fit_is_found(page: Page) -> None:
    open_figure(page, SINGLE)
    assert page.evaluate(FAULTS) == []
    page.evaluate(
        """() => {
            document.querySelector("#reset").style.cssText = "width: 10px; display: block";
            document.querySelector(".claim").style.marginTop = "-24px";
            document.querySelector("h1").style.minWidth = "3000px";
        }"""
    )
    found = " ".join(page.evaluate(FAULTS))
    assert "cuts off «Reset»" in found
    assert "lies over" in found
    assert "sideways" in found
