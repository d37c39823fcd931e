"""Files of figures: drawn by the page, made from the command line, and read as browsers read them."""

import asyncio
import base64
from io import BytesIO
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import av
import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image
from playwright.sync_api import Page
from starlette.testclient import TestClient

from app import cli
from app.main import create_app
from app.settings import Settings
from tests.app.exports.sending import file_of, pngs

REPEATED = """async ({ data, type }) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const decoder = new ImageDecoder({ data: bytes, type });
  await decoder.tracks.ready;
  await decoder.completed;
  const { repetitionCount, frameCount } = decoder.tracks.selectedTrack;
  const times = [];
  for (let n = 0; n < frameCount; n += 1) times.push((await decoder.decode({ frameIndex: n })).image.duration / 1000);
  return { repeated: repetitionCount === Infinity ? -1 : repetitionCount, times };
}"""


@pytest.mark.parametrize("format", ["gif", "webp"])
@pytest.mark.parametrize(("loop", "repeated"), [(0, -1), (1, 0), (2, 1), (5, 4)])
def test_a_browser_plays_a_moving_picture_as_often_and_as_long_as_was_asked(
    page: Page, server: str, format: str, loop: int, repeated: int
) -> None:
    client = TestClient(create_app(Settings(strict_strings=True)))
    file = file_of(client, format, pngs(3), loop=loop, hold=130, last_hold=1710)
    page.goto("/docs")
    data = {"data": base64.b64encode(file).decode(), "type": f"image/{format}"}
    assert page.evaluate(REPEATED, data) == {"repeated": repeated, "times": [130, 130, 1710]}


def exported(*arguments: str) -> int:
    """The command in a thread of its own: Playwright's synchronous interface holds the loop of this one."""
    found: list[int] = []

    def run() -> None:
        asyncio.set_event_loop(None)
        found.append(cli.main(["export", *arguments]))

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


STEPS = 9


def test_the_command_writes_every_format(browser: object, tmp_path: Path) -> None:
    formats = ("png", "svg", "pdf", "gif", "webp", "mp4", "zip", "pptx", "csv")
    shapes = {one: "" if one == "csv" else 'size = "640x360"' for one in formats}
    figures = [f'[[figure]]\nkind = "dilated"\ndilation = 2\n{shapes[one]}\noutput = "figure.{one}"' for one in formats]
    (tmp_path / "figures.toml").write_text("\n".join(figures))
    assert exported("--list", str(tmp_path / "figures.toml")) == 0
    made = {one: (tmp_path / f"figure.{one}").read_bytes() for one in formats}
    for one in ("png", "gif", "webp"):
        picture = Image.open(BytesIO(made[one]))
        assert (picture.size, getattr(picture, "n_frames", 1)) == ((640, 360), 1 if one == "png" else STEPS), one
    assert "Dilated convolution" in made["svg"].decode()
    document = pypdfium2.PdfDocument(made["pdf"])
    assert len(document) == STEPS
    assert "step 9 of 9" in document[STEPS - 1].get_textpage().get_text_range()
    with av.open(BytesIO(made["mp4"])) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (640, 360)
    assert len(ZipFile(BytesIO(made["zip"])).namelist()) == STEPS
    assert "ppt/slides/slide1.xml" in ZipFile(BytesIO(made["pptx"])).namelist()
    assert made["csv"].count(b"\n") > 9 * STEPS


def test_a_file_of_one_figure_is_written_alone_in_its_size(browser: object, tmp_path: Path) -> None:
    file = tmp_path / "figure.png"
    assert exported("dilated", "--dilation", "2", "--size", "640x360", "-o", str(file)) == 0
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    with Image.open(file) as picture:
        assert picture.size == (640, 360)


FIGURES = """
size = "640x360"
[[figure]]
kind = "dilated"
output = "a.png"
dilation = 2
[[figure]]
kind = "grouped"
output = "b.svg"
groups = 2
[[figure]]
kind = "dilated"
output = "c.gif"
steps = "2-4"
"""


def test_a_list_is_drawn_in_parallel_and_again_only_where_it_changed(
    browser: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.toml"
    file.write_text(FIGURES)
    assert exported("--list", str(file)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 made, 0 unchanged, 0 not made"
    assert getattr(Image.open(BytesIO((tmp_path / "c.gif").read_bytes())), "n_frames", 1) == 3
    (tmp_path / "a.png").unlink()
    assert exported("--list", str(file)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 made, 2 unchanged, 0 not made"


def test_words_and_theme_are_those_asked_for(browser: object, tmp_path: Path) -> None:
    light, dark = tmp_path / "light.svg", tmp_path / "dark.svg"
    assert exported("dilated", "--lang", "zh", "-o", str(light)) == 0
    assert exported("dilated", "--lang", "zh", "--theme", "dark", "-o", str(dark)) == 0
    assert "空洞卷积" in light.read_text(encoding="utf-8")
    assert light.read_bytes() != dark.read_bytes()
