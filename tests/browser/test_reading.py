"""From code to a figure: pasted, read, corrected, watched; by mouse and by keyboard, in both languages."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from compute.reader import read
from tests.conftest import NewPage
from tests.pages import settled

LAYER = "nn.Conv2d(64, 128, 3, stride=2, padding=1)"


def open_dialog(page: Page, address: str = "/learn/layer") -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("#from-code").click()
    expect(page.locator("#reading-code")).to_be_focused()


def test_a_reader_pastes_a_layer_reads_its_facts_and_watches_it(page: Page) -> None:
    open_dialog(page)
    page.locator("#reading-code").fill(LAYER)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator("#reading-status")).to_have_text("1 layer was read.")
    card = page.locator(".reading-card")
    expect(card.locator("[data-fact=output]")).to_have_text("128 × 16 × 16")
    expect(card.locator("[data-fact=parameters]")).to_have_text("73\u202f856")
    expect(card).to_contain_text("in channels 64 → 2")
    card.get_by_role("link", name="See Conv2d from line 1").click()
    page.wait_for_url(re.compile("/learn/layer[?]"))
    page.wait_for_selector("html[data-ready]", state="attached")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    assert urlsplit(page.url).path == "/learn/layer"
    assert asked == read(LAYER)["layers"][0]["figure"]["params"]
    expect(page.locator("#stride-0-field")).to_have_value("2")
    expect(page.locator("[data-fact=parameters]")).to_have_text("38")
    page.locator("#forward").click()
    expect(page.locator("#step-count b")).to_have_text("1")


def test_every_layer_of_a_sequential_leads_to_a_figure_that_draws(page: Page) -> None:
    open_dialog(page, "/learn/dilated")
    page.get_by_role("button", name="A Sequential").click()
    expect(page.locator("#reading-status")).to_have_text("4 layers were read.")
    expect(page.locator(".reading-notes li")).to_have_count(2)
    expect(page.locator(".reading-total")).to_contain_text("4 layers")
    links = page.locator(".reading-card a").evaluate_all("all => all.map((link) => link.href)")
    assert [urlsplit(link).path for link in links] == [
        "/learn/layer",
        "/learn/pooling",
        "/learn/grouped",
        "/learn/layer",
    ]
    for link in links:
        page.goto(link)
        page.wait_for_selector("html[data-ready]", state="attached")
        expect(page.locator("#problem")).to_be_hidden()
        drawn = page.evaluate("document.getElementById('canvas').layout")
        assert len(drawn.get("shapes", [])) + len(drawn.get("images", [])) > 0


def test_what_is_not_understood_is_marked_and_said_and_the_rest_is_shown(page: Page) -> None:
    open_dialog(page)
    page.locator("#reading-code").fill(
        "nn.Sequential(\n  nn.Conv2d(3, width, 3),\n  nn.Conv2d(3, 8, 3, strid=2),\n  foo())\n" + LAYER
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reading-status")).to_contain_text("1 layer was read. Not understood: 3")
    assert page.locator(".reading-echo mark").all_text_contents() == ["width", "strid=2", "foo()"]
    said = page.locator(".reading-unread li")
    expect(said.nth(0)).to_contain_text("Line 2, column 16")
    expect(said.nth(1)).to_contain_text("Did you mean stride?")
    expect(page.locator(".reading-card")).to_have_count(1)


def test_a_fault_of_syntax_is_shown_in_its_place_and_the_text_stays(new_page: NewPage) -> None:
    page = new_page(allow=r"status of 422")
    open_dialog(page)
    page.locator("#reading-code").fill("nn.Conv2d(3, 8, 3)\nnn.Conv2d(3，8)")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2, column 12 is not Python")
    expect(page.locator(".reading-echo mark")).to_have_text("，8)")
    expect(page.locator("#reading-code")).to_have_value("nn.Conv2d(3, 8, 3)\nnn.Conv2d(3，8)")
    page.locator("#reading-code").fill(LAYER)
    page.locator("#reading-size").fill("0")
    page.locator("#reading-size").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("input_size must lie between 1 and")
    expect(page.locator("#reading-size")).to_be_focused()


def test_an_error_of_one_layer_stands_on_its_card(page: Page) -> None:
    open_dialog(page)
    page.locator("#reading-code").fill("nn.Sequential(nn.Conv2d(3, 64, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 8, 99))")
    page.get_by_role("button", name="Read", exact=True).click()
    cards = page.locator(".reading-card")
    expect(cards.nth(0).locator(".field-error")).to_have_count(0)
    expect(cards.nth(1).locator(".field-error")).to_contain_text("in_channels is 32; the layer before gives 64.")
    expect(cards.nth(2).locator(".field-error")).to_contain_text("the kernel is 99 wide")
    expect(cards.nth(2).locator("a")).to_have_count(0)


def test_what_was_typed_stays_when_the_dialog_closes_and_on_the_next_page(page: Page) -> None:
    open_dialog(page)
    page.locator("#reading-code").fill(LAYER)
    page.locator("#reading-size").fill("24")
    page.keyboard.press("Escape")
    expect(page.locator("#reading")).to_be_hidden()
    expect(page.locator("#from-code")).to_be_focused()
    page.locator("#from-code").click()
    expect(page.locator("#reading-code")).to_have_value(LAYER)
    page.locator("#reading-close").click()
    open_dialog(page, "/learn/grouped")
    expect(page.locator("#reading-code")).to_have_value(LAYER)
    expect(page.locator("#reading-size")).to_have_value("24")


def test_keys_typed_in_the_dialog_leave_the_figure_alone(page: Page) -> None:
    open_dialog(page)
    page.locator("[data-example=pytorch]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("t")
    page.keyboard.press("End")
    settled(page)
    expect(page.locator("#step-count b")).to_have_text("0")
    assert page.evaluate("document.documentElement.dataset.theme ?? ''") == ""


def test_the_keyboard_alone_reads_and_follows(page: Page) -> None:
    page.goto("/learn/layer")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("#from-code").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("nn.ConvTranspose2d(8, 8, 4, 2, 1)")
    page.keyboard.press("Control+Enter")
    link = page.get_by_role("link", name="See ConvTranspose2d from line 1")
    expect(link).to_be_visible()
    for _ in range(12):
        if link.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/learn/layer?*transposed=true*")


@pytest.mark.parametrize("width", [1440, 390])
def test_in_chinese_language_and_theme_go_along(new_page: NewPage, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    open_dialog(page, "/learn/layer?lang=zh&theme=dark")
    page.locator("[data-example=keras]").click()
    expect(page.locator("#reading-status")).to_have_text("读出了 1 层。")
    expect(page.locator(".reading-card")).to_contain_text("输入通道 64 → 2")
    assert page.evaluate("document.getElementById('reading').scrollWidth <= innerWidth")
    page.get_by_role("link", name="去看第 1 行的 Conv2DTranspose").click()
    page.wait_for_url(re.compile("transposed=true"))
    page.wait_for_selector("html[data-ready]", state="attached")
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["lang"], asked["theme"], asked["transposed"]) == (["zh"], ["dark"], ["true"])


def test_without_a_server_it_says_so_and_keeps_the_text(new_page: NewPage) -> None:
    page = new_page(allow="ERR_FAILED")
    open_dialog(page)
    page.route("**/api/v1/read", lambda route: route.abort())
    page.locator("#reading-code").fill(LAYER)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reading-status")).to_have_text("The server did not answer. What you typed is still here.")
    expect(page.locator("#reading-code")).to_have_value(LAYER)
