"""The first picture of a page: the page's own scripts draw it here, so that it is painted before any of them has come.

The size of the reader's window is not known here. So the figure is drawn for a few rooms, and the style sheet shows the
one that suits. Its colours are the tokens of the style sheet, so that it has the reader's theme, whichever that is.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from unicodedata import east_asian_width

import orjson
from markupsafe import Markup

from app import still, tokens
from app.embed import Embed
from app.shown import View
from app.sides import ShownSide
from compute.errors import ConvError


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room for a figure, in CSS pixels; `first.css` says by its name when it is the one that suits.

    `frame` is the size of the frame around it, where it has one: things are drawn larger in a large one. Where there is
    a `least` height, rows above the figure and lines of the sum below it take from the other, down to this.
    """

    name: str
    width: int
    height: int
    least: int | None = None
    frame: tuple[int, int] | None = None


# Of windows of 1440 × 900, 1280 × 800 and 390 × 844. In the second, lines break in too many ways to be foreseen: it has
# what is commonly left.
_OF_LESSONS = (
    Room(name="wide", width=794, height=547, least=300),
    Room(name="middle", width=634, height=340),
    Room(name="narrow", width=364, height=506),
)
# Of the first and the last, where the figure has the page to itself.
_PROJECTED = (Room(name="screen", width=1352, height=497), Room(name="narrow", width=366, height=506))
# Of frames of 960 × 540, 640 × 400 and 390 × 600.
_OF_FRAMES = (
    Room(name="wide", width=944, height=405, frame=(960, 540)),
    Room(name="middle", width=624, height=265, frame=(640, 400)),
    Room(name="narrow", width=374, height=503, frame=(390, 600)),
)
# Of sides of a comparison in windows of 1440 × 900, 1280 × 800, 1024 × 768 and 390 × 844; and of the first where it is
# projected, and of one of 1920 × 1080.
_OF_SIDES = (
    Room(name="half", width=671, height=402, least=240),
    Room(name="half-middle", width=591, height=240),
    Room(name="half-narrow", width=463, height=240),
    Room(name="stacked", width=364, height=422),
)
_PROJECTED_SIDES = (
    Room(name="half-screen", width=912, height=529, least=240),
    Room(name="half", width=672, height=240),
    Room(name="half-middle", width=592, height=240),
    Room(name="half-narrow", width=464, height=240),
    Room(name="stacked", width=366, height=422),
)
# A trace of more bytes takes longer to be drawn here than scripts take to come. So does one of too many grids, of which
# `scenes/still.js` knows.
LARGEST = 100_000
# Of both sides of a comparison together: that of 128 filters takes less time than some of a tenth of its bytes.
LARGEST_PAIR = 400_000

# Pixels: of what stands above a wide figure, as figure.css has it.
_ROW, _NEXT_ROW, _ROW_OF_STAGES = 55, 42, 82
# And above a side of a comparison, usually and projected: its row of stages, and the line that says where it ends.
_ABOVE_A_SIDE = {"stages": _ROW_OF_STAGES, "until": 28}
_ABOVE_A_PROJECTED_SIDE = {"stages": 98, "until": 36}
# The row's width, and that of its parts: of a letter (an ideograph has two), around an option, between two switches.
_ROW_WIDTH, _LETTER, _OPTION, _GAP = 786, 7, 26, 24

# A sum of so many products is written closer in a small frame.
_PAIR, _LONG = 'class="pair"', 18

