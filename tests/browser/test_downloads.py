"""Files that a reader downloads from the dialog of a lesson, made by the real server, opened by other programs."""

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import av
import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page, expect
from pptx import Presentation

from compute.kinds import KINDS

FIGURE = "/learn/single-channel?input_size=4&seed=5&theme=dark"
STEPS = 4
SIZE = (640, 360)
# What compression and fewer colours may change, on average, of 255.
TOLERANCE = 5.0


@pytest.fixture
def dialog(page: Page) -> Page:
    """The dialog of the figure, with files of a small size."""
    page.goto(FIGURE)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("#export").click()
    return page


def downloaded(page: Page, format: str, step: int | None = None) -> tuple[str, bytes]:
    """The file that the dialog hands over, with the name under which it is kept."""
    page.locator(f"#format-{format}").check()
    if format not in ("json", "csv", "html"):
        page.locator("#export-size").select_option("own")
        for name, side in zip(("width", "height"), SIZE, strict=True):
            page.locator(f"#export-{name}").fill(str(side))
    if step is not None:
        page.locator("#export-step").fill(str(step))
    button = page.locator("#export-start")
    expect(button).to_be_enabled()
    with page.expect_download() as waiting:
        button.click()
    expect(page.locator("#export-done")).to_contain_text(waiting.value.suggested_filename)
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def output() -> list[float]:
    kind = KINDS["single-channel"]
    trace = kind.trace(kind.parse({"input_size": "4", "seed": "5"}))
    return [float(value) for value in trace["tensors"]["output"]["values"].ravel()]


def gif_or_webp(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    assert (picture.size, picture.n_frames, picture.info["loop"]) == (SIZE, STEPS, 0)  # type: ignore[attr-defined]
    picture.seek(STEPS - 1)
    return picture.convert("RGB")


def film(data: bytes) -> Image.Image:
    with av.open(BytesIO(data), mode="r") as found:
        stream = found.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt, stream.width, stream.height) == ("h264", "yuv420p", *SIZE)
        frames = list(found.decode(stream))
    assert len(frames) >= STEPS
    last: Image.Image = frames[-1].to_image()
    return last


def pages(data: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    assert len(document) == STEPS
    last = document[STEPS - 1]
    said = last.get_textpage().get_text_range().split()
    assert all(f"{value:g}".replace("-", "−") in said for value in output())
    shown: Image.Image = last.render(scale=SIZE[0] / last.get_width()).to_pil()
    return shown.convert("RGB")


def slide(data: bytes) -> Image.Image:
    (found,) = Presentation(BytesIO(data)).slides
    (name,) = [name for name in ZipFile(BytesIO(data)).namelist() if name.endswith(".mp4")]
    assert found.notes_slide.notes_text_frame.text
    return film(ZipFile(BytesIO(data)).read(name))


def numbered(data: bytes) -> Image.Image:
    archive = ZipFile(BytesIO(data))
    assert archive.testzip() is None
    names = archive.namelist()
    assert [name.rsplit("-", 1)[1] for name in names] == [f"{n:03}.png" for n in range(1, STEPS + 1)]
    return Image.open(BytesIO(archive.read(names[-1]))).convert("RGB")


READERS: dict[str, Callable[[bytes], Image.Image]] = {
    "gif": gif_or_webp,
    "webp": gif_or_webp,
    "mp4": film,
    "pdf": pages,
    "pptx": slide,
    "zip-png": numbered,
}


def test_the_last_frame_is_the_last_step_as_the_browser_draws_it(dialog: Page) -> None:
    _, still = downloaded(dialog, "png", step=STEPS)
    for format, read in READERS.items():
        name, data = downloaded(dialog, format)
        assert name.endswith(f".{format.split('-')[0]}")
        shown = read(data)
        # Lines and letters of a PDF are smoothed by whoever shows it.
        expected = Image.open(BytesIO(still)).convert("RGB").resize(shown.size)
        means = ImageStat.Stat(ImageChops.difference(shown, expected)).mean
        assert max(means) < TOLERANCE, format
        assert len(shown.getcolors(1 << 20) or ()) > 20, format


def test_numbers_come_back_from_the_trace_and_from_the_table(dialog: Page) -> None:
    _, data = downloaded(dialog, "json")
    trace = json.loads(data)
    flat = [value for row in trace["tensors"]["output"]["values"][0] for value in row]
    assert flat == output()
    name, table = downloaded(dialog, "csv")
    assert name.endswith(".csv")
    rows = list(csv.DictReader(StringIO(table.decode("utf-8-sig"))))
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["step"]] = sums.get(row["step"], 0.0) + float(row["product"])
    assert list(sums.values()) == pytest.approx(output())


def test_the_file_without_a_server_is_whole(dialog: Page) -> None:
    name, data = downloaded(dialog, "html")
    assert name.endswith(".html")
    text = data.decode()
    assert "<script" in text
    assert 'src="/' not in text
    assert 'href="/' not in text
