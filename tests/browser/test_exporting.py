"""Files of a figure to take away, made in a real Chromium by the module of the page; nothing of the server encodes."""

import base64
import io
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page, Route

from tests.browser.test_journey import open_figure
from tests.conftest import NewPage
from tests.pages import settled

SINGLE = "/learn/single-channel?step=5"
SVG = "{http://www.w3.org/2000/svg}"
SMALL: dict[str, Any] = {"width": 320, "height": 180}

# What the page's own scripts do, asked of their module.
MODULE = """
const entry = [...document.querySelectorAll('script[type=module]')].map(({src}) => src).find((src) => src);
const root = entry.replace(/[^/]+$/, '');
const exporting = await import(`${root}view/exporting.js`);
const { translator } = await import(`${root}model/strings.js`);
const data = JSON.parse(document.getElementById('page-data').textContent);
const context = exporting.contextOf(data, translator(data.strings));
"""
EXPORT = (
    "async ([settings, stop]) => {"
    + MODULE
    + """
const told = [];
const abort = new AbortController();
window.stopExport = () => abort.abort();
if (stop?.before) abort.abort();
let turns = 0;
const progress = (now) => {
  told.push({ ...now, turns });
  setTimeout(() => { turns += 1; });
  if (stop?.phase === now.phase && now.done >= stop.done) abort.abort();
};
try {
  const { blob, name } = await exporting.exportFigure(settings, context, { signal: abort.signal, progress });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let n = 0; n < bytes.length; n += 8192) text += String.fromCharCode(...bytes.subarray(n, n + 8192));
  return { name, type: blob.type, bytes: btoa(text), told };
} catch (error) {
  const { name, message } = error;
  return { failed: name === 'Error' ? error.constructor.name : name, message, error: error.error ?? null, told };
}
}"""
)
ESTIMATE = "async (settings) => {" + MODULE + "return exporting.estimate(settings, context); }"
FORMATS = {
    "formats": [
        {
            "format": name,
            "available": name != "mp4",
            "takes": ["image/svg+xml"] if name == "pdf" else ["image/png", "image/svg+xml"],
            "media_type": "application/octet-stream",
            "extension": name,
            "extra": "export",
        }
        for name in ("gif", "webp", "mp4", "pdf", "pptx", "zip")
    ],
    "limits": {"frames": 20, "pixels": 3840 * 2160, "bytes": 50_000_000, "seconds": 60},
}


def exported(page: Page, stop: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """The file, or how it failed; `told` is its progress, with the tasks of the page that have had their turn."""
    found: dict[str, Any] = page.evaluate(EXPORT, [settings, stop])
    if "bytes" in found:
        found["bytes"] = base64.b64decode(found["bytes"])
    return found


def picture(file: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(file["bytes"]))


def encoders(page: Page, answer: Callable[[Route], None] | None = None) -> list[Any]:
    """Stands in for the server's encoders: what was sent to them is kept, and answered with some bytes."""
    sent: list[Any] = []

    def take(route: Route) -> None:
        sent.append(route.request)
        if answer:
            answer(route)
        else:
            route.fulfill(body=b"a file", content_type="image/gif")

    page.route(re.compile(r"/api/v1/exports$"), lambda route: route.fulfill(json=FORMATS))
    page.route(re.compile(r"/api/v1/exports/\w+$"), take)
    return sent


def parts(request: Any) -> list[tuple[str, str, bytes]]:
    """Name, type and content of each part of a form."""
    body = request.post_data_buffer
    boundary = body.split(b"\r\n", 1)[0]
    found = []
    for part in body.split(boundary)[1:-1]:
        head, content = part.removeprefix(b"\r\n").split(b"\r\n\r\n", 1)
        name = re.search(rb'name="(\w+)"', head)
        kind = re.search(rb"Content-Type: (\S+)", head)
        assert name
        found.append((name[1].decode(), kind[1].decode() if kind else "", content.removesuffix(b"\r\n")))
    return found


# --- pictures that the browser makes alone ---


def test_a_picture_has_the_pixels_that_were_asked_for(page: Page) -> None:
    open_figure(page, SINGLE)
    file = exported(page, format="png")
    assert (file["name"], file["type"]) == ("convoscope-single-channel-step-5.png", "image/png")
    sizes = [(1280, 720), (1920, 1080), (3840, 2160), (1080, 1080), (720, 1280)]
    assert [picture(exported(page, format="png", width=width, height=height)).size for width, height in sizes] == sizes


def test_a_picture_shows_what_the_page_shows(new_page: NewPage) -> None:
    """The same cells, colours and numbers, since frames are drawn by the scenes of the page."""
    page = new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    open_figure(page, SINGLE)
    settled(page)
    seen = Image.open(io.BytesIO(page.locator("#canvas").screenshot()))
    files = [exported(page, format="png", equation=False, title=False, step=step) for step in (5, 6)]
    shown, same, next_ = cut(seen), *(cut(picture(file)) for file in files)
    assert abs(shown.width / shown.height - same.width / same.height) < 0.02
    assert apart(shown, same) < 14
    # A window that stands one cell further is seen to be another picture.
    assert apart(shown, next_) > 1.5 * apart(shown, same)
    assert colours(shown) == colours(same)


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures lie apart on average, of 255."""
    small = (320, round(320 * one.height / one.width))
    difference = ImageChops.difference(one.resize(small).convert("RGB"), other.resize(small).convert("RGB"))
    return sum(ImageStat.Stat(difference).mean) / 3


def cut(image: Image.Image) -> Image.Image:
    """The part with the input's grid: what is blue, and all between."""
    pixels = image.convert("RGB")
    ys, xs = np.nonzero((np.asarray(pixels) == (220, 235, 251)).all(axis=2))
    return pixels.crop((int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())))


