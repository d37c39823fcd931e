"""The form that is sent: read as it arrives, one part after another, each held until the next."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request

from app import bodies
from app.exports.formats import Format
from app.exports.frames import SVG, Frame
from app.exports.limits import Limits
from app.exports.options import Options, read
from compute.errors import ConvError

if TYPE_CHECKING:
    from python_multipart import MultipartParser

OPTIONS = "options"
FRAME = "frame"
_OPTIONS_BYTES = 64 * 1024
# A PNG is never much larger than its pixels.
_BYTES_A_PIXEL = 4.1
_HEAD = 64 * 1024
_NAME = re.compile(rb'(?:^|;)\s*name="?([^";]*)"?', re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)


@dataclass(slots=True)
class _Part:
    """A part of the form: its headers, and its bytes as far as they are there."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    data: bytearray = field(default_factory=bytearray)

    @property
    def name(self) -> str:
        found = _NAME.search(self.headers.get(b"content-disposition", b""))
        return found[1].decode("utf-8", "replace")[:60] if found else ""

    @property
    def media_type(self) -> str:
        return self.headers.get(b"content-type", b"").split(b";")[0].strip().lower().decode("latin-1")[:60]


class Upload:
    """What one request sends: the options first, then the frames."""

    def __init__(self, request: Request, format: Format, limits: Limits) -> None:
        self.request = request
        self.format = format
        self.limits = limits
        if bodies.declared_length(request) > limits.bytes:
            raise limits.too_long()
        self._parts = self._read(_boundary(request.headers.get("content-type", "")))

    async def options(self) -> Options:
        """The first part; raises ConvError where it is missing, or asks for more than is made."""
        part = await anext(self._parts, None)
        if part is None or part.name != OPTIONS:
            found = f"it is «{part.name}»" if part else "there is none"
            raise ConvError(
                "options_missing",
                OPTIONS,
                f"The first part of the form must be «{OPTIONS}»; {found}.",
                "Send the options as JSON before the frames.",
            )
        if len(part.data) > _OPTIONS_BYTES:
            raise _long_options()
        options = read(bodies.parse(bytes(part.data)))
        self.limits.check(options.frames, options.width, options.height)
        if options.transparent and not self.format.transparent:
            raise ConvError(
                "not_transparent",
                "transparent",
                f"A file of {self.format.format} cannot be transparent.",
                "Leave it out, or take webp, gif, pdf or zip.",
                format=self.format.format,
                nearest=False,
            )
        return options

    async def frames(self, options: Options) -> AsyncIterator[Frame]:
        """The frames in their order, as many as the options say; raises ConvError."""
        number = 0
        most = max(_HEAD, int(options.width * options.height * _BYTES_A_PIXEL))
        async for part in self._parts:
            number += 1
            if part.name != FRAME:
                raise ConvError(
                    "malformed_form",
                    FRAME,
                    f"Part {number + 1} of the form is called «{part.name}».",
                    f"After the options, every part is a «{FRAME}».",
                )
            if part.media_type not in self.format.takes:
                raise _wrong_type(part.media_type, number, self.format)
            if number > options.frames:
                raise _wrong_count(f"more than {options.frames:,}", options.frames)
            if part.media_type != SVG and len(part.data) > most:
                raise Frame(b"", part.media_type, number).unreadable(
                    f"it has {len(part.data):,} bytes, more than pixels"
                )
            yield Frame(bytes(part.data), part.media_type, number)
        if number < options.frames:
            raise _wrong_count(f"{number:,}", options.frames)

    async def _read(self, boundary: str) -> AsyncIterator[_Part]:
        """Parts as they are complete; what is sent meanwhile waits in the connection."""
        from python_multipart.exceptions import FormParserError

        reader = _Reader()
        parser = reader.parser(boundary)
        size = 0
        try:
            async for chunk in self.request.stream():
                size += len(chunk)
                if size > self.limits.bytes:
                    raise self.limits.too_long()
                parser.write(chunk)
                if not reader.first_done and len(reader.part.data) > _OPTIONS_BYTES:
                    raise _long_options()
                for part in reader.taken():
                    yield part
        except FormParserError as error:
            raise _malformed(str(error)) from None
        if not reader.ended:
            raise _malformed("it breaks off")


class _Reader:
    """Collects what the parser calls back with."""

    def __init__(self) -> None:
        self.part = _Part()
        self.done: list[_Part] = []
        self.first_done = False
        self.ended = False
        self._header = (bytearray(), bytearray())

    def parser(self, boundary: str) -> "MultipartParser":
        from python_multipart import MultipartParser

        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end_of_part,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._end_of_header,
                "on_end": self._end,
            },
        )

    def taken(self) -> list[_Part]:
        """The parts that were completed since the last call."""
        done, self.done = self.done, []
        return done

    def _begin(self) -> None:
        self.part = _Part()

    def _data(self, data: bytes, start: int, end: int) -> None:
        self.part.data += data[start:end]

    def _end_of_part(self) -> None:
        self.done.append(self.part)
        self.first_done = True

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _end_of_header(self) -> None:
        name, value = self._header
        self.part.headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _end(self) -> None:
        self.ended = True


def _boundary(content_type: str) -> str:
    kind = content_type.split(";")[0].strip().lower()
    found = _BOUNDARY.search(content_type)
    if kind != "multipart/form-data" or not found:
        raise ConvError(
            "not_a_form",
            "",
            f"The body is «{kind[:60]}», not multipart/form-data.",
            "Send a form: first the options, then the frames.",
            given=kind[:60],
        )
    return found[1]


def _malformed(reason: str) -> ConvError:
    return ConvError(
        "malformed_form", "", f"The form cannot be read: {reason}.", "Let a library write multipart/form-data."
    )


def _long_options() -> ConvError:
    return _malformed(f"its first part has more than {_OPTIONS_BYTES:,} bytes")


def _wrong_type(given: str, number: int, format: Format) -> ConvError:
    takes = " or ".join(format.takes)
    return ConvError(
        "wrong_frame_type",
        FRAME,
        f"Frame {number} is «{given}»; {format.format} is made of {takes}.",
        f"Send frames as {takes}.",
        frame=number,
        given=given,
        takes=list(format.takes),
    )


def _wrong_count(found: str, expected: int) -> ConvError:
    return ConvError(
        "frame_count",
        "frames",
        f"The options say {expected:,} frames; there are {found}.",
        "Say as many as are sent.",
        expected=expected,
    )
