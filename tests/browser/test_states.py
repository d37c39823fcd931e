"""What a page does when answers are late, the server is gone, a figure is too large, or there are no scripts."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from compute.kinds import KINDS
from tests.browser.test_journey import open_figure, query_of, shapes
from tests.conftest import NewPage
from tests.pages import settled, until

SINGLE = "/learn/single-channel"
API = "**/api/v1/**"
GONE = "No answer from the server"


@pytest.fixture
def flawed(new_page: NewPage) -> Page:
    """A page whose browser may complain of requests that fail, because the test makes them fail."""
    return new_page(allow="Failed to load resource|net::ERR|status of")


def stride(page: Page, value: str) -> None:
    page.locator("#stride-0-field").fill(value)
    page.locator("#stride-0-field").press("Enter")


def held_back(page: Page) -> list[Route]:
    """Requests for figures that wait until the test lets them go on."""
    held: list[Route] = []
    page.route("**/api/v1/traces/**", lambda route: held.append(route))
    return held


def in_between(status: int) -> Callable[[Route], None]:
    """The answer of what stands before a server."""
    return lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>Bad gateway</h1>")


def test_a_late_answer_dims_the_last_figure_to_sixty_percent(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=2")
    before = shapes(page)
    held = held_back(page)
    stride(page, "2")
    figure = page.locator("#stage .figure")
    expect(figure).to_have_css("opacity", "0.6")
    assert shapes(page) == before
    expect(page.locator("#connection")).to_be_hidden()
    page.locator("#forward").click()
    expect(page.locator("#step-count b")).to_have_text("3")
    held[0].continue_()
    expect(figure).to_have_css("opacity", "1")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()


def test_a_later_request_goes_on_waiting_and_only_its_answer_is_drawn(page: Page) -> None:
    open_figure(page, SINGLE)
    held = held_back(page)
    stride(page, "2")
    expect(page.locator("#stage")).to_have_class(re.compile("waiting"))
    stride(page, "4")
    until(page, lambda: len(held) == 2)
    expect(page.locator("#stage")).to_have_class(re.compile("waiting"))
    held[1].continue_()
    expect(page.get_by_role("grid", name="Output 1 × 1")).to_be_visible()
    settled(page)
    assert len(held) == 2
    expect(page.locator("#stage")).not_to_have_class(re.compile("waiting"))
    expect(page.get_by_role("grid", name="Output 1 × 1")).to_be_visible()


def test_a_very_late_answer_is_said(new_page: NewPage) -> None:
    page = new_page(alone=True)
    page.clock.install()
    open_figure(page, SINGLE)
    held = held_back(page)
    stride(page, "2")
    until(page, lambda: len(held) == 1)
    page.clock.run_for(5000)
    expect(page.locator("#connection")).to_contain_text("takes long to answer")
    held[0].continue_()
    expect(page.locator("#connection")).to_be_hidden()


def test_a_server_that_is_gone_is_said_and_what_was_typed_is_drawn_when_it_is_back(flawed: Page) -> None:
    page = flawed
    open_figure(page, SINGLE)
    before, address = shapes(page), page.url
    page.route(API, lambda route: route.abort())
    stride(page, "2")
    note = page.locator("#connection")
    expect(note).to_contain_text(GONE)
    box = note.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 56
    assert (shapes(page), page.url) == (before, address)
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("#stage")).not_to_have_class(re.compile("waiting"))

    page.locator("#speed").select_option("max")
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text("9")
    expect(page.locator("output.sum-value")).to_have_text("14")
    page.locator("#padding-0-field").fill("1")
    page.locator("#padding-0-field").press("Enter")
    expect(page.locator("#stride-0-field")).to_have_value("2")
    expect(page.locator("#padding-0-field")).to_have_value("1")
    expect(note).to_contain_text(GONE)

    page.unroute(API)
    expect(note).to_be_hidden()
    expect(page.get_by_role("grid", name="Output 3 × 3")).to_be_visible()
    settled(page)
    query = query_of(page)
    assert (query["stride"], query["padding"]) == ("2", "1")


def test_numbers_typed_while_the_server_is_gone_are_kept(flawed: Page) -> None:
    page = flawed
    open_figure(page, SINGLE)
    page.route(API, lambda route: route.abort())
    page.locator("#numbers [data-mode=mine]").click()
    page.locator("#input-field").fill("1,2,3;4,5,6;7,8,9")
    page.locator("#input-field").blur()
    expect(page.locator("#connection")).to_contain_text(GONE)
    expect(page.locator("#input-field")).to_have_value("1,2,3;4,5,6;7,8,9")
    page.unroute(API)
    expect(page.get_by_role("grid", name="Input 3 × 3")).to_be_visible()
    expect(page).to_have_url(re.compile("input=1,2,3;4,5,6;7,8,9"))


def test_the_server_is_asked_again_with_growing_pauses_and_at_once_by_hand_or_when_the_network_is_back(
    new_page: NewPage,
) -> None:
    page = new_page(allow="Failed to load resource|net::ERR", alone=True)
    page.clock.install()
    open_figure(page, SINGLE)
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)  # a slow machine's own time does not count
    page.evaluate(
        """() => {
            window.asked = [];
            const own = fetch;
            window.fetch = (...given) => {
                const attempt = { failed: false };
                asked.push(attempt);
                const answer = own(...given);
                answer.catch(() => { attempt.failed = true; });
                return answer;
            };
        }"""
    )

    def came(attempts: int) -> None:
        """So many were made and failed, and no more: the page's time stands still meanwhile."""
        page.wait_for_function("() => asked.every(({ failed }) => failed)")
        assert page.evaluate("asked.length") == attempts

    page.route("**/api/v1/traces/**", lambda route: route.abort())
    stride(page, "2")
    page.clock.run_for(100)  # the request leaves when the slider has rested for a moment
    expect(page.locator("#connection")).to_contain_text(GONE)
    for pause, attempts in ((900, 1), (200, 2), (1700, 2), (400, 3), (3600, 3), (500, 4)):
        page.clock.run_for(pause)
        came(attempts)
    page.evaluate("dispatchEvent(new Event('online'))")
    came(5)
    page.locator("#connection").get_by_role("button", name="Try again").click()
    came(6)
    page.unroute("**/api/v1/traces/**")
    page.locator("#connection").get_by_role("button", name="Try again").click()
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()


