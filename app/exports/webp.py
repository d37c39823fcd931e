"""Frames as animated WebP: every pixel as it was drawn, transparency in all degrees."""

from collections.abc import Iterator
from typing import IO

from app.exports.frames import Frame
from app.exports.job import Job
from app.exports.options import Options
from app.exports.pictures import Film

# 0 is the quickest, 6 the smallest; from 2 on, flat colours get no smaller.
_METHOD = 2
_EFFORT = 20


def encode(frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job) -> None:
    """Write the frames; the library holds what it has compressed of them."""
    Film(frames, options).save(
        out,
        "WEBP",
        save_all=True,
        lossless=True,
        quality=_EFFORT,
        method=_METHOD,
        duration=options.holds,
        # WebP counts how often it is played, and 0 is without end, as here.
        loop=options.loop,
        background=(255, 255, 255, 0 if options.transparent else 255),
    )
    next(frames, None)  # asks whether all came
