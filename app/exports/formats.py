"""The formats that frames can become, what each takes, and which libraries it needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import IO, Any, Protocol

from app import extra
from app.exports.frames import PNG, SVG, Frame
from app.exports.job import Job
from app.exports.options import Options
from compute.errors import ConvError

_READER = "python_multipart"
_SHOWN = 40


class Encode(Protocol):
    """Writes a file of the frames that it is handed; asks the job now and then whether to go on."""

    def __call__(self, frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job) -> None: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format of file.

    Attributes:
        format: its name in the address, and the extension of its files.
        takes: the media types of frames that it is made of.
        media_type: of the file.
        needs: modules of the extra without which it cannot be made, besides the one that reads what is sent.
        module: our module that makes it; it imports the others, so it is loaded when it is first asked for.
        transparent: whether it can hold pixels through which the ground is seen.
    """

    format: str
    takes: tuple[str, ...]
    media_type: str
    needs: tuple[str, ...]
    module: str
    transparent: bool

    def document(self) -> dict[str, Any]:
        """The format as `GET /api/v1/exports` has it."""
        return {
            "format": self.format,
            "available": self.missing() is None,
            "takes": list(self.takes),
            "media_type": self.media_type,
            "extension": self.format,
            "extra": extra.EXTRA,
        }

    def missing(self) -> str | None:
        """The first module that is not installed, or None."""
        return extra.missing((_READER, *self.needs))

    def encoder(self) -> Encode:
        """What writes the file; raises ConvError where a library is missing."""
        if name := self.missing():
            raise _not_installed(self.format, name)
        try:
            encode: Encode = import_module(f"app.exports.{self.module}").encode
        except ImportError as error:  # there, and broken: of another processor, say
            raise _not_installed(self.format, str(error.name or self.module)) from error
        return encode


FORMATS = {
    one.format: one
    for one in (
        Format("gif", (PNG,), "image/gif", ("PIL",), "gif", transparent=True),
        Format("webp", (PNG,), "image/webp", ("PIL",), "webp", transparent=True),
        Format("mp4", (PNG,), "video/mp4", ("PIL", "av"), "mp4", transparent=False),
        Format("pdf", (SVG,), "application/pdf", ("typst", "pymupdf_fonts"), "pdf", transparent=True),
        Format(
            "pptx",
            (PNG,),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ("PIL", "av", "pptx"),
            "slides",
            transparent=False,
        ),
        Format("zip", (PNG, SVG), "application/zip", (), "archive", transparent=True),
    )
}


def find_format(name: str) -> Format:
    """The format of that name, or the error that names them all and the nearest."""
    found = FORMATS.get(name)
    if found is not None:
        return found
    shown = name[:_SHOWN]
    nearest = get_close_matches(shown.lower(), FORMATS, n=1, cutoff=0.5)
    raise ConvError(
        "unknown_format",
        "format",
        f"Frames cannot become «{shown}».",
        f"They can become {', '.join(FORMATS)}.",
        given=shown,
        known=list(FORMATS),
        **({"nearest": nearest[0]} if nearest else {}),
    )


def _not_installed(name: str, module: str) -> ConvError:
    return ConvError(
        "encoder_missing",
        "format",
        f"This server cannot make {name}: {module} is not installed.",
        f"Whoever runs it installs what exports need with: {extra.INSTALL}",
        format=name,
        missing=module,
        install=extra.INSTALL,
    )
