"""One file that is asked for: the figure, the file, and how it is drawn; read from arguments."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from app.answers import trace_document
from app.api import find_kind
from app.i18n import read_catalogues
from app.paths import LOCALES
from app.shown import SPEEDS, THEMES
from app.sides import clock_length
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import PAGING, Kind

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080), "1440p": (2560, 1440), "4k": (3840, 2160)}
FILMS = ("gif", "webp", "mp4", "pptx")
# Of all steps, if not told otherwise.
MANY = (*FILMS, "pdf", "zip")
STILLS = ("png", "svg")
DRAWN = (*STILLS, *MANY)
EXTENSIONS = (*DRAWN, "html", "json", "csv")
_TRANSPARENT = ("png", "svg", "pdf", "gif", "webp", "zip")

# Which files an option has a meaning for; for others it is refused, not ignored.
MEANT_FOR = {
    "size": DRAWN,
    "theme": (*DRAWN, "html"),
    "lang": (*DRAWN, "html"),
    "title": DRAWN,
    "equation": DRAWN,
    "link": MANY,
    "transparent": _TRANSPARENT,
    "step": (*DRAWN, "html"),
    "steps": MANY,
    "speed": (*FILMS, "html"),
    "loop": FILMS,
    "stage": (*DRAWN, "html"),
    "frames": ("zip",),
    "live": ("html",),
}


class OrderError(Exception):
    """What is asked for cannot be done; one sentence or two say why."""


class Parser(argparse.ArgumentParser):
    """Raises where argparse would end the program, so that a list can go on with its next figure."""

    def error(self, message: str) -> NoReturn:
        raise OrderError(message[:1].upper() + message[1:] + ("" if message.endswith(".") else "."))


@dataclass(frozen=True)
class Order:
    """A file of a figure.

    Attributes:
        kind: the type of convolution.
        params: its parameters, as a link has them.
        output: where the file is to lie.
        options: how it is drawn, only what was asked for; the names are those of the command line.
    """

    kind: Kind
    params: dict[str, str]
    output: Path
    options: dict[str, Any]

    @property
    def extension(self) -> str:
        """What kind of file it is."""
        return self.output.suffix[1:].lower()

    @cached_property
    def trace(self) -> dict[str, Any]:
        """The figure's trace; raises ConvError."""
        return trace_document(self.kind, self.kind.parse_facts(self.shown))

    @property
    def shown(self) -> dict[str, str]:
        """The figure's parameters; where none are given, those of the first preset, as on the page."""
        return self.params or dict(self.kind.presets[0].params)

    def check(self) -> None:
        """Raise ConvError where there is no such figure, OrderError where it has no such step."""
        last = clock_length(self.trace)
        asked = [("step", int(self.options["step"]))] if "step" in self.options else []
        asked += [("steps", int(step)) for step in self.options.get("steps", ())]
        for name, step in asked:
            if step > last:
                raise OrderError(f"--{name}: the figure has {last} steps, so {step} is none of them.")
        stages = [stage["id"] for stage in self.trace["stages"]]
        stage = self.options.get("stage", "all")
        if stage not in ("all", *stages):
            raise OrderError(f"--stage: the figure has no stage «{stage}». It has {', '.join(stages)}.")

    def query(self, *names: str) -> str:
        """The figure's parameters and some of the page's, as a link has them."""
        page = {name: str(self.options[name]) for name in names if name in self.options}
        return urlencode({**self.shown, **page}, quote_via=quote, safe=",;:/")

    def settings(self) -> dict[str, Any]:
        """What `exportFigure` of the page's scripts is handed."""
        options = self.options
        width, height = options.get("size", SIZES["720p"])
        found = {
            "format": f"zip-{options.get('frames', 'png')}" if self.extension == "zip" else self.extension,
            "width": width,
            "height": height,
            "theme": options.get("theme", "light"),
            "transparent": options.get("transparent", False),
            "title": options.get("title", True),
            "equation": options.get("equation", True),
            "speed": options.get("speed", "1"),
            "loop": options.get("loop", 0),
        }
        if self.extension in STILLS:
            # Without a step, the whole figure: after the last one.
            return found | {"step": options.get("step", clock_length(self.trace))}
        start, end = options.get("steps", (options["step"],) * 2 if "step" in options else (None, None))
        return found | ({} if start is None else {"start": start, "end": end})


