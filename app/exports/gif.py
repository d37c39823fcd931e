"""Frames as GIF: of each only what changed, in colours of its own, so that flat colours stay what they are."""

from collections.abc import Iterator
from itertools import pairwise
from typing import IO, Any

from PIL import GifImagePlugin, Image, ImageChops

from app.exports.frames import Frame
from app.exports.job import Job
from app.exports.options import Options
from app.exports.pictures import opened

# One of the 256 colours stands for «as before».
_COLOURS = 255
_SEEN = 128
_LEAVE = 1
_CLEAR = 2


def encode(frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job) -> None:
    """Write the frames as they come; each is held until the next has been compared with it."""
    before: Image.Image | None = None
    for frame, time in zip(frames, times(options.holds), strict=True):
        picture = opened(frame, options)
        if before is None:
            out.write(_header(options))
        part, corner, clear = _seen(picture) if options.transparent else _changed(before, picture)
        out.write(
            b"".join(
                GifImagePlugin.getdata(
                    part,
                    corner,
                    duration=10 * time,
                    disposal=_CLEAR if options.transparent else _LEAVE,
                    include_color_table=True,
                    **({} if clear is None else {"transparency": clear}),
                )
            )
        )
        before = picture
    out.write(b";")


def times(holds: list[int]) -> list[int]:
    """Milliseconds as the hundredths of a second that GIF knows, rounded so that the whole keeps its length.

    >>> times([125, 125, 125, 125])
    [12, 13, 13, 12]
    """
    ends = [0]
    for hold in holds:
        ends.append(ends[-1] + hold)
    marks = [round(end / 10) for end in ends]
    return [until - since for since, until in pairwise(marks)]


def _header(options: Options) -> bytes:
    """Size and loop: how often a GIF is repeated after the first time; without a count, it is played once."""
    info: dict[str, Any] = {"duration": 10}
    if options.loop != 1:
        info["loop"] = max(options.loop - 1, 0)
    smallest = Image.new("P", (options.width, options.height))
    smallest.putpalette(b"\xff\xff\xff\x00\x00\x00")
    return b"".join(GifImagePlugin.getheader(smallest, info=info)[0])


def _changed(before: Image.Image | None, picture: Image.Image) -> tuple[Image.Image, tuple[int, int], int | None]:
    """The rectangle that differs from the frame before, what is alike in it left out."""
    if before is None:
        return _indexed(picture, _COLOURS + 1), (0, 0), None
    difference = ImageChops.difference(before, picture)
    box = difference.getbbox() or (0, 0, 1, 1)
    bands = difference.crop(box).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    alike = most.point([255] + 255 * [0])
    part = picture.crop(box)
    # What is alike takes no colour: it is painted over with one that stands in the rest.
    part.paste(_a_changed(part, most), mask=alike)
    return _holed(part, alike), box[:2], _COLOURS


def _a_changed(part: Image.Image, most: Image.Image) -> tuple[int, int, int]:
    x, y = (most.getbbox() or (0, 0))[:2]
    row = most.crop((0, y, most.width, y + 1)).getbbox() or (x, 0)
    colour = part.getpixel((row[0], y))
    assert isinstance(colour, tuple)
    return colour[0], colour[1], colour[2]


def _seen(picture: Image.Image) -> tuple[Image.Image, tuple[int, int], int | None]:
    """The rectangle that is not seen through. GIF knows no half: what is seen more than half is seen."""
    clear = picture.getchannel("A").point([255] * _SEEN + [0] * (256 - _SEEN))
    box = ImageChops.invert(clear).getbbox() or (0, 0, 1, 1)
    return _holed(picture.convert("RGB").crop(box), clear.crop(box)), box[:2], _COLOURS


def _holed(part: Image.Image, holes: Image.Image) -> Image.Image:
    indexed = _indexed(part, _COLOURS)
    palette = (indexed.getpalette("RGB") or [])[: 3 * _COLOURS]
    indexed.putpalette(palette + [0] * (768 - len(palette)))
    indexed.paste(_COLOURS, mask=holes)
    return indexed


def _indexed(picture: Image.Image, colours: int) -> Image.Image:
    """The picture by a palette: exact where it has no more colours, else the nearest, without a pattern of dots."""
    return picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