def test_a_server_in_between_that_answers_in_its_place_counts_as_gone(flawed: Page) -> None:
    page = flawed
    open_figure(page, SINGLE)
    for status, value in ((502, "2"), (503, "3"), (504, "1")):
        page.route(API, in_between(status))
        stride(page, value)
        expect(page.locator("#connection"), str(status)).to_contain_text(GONE)
        page.unroute(API)
        # The page also asks again by itself: whichever comes first.
        again = page.locator("#connection").get_by_role("button", name="Try again")
        again.evaluate_all("(buttons) => buttons.forEach((button) => button.click())")
        expect(page.locator("#connection"), str(status)).to_be_hidden()
        settled(page)
        assert query_of(page).get("stride", "1") == value, status


def test_a_server_that_has_too_much_to_do_is_asked_again_without_a_word(flawed: Page) -> None:
    page = flawed
    open_figure(page, SINGLE)
    put_off: list[str] = []

    def answer(route: Route) -> None:
        if len(put_off) == 2:
            route.continue_()
            return
        put_off.append(route.request.url)
        body = json.dumps({"error": {"code": "busy", "field": "", "message": "Too much.", "hint": "", "values": {}}})
        route.fulfill(status=503, headers={"retry-after": "1"}, content_type="application/json", body=body)

    page.route("**/api/v1/traces/**", answer)
    stride(page, "2")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()
    settled(page)
    assert len(put_off) == 2
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator("#problem")).to_be_hidden()


def test_figures_that_a_cache_still_holds_do_not_hide_that_the_server_is_gone(flawed: Page) -> None:
    page = flawed
    open_figure(page, SINGLE)
    page.route("**/api/v1/limits/**", lambda route: route.abort())
    stride(page, "2")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()
    expect(page.locator("#connection")).to_contain_text(GONE)
    page.unroute("**/api/v1/limits/**")
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator("#stride-0-field")).to_have_value("2")


def test_an_embed_says_it_too(flawed: Page) -> None:
    page = flawed
    page.set_viewport_size({"width": 700, "height": 420})
    open_figure(page, "/embed/single-channel")
    page.route(API, lambda route: route.abort())
    page.get_by_role("grid", name="Input 5 × 5").focus()
    page.keyboard.press("7")
    page.keyboard.press("Enter")
    expect(page.locator("#connection")).to_be_visible()
    expect(page.locator("#connection")).to_be_in_viewport(ratio=1)


