"""The home page in a real Chromium: finding a type by its words or the keyboard, and the theme on the way."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from compute.kinds import KINDS
from tests.conftest import NewPage
from tests.pages import settled


@pytest.fixture
def home(page: Page) -> Page:
    return open_home(page)


def open_home(page: Page, address: str = "/") -> Page:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def cards(page: Page) -> Locator:
    return page.locator(".kinds a:visible")


def slugs(page: Page) -> set[str]:
    return {str(card.get_attribute("href")).split("/")[-1].split("?")[0] for card in cards(page).all()}


def test_a_type_is_found_by_title_summary_or_a_further_term(home: Page) -> None:
    field = home.get_by_role("textbox", name="Find a type or a term")
    for asked, found in (
        ("atrous", {"dilated"}),
        ("   ", set(KINDS)),
        ("À TROUS", {"dilated"}),
        ("deconvolution", {"transposed", "checkerboard"}),
        ("mobilenet", {"depthwise-separable"}),
        ("nn.conv3d", {"3d", "layer"}),
        ("1×1 shufflenet", {"pointwise-grouped"}),
        ("cross correlation", {"cross-correlation"}),
        ("unet", {"transposed"}),
        ("cross-correlation", {"cross-correlation"}),
        ("3-d voxel", {"3d"}),
        ("stays, or the mean", {"pooling"}),
    ):
        field.fill(asked)
        assert slugs(home) == found, asked


def test_every_kind_is_found_by_its_own_title(home: Page) -> None:
    for kind in KINDS.values():
        home.locator("#asked").fill(kind.title)
        assert kind.slug in slugs(home)


def test_how_many_are_left_is_said_where_software_reads_it_out(home: Page) -> None:
    said = home.get_by_role("status")
    expect(said).to_have_text("")
    home.locator("#asked").fill("shufflenet")
    expect(said).to_have_text("2 types for “shufflenet”")
    expect(home.get_by_role("heading", name="Efficiency")).to_be_visible()
    expect(home.get_by_role("heading", name="Foundations")).to_be_hidden()
    expect(home.get_by_role("heading", name="Start here")).to_be_hidden()
    home.locator("#asked").fill("wavenet")
    expect(said).to_have_text("1 type for “wavenet”")


def test_where_none_is_left_the_page_says_what_to_do(home: Page) -> None:
    home.locator("#asked").fill("<b>transformer</b>")
    expect(home.get_by_role("status")).to_contain_text("No type for “<b>transformer</b>”. Try")
    expect(cards(home)).to_have_count(0)
    home.get_by_role("button", name="Show all types").click()
    expect(cards(home)).to_have_count(len(KINDS))
    expect(home.locator("#asked")).to_be_focused()
    expect(home.get_by_role("status")).to_have_text("")


def test_words_that_the_page_suggests_are_found(home: Page) -> None:
    home.locator("#asked").fill("zzz")
    suggested = re.search(r"such as (\w+), (\w+) or (\w+)", home.locator("#found").inner_text())
    assert suggested
    for word in suggested.groups():
        home.locator("#asked").fill(word)
        assert slugs(home), word


def test_the_keyboard_alone_finds_and_opens_a_type(home: Page) -> None:
    home.keyboard.press("/")
    field = home.locator("#asked")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    home.keyboard.type("1/2 dilated")
    expect(field).to_have_value("1/2 dilated")
    home.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(cards(home)).to_have_count(len(KINDS))
    home.keyboard.type("tap")
    for _ in range(20):
        home.keyboard.press("Tab")
        if home.evaluate("document.activeElement.matches('.kinds a')"):
            break
    expect(home.locator(".kinds a:focus")).to_contain_text("Dilated")
    assert home.locator(".kinds a:focus").evaluate("(a) => getComputedStyle(a).outlineStyle") == "solid"
    home.keyboard.press("/")
    home.keyboard.type("atrous")
    home.keyboard.press("Enter")
    home.wait_for_url("**/learn/dilated")


def test_enter_opens_nothing_where_nothing_was_asked_or_found(home: Page) -> None:
    opened: list[str] = []
    home.on("request", lambda request: opened.append(request.url) if request.is_navigation_request() else None)
    for asked in ("", "zzz", "atrous"):
        home.locator("#asked").fill(asked)
        home.keyboard.press("Enter")
    home.wait_for_url("**/learn/dilated")
    assert [urlsplit(url).path for url in opened] == ["/learn/dilated"]


def test_the_search_stands_after_coming_back(home: Page) -> None:
    home.locator("#asked").fill("atrous")
    cards(home).click()
    home.wait_for_url("**/learn/dilated")
    home.go_back()
    home.wait_for_selector("html[data-ready]", state="attached")
    asked = home.locator("#asked").input_value()
    expect(cards(home)).to_have_count(1 if asked else len(KINDS))


def test_the_theme_is_chosen_here_and_goes_along(home: Page) -> None:
    light = home.evaluate("getComputedStyle(document.body).backgroundColor")
    home.get_by_role("button", name="Dark").click()
    expect(home.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    assert home.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert home.url.endswith("/?theme=dark")
    home.keyboard.press("t")
    expect(home.locator("html")).to_have_attribute("data-theme", "projector")
    home.locator(".path a").first.click()
    home.wait_for_url("**/learn/single-channel?theme=projector*")
    expect(home.locator("html")).to_have_attribute("data-theme", "projector")


def test_any_page_asks_the_home_page(page: Page) -> None:
    page.goto("/learn/grouped?lang=en")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.press("/")
    expect(page.get_by_role("search").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("atrous")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?find=atrous&lang=en")
    expect(cards(page)).to_have_count(1)
    expect(cards(page)).to_contain_text("Dilated")
    expect(page.locator("#asked")).to_have_value("atrous")


def test_a_chosen_theme_is_remembered_and_one_that_the_system_has_is_not(new_page: NewPage) -> None:
    page = open_home(new_page(color_scheme="light"))
    page.get_by_role("button", name="Dark").click()
    page.goto("/learn/grouped")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert "theme" not in page.url
    page.goto("/learn/grouped?theme=projector")
    expect(page.locator("html")).to_have_attribute("data-theme", "projector")
    page.goto("/embed/grouped")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    page.goto("/learn/grouped")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.get_by_role("button", name="Light").click()
    page.goto("/")
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))


def test_the_theme_of_the_link_goes_along_with_its_language(page: Page) -> None:
    open_home(page, "/?theme=dark&lang=en")
    href = page.locator(".kinds a").first.get_attribute("href") or ""
    assert set(href.split("?")[1].split("&")) == {"theme=dark", "lang=en"}


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_nothing_is_wider_than_the_window(page: Page, theme: str) -> None:
    open_home(page, f"/?theme={theme}")
    outside = (
        """(cards) => cards.filter((card) => card.scrollWidth > card.clientWidth).map((card) => card.textContent)"""
    )
    for width in (320, 390, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        settled(page)
        assert page.evaluate("innerWidth") == width
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        assert page.locator(".kinds a").evaluate_all(outside) == [], width


def test_without_scripts_every_card_is_there_and_leads_to_its_lesson(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    expect(cards(page)).to_have_count(len(KINDS))
    expect(page.locator("#asked")).to_be_hidden()
    cards(page).filter(has_text="Checkerboard").click()
    page.wait_for_url("**/learn/checkerboard")


def test_pictures_draw_inside_their_frames(home: Page) -> None:
    spilled = """(pictures) => pictures.filter((picture) => {
      const { x, y, width, height } = picture.getBBox();
      return width < 80 || height < 40 || x < 0 || y < 0 || x + width > 160 || y + height > 96;
    }).map((picture) => picture.dataset.kind)"""
    assert home.locator(".kinds .picture").evaluate_all(spilled) == []
