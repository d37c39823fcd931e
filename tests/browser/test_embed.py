"""Figures in the frames of another site: what moves them, what they tell, and what nobody can make them do."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, FrameLocator, Page, expect

from compute.kinds import KINDS
from tests.browser.frames import OtherSite, other_site
from tests.conftest import NewPage

SINGLE = "/embed/single-channel"
FAST = "speed=max"


@pytest.fixture(scope="session")
def site() -> Iterator[OtherSite]:
    with other_site() as found:
        yield found


@pytest.fixture
def framing(new_page: NewPage, site: OtherSite, server: str) -> Any:
    """Opens a page of the other site; everything but its own address must still come from ours."""

    def open_framing(body: str, **options: Any) -> Page:
        page = new_page(allow=f"another host: {site.url}|status of 4", **options)
        page.goto(site.page(body.replace("src=/", f"src={server}/")))
        return page

    return open_framing


@pytest.fixture
def framed(framing: Any) -> Any:
    """Opens a figure of this address in a frame of 800 × 450, and waits until it says that it is there."""

    def open_framed(address: str, before: str = "", after: str = "", **options: Any) -> tuple[Page, FrameLocator]:
        frame = f'<iframe width="800" height="450" style="border:0" src={address}></iframe>'
        page = framing(before + frame + after, **options)
        page.wait_for_function("told('ready').length > 0")
        return page, page.frame_locator("iframe")

    return open_framed


def step_of(frame: FrameLocator) -> Any:
    return expect(frame.locator("#step-count b"))


def asked(page: Page, wish: object, identity: str) -> dict[str, Any]:
    """Sends a message of ours and returns the answer."""
    page.evaluate("([wish, id]) => tell({convoscope: {...wish, id}})", [wish, identity])
    page.wait_for_function("(id) => heard.some(({data}) => data.convoscope?.id === id)", arg=identity)
    found: dict[str, Any] = page.evaluate(
        "(id) => heard.map(({data}) => data.convoscope).find((one) => one?.id === id)", identity
    )
    return found


def eventually(page: Page, wanted: dict[str, Any]) -> dict[str, Any]:
    """Asks for the state until it has these values, and returns it."""
    # In a loop of ours: Playwright's waiting takes a promise of false for true.
    found: dict[str, Any] = page.evaluate(
        """async (wanted) => {
            for (const end = Date.now() + 30_000;;) {
                const answer = new Promise((resolve) => {
                    const hear = ({data}) => {
                        if (data.convoscope?.id !== "eventually") return;
                        removeEventListener("message", hear);
                        resolve(data.convoscope);
                    };
                    addEventListener("message", hear);
                });
                tell({convoscope: {state: true, id: "eventually"}});
                const state = await answer;
                const there = Object.entries(wanted).every(([name, value]) => state[name] === value);
                if (there || Date.now() > end) return state;
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        }""",
        wanted,
    )
    assert {name: found[name] for name in wanted} == wanted
    return found


# --- messages of ours ---


def test_the_slides_own_button_sets_stride_2(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?input_size=7&padding=1", before="<button id=two>Stride 2</button>")
    page.evaluate("() => { two.onclick = () => tell({convoscope: {params: {stride: 2}, id: 'two'}}); }")
    expect(frame.get_by_role("grid", name="Output 7 × 7")).to_be_visible()
    page.locator("#two").click()
    expect(frame.get_by_role("grid", name="Output 4 × 4")).to_be_visible()
    page.wait_for_function("told('state').length > 0")
    answer = page.evaluate("told('state')[0]")
    assert answer["id"] == "two"
    assert answer["params"] == {"input_size": "7", "padding": "1", "stride": "2"}
    assert (answer["kind"], answer["steps"], answer["playing"]) == ("single-channel", 16, False)


def test_a_message_moves_the_figure_and_is_answered_with_all_there_is_to_know(framed: Any) -> None:
    page, frame = framed(SINGLE)
    assert asked(page, {"step": 5}, "a")["step"] == 5
    step_of(frame).to_have_text("5")
    expect(frame.locator("output.sum-value")).to_have_text("17")
    answer = asked(page, {"theme": "dark", "loop": True, "speed": 2, "panels": ["input"]}, "b")
    assert (answer["theme"], answer["loop"], answer["speed"], answer["panels"]) == ("dark", True, "2", ["input"])
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    expect(frame.get_by_role("grid")).to_have_count(1)
    assert asked(page, {"panels": []}, "c")["panels"] == []
    expect(frame.get_by_role("grid")).to_have_count(3)
    assert asked(page, {"theme": ""}, "d")["theme"] is None
    assert asked(page, {"play": True}, "e")["playing"] is True
    assert asked(page, {"play": False}, "f")["playing"] is False
    assert asked(page, {"state": True}, "g")["steps"] == 9


def test_whoever_listens_hears_of_steps_and_whoever_does_not_hears_nothing(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?{FAST}")
    frame.locator("#play").click()
    step_of(frame).to_have_text("9")
    assert page.evaluate("told('step')") == []
    asked(page, {"listen": True}, "a")
    frame.locator("#play").click()
    step_of(frame).to_have_text("9")
    page.wait_for_function("told('step').some(({step, playing}) => step === 9 && !playing)")
    assert page.evaluate("told('step').map(({step}) => step)") == sorted(
        page.evaluate("told('step').map(({step}) => step)")
    )
    asked(page, {"listen": False}, "b")
    count = page.evaluate("told('step').length")
    asked(page, {"step": 2}, "c")
    assert page.evaluate("told('step').length") == count


def test_what_cannot_be_is_answered_and_nothing_of_the_message_is_done(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?step=3")
    wrong = {
        "step": ({"step": 99, "theme": "dark"}, "out_of_range"),
        "theme": ({"theme": "pink", "step": 5}, "unknown_choice"),
        "stage": ({"stage": "none", "step": 5}, "unknown_choice"),
        "panels": ({"panels": ["weights"], "step": 5}, "unknown_choice"),
        "strid": ({"params": {"strid": 2}, "step": 5}, "unknown_parameter"),
        "kernel_size": ({"params": {"kernel_size": 9}, "theme": "dark"}, "kernel_exceeds_input"),
        "count": ({"params": {"count": 1}}, "unknown_parameter"),
        "play": ({"play": "yes", "step": 5}, "wrong_value"),
        "size": ({"size": 3, "step": 5}, "unknown_field"),
    }
    for field, (wish, code) in wrong.items():
        answer = asked(page, wish, field)
        assert answer["event"] == "error", answer
        assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)
        assert answer["error"]["message"]
    step_of(frame).to_have_text("3")
    expect(frame.locator("html")).not_to_have_attribute("data-theme", "dark")
    expect(frame.get_by_role("grid", name="Kernel 3 × 3")).to_be_visible()


def test_a_step_that_the_new_parameters_allow_goes_with_them(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?input_size=5")
    assert asked(page, {"params": {"padding": 1}, "step": 25}, "a")["step"] == 25
    assert asked(page, {"params": {"padding": None, "input_size": 4}, "step": 25}, "b")["event"] == "error"
    assert asked(page, {"params": {"padding": None, "input_size": 4}, "step": 4}, "c")["params"] == {"input_size": "4"}
    expect(frame.get_by_role("grid", name="Output 2 × 2")).to_be_visible()


def test_of_parameters_in_a_row_the_last_are_shown_and_every_message_is_answered(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?input_size=9")
    page.evaluate("for (let n = 1; n <= 20; n += 1) tell({convoscope: {params: {input_size: 3 + n % 5}, id: `n${n}`}})")
    page.wait_for_function("heard.filter(({data}) => data.convoscope?.id?.startsWith('n')).length === 20")
    answers = page.evaluate(
        "Object.fromEntries(heard.flatMap(({data: {convoscope: one}}) => one?.id ? [[one.id, one]] : []))"
    )
    assert answers["n20"]["event"] == "state"
    assert {one["error"]["code"] for one in answers.values() if one["event"] == "error"} <= {"superseded"}
    expect(frame.get_by_role("grid", name="Input 3 × 3")).to_be_visible()


# --- player.js and reveal.js ---


def test_the_protocol_of_player_js_plays_seeks_loops_and_tells(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?{FAST}&start=1")
    ready = page.evaluate("player('ready')[0].value")
    assert ready["src"] == page.locator("iframe").get_attribute("src")
    assert {"play", "pause", "setCurrentTime", "getDuration"} <= set(ready["methods"])
    send = "(message) => tell(JSON.stringify({context: 'player.js', version: '0.0.11', ...message}))"
    for event in ("play", "pause", "timeupdate", "seeked", "ended"):
        page.evaluate(send, {"method": "addEventListener", "value": event, "listener": event})
    questions = {
        "getPaused": True,
        "getDuration": 7.2,
        "getCurrentTime": 0,
        "getLoop": False,
        "getMuted": True,
        "getVolume": 0,
    }
    for method, value in questions.items():
        page.evaluate(send, {"method": method, "listener": "me"})
        page.wait_for_function("(method) => player(method).length === 1", arg=method)
        assert page.evaluate("(method) => player(method)[0]", method)["value"] == value
        assert page.evaluate("(method) => player(method)[0]", method)["listener"] == "me"
    page.evaluate(send, {"method": "setCurrentTime", "value": 3.5})
    step_of(frame).to_have_text("5")
    page.wait_for_function("player('seeked').length === 1")
    assert page.evaluate("player('seeked')[0].value") == {"seconds": 3.6, "duration": 7.2}
    page.evaluate(send, {"method": "setCurrentTime", "value": 1e9})
    step_of(frame).to_have_text("9")
    page.evaluate(send, {"method": "play"})
    page.wait_for_function("player('ended').length === 1")
    events = page.evaluate("heard.map(({data}) => data.event).filter((event) => /^(play|pause|ended)$/.test(event))")
    assert events == ["play", "pause", "ended"]
    page.evaluate(send, {"method": "setLoop", "value": True})
    page.evaluate(send, {"method": "play"})
    page.wait_for_function("player('timeupdate').length > 40")
    page.evaluate(send, {"method": "pause"})
    page.wait_for_function("player('pause').length === 2")
    page.evaluate(send, {"method": "removeEventListener", "value": "pause", "listener": "pause"})
    for method in ("play", "pause", "mute", "unmute", "getPaused"):
        page.evaluate(send, {"method": method})
    page.wait_for_function("player('getPaused').length === 2")
    assert page.evaluate("player('pause').length") == 2
    assert page.evaluate("player('error').length") == 0
    page.evaluate(send, {"method": "explode"})
    page.wait_for_function("player('error').length === 1")


def test_a_slide_that_comes_plays_what_waits_for_it_and_one_that_goes_stops_it(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?autoplay=slide&loop=true&{FAST}")
    playing, stopped = "Pause", "Play"
    expect(frame.locator("#play")).to_have_attribute("aria-label", stopped)
    page.evaluate("tell('slide:start')")
    expect(frame.locator("#play")).to_have_attribute("aria-label", playing)
    page.evaluate("tell('slide:stop')")
    expect(frame.locator("#play")).to_have_attribute("aria-label", stopped)
    page.evaluate("tell('slide:start')")
    expect(frame.locator("#play")).to_have_attribute("aria-label", playing)
    frame.locator("#play").click()
    expect(frame.locator("#play")).to_have_attribute("aria-label", stopped)
    step = frame.locator("#step-count b").text_content()
    for word in ("slide:stop", "slide:start"):
        page.evaluate("(word) => tell(word)", word)
    asked(page, {"state": True}, "a")
    step_of(frame).to_have_text(step)
    expect(frame.locator("#play")).to_have_attribute("aria-label", stopped)


def test_a_slide_plays_nothing_that_was_not_to_play_by_itself(framed: Any) -> None:
    page, frame = framed(SINGLE)
    page.evaluate("tell('slide:start')")
    assert asked(page, {"state": True}, "a")["playing"] is False
    frame.locator("#play").click()
    page.evaluate("tell('slide:stop'); tell('slide:start')")
    assert asked(page, {"state": True}, "b")["playing"] is True


def test_a_figure_that_waits_for_its_slide_asks_whether_it_has_come_once_it_is_in_sight(framed: Any) -> None:
    asks = "heard.filter(({data}) => data.method === 'startEmbeddedContent').length"
    page, _ = framed(f"{SINGLE}?autoplay=slide", before="<div style='height:3000px'></div>")
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
    assert page.evaluate(asks) == 0
    page.evaluate("scrollTo(0, 3000)")
    page.wait_for_function(f"{asks} === 1")
    page.evaluate("tell('slide:start')")
    assert asked(page, {"state": True}, "a")["playing"] is True
    page.evaluate("scrollTo(0, 0)")
    eventually(page, {"playing": False})
    page.evaluate("scrollTo(0, 3000)")
    eventually(page, {"playing": True})
    assert page.evaluate(asks) == 1


@pytest.mark.parametrize("autoplay", ["false", "true"])
def test_other_figures_ask_nothing_of_the_page_around_them(framed: Any, autoplay: str) -> None:
    page, _ = framed(f"{SINGLE}?autoplay={autoplay}")
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
    asked(page, {"state": True}, "a")
    assert page.evaluate("heard.filter(({data}) => 'method' in data)") == []


def test_a_figure_whose_slide_goes_gives_the_keys_back_but_only_then_and_if_it_has_them(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?step=3", before="<input id=mine>")
    page.evaluate("() => { window.keys = []; addEventListener('keydown', ({key}) => keys.push(key)); }")
    frame.locator("#forward").click()
    page.evaluate("tell('slide:start')")
    page.keyboard.press("ArrowRight")
    step_of(frame).to_have_text("5")
    assert page.evaluate("keys") == []
    page.evaluate("tell('slide:stop')")
    page.wait_for_function("document.activeElement === document.body")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("keys.length === 1")
    step_of(frame).to_have_text("5")
    page.locator("#mine").focus()
    page.evaluate("tell('slide:stop')")
    asked(page, {"state": True}, "a")
    assert page.evaluate("document.activeElement.id") == "mine"


# --- hostile pages ---

HOSTILE = """
    const frame = document.querySelector("iframe").contentWindow;
    const cycle = {convoscope: {}};
    cycle.convoscope.params = cycle;
    const own = [
        null, [], "play", {innerHTML: "<img src=x onerror=alert(1)>"}, {params: {input: "<script>alert(1)</script>"}},
        {params: {["__proto__"]: 1}}, JSON.parse('{"__proto__": {"play": true}}'),
        {theme: 'dark" onload="alert(1)'}, {panels: ["__proto__"]}, {stage: "constructor"},
        {params: {input: "1,".repeat(300000)}}, {step: Infinity},
        {step: -1}, {url: "https://example.org"}, {location: "/"}, {params: {tensors: "all"}},
    ];
    const player = [
        {method: "eval", value: "alert(1)"}, {method: ["play"]}, {method: "addEventListener", value: "__proto__"},
        {method: "__defineGetter__"}, {method: "setCurrentTime", value: {}},
    ];
    const messages = [
        ...own.map((convoscope) => ({convoscope})), ...player.map((one) => ({context: "player.js", ...one})), cycle,
        null, undefined, 0, "", "x", "{", "[]", '{"convoscope":', "slide:", "slide:start ", new Uint8Array(10),
        new Map(), [1, [2]], new Blob(["x"]), new ImageData(2, 2), -0, 10n, new Error("x"), /x/,
    ];
    for (const message of messages) frame.postMessage(message, "*");
    for (let n = 0; n < 2000; n += 1) {
        frame.postMessage({context: "player.js", method: "addEventListener", value: "play", listener: String(n)}, "*");
    }
"""


def test_a_hostile_page_can_do_nothing_that_is_not_documented(framed: Any) -> None:
    page, frame = framed(f"{SINGLE}?step=3")
    before = frame.locator("#canvas").inner_html()
    address = page.frames[1].url
    page.evaluate(HOSTILE)
    answer = asked(page, {"state": True}, "last")
    assert (answer["step"], answer["playing"], answer["theme"], answer["panels"]) == (3, False, None, [])
    assert page.evaluate("told('error').length") > 10
    assert frame.locator("#canvas").inner_html() == before
    assert page.frames[1].url == address
    assert frame.locator("script").count() == 2
    # What is told is words: nothing of it is as long as what was sent.
    assert page.evaluate("Math.max(...heard.map(({data}) => JSON.stringify(data).length))") < 3000


def test_only_the_page_around_the_frame_is_listened_to(framing: Any) -> None:
    orders = "parent.frames[0].postMessage({convoscope: {step: 7}}, '*')"
    script = f"<script>addEventListener('message', () => {orders})</script>"
    other = f'<iframe name=other srcdoc="{script}"></iframe>'
    page = framing(f'<iframe width="800" height="450" src={SINGLE}?step=2></iframe>{other}')
    page.wait_for_function("told('ready').length > 0")
    frame = page.frame_locator("iframe >> nth=0")
    page.evaluate("frames[1].postMessage('go', '*')")
    # The frame's window tells itself, which is no page around it either.
    page.frames[1].evaluate("postMessage({convoscope: {step: 8}}, '*')")
    page.frames[1].evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
    assert asked(page, {"state": True}, "a")["step"] == 2
    step_of(frame).to_have_text("2")
    assert page.evaluate("heard.every(({from}) => from === 0)")


def test_a_figure_on_its_own_listens_to_nobody(page: Page) -> None:
    page.goto(f"{SINGLE}?step=2")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate("postMessage({convoscope: {step: 8}}, '*'); postMessage('slide:start', '*')")
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
    expect(page.locator("#step-count b")).to_have_text("2")


# --- the frame ---


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
    page, frame = framed("about:blank", after="<script>heard.push({data: {convoscope: {event: 'ready'}}})</script>")
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
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 400))")
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
    page.evaluate("tell({convoscope: {play: true, speed: 'max', loop: true}}, 0)")
    page.wait_for_function("frames.length === 10 && new Promise((resolve) => setTimeout(() => resolve(true), 600))")
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
    assert len(sizes) > 20
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


# --- what is seen ---


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
