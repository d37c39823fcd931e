"""GIF and WebP, read back by Pillow."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageSequence
from starlette.testclient import TestClient

from app.exports.gif import times
from tests.app.exports.sending import HEIGHT, STEPS, WIDTH, file_of, pngs


def read(file: bytes, mode: str = "RGB") -> tuple[list[Any], list[int], Any]:
    """Every frame as it is seen, how long each stays, and the file."""
    found = Image.open(BytesIO(file))
    frames, holds = [], []
    for frame in ImageSequence.Iterator(found):
        frames.append(frame.convert(mode))
        holds.append(round(frame.info["duration"]))
    return frames, holds, found


def differences(frames: list[Any], mode: str = "RGB", ground: str | None = "#fff") -> list[int]:
    """By how much each frame differs from what was sent, at most."""
    drawn = [Image.open(BytesIO(frame)).convert(mode) for frame in pngs(len(frames), ground)]
    both = [ImageChops.difference(*pair) for pair in zip(frames, drawn, strict=True)]
    return [max(n for band in one.split() for n, count in enumerate(band.histogram()) if count) for one in both]


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_every_frame_is_there_as_it_was_drawn_and_stays_as_long_as_was_asked(client: TestClient, format: str) -> None:
    file = file_of(client, format, pngs(), hold=130, last_hold=1710)
    frames, holds, found = read(file)
    assert (len(frames), found.size) == (STEPS, (WIDTH, HEIGHT))
    assert holds == [130] * (STEPS - 1) + [1710]
    assert max(differences(frames)) <= (8 if format == "gif" else 0)


@pytest.mark.parametrize(("loop", "counted"), [(0, 0), (1, None), (2, 1), (7, 6)])
def test_a_gif_counts_how_often_it_is_repeated_after_the_first_time(
    client: TestClient, loop: int, counted: int | None
) -> None:
    file = file_of(client, "gif", pngs(2), loop=loop)
    found = re.findall(rb"\x21\xff\x0bNETSCAPE2\.0\x03\x01(..)\x00", file, re.DOTALL)
    assert [int.from_bytes(count, "little") for count in found] == ([] if counted is None else [counted])


@pytest.mark.parametrize("loop", [0, 1, 2, 7])
def test_a_webp_counts_how_often_it_is_played(client: TestClient, loop: int) -> None:
    assert read(file_of(client, "webp", pngs(2), loop=loop))[2].info["loop"] == loop


def test_frames_that_are_equal_stay_frames_of_their_own(client: TestClient) -> None:
    frames, holds, _ = read(file_of(client, "gif", [pngs(3)[2]] * 4, hold=200, last_hold=300))
    assert (len(frames), holds) == (4, [200, 200, 200, 300])


def test_one_frame_is_a_picture(client: TestClient) -> None:
    for format in ("gif", "webp"):
        assert Image.open(BytesIO(file_of(client, format, pngs(1)))).size == (WIDTH, HEIGHT)


def test_the_ground_of_a_transparent_webp_is_seen_through_in_all_degrees(client: TestClient) -> None:
    frames, _, _ = read(file_of(client, "webp", pngs(ground=None), transparent=True), "RGBA")
    drawn = [Image.open(BytesIO(frame)).convert("RGBA") for frame in pngs(ground=None)]
    for frame, wanted in zip(frames, drawn, strict=True):
        assert frame.getchannel("A").tobytes() == wanted.getchannel("A").tobytes()
    assert frames[-1].getextrema()[3] == (0, 255)


def test_a_transparent_gif_shows_no_frame_through_the_next(client: TestClient) -> None:
    frames, _, _ = read(file_of(client, "gif", pngs(ground=None), transparent=True), "RGBA")
    drawn = [Image.open(BytesIO(frame)).convert("RGBA") for frame in pngs(ground=None)]
    for frame, wanted in zip(frames, drawn, strict=True):
        half = wanted.getchannel("A").point([0] * 128 + [255] * 128)
        assert frame.getchannel("A").tobytes() == half.tobytes()


def test_frames_with_holes_stand_on_white_where_nothing_is_to_be_seen_through(client: TestClient) -> None:
    frames, _, _ = read(file_of(client, "webp", pngs(ground=None)))
    assert frames[0].getpixel((1, 1)) == (255, 255, 255)


def test_what_is_rounded_in_one_frame_is_made_up_for_in_the_next() -> None:
    assert sum(times([33] * 300)) == 990
    assert set(times([33] * 300)) == {3, 4}
