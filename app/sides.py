"""The sides of a comparison as its page shows them: their traces, or what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.answers import dumped, trace_document
from app.api import find_kind
from app.comparisons import (
    PAIRS,
    SIDES,
    Pair,
    Side,
    branch,
    figure_of,
    lesson_link,
    link,
    of_preset,
    partner,
    read_side,
)
from app.errors import document_of
from app.i18n import Translator
from app.shown import readable
from app.work import Workers
from compute.errors import ConvError
from compute.kinds.base import Kind
from compute.parameters import Choice

_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSide:
    """One side of a comparison as its page shows it.

    Attributes:
        name: `left` or `right`.
        text: the side as it was typed.
        side: what it asks for; after an error the slug alone.
        title: the kind's, in the language of the page; the slug that was typed, where there is no such kind.
        trace_json, trace: the figure, whole for the scripts, and for the template as far as the side goes; None
            after an error.
        steps: steps of the side's own clock, 0 after an error.
        error: what is wrong with this side, or None.
        chosen: what stands in the two choices above it, of kinds and of presets; "" after an error.
        lesson: where the figure can be changed, or mended after an error.
    """

    name: str
    text: str
    side: Side
    title: str
    trace_json: bytes | None = None
    trace: dict[str, Any] | None = None
    steps: int = 0
    error: dict[str, Any] | None = None
    chosen: tuple[str, str] = ("", "")
    lesson: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A suggested pair: its address, the texts of its sides, and whether it is the one on show."""

    id: str
    address: str
    left: str
    right: str
    shown: bool


async def shown_side(name: str, text: str, t: Translator, workers: Workers) -> ShownSide:
    """The side that a link asks for, or what is wrong with it."""
    slug = text.partition("?")[0]
    try:
        kind = find_kind(slug)
    except ConvError as error:
        nearest = error.values.get("nearest")
        return ShownSide(
            name=name,
            text=text,
            side=Side(slug),
            title=slug[:_SHOWN],
            error=t.error(document_of(error)),
            lesson=lesson_link(nearest) if nearest else "/",
        )
    title, lesson = t.said(f"kind.{kind.slug}.title", kind.title), lesson_link(text)
    try:
        side = read_side(text)
        trace_json, trace = await workers.run(partial(_traced, kind, side.params))
        _check_stages(side, trace)
    except ConvError as error:
        refusal = t.error(document_of(error))
        return ShownSide(name=name, text=text, side=Side(slug), title=title, error=refusal, lesson=lesson)
    shown = branch(trace, side.until)
    return ShownSide(
        name=name,
        text=text,
        side=side,
        title=title,
        trace_json=trace_json,
        trace=shown,
        steps=clock_length(shown),
        chosen=(t(f"nav.{kind.slug}"), _preset_of(kind, side, t)),
        lesson=lesson,
    )


def _preset_of(kind: Kind, side: Side, t: Translator) -> str:
    """The title of the preset that a side is; a part of one is none."""
    own = None if side.until else figure_of(side)
    for preset in kind.presets:
        if own == figure_of(of_preset(kind, preset)):
            return t.said(f"preset.{kind.slug}.{preset.id}", preset.title)
    return t("preset.own")


def _traced(kind: Kind, params: Mapping[str, str]) -> tuple[bytes, dict[str, Any]]:
    """The trace of a figure, for scripts and for templates; raises ConvError."""
    trace = trace_document(kind, kind.parse_facts(params or kind.presets[0].params))
    return dumped(trace), readable(trace)


def texts_of(pairs: Mapping[str, str]) -> dict[str, str]:
    """Both sides as a link has them: the first pair where it has none, a partner for the one that it has."""
    given = {name: pairs[name] for name in SIDES if name in pairs}
    if len(given) == 2:
        return given
    first = {"left": PAIRS[0].left.text, "right": PAIRS[0].right.text}
    return first | {name: _partner_of(text) for text in given.values() for name in SIDES} | given


def _partner_of(text: str) -> str:
    """What stands beside a side that a link names alone; whatever is wrong with it is said there."""
    try:
        side = read_side(text)
        kind = find_kind(side.slug)
        return partner(kind, side.params or kind.presets[0].params).text
    except ConvError:
        return PAIRS[0].right.text


def _check_stages(side: Side, trace: Mapping[str, Any]) -> None:
    """Raises ParameterError where a side names a stage that its figure has not."""
    names = [stage["id"] for stage in trace["stages"]]
    if side.stage:
        Choice((*names, "all")).parse(side.stage, "stage")
    if side.until:
        Choice(tuple(names)).parse(side.until, "until")


def suggested(pair: Pair, sides: Sequence[ShownSide], page: Mapping[str, str]) -> Suggested:
    texts = [pair.left.text, pair.right.text]
    return Suggested(
        id=pair.id,
        address=link(pair.left, pair.right, page),
        left=pair.left.text,
        right=pair.right.text,
        shown=texts == [shown.side.text for shown in sides],
    )


def clock_length(trace: Mapping[str, Any]) -> int:
    """Steps that the page plays: those of all stages, compared ones that take as many steps counted once."""
    compared = [stage for stage in trace["stages"] if stage["id"] in (trace["facts"].get("compared") or ())]
    totals = [stage["steps"]["total"] for stage in compared]
    together = totals[1:] if len(set(totals)) == 1 else []
    return int(trace["facts"]["steps"] - sum(together))
