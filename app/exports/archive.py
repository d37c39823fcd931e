"""Frames as they are, numbered, in a ZIP that is written while they arrive."""

from collections.abc import Iterator
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.exports.frames import PNG, Frame
from app.exports.job import Job
from app.exports.options import Options

_DIGITS = 3
_READABLE = 0o644 << 16


def encode(frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job) -> None:
    """Write `name-001.png` and so on: numbers of equal length, so that names sort as frames follow."""
    digits = max(_DIGITS, len(str(options.frames)))
    with ZipFile(out, "w") as archive:
        archive.comment = options.link.encode()[:1000]
        for frame in frames:
            extension = "png" if frame.media_type == PNG else "svg"
            entry = ZipInfo(f"{options.name}-{frame.number:0{digits}}.{extension}")
            entry.external_attr = _READABLE
            # A PNG is packed already.
            entry.compress_type = ZIP_STORED if frame.media_type == PNG else ZIP_DEFLATED
            archive.writestr(entry, frame.data)
