"""Frames as they are sent, and whether they are what they claim, before a library opens them."""

import struct
from dataclasses import dataclass

from app.exports import svg
from app.exports.options import Options
from compute.errors import ConvError

PNG = "image/png"
SVG = "image/svg+xml"

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"IEND\xaeB`\x82"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its bytes, the media type that they claim, and its number, counted from 1."""

    data: bytes
    media_type: str
    number: int

    def check(self, options: Options) -> None:
        """Refuse what is not of its type, or not of the size that was said."""
        if self.media_type == PNG:
            self._same_size(self._size_of_png(), options)
        else:
            self._same_size(svg.size_of(self.data, self.number), options)

    def unreadable(self, reason: str) -> ConvError:
        """It has the look of a PNG, and is none."""
        return ConvError(
            "not_a_png",
            "frame",
            f"Frame {self.number} is no PNG that can be read: {reason}.",
            "Send each frame as a whole PNG.",
            frame=self.number,
        )

    def _size_of_png(self) -> tuple[float, float]:
        if not self.data.startswith(_SIGNATURE) or self.data[12:16] != b"IHDR":
            raise self.unreadable("it does not begin like one")
        if not self.data.endswith(_END):
            raise self.unreadable("its end is missing")
        width, height = struct.unpack(">II", self.data[16:24])
        return width, height

    def _same_size(self, found: tuple[float, float], options: Options) -> None:
        width, height = found
        if width == options.width and height == options.height:
            return
        raise ConvError(
            "frame_size",
            "frame",
            f"Frame {self.number} is {width:g} × {height:g}; the options say {options.width} × {options.height}.",
            "Draw all frames in the size that the options say.",
            frame=self.number,
            width=width,
            height=height,
            expected=[options.width, options.height],
        )
