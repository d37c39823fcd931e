"""Two figures side by side: how a link writes a side, the pairs that are suggested, what of a trace counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from app import query
from compute.kinds import KINDS
from compute.kinds.base import Kind, Preset

PATH = "/compare"
SIDES = ("left", "right")
# Parameters of a side that are none of its figure: the stage seen alone, and the one at which the side ends.
OF_THE_SIDE = ("stage", "until")
# What may stand in a query string as it is; all else of a side is percent-encoded once more.
_LEGIBLE = "?=,;:/-_.~"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    Attributes:
        slug: the kind.
        params: the figure's parameters, as a query string has them; none: the first preset.
        stage: the stage that is seen alone, or `all`, as in a lesson's link.
        until: the stage at which the side ends: only those that lead to it are shown, stepped and counted.
    """

    slug: str
    params: Mapping[str, str] = field(default_factory=dict)
    stage: str = ""
    until: str = ""

    @property
    def text(self) -> str:
        """The side as it stands in the link, before the link encodes it.

        >>> Side("dilated", {"dilation": "2", "padding": "2"}).text, Side("dilated").text
        ('dilated?dilation=2&padding=2', 'dilated')
        """
        own = {name: getattr(self, name) for name in OF_THE_SIDE if getattr(self, name)}
        pairs = "&".join(f"{name}={_inner(value)}" for name, value in (dict(self.params) | own).items())
        return f"{self.slug}?{pairs}" if pairs else self.slug


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison that is suggested; its title is the string `compare.pair.<id>`."""

    id: str
    left: Side
    right: Side


_UPSAMPLED = {"input": "ones", "kernel": "ones", "input_size": "4", "view": "stamps", "by": "output"}
# Cropped to the size that resizing comes to, so that both outputs can be laid one over the other.
_CROPPED = {**_UPSAMPLED, "padding": "1", "output_padding": "1"}
# All numbers of both above the fold; what many filters save, the next pair shows.
_SMALL = {"in_channels": "2", "out_channels": "2", "input_size": "4"}
_WIDE = {"in_channels": "3", "out_channels": "128", "input_size": "7", "view": "blocks"}

PAIRS = (
    Pair("separable", Side("multi-channel", _SMALL), Side("depthwise-separable", _SMALL)),
    Pair("separable-wide", Side("grouped", {**_WIDE, "groups": "1"}), Side("depthwise-separable", _WIDE)),
    Pair("dilation", Side("dilated", {"dilation": "1"}), Side("dilated", {"dilation": "2"})),
    Pair(
        "checkerboard",
        Side("checkerboard", _CROPPED),
        Side("checkerboard", {**_UPSAMPLED, "remedy": "nearest"}, until="convolution"),
    ),
    Pair("transposed", Side("single-channel", {"input_size": "4"}), Side("transposed", {"input_size": "2"})),
    Pair("groups", Side("grouped", {"groups": "1"}), Side("grouped", {"groups": "2"})),
    Pair("shuffle", Side("shuffled-grouped", {"shuffle": "false"}), Side("shuffled-grouped", {"shuffle": "true"})),
)


def read_side(text: str) -> Side:
    """The side that a link names; raises ConvError where its query cannot be read.

    >>> read_side("dilated?dilation=1&until=convolution")
    Side(slug='dilated', params={'dilation': '1'}, stage='', until='convolution')
    """
    slug, _, rest = text.partition("?")
    pairs = query.parse(rest.encode())
    own = {name: pairs.pop(name) for name in OF_THE_SIDE if name in pairs}
    return Side(slug, pairs, **own)


def link(left: Side, right: Side, page: Mapping[str, str] | None = None) -> str:
    """The address of a comparison, as legible as a query string can be.

    >>> link(Side("dilated", {"dilation": "1"}), Side("pooling", {"mode": "average", "stride": "2"}))
    '/compare?left=dilated?dilation=1&right=pooling?mode=average%26stride=2'
    """
    pairs = {"left": left.text, "right": right.text, **(page or {})}
    return f"{PATH}?{'&'.join(f'{name}={quote(value, _LEGIBLE)}' for name, value in pairs.items())}"


def lesson_link(text: str) -> str:
    """The address of a side's lesson with its figure, whatever is wrong with it.

    >>> lesson_link("dilated?dilation=9&until=convolution"), lesson_link("dilated")
    ('/learn/dilated?dilation=9', '/learn/dilated')
    """
    slug, _, rest = text.partition("?")
    kept = [pair for pair in rest.split("&") if pair and not pair.startswith("until=")]
    return f"/learn/{quote(slug, '')}" + (f"?{quote('&'.join(kept), _LEGIBLE + '&%+')}" if kept else "")


@dataclass(frozen=True, slots=True)
class Partner:
    """A figure to compare with: `side`, meant for the figure of the parameters `own`, or for any where that is None."""

    own: Mapping[str, str] | None
    side: Side


def partners(kind: Kind) -> list[Partner]:
    """What a figure of this kind may be compared with, the best first: what stands beside the kind in the suggested
    pairs, another figure of the same kind before that of another, else its own first two presets."""
    beside = [
        Partner(own.params, other)
        for pair in PAIRS
        for own, other in ((pair.left, pair.right), (pair.right, pair.left))
        if own.slug == kind.slug
    ]
    presets = [Partner(None, of_preset(kind, preset)) for preset in kind.presets[1::-1]]
    return [*sorted(beside, key=lambda found: found.side.slug != kind.slug), *presets]


def of_preset(kind: Kind, preset: Preset) -> Side:
    """A preset as a side; one of defaults alone names its seed, since no parameters at all mean the first preset."""
    return Side(kind.slug, dict(preset.params) or {"seed": "0"})


def partner(kind: Kind, params: Mapping[str, str]) -> Side:
    """What suits the figure with these parameters: its partner in a pair, else the first that is another figure."""
    shown = figure_of(Side(kind.slug, params))
    known = partners(kind)
    meant = [found for found in known if found.own and figure_of(Side(kind.slug, found.own)) == shown]
    return next(found.side for found in [*meant, *known] if figure_of(found.side) != shown)


def figure_of(side: Side) -> tuple[str, dict[str, Any]]:
    """A figure by all its parameters, so that a default that was typed makes no other figure; raises ConvError."""
    kind = KINDS[side.slug]
    params = side.params or kind.presets[0].params
    return side.slug, {name: str(value) for name, value in kind.parse_facts(params).document().items()}


def branch(trace: Mapping[str, Any], until: str) -> dict[str, Any]:
    """The stages that lead to one stage, with the facts of these alone; the trace itself where no stage is named."""
    if not until:
        return dict(trace)
    end = next(stage for stage in trace["stages"] if stage["id"] == until)
    stages = _leading_to(end, trace["stages"])
    costs = [stage["cost"] for stage in stages]
    facts = {
        **{name: sum(cost[name] for cost in costs) for name in ("multiplications", "additions", "parameters")},
        "steps": sum(stage["steps"]["total"] for stage in stages),
        "output_shape": trace["tensors"][end["output"]]["shape"],
        "receptive_field": end["receptive_field"],
        "compared": [],
    }
    return {**trace, "stages": stages, "facts": {**trace["facts"], **facts}}


def _leading_to(end: Mapping[str, Any], stages: list[Any]) -> list[Any]:
    wanted: set[str] = {end["output"]}
    found: list[Any] = []
    for stage in reversed(stages):
        if stage["output"] in wanted:
            found.insert(0, stage)
            wanted |= set(stage.get("inputs") or [stage["input"]])
    return found


def _inner(value: str) -> str:
    """A value inside a side: only what would end it is encoded, since the link encodes the side as a whole."""
    return value.replace("%", "%25").replace("&", "%26").replace("+", "%2B")
