"""Figures in the frames of another site: what moves them, what they tell, and what nobody can make them do."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.frames import FAST, SINGLE, asked, eventually, moments_pass, step_of
from tests.pages import settled

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
    asked(page, {"state": True}, "played")
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
    moments_pass(page, "out of sight")
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
    settled(page)
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
    settled(page)
    assert asked(page, {"state": True}, "a")["step"] == 2
    step_of(frame).to_have_text("2")
    assert page.evaluate("heard.every(({from}) => from === 0)")


def test_a_figure_on_its_own_listens_to_nobody(page: Page) -> None:
    page.goto(f"{SINGLE}?step=2")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate("postMessage({convoscope: {step: 8}}, '*'); postMessage('slide:start', '*')")
    settled(page)
    expect(page.locator("#step-count b")).to_have_text("2")
