"""The first picture of a page: the page's own scripts draw it here, so that it is painted before any of them has come.

The size of the reader's window is not known here. So the figure is drawn for a few rooms, and the style sheet shows the
one that suits. Its colours are the tokens of the style sheet, so that it has the reader's theme, whichever that is.
"""

import re
from dataclasses import dataclass

from markupsafe import Markup

from app import still, tokens
from compute.errors import ConvError


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room for a figure, in CSS pixels; `figure.css` says by its name when it is the one that suits."""

    name: str
    width: int
    height: int


# Of windows of 1440 × 900, 1280 × 800 and 390 × 844, with what commonly stands above and below a figure.
_ROOMS = (
    Room(name="wide", width=794, height=440),
    Room(name="middle", width=634, height=340),
    Room(name="narrow", width=364, height=506),
)
# Of the first and the last, where the figure has the page to itself.
_PROJECTED = (Room(name="screen", width=1352, height=497), Room(name="narrow", width=366, height=506))
# A trace of more bytes takes longer to be drawn here than scripts take to come.
LARGEST = 100_000
SECONDS = 1

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
        pictures: one for each room.
        stages: of a pipeline, each with `id`, `name` and `sizes`; none where they have no row of their own.
        sum: the step's sum as HTML, and whether it has `several` under each other; "" where it is to be guessed.
        said: the step in words; "" likewise.
    """

    pictures: list[Picture]
    stages: list[dict[str, str]]
    sum: Markup
    several: bool
    said: str


def rooms_of(theme: str | None) -> tuple[Room, ...]:
    """The rooms for which a figure is drawn."""
    return _PROJECTED if theme == "projector" else _ROOMS


def drawn(
    trace: bytes, *, step: int, stage: str, theme: str | None, predict: bool, strings: dict[str, str]
) -> First | None:
    """The figure of a trace at a step, or None where it cannot be drawn here, or not soon enough to be worth it."""
    if still.missing() or len(trace) > LARGEST:
        return None
    rooms = rooms_of(theme)
    names = [name for name in tokens.of_theme("light") if not name.startswith("font")]
    try:
        found = still.in_page(
            trace,
            {
                "step": step,
                "stage": stage,
                "theme": theme or "light",
                "predict": predict,
                "tokens": {name: _STAND_IN.format(n) for n, name in enumerate(names)},
                "font": "inherit",
                "strings": strings,
                "rooms": [{"width": room.width, "height": room.height} for room in rooms],
            },
            SECONDS,
        )
    except ConvError:
        return None
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
        pictures=pictures,
        stages=found["stages"],
        sum=Markup(found["sum"]["html"]),
        several=found["sum"]["several"],
        said=found["said"],
    )


def _in_tokens(svg: str, names: list[str]) -> str:
    def named(found: re.Match[str]) -> str:
        token = f"var(--{names[int(found[1], 16)]})"
        if found[2] is None:
            return token
        return f"color-mix(in srgb,{token} {round(int(found[2], 16) / 2.55)}%,transparent)"

    return _STOOD_IN.sub(named, svg)
