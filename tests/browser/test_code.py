"""The figure as code: fetched when it is opened, in the language chosen, following the figure, copied."""

from playwright.sync_api import Page, expect

from tests.conftest import NewPage
from tests.pages import says, settled

FIGURE = "/learn/single-channel?stride=2"


def open_code(page: Page, address: str = FIGURE) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator(".code summary").click()
    expect(page.locator(".code-text")).to_contain_text("import numpy as np")


def test_nothing_is_fetched_before_it_is_opened(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(FIGURE)
    page.wait_for_selector("html[data-ready]", state="attached")
    settled(page)
    assert not [url for url in asked if "/api/v1/code/" in url]
    page.locator(".code summary").click()
    expect(page.locator(".code-text")).to_contain_text("import numpy as np")
    assert len([url for url in asked if "/api/v1/code/" in url]) == 1


def test_a_reader_opens_the_code_chooses_pytorch_and_copies(new_page: NewPage) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    open_code(page)
    page.get_by_role("button", name="PyTorch").click()
    expect(page.get_by_role("button", name="PyTorch")).to_have_attribute("aria-pressed", "true")
    block = page.get_by_role("region", name="The figure in PyTorch")
    expect(block).to_contain_text("F.conv2d(x, kernel, stride=2, padding=0, dilation=1, groups=1)")
    copy = page.get_by_role("button", name="Copy", exact=True)
    with says(copy, "Copied"):
        copy.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".code-text code").text_content()


def test_the_code_follows_the_figure_in_its_language(page: Page) -> None:
    open_code(page)
    page.get_by_role("button", name="JAX").click()
    page.locator("#stride-0-range").fill("1")
    expect(page.locator(".code-text")).to_contain_text("window_strides=(1, 1)")
    expect(page.get_by_role("button", name="JAX")).to_have_attribute("aria-pressed", "true")


def test_without_a_clipboard_the_code_is_copied_all_the_same(page: Page) -> None:
    """An address without https has no `navigator.clipboard`."""
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })")
    open_code(page)
    copy = page.get_by_role("button", name="Copy", exact=True)
    with says(copy, "Copied"):
        copy.click()
    assert page.evaluate("getSelection().toString()").startswith("import numpy as np")


def test_the_keyboard_scrolls_the_code_and_leaves_the_figure_alone(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1000, "height": 500})
    open_code(page)
    block = page.locator(".code-text")
    block.focus()
    page.keyboard.press("End")
    expect(block).not_to_have_js_property("scrollTop", 0)
    expect(page.locator("#step-count b")).to_have_text("0")
