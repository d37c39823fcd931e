"""Pictures of the server are those that the page's own scripts draw, and stand where there are no scripts."""

from typing import Any

import orjson
import pytest
from playwright.sync_api import Page

from app import fonts, still, tokens
from app.answers import dumped, trace_document
from app.i18n import read_catalogues
from app.paths import LOCALES
from app.shown import THEMES
from app.sides import clock_length
from compute.kinds import KINDS
from tests.browser.test_embed_looks import PICTURED
from tests.conftest import NewPage

STRINGS = read_catalogues(LOCALES)

# The scripts of a page lie under one hash; any of them says where.
IMPORT = """
async (name) => {
  const root = document.querySelector('script[src*="/js/main.js"]').src.replace("main.js", "");
  globalThis.modules = { ...globalThis.modules, [name]: await import(root + name) };
}
"""


def load(page: Page, *names: str) -> None:
    for name in names:
        page.evaluate(IMPORT, name)


def test_the_server_draws_what_the_page_s_scripts_draw(page: Page) -> None:
    for n, slug in enumerate(PICTURED):
        assert drawings_apart(page, slug, THEMES[n % len(THEMES)], ("en", "zh")[n // 3 % 2]) == [], slug


def drawings_apart(page: Page, slug: str, theme: str, lang: str) -> list[str]:
    """What differs between a kind's figure as the server draws and tells it, and as a page's scripts do."""
    if "/learn/" not in page.url:
        page.goto("/learn/single-channel")
        load(page, "scenes/still.js")
    kind = KINDS[slug]
    document = trace_document(kind, kind.parse_facts(kind.presets[0].params))
    figure = still.Still(
        trace=dumped(document),
        step=(clock_length(document) + 1) // 2,
        stage="",
        theme=theme,
        strings=STRINGS[lang],
        title=kind.title,
        width=1200,
        height=630,
    )
    known = tokens.of_theme(theme)
    given: dict[str, Any] = {
        "trace": orjson.loads(figure.trace),
        "step": figure.step,
        "stage": "",
        "theme": theme,
        "strings": figure.strings,
        "title": figure.title,
        "width": 1200,
        "height": 630,
        "tokens": known,
        "font": known["font"],
        "widths": fonts.widths(),
    }
    picture, said = page.evaluate(
        "(given) => [modules['scenes/still.js'].picture(given), modules['scenes/still.js'].said(given)]", given
    )
    found = [] if picture == still.svg(figure) else [f"{theme} {lang}: the server draws another picture"]
    return found + (
        [] if said == still.said(figure.trace, figure.step, figure.strings) else [f"{lang}: it says {said}"]
    )


@pytest.mark.parametrize("theme", THEMES)
def test_the_server_s_theme_is_the_page_s(page: Page, theme: str) -> None:
    page.goto(f"/learn/single-channel?theme={theme}")
    load(page, "view/theme.js", "model/theme.js")
    theirs, ours = page.evaluate(
        """({ theme, tokens }) => {
          const { readTheme } = modules["view/theme.js"];
          const { themeOf } = modules["model/theme.js"];
          const bare = (found) => ({ ...found, font: "", fit: "" });
          return [bare(readTheme()), bare(themeOf(theme, (name) => tokens[name], ""))];
        }""",
        {"theme": theme, "tokens": tokens.of_theme(theme)},
    )
    assert theirs == ours


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_scripts_the_figure_is_seen_and_told(new_page: NewPage, scheme: str) -> None:
    page = new_page(java_script_enabled=False, color_scheme=scheme, viewport={"width": 1440, "height": 900})
    with page.expect_response("**/picture.svg?*") as answer:
        page.goto("/learn/dilated?step=5")
    assert answer.value.ok
    assert ("theme=dark" in answer.value.url) == (scheme == "dark")
    picture = page.get_by_role("img", name="Window on rows 2, 4, 6")
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 500
    assert abs(box["width"] / box["height"] - 1200 / 630) < 0.02
    # Its numbers can be read and copied below it, as before.
    assert page.locator("#tables table").first.is_visible()


@pytest.mark.parametrize("width", [390, 1024])
def test_without_scripts_the_picture_is_no_wider_than_its_page(new_page: NewPage, width: int) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": width, "height": 800})
    page.goto("/learn/grouped?lang=zh")
    box = page.locator("img.still").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_a_frame_without_scripts_shows_the_picture_whole(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 800, "height": 450})
    page.goto("/embed/dilated?step=5&theme=dark")
    box = page.get_by_role("img", name="Window on rows 2, 4, 6").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 800
    assert box["y"] + box["height"] <= 450


def test_with_scripts_no_picture_of_the_server_is_asked_for(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/learn/dilated?step=5")
    page.wait_for_selector("#canvas .main-svg", state="attached")
    assert not [url for url in asked if "/picture.svg" in url or "/picture.png" in url]
    assert page.locator("img.still").count() == 0
