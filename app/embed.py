"""The figure for the frame of another page: what its address takes besides the figure's own parameters.

`/docs/embed` describes each of them for readers, in the words `embed.param.<name>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.shown import SPEEDS, THEMES
from app.sides import clock_length
from compute.kinds.base import PAGING, Kind, unknown
from compute.parameters import Choice, Flag, whole

PATH = "/embed/"
# `slide`: only when the deck says that the slide is on show.
AUTOPLAY = ("false", "true", "slide")
CONTROLS = ("none", "transport", "all")
FITS = ("contain", "width")
# As a theme: no ground, and otherwise the colours of the reader's system.
TRANSPARENT = "transparent"
# In the order in which the documentation has them.
PARAMETERS = (
    *("step", "start", "end", "autoplay", "loop", "speed", "controls", "panels", "stage", "fit"),
    *("theme", "transparent", "lang", "predict", "kept"),
)
# Those that a lesson takes as well.
_OF_LESSONS = ("step", "loop", "speed", "stage", "theme", "lang", "predict", "kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """How a frame shows its figure.

    Attributes:
        start, end: the steps between which it is played, 0 (nothing computed yet) to all.
        step: where it begins; `start` where nothing is said.
        autoplay, controls, fit: one of the words above.
        loop: whether playing begins again at the end.
        speed: one of SPEEDS, or None.
        theme: one of THEMES, or None where the reader's system decides.
        transparent: whether the background is left to the page around the frame.
        panels: the tensors that are drawn; none named: all.
        stage: the stage that is seen alone, `all`, or empty.
        lang: the language that was asked for, or None.
        predict: whether a value is guessed before it is shown.
    """

    step: int = 0
    start: int = 0
    end: int = 0
    autoplay: str = "false"
    loop: bool = False
    speed: str | None = None
    controls: str = "transport"
    panels: tuple[str, ...] = ()
    stage: str = ""
    fit: str = "contain"
    theme: str | None = None
    transparent: bool = False
    lang: str | None = None
    predict: bool = False


def check_names(kind: Kind, pairs: Mapping[str, str]) -> None:
    """Raises ParameterError at the first name that neither the figure nor the frame takes."""
    known = [*(name for name in kind.params.model_fields if name not in PAGING), *PARAMETERS]
    for name in pairs:
        if name not in known:
            raise unknown(name, known)


def spelled(pairs: Mapping[str, str]) -> dict[str, str]:
    """`theme=transparent` as what it is short for; raises ParameterError where the address says the opposite, too.

    >>> spelled({"theme": "transparent", "step": "3"})
    {'step': '3', 'transparent': 'true'}
    """
    if pairs.get("theme") != TRANSPARENT:
        return dict(pairs)
    Choice(("true",)).parse(pairs.get("transparent", "true"), "transparent")
    return {name: value for name, value in pairs.items() if name != "theme"} | {"transparent": "true"}


def read(pairs: Mapping[str, str], trace: Mapping[str, Any], languages: tuple[str, ...]) -> Embed:
    """What an address says of the frame of this figure; raises ParameterError at the first that cannot be."""
    steps = clock_length(trace)
    start = whole(pairs.get("start", 0), "start", 0, steps)
    end = whole(pairs.get("end", steps), "end", start, steps)
    stages = [stage["id"] for stage in trace["stages"]]
    words = {
        "autoplay": Choice(AUTOPLAY),
        "loop": Flag(),
        "speed": Choice(SPEEDS),
        "controls": Choice(CONTROLS),
        "stage": Choice((*stages, "all")),
        "fit": Choice(FITS),
        "theme": Choice(THEMES),
        "transparent": Flag(),
        "lang": Choice(languages),
        "predict": Flag(),
    }
    return Embed(
        step=whole(pairs.get("step", start), "step", start, end),
        start=start,
        end=end,
        panels=_panels(pairs["panels"], tuple(trace["tensors"])) if "panels" in pairs else (),
        **{name: word.parse(pairs[name], name) for name, word in words.items() if name in pairs},
    )


def _panels(text: str, tensors: tuple[str, ...]) -> tuple[str, ...]:
    """Names of tensors, each once, in the order of the figure."""
    named = {Choice(tensors).parse(name, "panels") for name in text.split(",")}
    return tuple(name for name in tensors if name in named)


def of_the_figure(pairs: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the figure alone."""
    return {name: value for name, value in pairs.items() if name not in PARAMETERS}


def lesson_link(slug: str, pairs: Mapping[str, str]) -> str:
    """Where the figure of a frame can be changed, or mended: the same parameters, without those of frames alone.

    >>> lesson_link("dilated", {"dilation": "2", "fit": "width", "theme": "dark", "step": "3"})
    '/learn/dilated?dilation=2&theme=dark&step=3'
    """
    kept = {name: value for name, value in pairs.items() if name not in PARAMETERS or name in _OF_LESSONS}
    if kept.get("theme") == TRANSPARENT:
        del kept["theme"]
    return f"/learn/{slug}?{urlencode(kept, safe=',;:/')}" if kept else f"/learn/{slug}"


def options(embed: Embed, pairs: Mapping[str, str]) -> dict[str, Any]:
    """What the scripts are told of the frame."""
    return {
        "start": embed.start,
        # Where nothing is said, the end moves along with the figure.
        "end": embed.end if "end" in pairs else None,
        "autoplay": embed.autoplay,
        "controls": embed.controls,
        "panels": list(embed.panels),
        "stage": embed.stage,
        "fit": embed.fit,
        "predict": embed.predict,
        "transparent": embed.transparent,
    }