def read(arguments: Sequence[str], folder: Path = Path()) -> Order:
    """The order that arguments make; raises OrderError or ConvError. Its file lies in `folder` where it is relative."""
    given, rest = parser().parse_known_args(arguments)
    if given.kind is None:
        raise OrderError("Which figure? Name its type first: convoscope export dilated -o figure.mp4")
    kind = find_kind(given.kind)
    if given.output is None:
        raise OrderError("Where to? Say it by -o figure.mp4; the ending decides what it is.")
    output = folder / given.output
    _known_extension(output)
    params = {**_preset(kind, given.preset), **_figure(given), **_unknown(rest)}
    options = {name: getattr(given, name) for name in MEANT_FOR if getattr(given, name) is not None}
    for name in options:
        if (extension := output.suffix[1:].lower()) not in MEANT_FOR[name]:
            able = ", ".join(MEANT_FOR[name])
            raise OrderError(f"--{name} means nothing for a file of {extension}; it does for {able}.")
    if "step" in options and "steps" in options:
        raise OrderError("--step is one step, --steps are some: give one of them.")
    kind.parse_facts(params)
    return Order(kind, params, output, options)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Everything that may be said of one file."""
    parser.add_argument("kind", nargs="?", metavar="TYPE", help=f"the type of convolution: {', '.join(KINDS)}")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=f"the file; its ending decides: {', '.join(EXTENSIONS)}"
    )
    drawn = parser.add_argument_group("how it is drawn")
    drawn.add_argument("--size", type=_size, metavar="WxH", help=f"1280x720, or {', '.join(SIZES)} (720p)")
    drawn.add_argument("--theme", choices=THEMES, help="(light)")
    drawn.add_argument("--lang", choices=sorted(read_catalogues(LOCALES)), help="the language of its words (en)")
    switch = argparse.BooleanOptionalAction
    drawn.add_argument("--transparent", action=switch, help="without ground (no)")
    drawn.add_argument("--title", action=switch, help="with the title (yes)")
    drawn.add_argument("--equation", action=switch, help="with the equation of the step (yes)")
    drawn.add_argument("--step", type=_whole, metavar="N", help="this step alone; 0: before the first")
    drawn.add_argument("--steps", type=_range, metavar="A-B", help="these steps (all)")
    drawn.add_argument("--stage", metavar="ID", help="one stage of several, or all")
    drawn.add_argument("--speed", choices=SPEEDS, help="of a film (1)")
    drawn.add_argument("--loop", type=_loop, metavar="N", help="how often a film is played; 0: without end (0)")
    drawn.add_argument("--frames", choices=("png", "svg"), help="what a zip holds (png)")
    drawn.add_argument("--link", metavar="URL", help="what PDF, film or slide name as their source")
    drawn.add_argument("--live", metavar="RANGES", help="sliders that an html keeps: stride:1-3,padding:0-2")
    figure = parser.add_argument_group("the figure", "As in its link; each type takes some of them.")
    figure.add_argument("--preset", metavar="ID", help="a named figure of the type, to begin with")
    for name, described in sorted(_parameters().items()):
        spelt = [f"--{one}" for one in dict.fromkeys((name.replace("_", "-"), name))]
        figure.add_argument(*spelt, dest=f"figure.{name}", metavar="VALUE", help=described.replace("%", "%%"))


def parser() -> Parser:
    """Arguments of one figure, as they stand in a command or a list."""
    found = Parser(prog="convoscope export", allow_abbrev=False, add_help=False)
    add_options(found)
    return found


def _parameters() -> dict[str, str]:
    """What figures take, by name, with what it is."""
    found: dict[str, str] = {}
    for kind in KINDS.values():
        for name, schema in kind.schema()["properties"].items():
            if name not in PAGING:
                found.setdefault(name, schema["description"])
    return found


def _figure(given: argparse.Namespace) -> dict[str, str]:
    start = "figure."
    told = {name.removeprefix(start): value for name, value in vars(given).items() if name.startswith(start)}
    return {name: value for name, value in told.items() if value is not None}


def _unknown(rest: Sequence[str]) -> dict[str, str]:
    """What no option is called like: handed on, so that the engine names the nearest that there is."""
    words, found = list(rest), {}
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            raise OrderError(f"«{word}» belongs to nothing.")
        name, equals, value = word[2:].partition("=")
        if not equals and words:
            value = words.pop(0)
        found[name.replace("-", "_")] = value
    return found


def _preset(kind: Kind, name: str | None) -> dict[str, str]:
    if name is None:
        return {}
    known = {preset.id: dict(preset.params) for preset in kind.presets}
    if name not in known:
        nearest = get_close_matches(name, known, n=1)
        hint = f"Did you mean {nearest[0]}?" if nearest else f"It has {', '.join(known)}."
        raise OrderError(f"--preset: {kind.slug} has no figure called «{name}». {hint}")
    return known[name]


def _known_extension(output: Path) -> None:
    extension = output.suffix[1:].lower()
    if extension in EXTENSIONS:
        return
    given = f"ends in .{extension}" if extension else "has no ending"
    nearest = get_close_matches(extension, EXTENSIONS, n=1)
    hint = f"Did you mean .{nearest[0]}?" if nearest else f"Files end in {', '.join(EXTENSIONS)}."
    raise OrderError(f"«{output.name}» {given}, which says no format. {hint}")


def _size(text: str) -> tuple[int, int]:
    if text.lower() in SIZES:
        return SIZES[text.lower()]
    found = re.fullmatch(r"([0-9]{2,5})[x×]([0-9]{2,5})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"a size is written 1280x720, or is one of {', '.join(SIZES)}, not «{text}»")
    return int(found[1]), int(found[2])


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"a step is a whole number from 0, not «{text}»")
    return int(text)


def _range(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,9})[-–]([0-9]{1,9})", text)
    if not found or int(found[1]) > int(found[2]):
        raise argparse.ArgumentTypeError(f"steps are written 2-7, the first before the last, not «{text}»")
    return int(found[1]), int(found[2])


def _loop(text: str) -> int:
    if text == "endless":
        return 0
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > 100:
        raise argparse.ArgumentTypeError(f"a loop is a number from 0 to 100, or endless, not «{text}»")
    return int(text)


def sentence(error: ConvError | OrderError) -> str:
    """What is wrong, and what to do instead, as it is read on a terminal."""
    if isinstance(error, ConvError):
        return " ".join(filter(None, (error.message, error.hint)))
    return str(error)