def test_what_is_too_large_keeps_its_facts_and_is_answered_with_the_nearest_size(flawed: Page) -> None:
    page = flawed
    open_figure(page, f"{SINGLE}?seed=0&step=2")
    before = shapes(page)
    page.locator("#input_size-0-field").fill("2000")
    page.locator("#input_size-0-field").press("Enter")
    error = page.locator("[data-control=input_size] .field-error")
    expect(error).to_contain_text("at most 500 000 products")
    expect(page.locator(".too-large")).to_contain_text("Too large to draw")
    # (2000 − 2)² places, nine products each
    expect(page.locator("[data-fact=multiplications]")).to_have_text("35\u202f928\u202f036")
    assert shapes(page) == before
    expect(page.locator("#input_size-0-field")).to_have_value("2000")
    error.get_by_role("button", name="Use 237").click()
    expect(page.locator(".too-large")).to_have_count(0)
    expect(page.locator("[data-fact=multiplications]")).to_have_text("497\u202f025")


@pytest.mark.parametrize("slug", ["cross-correlation", "depthwise-separable", "transposed", "dilated", "3d"])
def test_facts_of_what_is_too_large_are_those_of_every_kind(flawed: Page, slug: str) -> None:
    page = flawed
    open_figure(page, f"/learn/{slug}?input_size=200000")
    expect(page.locator(".too-large")).to_be_visible()
    expect(page.locator("[data-fact=multiplications]")).not_to_be_empty()
    expect(page.locator("[data-control=input_size] .field-error")).to_be_visible()
    assert len(shapes(page)) > 100


def test_a_body_that_the_server_does_not_take_is_said_and_the_figure_stays(flawed: Page) -> None:
    page = flawed
    open_figure(page, SINGLE)
    before, address = shapes(page), page.url
    too_large = {
        "code": "body_too_large",
        "field": "",
        "message": "The body is larger than 9 bytes.",
        "hint": "",
        "values": {"limit": 9},
    }
    page.route("**/api/v1/traces/**", lambda route: route.fulfill(status=413, json={"error": too_large}))
    stride(page, "2")
    expect(page.locator("#problem")).to_contain_text("The body is larger than 9 bytes.")
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator("#stride-0-field")).to_have_value("2")
    assert (shapes(page), page.url) == (before, address)


@pytest.mark.parametrize("slug", KINDS)
def test_a_lesson_comes_with_all_its_numbers_and_words(server: str, slug: str) -> None:
    with urllib.request.urlopen(f"{server}/learn/{slug}?lang=en") as answer:
        page = answer.read().decode()
    kind = KINDS[slug]
    trace = kind.trace(kind.parse(kind.presets[0].params))
    tensors = [tensor for tensor in trace["tensors"].values() if tensor["values"] is not None]
    tables = page.split('id="tables"')[1].split('id="dock"')[0]
    assert tables.count("<figure") == len(tensors)
    assert len(re.findall("<td[ >]", tables)) == sum(tensor["values"].size for tensor in tensors)
    for part in ("question", "prose", "counts"):
        words = re.search(rf'class="[^"]*\b{part}\b[^"]*"[^>]*>(.{{1000}})', page, re.DOTALL)
        assert words, part
        assert re.search(r"\w{4,}", re.sub("<[^>]*>?", "", words[1])), part


def test_without_scripts_a_lesson_is_a_still_picture_with_all_its_words(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    for width, slugs in ((1440, ("single-channel", "transposed", "checkerboard")), (390, ("dilated", "pooling"))):
        page.set_viewport_size({"width": width, "height": 900})
        for slug in slugs:
            page.goto(f"/learn/{slug}")
            for shown in ("#tables td", ".question p", ".prose", ".counts", ".types a"):
                expect(page.locator(shown).first, f"{slug} {shown}").to_be_visible()
            expect(page.locator(".prose"), slug).to_contain_text(re.compile(r"\w{4,}"))
            controls = page.locator("button, input, select, textarea")
            assert controls.count() > 0, slug
            expect(controls.filter(visible=True), slug).to_have_count(0)
            expect(page.locator(".notice"), slug).to_contain_text("Scripts are off")


def test_without_scripts_layers_have_their_names(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/learn/dilated?layers=3d1,3d2")
    expect(page.locator("#tables")).to_contain_text("After layer 1")
    expect(page.locator("#tables")).to_contain_text("Kernel 2")
