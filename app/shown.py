"""What a query says of a page's figure, and of how the page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app import query
from app.answers import dumped, trace_document
from compute.errors import ConvError
from compute.kinds.base import Kind, Preset
from compute.parameters import Choice, Flag, Whole

THEMES = ("light", "dark", "projector")
SPEEDS = ("0.5", "1", "2", "4", "8", "max")
# Parameters of the page; all others are the figure's. `kept` stands for values too long for a link: only the tab that
# wrote it knows them, so that here it says no more than that some are missing, whatever it is.
OF_THE_PAGE = ("step", "theme", "speed", "loop", "stage", "lang", "predict", "autoplay", "kept")

_LOOKED_UP = ("axes", "channels", "overlap", "matrix", "zero_stuffed")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How the page shows the figure."""

    step: int = 0
    theme: str | None = None
    speed: str | None = None
    loop: bool = False
    stage: str | None = None
    lang: str | None = None
    predict: bool = False
    autoplay: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The figure of a page: its trace, as JSON and as templates read it, and its limits."""

    preset: Preset | None
    trace_json: bytes
    trace: dict[str, Any]
    limits: dict[str, Any]


def pairs_of(raw: bytes, limit: int) -> tuple[dict[str, str], ConvError | None]:
    """The query's parameters, or as much as can be shown of them, and what is wrong."""
    try:
        return query.read(raw, limit), None
    except ConvError as error:
        return ({} if error.code == "query_too_long" else query.typed(raw)), error


def figure_of(kind: Kind, asked: Mapping[str, str], limited: bool = True) -> Figure:
    """The figure asked for, or the first preset where none is, with or without its limits; raises ConvError."""
    preset = None if asked else kind.presets[0]
    params = kind.parse_facts(preset.params if preset else asked)
    trace = trace_document(kind, params)
    limits = kind.limits(params)["limits"] if limited else {}
    return Figure(preset=preset, trace_json=dumped(trace), trace=readable(trace), limits=limits)


def readable(trace: Mapping[str, Any]) -> dict[str, Any]:
    """A trace as templates read it: plain lists and numbers, without what scripts alone look up of each stage.

    That is most of a large one, and would take a second to be made into lists.
    """
    stages = [
        {name: value for name, value in stage.items() if name not in _LOOKED_UP}
        | {"steps": {name: stage["steps"][name] for name in ("start", "count", "total", "offset")}}
        for stage in trace["stages"]
    ]
    plain: dict[str, Any] = orjson.loads(dumped({**trace, "stages": stages}))
    return plain


def of_page(view: View) -> dict[str, str]:
    """What a link to another page keeps of how this one shows its figure."""
    kept = {"step": str(view.step) if view.step else "", "theme": view.theme or "", "speed": view.speed or ""}
    return {name: value for name, value in (kept | {"loop": "true" if view.loop else ""}).items() if value}


def view_of(
    pairs: Mapping[str, str], steps: int, stages: Sequence[str] | None, languages: tuple[str, ...]
) -> tuple[View, ConvError | None]:
    """How to show the figure, and the first parameter of the page that is wrong; it then counts as not given."""
    found: dict[str, Any] = {}
    first: ConvError | None = None
    accepted = {"step": Whole(0, steps), "theme": Choice(THEMES), "speed": Choice(SPEEDS), "loop": Flag()}
    accepted |= {"lang": Choice(languages), "predict": Flag(), "autoplay": Flag()}
    if stages is not None:
        accepted["stage"] = Choice((*stages, "all"))
    for name, field in accepted.items():
        if name in pairs:
            try:
                found[name] = field.parse(pairs[name], name)
            except ConvError as error:
                first = first or error
    return View(**found), first
