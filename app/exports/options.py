"""What is said about frames before they come: one JSON object, read strictly."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from compute.errors import ConvError, ParameterError
from compute.kinds.base import unknown
from compute.parameters import whole, wrong_type

MAX_NAME = 120
MAX_TEXT = 300
MAX_LINK = 4000
MAX_SIDE = 16_384
# Below this an encoder of films makes no frame, and nobody sees one.
MIN_SIDE = 16
# Browsers show frames of 10 ms and less for 100.
MIN_HOLD = 20
MAX_HOLD = 60_000
MAX_LOOP = 100
MAX_FRAMES = 1_000_000

_REQUIRED = ("width", "height", "frames")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a file of frames is to be.

    Attributes:
        width, height: pixels of every frame.
        frames: how many are sent.
        name: of the file, without its extension.
        title: for what a file says of itself.
        hold: how long a frame stays, in milliseconds; of films and moving pictures only, like the next two.
        last_hold: how long the last one stays.
        loop: how often it is played; 0: without end.
        transparent: whether the ground is to be seen through.
        link: the address of the figure.
    """

    width: int
    height: int
    frames: int
    name: str = "convoscope"
    title: str = ""
    hold: int = 900
    last_hold: int = 900
    loop: int = 0
    transparent: bool = False
    link: str = ""

    @property
    def holds(self) -> list[int]:
        """How long each frame stays, in milliseconds."""
        return [self.hold] * (self.frames - 1) + [self.last_hold]


def read(given: Mapping[str, Any]) -> Options:
    """The options, or the first fault by its name.

    >>> read({"width": 640, "height": 360, "frames": 3, "hold": 500}).holds
    [500, 500, 500]
    """
    names = [field.name for field in fields(Options)]
    for name in given:
        if name not in names:
            raise unknown(name, names)
    for name in _REQUIRED:
        if name not in given:
            raise ConvError("options_missing", name, f"The options do not say {name}.", f"Add {name} to the options.")
    found = {name: _READ[name](value, name) for name, value in given.items()}
    if "hold" in found:
        # Where one time is given, it is that of every frame.
        found.setdefault("last_hold", found["hold"])
    return Options(**found)


def _text(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str):
        raise wrong_type(value, name, "text")
    if len(value) > most:
        raise ParameterError(
            "wrong_length",
            name,
            f"{name} has {len(value):,} characters; {most:,} are read.",
            "Shorten it.",
            found=len(value),
            maximum=most,
        )
    return "".join(" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in value).strip()


def _name(value: Any, name: str) -> str:
    """A name that every file system bears, whatever was given.

    >>> _name("../../a<b>: c.", "name"), _name("膨胀卷积", "name"), _name("...", "name")
    ('a-b-c', '膨胀卷积', 'convoscope')
    """
    plain = re.sub(r"[^\w.]+", "-", _text(value, name, MAX_NAME))
    return re.sub(r"-?\.+-?", ".", plain).strip("-.") or "convoscope"


def _link(value: Any, name: str) -> str:
    text = _text(value, name, MAX_LINK)
    if text and not re.match(r"https?://", text):
        raise ParameterError(
            "wrong_form", name, f"{name} is no address.", "Begin with https:// or http://.", given=text[:40]
        )
    return text


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise wrong_type(value, name, "true or false")
    return value


def _number(least: int, most: int) -> Callable[[Any, str], int]:
    return partial(whole, least=least, most=most)


_READ: dict[str, Callable[[Any, str], Any]] = {
    "width": _number(MIN_SIDE, MAX_SIDE),
    "height": _number(MIN_SIDE, MAX_SIDE),
    "frames": _number(1, MAX_FRAMES),
    "name": _name,
    "title": partial(_text, most=MAX_TEXT),
    "hold": _number(MIN_HOLD, MAX_HOLD),
    "last_hold": _number(MIN_HOLD, MAX_HOLD),
    "loop": _number(0, MAX_LOOP),
    "transparent": _flag,
    "link": _link,
}


def schema() -> dict[str, Any]:
    """The options in JSON Schema."""

    def number(least: int, most: int, said: str) -> dict[str, Any]:
        return {"type": "integer", "minimum": least, "maximum": most, "description": said}

    def text(most: int, said: str) -> dict[str, Any]:
        return {"type": "string", "maxLength": most, "description": said}

    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(_REQUIRED),
        "properties": {
            "width": number(MIN_SIDE, MAX_SIDE, "Pixels across every frame."),
            "height": number(MIN_SIDE, MAX_SIDE, "Pixels down every frame."),
            "frames": number(1, MAX_FRAMES, "How many frames follow."),
            "name": text(MAX_NAME, "Name of the file, without its extension."),
            "title": text(MAX_TEXT, "What the file says of itself."),
            "hold": number(MIN_HOLD, MAX_HOLD, "Milliseconds that a frame stays."),
            "last_hold": number(MIN_HOLD, MAX_HOLD, "Milliseconds that the last frame stays; left out: as the others."),
            "loop": number(0, MAX_LOOP, "How often it is played; 0: without end. A film as MP4 then is played once."),
            "transparent": {"type": "boolean", "description": "Whether the ground is seen through; not in films."},
            "link": text(MAX_LINK, "The address of the figure."),
        },
    }
