"""MP4 and PowerPoint, read back by PyAV and python-pptx."""

import struct
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import pytest
from av.video.frame import PictureType
from PIL import Image, ImageChops
from pptx import Presentation
from starlette.testclient import TestClient

from tests.app.exports.sending import HEIGHT, STEPS, WIDTH, file_of, pngs
from tests.frames import png_frame

TIMING = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
LINK = "https://convoscope.example/learn/dilated?dilation=2"


def atoms(file: bytes) -> list[str]:
    """The outermost parts of an MP4, in their order."""
    found, at = [], 0
    while at < len(file):
        size, name = struct.unpack(">I4s", file[at : at + 8])
        found.append(name.decode())
        at += size
    return found


def film(file: bytes) -> tuple[Any, list[av.VideoFrame]]:
    """The stream as it describes itself, and every picture of it, decoded."""
    container: Any = av.open(BytesIO(file))
    return container.streams.video[0], list(container.decode(video=0))


def test_a_film_is_h264_as_every_player_takes_it(client: TestClient) -> None:
    file = file_of(client, "mp4", pngs(), title="Dilated convolution", link=LINK)
    stream, pictures = film(file)
    codec = stream.codec_context
    assert (codec.name, codec.pix_fmt, codec.profile) == ("h264", "yuv420p", "High")
    assert (codec.width, codec.height) == (WIDTH, HEIGHT)
    # bt709, as studios have it: 16 to 235.
    assert (codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range) == (1, 1, 1, 1)
    assert not any(picture.pict_type == PictureType.B for picture in pictures)
    # The index comes before the pictures.
    assert atoms(file).index("moov") < atoms(file).index("mdat")
    assert stream.container.metadata["title"] == "Dilated convolution"
    assert stream.container.metadata["comment"] == LINK


@pytest.mark.parametrize(("hold", "last_hold"), [(500, 1500), (100, 100), (333, 999), (40, 40), (901, 2703)])
def test_every_frame_is_held_as_long_as_was_asked_at_a_constant_rate(
    client: TestClient, hold: int, last_hold: int
) -> None:
    stream, pictures = film(file_of(client, "mp4", pngs(), hold=hold, last_hold=last_hold))
    each = -(-hold // 250)
    length = STEPS - 1 + last_hold // hold
    assert len(pictures) == stream.frames == each * length
    assert stream.average_rate == Fraction(1000 * each, hold)
    assert abs(stream.duration * stream.time_base - Fraction(hold * length, 1000)) < Fraction(1, 1000)
    assert [round(picture.time * 1000) for picture in pictures[::each]] == [n * hold for n in range(length)]


def bt709(colour: tuple[int, ...]) -> tuple[float, float, float]:
    """Light and the two colours as the standard writes red, green and blue, of 16 to 235."""
    red, green, blue = (value / 255 for value in colour)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * light, 128 + 224 * (blue - light) / 1.8556, 128 + 224 * (red - light) / 1.5748


def test_pictures_are_those_that_were_sent_in_the_colours_of_the_standard(client: TestClient) -> None:
    frames = [png_frame(n, 1280, 720) for n in range(3)]
    _, pictures = film(file_of(client, "mp4", frames, width=1280, height=720, hold=200, last_hold=200))
    for picture, sent in zip(pictures, frames, strict=True):
        drawn: Any = Image.open(BytesIO(sent)).convert("RGB")
        for x, y in ((20, 20), (90, 130), (730, 130)):  # ground, input, output: flat colours
            seen = [
                bytes(plane)[(y >> n) * plane.line_size + (x >> n)]
                for plane, n in zip(picture.planes, (0, 1, 1), strict=True)
            ]
            wanted = bt709(drawn.getpixel((x, y)))
            assert all(abs(a - b) <= 3 for a, b in zip(seen, wanted, strict=True)), (seen, wanted)
        # Edges are soft in colour, which has half the resolution, and hardly in grey.
        grey = ImageChops.difference(picture.to_image().convert("L"), drawn.convert("L"))
        assert sum(n * count for n, count in enumerate(grey.histogram())) / (1280 * 720) < 1


def test_a_film_is_written_as_often_as_it_is_played(client: TestClient) -> None:
    _, once = film(file_of(client, "mp4", pngs(), loop=1))
    file = file_of(client, "mp4", pngs(), loop=3)
    stream, thrice = film(file)
    assert len(thrice) == 3 * len(once)
    assert [picture.time for picture in thrice] == [n * once[1].time for n in range(len(thrice))]
    for n, picture in enumerate(once):
        assert picture.to_image().tobytes() == thrice[2 * len(once) + n].to_image().tobytes()
    assert stream.duration * stream.time_base == 3 * len(once) * Fraction(1, 4)


def test_sides_that_are_odd_become_even(client: TestClient) -> None:
    frames = [png_frame(n, 321, 179) for n in range(3)]
    stream, pictures = film(file_of(client, "mp4", frames, width=321, height=179))
    assert (stream.width, stream.height) == (322, 180)
    last = pictures[-1].to_image()
    assert all(value > 240 for value in last.getpixel((321, 179)))


def test_slides_hold_the_film_its_first_frame_and_where_it_is_from(client: TestClient) -> None:
    file = file_of(client, "pptx", pngs(), title="Dilated convolution", link=LINK)
    deck = Presentation(BytesIO(file))
    assert (deck.slide_width, deck.slide_height) == (12_192_000, 6_858_000)
    assert deck.core_properties.title == "Dilated convolution"
    [slide] = deck.slides
    assert slide.notes_slide.notes_text_frame.text == f"Dilated convolution\n{LINK}"
    [movie] = slide.shapes
    assert movie.media_type.name == "MOVIE"
    assert (movie.left, movie.top, movie.width, movie.height) == (0, 0, deck.slide_width, deck.slide_height)
    assert movie.poster_frame.blob == pngs()[0]
    [media] = {part.blob for part in deck.part.package.iter_parts() if part.partname.startswith("/ppt/media/media")}
    stream, pictures = film(media)
    assert (stream.codec_context.name, len(pictures)) == ("h264", 2 * STEPS)


@pytest.mark.parametrize(("loop", "counted"), [(0, "indefinite"), (1, "1000"), (3, "3000")])
def test_powerpoint_repeats_the_film_by_itself(client: TestClient, loop: int, counted: str) -> None:
    file = file_of(client, "pptx", pngs(), loop=loop)
    [slide] = Presentation(BytesIO(file)).slides
    assert [node.get("repeatCount") for node in slide._element.iter(f"{TIMING}cTn")].count(counted) == 1
    media = [part for part in slide.part.package.iter_parts() if part.partname.endswith(".mp4")]
    assert len(film(media[0].blob)[1]) == 2 * STEPS


def test_a_film_of_another_shape_stands_in_the_middle_of_the_slide(client: TestClient) -> None:
    frames = [png_frame(n, 240, 180) for n in range(2)]
    [slide] = Presentation(BytesIO(file_of(client, "pptx", frames, width=240, height=180))).slides
    [movie] = slide.shapes
    assert (movie.top, movie.height) == (0, 6_858_000)
    assert movie.left == (12_192_000 - movie.width) // 2
    assert movie.width == 9_144_000