# Stands for a token's colour while a figure is drawn: scripts want hexadecimal ones, and append an opacity to some.
_STAND_IN = "#c0ff{:02x}"
_STOOD_IN = re.compile(r"#c0ff([0-9a-f]{2})([0-9a-fA-F]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The figure in a room.

    Attributes:
        room: its name.
        width, height: of the figure, in CSS pixels.
        share: the part of the room's width that the figure takes; a page scrolls one that takes more than all.
        alone: the only stage on show, or None.
        svg: what is in it.
    """

    room: str
    width: float
    height: float
    share: float
    alone: str | None
    svg: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What a page shows of its figure before its scripts have come.

    Attributes:
        switches: names of the controls above the figure that are on show, as they follow each other.
        pictures: one for each room.
        stages: of a pipeline, each with `id`, `name` and `sizes`; none where they have no row of their own.
        sum: the step's sum as HTML, and whether it has `several` under each other, and whether it is `long`; "" where
            it is to be guessed.
        said: the step in words; "" likewise.
        finished, until: whether a side of a comparison has come to its end, and the words that say at which stage that
            is, "" where it ends with its figure.
    """

    switches: list[str]
    pictures: list[Picture]
    stages: list[dict[str, str]]
    sum: Markup
    several: bool
    long: bool
    said: str
    finished: bool = False
    until: str = ""


def rooms_of(theme: str | None, framed: bool = False) -> tuple[Room, ...]:
    """The rooms for which a figure is drawn."""
    if framed:
        return _OF_FRAMES
    return _PROJECTED if theme == "projector" else _OF_LESSONS


def of_lesson(trace: bytes, schema: dict[str, Any], view: View, strings: dict[str, str]) -> First | None:
    """The figure of a trace as its lesson shows it, or None where that is left to the page's scripts.

    `schema` is that of its kind's parameters, for the switches above it.
    """
    asked = {"step": view.step, "stage": view.stage or "", "predict": view.predict, "whole": False, "panels": []}
    return _drawn(trace, schema, view.theme, rooms_of(view.theme), asked, strings)


def of_frame(trace: bytes, schema: dict[str, Any], shown: Embed, strings: dict[str, str]) -> First | None:
    """The same as a frame shows it."""
    whole = shown.fit == "contain"
    asked = {"step": shown.step, "stage": shown.stage, "predict": shown.predict, "whole": whole, "panels": shown.panels}
    return _drawn(trace, schema, shown.theme, rooms_of(shown.theme, framed=True), asked, strings)


def rooms_of_sides(theme: str | None) -> tuple[Room, ...]:
    """The same for the sides of a comparison."""
    return _PROJECTED_SIDES if theme == "projector" else _OF_SIDES


def of_pair(sides: Sequence[ShownSide], step: int, theme: str | None, strings: dict[str, str]) -> list[First | None]:
    """The sides of a comparison as their page shows them; None for one without a figure, or where scripts draw them."""
    there: list[dict[str, Any]] = [
        {"trace": shown.trace_json, "stage": shown.side.stage, "until": shown.side.until}
        for shown in sides
        if shown.trace_json
    ]
    if not there or _too_much([side["trace"] for side in there], LARGEST_PAIR):
        return [None] * len(sides)
    rooms = rooms_of_sides(theme)
    above = _ABOVE_A_PROJECTED_SIDE if theme == "projector" else _ABOVE_A_SIDE
    asked = {**_look(theme, rooms, strings), "step": step, "above": above}
    try:
        found = still.pair_in_page(there, asked)
    except ConvError:
        found = None
    if found is None:
        return [None] * len(sides)
    drawn = iter(found)
    return [_first([], rooms, next(drawn)) if shown.trace_json else None for shown in sides]


def _too_much(traces: Sequence[bytes], bound: int) -> bool:
    return still.missing() is not None or sum(map(len, traces)) > bound


def _look(theme: str | None, rooms: tuple[Room, ...], strings: dict[str, str]) -> dict[str, Any]:
    """What every picture of a page is made of, beside its figure."""
    return {
        "theme": theme or "light",
        "tokens": {name: _STAND_IN.format(n) for n, name in enumerate(_colours())},
        "font": "inherit",
        "strings": strings,
        "rooms": [asdict(room) for room in rooms],
    }


def _colours() -> list[str]:
    """The tokens that are colours, by name."""
    return [name for name in tokens.of_theme("light") if not name.startswith("font")]


def _switches(schema: dict[str, Any], trace: bytes) -> list[str]:
    """Those of `view/switches.js` that are on show."""
    params = orjson.loads(trace)["params"]
    controls = {name: schema["properties"].get(name, {}).get("x-control") for name in ("view", "by")}
    return [
        name
        for name, control in controls.items()
        if control and all(params.get(other) == value for other, value in control.get("when", {}).items())
    ]


def _height_of(switches: list[str], schema: dict[str, Any], strings: dict[str, str]) -> int:
    """Of the switches above a wide figure; two that are too wide for one row have one each."""

    def wide(text: str) -> int:
        return _LETTER * sum(1 + (east_asian_width(letter) in "WF") for letter in text)

    widths = [
        wide(strings[f"control.{name}"])
        + sum(
            _OPTION + wide(strings[f"choice.{name}.{option}"])
            for option in schema["properties"][name]["x-control"]["options"]
        )
        for name in switches
    ]
    broken = len(switches) > 1 and sum(widths) + _GAP > _ROW_WIDTH
    return _ROW * bool(switches) + _NEXT_ROW * broken


def _drawn(
    trace: bytes,
    schema: dict[str, Any],
    theme: str | None,
    rooms: tuple[Room, ...],
    asked: dict[str, Any],
    strings: dict[str, str],
) -> First | None:
    """None where it cannot be drawn here, or would not be soon enough to be worth it."""
    if _too_much([trace], LARGEST):
        return None
    switches = _switches(schema, trace)
    above = {"switches": _height_of(switches, schema, strings), "stages": _ROW_OF_STAGES}
    try:
        found = still.in_page(trace, {**asked, **_look(theme, rooms, strings), "above": above})
    except ConvError:
        return None
    return None if found is None else _first(switches, rooms, found)


def _first(switches: list[str], rooms: tuple[Room, ...], found: dict[str, Any]) -> First:
    names = _colours()
    pictures = [
        Picture(
            room=room.name,
            width=one["width"],
            height=one["height"],
            share=one["width"] / room.width,
            alone=one["alone"],
            svg=Markup(_in_tokens(one["svg"], names)),
        )
        for room, one in zip(rooms, found["pictures"], strict=True)
    ]
    return First(
        switches=switches,
        pictures=pictures,
        stages=found["stages"],
        sum=Markup(found["sum"]["html"]),
        several=found["sum"]["several"],
        long=found["sum"]["html"].count(_PAIR) >= _LONG,
        said=found["said"],
        finished=found.get("finished", False),
        until=found.get("until", ""),
    )


def _in_tokens(svg: str, names: list[str]) -> str:
    def named(found: re.Match[str]) -> str:
        token = f"var(--{names[int(found[1], 16)]})"
        if found[2] is None:
            return token
        return f"color-mix(in srgb,{token} {round(int(found[2], 16) / 2.55)}%,transparent)"

    return _STOOD_IN.sub(named, svg)