def colours(image: Image.Image) -> set[Any]:
    """Colours that fill more than a hundredth."""
    counted = image.getcolors(1 << 24) or []
    return {colour for count, colour in counted if count > 0.01 * image.width * image.height}


def test_a_theme_is_the_files_alone(new_page: NewPage) -> None:
    page = new_page(color_scheme="light")
    open_figure(page, SINGLE)
    settled(page)
    before = page.screenshot()
    corners = {
        theme: picture(exported(page, format="png", theme=theme)).convert("RGB").getpixel((2, 300))
        for theme in ("light", "dark", "projector")
    }
    assert corners == {"light": (255, 255, 255), "dark": (24, 28, 35), "projector": (255, 255, 255)}
    settled(page)
    assert page.screenshot() == before
    assert page.locator("[data-theme]").count() == 0


def test_a_theme_is_the_same_whatever_the_page_shows(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    themes = {"light": b"#dcebfb", "dark": b"#16324f", "projector": b"#c9e2ff"}
    seen = []
    for shown in themes:
        open_figure(page, f"{SINGLE}&theme={shown}")
        files = {theme: exported(page, format="svg", theme=theme)["bytes"] for theme in themes}
        assert [theme for theme, colour in themes.items() if colour not in files[theme]] == []
        assert exported(page, format="svg")["bytes"] == files[shown], shown
        seen.append(files)
    assert seen == seen[:1] * 3


def test_a_transparent_picture_has_no_ground(page: Page) -> None:
    open_figure(page, f"{SINGLE}&theme=light")
    clear = picture(exported(page, format="png", transparent=True))
    assert clear.mode == "RGBA"
    assert clear.getpixel((2, 300)) == (0, 0, 0, 0)
    assert picture(exported(page, format="png")).convert("RGBA").getpixel((2, 300)) == (255, 255, 255, 255)


def test_an_svg_is_whole_in_itself(page: Page) -> None:
    for address in ("/learn/single-channel?input_size=40&step=3", "/learn/multi-channel?padding=1"):
        open_figure(page, address)
        for transparent in (False, True):
            data = exported(page, format="svg", transparent=transparent)["bytes"]
            tree = ElementTree.fromstring(data)
            assert tree.tag == f"{SVG}svg"
            assert (tree.get("width"), tree.get("height"), tree.get("viewBox")) == ("1280", "720", "0 0 1280 720")
            assert tree.find(f"{SVG}title") is not None
            links = {link or place for link, place in re.findall(rb'(?:href|src)="([^"]*)|url\(([^)]*)\)', data)}
            names = {b"#" + name for name in re.findall(rb' id="([^"]+)"', data)}
            assert [link for link in links - names if not link.startswith(b"data:image/png")] == []


def test_words_are_those_of_the_page(page: Page) -> None:
    open_figure(page, f"{SINGLE}&lang=zh")
    text = "".join(ElementTree.fromstring(exported(page, format="svg")["bytes"]).itertext())
    for said in ("单通道卷积", "第 5 步，共 9 步", "输入"):
        assert said in text


def test_names_are_short_and_safe(page: Page) -> None:
    open_figure(page, "/learn/dilated?dilation=2&padding=1:2x3:4&input_size=9")
    encoders(page)
    assert (
        exported(page, format="gif", end=1, **SMALL)["name"]
        == "convoscope-dilated-dilation-2-padding-1-2x3-4-input-size-9.gif"
    )
    assert exported(page, format="svg", step=3)["name"].endswith("-step-3.svg")
    assert exported(page, format="json")["name"].endswith("input-size-9.json")


def test_the_trace_is_the_document_that_the_server_gave(page: Page) -> None:
    open_figure(page, SINGLE)
    params: dict[str, Any] = {
        "input": "3,3,2,1,0;0,0,1,3,1;3,1,2,2,3;2,0,0,2,2;2,0,0,0,1",
        "kernel": "0,1,2;2,2,0;0,1,2",
    }
    given = page.request.get("/api/v1/traces/single-channel", params=params)
    assert json.loads(exported(page, format="json")["bytes"]) == given.json()
    table = exported(page, format="csv")
    assert table["bytes"] == page.request.get("/api/v1/steps/single-channel", params=params).body()


# --- files that the server makes ---


def test_frames_go_to_the_server_in_order_with_what_it_must_know(page: Page) -> None:
    open_figure(page, SINGLE)
    sent = encoders(page)
    file = exported(page, format="gif", speed=2, loop=3, start=2, end=6, width=640, height=360)
    assert (file["name"], file["bytes"]) == ("convoscope-single-channel.gif", b"a file")
    [request] = sent
    assert request.headers["x-convoscope"] == "export"
    (name, _, options), *frames = parts(request)
    assert name == "options"
    assert json.loads(options) == {
        "name": "convoscope-single-channel",
        "title": "Single-channel convolution",
        "width": 640,
        "height": 360,
        "frames": 5,
        "hold": 450,
        "last_hold": 2050,
        "loop": 3,
        "transparent": False,
        "link": page.url,
    }
    assert [(name, kind) for name, kind, _ in frames] == [("frame", "image/png")] * 5
    assert len({content for _, _, content in frames}) == 5
    for _, _, content in frames:
        assert Image.open(io.BytesIO(content)).size == (640, 360)


def test_each_format_is_sent_as_what_it_is_made_of(page: Page) -> None:
    open_figure(page, SINGLE)
    sent = encoders(page)
    made_of = [
        ("pdf", "pdf", "image/svg+xml"),
        ("zip-svg", "zip", "image/svg+xml"),
        ("zip-png", "zip", "image/png"),
        ("webp", "webp", "image/png"),
        ("pptx", "pptx", "image/png"),
    ]
    for wanted, _, _ in made_of:
        assert exported(page, format=wanted, end=2, **SMALL)["bytes"] == b"a file"
    found = [(one.url.rsplit("/api/v1/exports/")[-1], [kind for _, kind, _ in parts(one)[1:]]) for one in sent]
    assert found == [(to, [kind] * 2) for _, to, kind in made_of]


def test_films_have_sides_that_are_even_and_always_a_ground(page: Page) -> None:
    open_figure(page, SINGLE)
    sent = encoders(page)
    exported(page, format="mp4", end=2, width=641, height=361, transparent=True)
    options = json.loads(parts(sent[0])[0][2])
    assert (options["width"], options["height"], options["transparent"]) == (642, 362, False)


def test_progress_counts_frames_then_bytes_then_waits(page: Page) -> None:
    """Bytes go to the real server: a stand-in takes none."""
    open_figure(page, SINGLE)
    file = exported(page, format="gif", **SMALL)
    assert getattr(picture(file), "n_frames", 1) == 9
    told = file["told"]
    drawn = [one for one in told if one["phase"] == "draw"]
    assert [one["done"] for one in drawn] == list(range(10))
    assert {one["total"] for one in drawn} == {9}
    *sending, last = told[len(drawn) :]
    assert {one["phase"] for one in sending} == {"send"}
    assert [one["done"] for one in sending] == sorted(one["done"] for one in sending)
    assert sending[-1]["done"] == sending[-1]["total"]
    assert (last["phase"], last["done"], last["total"]) == ("encode", 0, 9)


def test_a_refusal_of_the_server_is_said_in_the_readers_words(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    open_figure(page, f"{SINGLE}&lang=zh")
    values = {"limit": 5, "field": "frames"}
    error = {"code": "body_too_large", "field": "", "message": "Too large.", "hint": "", "values": values}
    encoders(page, lambda route: route.fulfill(status=422, json={"error": error}))
    refused = exported(page, format="gif", end=2, **SMALL)
    assert refused["failed"] == "Refused"
    assert refused["error"]["code"] == "body_too_large"
    assert refused["message"] == "请求体超过 5 字节。请减少数值。"


def test_without_a_server_the_browsers_own_files_remain_and_it_is_asked_again(new_page: NewPage) -> None:
    page = new_page(allow="status of 50|ERR_FAILED|Failed to load")
    open_figure(page, SINGLE)
    page.route(re.compile(r"/api/v1/exports"), lambda route: route.abort())
    assert "No answer from the server" in page.evaluate(ESTIMATE, {"format": "gif"})["problem"]
    assert page.evaluate(ESTIMATE, {"format": "png"})["problem"] is None
    assert exported(page, format="png", **SMALL)["name"].endswith(".png")
    encoders(page, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    assert page.evaluate(ESTIMATE, {"format": "gif"})["problem"] is None
    assert exported(page, format="gif", end=2, **SMALL)["failed"] == "Unreachable"
    encoders(page, lambda route: route.abort())
    assert exported(page, format="gif", end=2, **SMALL)["failed"] == "Unreachable"


def test_an_export_that_is_stopped_ends_at_once_and_leaves_nothing(page: Page) -> None:
    open_figure(page, SINGLE)
    sent = encoders(page)
    page.evaluate(
        """() => {
          window.open_ = new Set();
          window.opened = 0;
          const { createObjectURL, revokeObjectURL } = URL;
          URL.createObjectURL = (blob) => {
            const url = createObjectURL.call(URL, blob);
            open_.add(url);
            opened += 1;
            return url;
          };
          URL.revokeObjectURL = (url) => { open_.delete(url); revokeObjectURL.call(URL, url); };
        }"""
    )
    settled(page)
    elements = page.evaluate("document.querySelectorAll('*').length")
    for stop in ({"before": True}, {"phase": "draw", "done": 0}, {"phase": "draw", "done": 4}):
        stopped = exported(page, stop, format="gif", **SMALL)
        assert stopped["failed"] == "AbortError"
        assert len([one for one in stopped["told"] if one["phase"] == "draw"]) < 9
        assert page.evaluate("open_.size") == 0
        assert page.evaluate("document.querySelectorAll('*').length") == elements
    settled(page)
    assert sent == []
    assert page.evaluate("opened") >= 4


def test_what_is_being_sent_can_be_stopped(page: Page) -> None:
    open_figure(page, SINGLE)
    sent = encoders(page, lambda route: page.evaluate("stopExport()"))
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/exports/gif")):
        stopped = exported(page, format="gif", end=3, **SMALL)
    assert stopped["failed"] == "AbortError"
    assert len(sent) == 1


# --- what is said beforehand ---


def test_an_estimate_counts_frames_and_seconds(page: Page) -> None:
    open_figure(page, SINGLE)
    encoders(page)
    found = page.evaluate(ESTIMATE, {"format": "gif", "speed": 2, "width": 640, "height": 360})
    assert (found["frames"], found["width"], found["height"], found["problem"]) == (9, 640, 360, None)
    assert found["seconds"] == pytest.approx(8 * 0.45 + 2.05)
    assert page.evaluate(ESTIMATE, {"format": "pdf"})["seconds"] == 0


def test_files_of_the_browser_are_as_large_as_was_said(page: Page) -> None:
    wrong = []
    for address in (SINGLE, "/learn/multi-channel", "/learn/pooling", "/learn/cross-correlation"):
        open_figure(page, address)
        for wanted in ("png", "svg", "json", "csv"):
            least, most = page.evaluate(ESTIMATE, {"format": wanted})["bytes"]
            size = len(exported(page, format=wanted)["bytes"])
            if not least <= size <= most:
                wrong.append(f"{address}, {wanted}: {size} bytes, said {least} to {most}")
    assert wrong == []


def test_what_the_server_will_refuse_is_said_before(page: Page) -> None:
    open_figure(page, "/learn/single-channel?input_size=8")
    encoders(page)
    many = page.evaluate(ESTIMATE, {"format": "gif", "start": 3})
    assert many["problem"] == "34 frames are more than one file takes: 20. Choose steps 3 to 22, for instance."
    assert page.evaluate(ESTIMATE, {"format": "gif", **many["nearest"]})["problem"] is None
    large = page.evaluate(ESTIMATE, {"format": "gif", "end": 2, "width": 7680, "height": 4320})
    assert large["problem"] == "7680 × 4320 is larger than one frame may be. 3840 × 2160 works."
    missing = page.evaluate(ESTIMATE, {"format": "mp4"})
    assert "pip install 'convoscope[export]'" in missing["problem"]
    assert "no steps" in page.evaluate(ESTIMATE, {"format": "gif", "start": 9, "end": 3})["problem"]
    assert "64 to 7680" in page.evaluate(ESTIMATE, {"format": "png", "width": 20})["problem"]
    assert page.evaluate(ESTIMATE, {"format": "png", "width": 20})["nearest"] == {"width": 64, "height": 720}


def test_the_page_answers_while_frames_are_drawn(page: Page) -> None:
    """A task that was waiting when a frame was done has had its turn before the next frame is."""
    open_figure(page, "/learn/single-channel?input_size=8")
    encoders(page)
    drawn = [one for one in exported(page, format="zip-svg", **SMALL)["told"] if one["phase"] == "draw"]
    assert len(drawn) == 37
    assert [one["done"] for one in drawn if one["turns"] < one["done"] - 1] == []
