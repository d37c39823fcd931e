"""Nothing is cut off, covered or beside the page: in Chinese, in words twice as long, on narrow screens, zoomed in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.sharing import open_dialog
from tests.browser.test_access import (
    DESKTOP,
    LESSONS,
    OTHERS,
    PAGES,
    PHONE,
    THEMES,
    at_rest,
    axe_in,
    examined,
    ready,
    set_theme,
    small_targets,
)
from tests.browser.test_journey import SINGLE, open_figure
from tests.conftest import NewPage
from tests.servers import running_app

FAULTS = (Path(__file__).parent / "fits.js").read_text(encoding="utf-8")
WIDTHS = (1440, 1024, 768, 390, 320)
# One lesson of each scene: what is drawn and written of it differs from all others.
SCENES = ("single-channel", "3d", "pooling", "transposed", "checkerboard", "depthwise-separable", "cross-correlation")
DOUBLED, CHINESE, ENGLISH = "twice as long", "Chinese", "English"
WORDS = (DOUBLED, CHINESE)


class Look(NamedTuple):
    """A page as it is opened once: in what words, how axe shall see it, and what shall fit.

    Attributes:
        seen: themes and sizes.
        zoomed: whether it is also looked at zoomed in.
    """

    path: str
    words: str
    seen: tuple[tuple[str, ViewportSize], ...]
    widths: tuple[int, ...]
    zoomed: bool


def looks() -> Iterator[Look]:
    """Any two of words, theme and size meet; pages that are no lessons are opened in both words.

    Of lessons, those of SCENES are opened in both words, at all widths in one; the others differ from them in prose
    alone.
    """
    for turn, path in enumerate(OTHERS):
        for n in range(2):
            yield look(path, WORDS[(turn + n) % 2], [(THEMES[(turn + n) % 3], (DESKTOP, PHONE)[(turn // 2 + n) % 2])])
    for turn, path in enumerate(LESSONS):
        seen = [(THEMES[turn % 3], (DESKTOP, PHONE)[turn // 2 % 2])]
        words, others = WORDS[turn % 2], WORDS[turn % 2 - 1]
        if path.removeprefix("/learn/") in SCENES:
            yield look(path, words, seen)
            yield look(path, others, [], (WIDTHS[turn % 4], WIDTHS[-1]))
        else:
            yield look(path, words, seen, (WIDTHS[turn % 4], WIDTHS[-1]))


def look(path: str, words: str, seen: Sequence[tuple[str, ViewportSize]], widths: tuple[int, ...] = WIDTHS) -> Look:
    """A page as it is looked at in these words: zoomed in where letters have widths, two figures only in Chinese."""
    if path == "/compare" and words != CHINESE:
        return Look(path, words, tuple(seen), (), zoomed=False)
    return Look(path, words, tuple(seen), widths, zoomed=words != CHINESE)


@pytest.fixture(scope="module")
def doubled() -> Iterator[str]:
    with running_app("tests.browser.doubled:app", CONVOSCOPE_STRICT_STRINGS="1", CONVOSCOPE_DOUBLED="1") as url:
        yield url


def faults(page: Page, widths: tuple[int, ...]) -> list[str]:
    """What does not fit at these widths, and down to a phone's is too small; all that opens is open, all tabs shown."""
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    page.evaluate("delete document.body.dataset.shown")
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        wrong = page.evaluate(FAULTS) + (small_targets(page) if width >= PHONE["width"] else [])
        found += [f"{width}: {fault}" for fault in wrong]
    return found


def faults_zoomed_in(page: Page) -> list[str]:
    """What is wrong where 1280 × 1024 is seen four times as large; also in the theme with the largest type."""
    page.set_viewport_size({"width": 320, "height": 256})
    found = []
    for theme in ("light", "projector"):
        set_theme(page, theme)
        at_rest(page)
        width, stuck = page.evaluate(
            """() => [
                document.documentElement.scrollWidth,
                [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility() &&
                    /fixed|sticky/.test(getComputedStyle(node).position) && !node.matches(".skip, .types"))
                    .map((node) => node.className),
            ]"""
        )
        if width > 320:
            found.append(f"zoomed {theme}: the page is {width} wide")
        found += [f"zoomed {theme}: {name} takes of the little height there is" for name in stuck]
    return found


def stepped(path: str) -> str:
    return f"{path}?step=4" if path in LESSONS or "embed" in path else f"{path}?"


def faults_of(page: Page, look: Look) -> list[str]:
    """What is wrong with a page in one look."""
    page.set_viewport_size(DESKTOP)
    ready(page, stepped(look.path) + ("&lang=zh" if look.words == CHINESE else ""))
    # The longest page has the colours of the other document, and axe looks at them for seconds.
    contrast = look.path != "/docs"
    found = [fault for theme, size in look.seen for fault in axe_in(page, theme, size, contrast=contrast)]
    if look.zoomed:
        found += faults_zoomed_in(page)
    set_theme(page, "light")
    return found + faults(page, look.widths)


def opened(new_page: NewPage, doubled: str, words: str) -> Page:
    """A page that will have these words."""
    if words != DOUBLED:
        return examined(new_page)
    return new_page(allow="status of 404|another host", base_url=doubled, bypass_csp=True, reduced_motion="reduce")


@pytest.mark.parametrize("look", list(looks()), ids=lambda look: f"{look.path} {look.words}")
def test_nothing_is_cut_off_small_or_found_by_axe(new_page: NewPage, doubled: str, look: Look) -> None:
    found = faults_of(opened(new_page, doubled, look.words), look)
    assert not found, "\n".join(found)


def test_any_two_sorts_of_looks_meet() -> None:
    every = list(looks())
    assert {look.path for look in every} == set(PAGES)
    for path in OTHERS:
        mine = [look for look in every if look.path == path]
        assert len({seen for look in mine for seen in map(str, look.seen)}) == len(WORDS)
        assert {look.words for look in mine} == set(WORDS)
    lessons = [(look.words, *seen) for look in every if look.path in LESSONS for seen in look.seen]
    met = {(words, theme, size["width"]) for words, theme, size in lessons}
    assert len(met) == len(WORDS) * len(THEMES) * 2


def faults_of_sharing(page: Page) -> list[str]:
    """What does not fit in the dialog, for a tool and a format of each sort; what lies under it is asked elsewhere."""
    page.evaluate("for (const under of document.querySelectorAll('.shell, .top')) under.style.display = 'none'")
    found = []
    some = (WIDTHS[2], WIDTHS[-1])
    for tool, format_, widths in (("iframe", "gif", WIDTHS), ("powerpoint", "html", some), ("beamer", "png", some)):
        page.locator(f"[data-tool={tool}]").click()
        page.locator(f"#format-{format_}").check()
        page.locator("#export-start").wait_for()
        found += [f"{tool} {format_} {fault}" for fault in faults(page, widths)]
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
