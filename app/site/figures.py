"""Which figures a site holds: what one control leads to from a preset, what its pages link to, and chosen ranges."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from app.offline.moves import Params, key_of, moved, neighbours, properties, reachable, without_values
from app.offline.ranges import Ranges
from compute.errors import ConvError
from compute.kinds.base import Kind

# How often «New numbers» works from each preset.
_SEEDS = ("0", "1", "2", "3")
# What moves together from each first preset: enough to see how sizes depend on each other.
_USUAL: Ranges = {
    "kernel_size": ["2", "3", "4"],
    "stride": ["1", "2", "3"],
    "padding": ["0", "1", "2"],
    "dilation": ["1", "2"],
}
# More figures than this in one set of ranges are no site, but a mistake.
MOST = 20_000


@dataclass(slots=True)
class Wishes:
    """What of a kind is held besides what all sites hold.

    Attributes:
        figures: asked for by links of the pages, or by whoever builds the site, each with ranges around it.
        attempts: what buttons of the lesson set, one parameter after the other, from wherever the reader stands.
        ranges: parameters that move together, around every preset.
    """

    figures: list[tuple[Params, Ranges]] = field(default_factory=list)
    attempts: list[Params] = field(default_factory=list)
    ranges: Ranges = field(default_factory=dict)


def figures_of(kind: Kind, wishes: Wishes) -> Iterator[Params]:
    """Every figure that a site holds of a kind, each once; those that are asked for first come first."""
    seen: set[str] = set()
    for params in _all(kind, wishes):
        if (key := key_of(kind, params)) not in seen:
            seen.add(key)
            yield params


def _all(kind: Kind, wishes: Wishes) -> Iterator[Params]:
    presets = [dict(preset.params) for preset in kind.presets]
    yield from presets
    for params, ranges in wishes.figures:
        yield from within(kind, params, ranges)
    for preset in presets:
        yield from _around(kind, preset)
        for attempt in wishes.attempts:
            yield from _set(kind, preset, attempt)
        if kind.slug == "checkerboard":
            yield from _compared(kind, preset)
    yield from within(kind, presets[0], usual(kind))
    yield from within(kind, without_values(kind, presets[0]), usual(kind))
    for preset in presets:
        yield from within(kind, preset, wishes.ranges)
        yield from within(kind, without_values(kind, preset), wishes.ranges)


def within(kind: Kind, start: Params, ranges: Ranges) -> Iterator[Params]:
    """The figure and all that these ranges lead to; ConvError where they lead on without end, as some switches do."""
    try:
        found = list(islice(reachable(kind, start, ranges), MOST + 1))
    except ConvError:
        found = []  # on and on, until a size was none any more
    if not 0 < len(found) <= MOST:
        raise ConvError(
            "too_many_figures",
            "live",
            f"These ranges lead from figure to figure of {kind.slug} without end, or to more than {MOST:,}.",
            "Shorten the longest, or leave a switch out.",
            limit=MOST,
        )
    yield from found


def usual(kind: Kind) -> Ranges:
    """What may be moved together from the first preset, on every site."""
    controls = _controls(kind)
    return {name: values for name, values in _USUAL.items() if set(values) <= set(controls.get(name, ()))}


def _around(kind: Kind, preset: Params) -> Iterator[Params]:
    """What one control leads to; also with drawn numbers, which a moved size leaves behind."""
    drawn = without_values(kind, preset)
    for start in (preset, drawn):
        yield start
        yield from neighbours(kind, start, _controls(kind))
    yield from neighbours(kind, drawn, {"seed": _SEEDS})


def _compared(kind: Kind, preset: Params) -> Iterator[Params]:
    """The kernels and ways out that stand beside the checkerboard: see `view/extras/lab.js`."""
    sizes = {name: value for name, value in without_values(kind, preset).items() if name in ("input_size", "depth")}
    ranges = {"kernel_size": ["2", "3", "4", "5"], "stride": ["1", "2", "3"], "remedy": ["none", "nearest"]}
    yield from within(kind, {"input": "ones", "kernel": "ones", **sizes}, ranges)


def _controls(kind: Kind) -> dict[str, list[str]]:
    """The values of each slider, choice and switch."""
    found = {}
    for name, one in properties(kind).items():
        control = one.get("x-control", {})
        if control.get("widget") in ("size", "number") and "max" in control:
            found[name] = [str(value) for value in range(control["min"], control["max"] + 1)]
        elif control.get("widget") in ("choice", "flag"):
            found[name] = list(control.get("options") or ("true", "false"))
    return found


def _set(kind: Kind, start: Params, attempt: Mapping[str, str]) -> Iterator[Params]:
    """What a button of a lesson leads to; it may begin where it cannot go on."""
    here = dict(start)
    try:
        for name, value in attempt.items():
            here = moved(kind, here, name, value)
    except ConvError:
        return
    yield here
