"""Figures in the frames of another site: what they do to the page around them, and what their addresses say."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from compute.kinds import KINDS
from tests.browser.frames import FAST, SINGLE, asked, eventually, moments_pass, step_of
from tests.conftest import NewPage
from tests.pages import settled


def test_a_figure_keeps_nothing_and_leaves_no_trace_in_the_history(framed: Any, server: str) -> None:
    watching = """
        window.kept = [];
        const trap = (owner, name) => {
            const found = Object.getOwnPropertyDescriptor(owner, name);
            Object.defineProperty(owner, name, {...found, get() { kept.push(name); return found.get.call(this); },
                ...(found.set ? {set(value) { kept.push(name); found.set.call(this, value); }} : {})});
        };
        for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
            if (name in window) trap(window, name);
        }
        trap(Document.prototype, "cookie");
        for (const name of ["pushState", "replaceState"]) history[name] = () => kept.push(name);
    """
    page, frame = framed(
        "about:blank", after="<script>heard.push({data: {convoscope: {event: 'ready'}}})</script>", alone=True
    )
    page.context.add_init_script(watching)
    address = f"{server}{SINGLE}?controls=all"
    page.evaluate("(address) => { heard.length = 0; document.querySelector('iframe').src = address; }", address)
    page.wait_for_function("told('ready').length > 0")
    asked(page, {"params": {"stride": 2}, "theme": "dark", "step": 2}, "a")
    frame.locator("#forward").click()
    frame.locator("#padding-0-range").fill("1")
    expect(frame.get_by_role("grid", name="Output 3 × 3")).to_be_visible()
    assert page.frames[1].evaluate("window.kept") == []
    assert page.context.cookies() == []


def test_a_figure_takes_neither_focus_nor_scroll(framed: Any) -> None:
    page, frame = framed(
        f"{SINGLE}?autoplay=true&loop=true&{FAST}&predict=true",
        before="<input id=mine autofocus><div style='height:2000px'></div>",
        after="<div style='height:2000px'></div>",
    )
    page.locator("#mine").focus()
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(
        """() => {
            tell("slide:start");
            for (const wish of [{play: true}, {step: 4}, {params: {stride: 2}}]) tell({convoscope: wish});
        }"""
    )
    asked(page, {"state": True}, "a")
    assert page.evaluate("document.activeElement.id") == "mine"
    assert page.evaluate("scrollY") == 0
    expect(frame.locator("input.sum-value")).not_to_be_focused()


def test_a_figure_steps_by_keys_only_while_it_has_them_and_lets_go_at_its_ends(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?step=8", before="<input id=mine>")
    page.locator("#mine").focus()
    page.keyboard.press("ArrowRight")
    step_of(frame).to_have_text("8")
    frame.locator("#forward").click()
    step_of(frame).to_have_text("9")
    asked(page, {"state": True}, "stepped")
    assert page.evaluate("told('key')") == []
    for key in ("ArrowRight", "PageDown"):
        page.keyboard.press(key)
    page.wait_for_function("told('key').length === 2")
    assert [one["key"] for one in page.evaluate("told('key')")] == ["ArrowRight", "PageDown"]
    step_of(frame).to_have_text("9")
    page.keyboard.press("ArrowLeft")
    step_of(frame).to_have_text("8")
    page.keyboard.press("Home")
    step_of(frame).to_have_text("0")
    for key in ("PageUp", "ArrowLeft", "Escape", "f", "ArrowDown"):
        page.keyboard.press(key)
    page.wait_for_function("told('key').length === 7")
    assert [one["key"] for one in page.evaluate("told('key')")][2:] == [
        "PageUp",
        "ArrowLeft",
        "Escape",
        "f",
        "ArrowDown",
    ]
    # Other letters are nobody's business, and neither is what is typed into a field, or chosen in a grid.
    for key in ("a", "x", "7", "Control+f", "Tab"):
        page.keyboard.press(key)
    frame.locator("#scrub").focus()
    page.keyboard.press("ArrowRight")
    step_of(frame).to_have_text("1")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("told('key').length === 8")
    frame.get_by_role("grid", name="Input").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("5")
    page.keyboard.press("b")
    page.keyboard.press("ArrowLeft")
    asked(page, {"state": True}, "a")
    assert page.evaluate("told('key').length") == 8


def test_a_cell_can_be_given_another_number(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?step=1")
    frame.get_by_role("grid", name="Kernel").focus()
    page.keyboard.press("9")
    page.keyboard.press("Enter")
    # 3·9 for 3·0 in the first window, which came to 12.
    expect(frame.locator("output.sum-value")).to_have_text("39")


def test_a_figure_stands_still_out_of_sight_and_goes_on_by_itself(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?autoplay=true&loop=true&{FAST}", after="<div style='height:4000px'></div>")
    expect(frame.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.evaluate("scrollTo(0, 3000)")
    step = eventually(page, {"playing": False})["step"]
    moments_pass(page, "a")
    assert asked(page, {"state": True}, "b")["step"] == step
    page.evaluate("tell({convoscope: {listen: true}}); scrollTo(0, 0)")
    page.wait_for_function("told('step').filter(({playing}) => playing).length > 5")


def test_a_frame_that_has_no_size_at_first_is_drawn_when_it_gets_one(framing: Any) -> None:
    body = "".join(
        f"<iframe id=f{n} {how} src={SINGLE}?step=5></iframe>"
        for n, how in enumerate(
            ('width="0" height="0"', 'width="800" height="450" style="display:none"', 'width="0" height="450"')
        )
    )
    page = framing(body)
    page.wait_for_function("told('ready').length === 3")
    page.evaluate(
        """() => {
            for (const frame of document.querySelectorAll("iframe")) {
                Object.assign(frame, {width: 800, height: 450}).style.display = "";
            }
        }"""
    )
    for number in range(3):
        frame = page.frame_locator(f"#f{number}")
        expect(frame.get_by_role("grid", name="Output 3 × 3")).to_be_visible()
        box = frame.locator("#canvas svg").first.bounding_box()
        assert box
        assert box["width"] > 700
        expect(frame.locator("output.sum-value")).to_have_text("17")


def test_ten_figures_on_a_page_are_all_drawn_and_idle_ones_do_no_work(framing: Any) -> None:
    slugs = list(KINDS)[:10]
    body = "".join(f'<iframe width="600" height="400" src=/embed/{slug}?step=2></iframe>' for slug in slugs)
    page = framing(body, viewport={"width": 1300, "height": 2200})
    page.wait_for_function("told('ready').length === 10")
    for number in range(10):
        expect(page.frame_locator(f"iframe >> nth={number}").locator("#canvas svg path").first).to_be_visible()
    settled(page)
    # Once all is drawn, nobody asks for frames or sets alarms.
    for frame in page.frames[1:]:
        frame.evaluate(
            """() => {
                window.worked = 0;
                for (const name of ["requestAnimationFrame", "setTimeout", "setInterval", "fetch"]) {
                    const found = window[name];
                    window[name] = (...args) => { window.worked += 1; return found(...args); };
                }
                const seen = {subtree: true, childList: true, attributes: true};
                new MutationObserver(() => { window.worked += 1; }).observe(document, seen);
            }"""
        )
    page.evaluate("tell({convoscope: {play: true, speed: 'max', loop: true, listen: true}}, 0)")
    page.wait_for_function("told('step').length > 30")
    worked = [frame.evaluate("window.worked") for frame in page.frames[1:]]
    assert worked[0] > 10
    assert worked[1:] == [0] * 9
    page.evaluate(
        """() => {
            const {src} = document.querySelector("iframe");
            document.body.append(Object.assign(document.createElement("iframe"), {src}));
        }"""
    )
    page.wait_for_function("told('ready').length === 11")
    sent = """performance.getEntriesByType("resource").filter(({name}) => name.includes("/static/"))
        .map(({transferSize}) => transferSize)"""
    sizes = page.frames[11].evaluate(sent)
    assert len(sizes) >= 5
    assert sum(sizes) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_a_transparent_figure_shows_the_page_behind_it(framed: Any, theme: str, scheme: str) -> None:
    query = f"{SINGLE}?step=5&transparent=true" + (f"&theme={theme}" if theme else "")
    page, frame = framed(query, before="<style>body { background: rgb(200, 220, 180) }</style>", color_scheme=scheme)
    expect(frame.get_by_role("grid", name="Output 3 × 3")).to_be_visible()
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for place in ((4, 4), (790, 300), (400, 445), (300, 430)):
        assert picture.getpixel(place) == (200, 220, 180), place
    assert len(picture.crop((0, 0, 800, 450)).getcolors(1 << 20) or ()) > 50


def test_other_figures_are_not_transparent(framed: Any) -> None:
    page, _ = framed(f"{SINGLE}?theme=light", before="<style>body { background: rgb(200, 220, 180) }</style>")
    assert Image.open(io.BytesIO(page.screenshot())).convert("RGB").getpixel((4, 4)) == (255, 255, 255)


def test_where_less_motion_is_asked_for_nothing_plays_but_what_is_told_to(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?autoplay=true&loop=true", reduced_motion="reduce")
    page.evaluate("tell('slide:start')")
    settled(page)
    assert asked(page, {"state": True}, "a")["playing"] is False
    step_of(frame).to_have_text("0")
    assert asked(page, {"play": True}, "b")["playing"] is True


def test_autoplay_plays(framed: Any) -> None:
    _, frame = framed(f"{SINGLE}?autoplay=true&{FAST}")
    step_of(frame).to_have_text("9")


def test_a_figure_of_some_steps_stays_within_them(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?start=3&end=6&{FAST}")
    step_of(frame).to_have_text("3")
    frame.locator("#play").click()
    step_of(frame).to_have_text("6")
    expect(frame.locator("#scrub")).to_have_attribute("min", "3")
    assert asked(page, {"step": 7}, "a")["error"]["values"]["nearest"] == 6
    assert asked(page, {"step": 3}, "b")["step"] == 3


def test_all_controls_change_the_figure_and_say_what_cannot_be(framed: Any) -> None:
    page, frame = framed(
        "/embed/transposed?controls=all&view=stamp&input_size=2", viewport={"width": 1000, "height": 700}
    )
    frame.locator("#stride-0-range").fill("3")
    expect(frame.get_by_role("grid", name="Output 6 × 6")).to_be_visible()
    frame.get_by_role("button", name="input cells").click()
    page.wait_for_function("tell({convoscope: {state: true}}), told('state').some(({params}) => params.by === 'input')")
    frame.locator("#kernel_size-0-field").fill("0")
    frame.locator("#kernel_size-0-field").press("Enter")
    expect(frame.locator("[data-control=kernel_size] .field-error")).to_be_visible()
    expect(frame.get_by_role("grid", name="Output 6 × 6")).to_be_visible()


def test_tensors_that_no_picture_shows_alone_are_said_to_be_none(framed: Any) -> None:
    page, frame = framed("/embed/grouped?view=blocks&panels=input")
    expect(frame.locator("#problem")).to_contain_text("shows all its tensors at once")
    assert asked(page, {"panels": ["input"]}, "a")["error"]["code"] == "panels_undrawn"


def test_a_guess_is_asked_for_where_the_address_says_so(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?step=5&predict=true")
    frame.locator("input.sum-value").fill("17")
    page.keyboard.press("Enter")
    expect(frame.locator("output.sum-value")).to_have_text("17")
    expect(frame.locator("#status")).not_to_be_empty()


def test_without_scripts_the_tensors_are_tables(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(SINGLE)
    expect(page.locator("#tables table").first).to_be_visible()
    expect(page.locator("#play")).to_be_hidden()
