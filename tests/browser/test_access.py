"""Pages hold WCAG 2.2 AA: what axe measures, what readers' software is told, and how large targets are."""

import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize, expect

from compute.kinds import KINDS
from tests.browser.sharing import open_dialog
from tests.browser.test_journey import SINGLE, open_figure
from tests.conftest import NewPage
from tests.pages import settled

LESSONS = [f"/learn/{slug}" for slug in KINDS]
OTHERS = ["/", "/docs", "/docs/embed", "/nowhere", "/embed/single-channel", "/compare"]
PAGES = [*OTHERS, *LESSONS]
THEMES = ("light", "dark", "projector")
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Frames and the fetching of style sheets that are there already would only take time.
OPTIONS = {"resultTypes": ["violations"], "runOnly": RULES, "preload": False, "iframes": False}


def axe(page: Page, part: str = "html", contrast: bool = True) -> list[str]:
    """What axe finds in a page as it stands, or in a part of it, a sentence each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {**OPTIONS, "rules": {"color-contrast": {"enabled": contrast}}}
    found: list[dict[str, Any]] = page.evaluate("(given) => axe.run(...given)", [part, options])["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def ready(page: Page, address: str) -> None:
    page.goto(address)
    if page.locator("script[type=module]").count():
        page.wait_for_selector("html[data-ready]", state="attached")


def set_theme(page: Page, theme: str) -> None:
    """As a reader does; where a page has no buttons for it, as its link would."""
    page.evaluate(
        """(theme) => {
            const button = document.querySelector(`[data-set-theme=${theme}]`);
            if (button) button.click();
            else document.documentElement.dataset.theme = theme;
        }""",
        theme,
    )


def at_rest(page: Page) -> None:
    """Waits until a figure has followed its window; frames of the page are not asked: some come only when seen."""
    page.evaluate("quiet()")


def examined(new_page: NewPage, **options: Any) -> Page:
    """A page that axe may be put into, and in which no colour is on its way to another."""
    return new_page(allow="status of 404", bypass_csp=True, reduced_motion="reduce", **options)


def axe_in(page: Page, theme: str, size: ViewportSize, part: str = "html", contrast: bool = True) -> list[str]:
    """What axe finds in a page of this theme and size, or in a part of it."""
    page.set_viewport_size(size)
    set_theme(page, theme)
    return [f"{theme} {size['width']}: {fault}" for fault in axe(page, part, contrast)]


# Targets: WCAG 2.5.8 leaves out links within a sentence, and what the browser draws itself.
MEASURE = """() => {
    const inText = (node) => node.matches("a") && node.closest("p, li, dd, td, th, caption, figcaption") &&
        node.closest("p, li, dd, td, th").textContent.trim() !== node.textContent.trim();
    const wanted = "a, button, summary, select, textarea, input, [tabindex='0']:not(.panel-grid)";
    const boxOf = (node) => {
        const label = node.matches("input[type=checkbox]") && node.closest("label");
        return (label || node).getBoundingClientRect();
    };
    return [...document.querySelectorAll(wanted)]
        .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.matches(".skip"))
        .filter((node) => !inText(node))
        .map((node) => ({ node, box: boxOf(node) }))
        .filter(({ box }) => box.width > 0 && (box.width < 23.9 || box.height < 23.9))
        .map(({ node, box }) => `${node.outerHTML.slice(0, 120)} ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
}"""


def small_targets(page: Page) -> list[str]:
    """Targets on show that are under 24 pixels one way or the other."""
    found: list[str] = page.evaluate(MEASURE)
    return [f"under 24 pixels: {target}" for target in found]


def test_axe_finds_nothing_in_what_opens(new_page: NewPage) -> None:
    page = examined(new_page)
    open_figure(page, f"{SINGLE}?step=5")
    for summary in page.locator("summary:visible").all():
        summary.click()
    settled(page)
    page.locator("[data-answer]").first.click()
    page.locator("[data-mode=mine]").click()
    assert axe(page) == []
    set_theme(page, "dark")
    page.locator("#help").click()
    assert axe(page, "#help-dialog") == []
    page.keyboard.press("Escape")
    set_theme(page, "projector")
    page.get_by_role("grid", name="Input").focus()
    page.keyboard.press("x")
    page.keyboard.press("F2")
    page.locator("#cell-field").fill("x")
    page.keyboard.press("Enter")
    expect(page.locator("#cell-why")).to_be_visible()
    assert axe(page) == []


def test_axe_finds_nothing_in_what_opens_on_a_phone(new_page: NewPage) -> None:
    page = examined(new_page, viewport=PHONE)
    open_figure(page, "/learn/grouped?step=9")
    for tab, theme in zip(("facts", "lesson", "controls"), THEMES, strict=True):
        set_theme(page, theme)
        page.locator(f"[data-tab={tab}]").click()
        assert axe(page) == []
    page.locator("#menu").click()
    assert axe(page) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing_in_the_sharing_of_a_figure(new_page: NewPage, lang: str) -> None:
    """Each tool, each format with its settings, and what stays greyed; each in one theme, size and language."""
    page = examined(new_page)
    page.add_init_script("window.standIn = { missing: ['mp4'] }")
    open_dialog(page, f"{SINGLE}?step=5&lang={lang}")
    page.locator("#share-more summary").click()
    tools = [tool.get_attribute("data-tool") for tool in page.locator("[data-tool]").all()]
    formats = ["gif", "png", "html", "json"]
    assert len(tools) >= len(formats)
    found = []
    for number, tool in enumerate(tools):
        page.locator(f"[data-tool={tool}]").click()
        page.locator(f"#format-{formats[number % 4]}").check()
        if number % 2 == ("en", "zh").index(lang):
            size = (DESKTOP, PHONE)[number // 2 % 2]
            found += [f"{tool} {fault}" for fault in axe_in(page, THEMES[number % 3], size, "#share-dialog")]
        found += [f"{tool} {target}" for target in small_targets(page)]
    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_an_error_and_finds_what_is_wrong(new_page: NewPage) -> None:
    page = new_page(allow="status of 4", bypass_csp=True, reduced_motion="reduce")
    open_figure(page, f"{SINGLE}?kernel_size=9")
    expect(page.locator(".field-error")).to_be_visible()
    assert axe(page) == []
    page.evaluate("document.getElementById('play').removeAttribute('aria-label')")
    page.evaluate("document.getElementById('play').removeAttribute('title')")
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    found = " ".join(axe(page))
    assert "button-name" in found
    assert "color-contrast" in found


def tree_of(page: Page) -> str:
    """A figure with its sum and sentence, as readers' software is told it."""
    return page.get_by_role("region", name="Figure", exact=True).aria_snapshot()


def test_a_step_is_told_as_it_is_seen(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=5")
    tree = tree_of(page)
    for said in (
        'grid "Input 5 × 5"',
        'grid "Kernel 3 × 3"',
        'grid "Output 3 × 3"',
        'group "Sum of this step"',
        "Window on rows 2–4, columns 2–4. Its 9 products add up to the output in row 2, column 2.",
        'slider "Step"',
        "Step 5 of 9",
    ):
        assert said in tree, tree
    words = re.sub(r"\s+", " ", page.locator("#sum").text_content() or "")
    rows = ("0·0=0+1·1=1+3·2=6=7", "1·2=2+2·2=4+2·0=0=6", "0·0=0+0·1=0+2·2=4=4")
    assert re.sub(r"[^\d·+=]", "", words) == "+".join(rows) + "=17"
    assert re.search(r"status: \"?17", tree), tree


def test_a_step_of_a_transposed_convolution_is_told_as_it_is_seen(page: Page) -> None:
    open_figure(page, "/learn/transposed?input=0,1;2,3&kernel=0,1,2;3,4,5;6,7,8&stride=2&view=stamp&step=12")
    tree = tree_of(page)
    for said in (
        'grid "Input 2 × 2"',
        'grid "Kernel 3 × 3"',
        'grid "Output 5 × 5"',
        'group "Sum of this step"',
        "Output row 3, column 2: 2 stamps meet here, and their products add up.",
        "Step 12 of 25",
    ):
        assert said in tree, tree
    assert re.search(r"status: \"?2", tree), tree


def test_what_is_covered_is_not_told(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=5")
    grid = page.get_by_role("grid", name="Output 3 × 3")
    grid.focus()
    cell = grid.get_by_role("gridcell")
    for key, said in (
        ("ArrowUp", "Row 1, column 1: 12"),
        ("ArrowDown", "Row 2, column 1: 10"),
        ("ArrowDown", "Row 3, column 1: not yet computed"),
    ):
        page.keyboard.press(key)
        expect(cell).to_have_text(said)


def test_steps_by_hand_are_spoken_and_playing_is_not(page: Page) -> None:
    open_figure(page, SINGLE)
    page.evaluate(
        """() => {
            window.said = [];
            const spoken = document.getElementById("spoken");
            new MutationObserver(() => window.said.push(spoken.textContent)).observe(spoken, { childList: true });
        }"""
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.said") == [
        "Window on rows 1–3, columns 1–3. Its 9 products add up to the output in row 1, column 1. The sum is 12.",
        "Window on rows 1–3, columns 2–4. Its 9 products add up to the output in row 1, column 2. The sum is 12.",
    ]
    page.locator("#speed").select_option("8")
    page.evaluate("window.said.length = 0")
    page.keyboard.press("Home")
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text("9")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    assert page.evaluate("window.said") == ["Press play, or guess first."]
    # What changes at every step is no live region.
    for live in page.locator("[aria-live=polite], [role=status], [role=alert]").all():
        assert live.get_attribute("id") in ("spoken", "problem", "cell-why", "found") or not live.is_visible()


def rows_of(page: Page, name: str) -> list[list[str]]:
    rows = page.get_by_role("table", name=name).locator("tbody tr").all()
    return [[(cell.text_content() or "").strip() for cell in row.get_by_role("cell").all()] for row in rows]


def test_tensors_stand_as_tables_on_demand_and_follow_the_step(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=5")
    expect(page.get_by_role("table", name="Input 5 × 5")).to_have_count(0)
    summary = page.locator("summary", has_text="Tables")
    summary.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="Output 3 × 3")
    expect(table.get_by_role("columnheader", name="column 3")).to_be_visible()
    expect(table.get_by_role("rowheader", name="row 2")).to_be_visible()
    open_ = "not yet computed"
    assert rows_of(page, "Output 3 × 3") == [
        ["12", "12", "17"],
        ["10", "17 this step", open_],
        [open_, open_, open_],
    ]
    inside = [[("in the window" in cell) for cell in row] for row in rows_of(page, "Input 5 × 5")]
    assert inside == [[row in (1, 2, 3) and col in (1, 2, 3) for col in range(5)] for row in range(5)]
    assert all("in the window" in cell for row in rows_of(page, "Kernel 3 × 3") for cell in row)
    page.keyboard.press("ArrowRight")
    expect(summary).to_be_focused()
    assert rows_of(page, "Output 3 × 3")[1] == ["10", "17", "19 this step"]
    styles = page.evaluate(
        """() => ["window", "now", "open"].map((name) => {
            const cell = document.querySelector(`.tensor td.${name}`);
            const { outlineStyle, borderTopStyle, fontWeight } = getComputedStyle(cell);
            return [outlineStyle, borderTopStyle, fontWeight].join(" ");
        })"""
    )
    assert len(set(styles)) == 3, "marks differ by more than colour"


def test_large_tensors_are_a_note_and_narrow_kernels_one_table(page: Page) -> None:
    open_figure(page, "/learn/depthwise-separable?step=76")
    page.locator("summary", has_text="Tables").click()
    expect(page.locator(".tensor-part", has_text="3200 cells")).to_be_visible()
    filters = page.get_by_role("table", name="1×1 filters 128 × 3 × 1 × 1")
    expect(filters.get_by_role("rowheader")).to_have_count(128)
    expect(filters.get_by_role("rowheader", name="filter 128")).to_have_count(1)
    expect(filters.get_by_role("columnheader", name="channel 3")).to_have_count(1)


def test_closed_tables_cost_nothing_and_open_ones_change_few_cells(page: Page) -> None:
    open_figure(page, "/learn/grouped")
    count = """() => {
        window.changes = 0;
        new MutationObserver((found) => (window.changes += found.length))
            .observe(document.getElementById("extras"), { subtree: true, childList: true, attributes: true });
    }"""
    page.evaluate(count)
    page.keyboard.press("ArrowRight")
    settled(page)
    assert page.evaluate("window.changes") == 0
    page.locator("summary", has_text="Tables").click()
    settled(page)
    cells = page.locator(".tensor td").count()
    page.evaluate("window.changes = 0")
    page.keyboard.press("ArrowRight")
    settled(page)
    assert 0 < page.evaluate("window.changes") < cells


def test_a_forced_palette_leaves_the_figure_its_colours(new_page: NewPage) -> None:
    """Where the system forces a palette, window and output cell keep colours of their own."""
    page = new_page(forced_colors="active")
    open_figure(page, f"{SINGLE}?step=5")
    drawn = page.evaluate(
        "document.getElementById('canvas').layout.shapes.flatMap(({ line, fillcolor }) => [line?.color, fillcolor])"
    )
    colours = {str(colour).lower()[:7] for colour in drawn if colour}
    assert {"#cf5a04", "#ffe14d"} <= colours, colours
    assert page.evaluate("getComputedStyle(document.querySelector('.figure')).forcedColorAdjust") == "none"
