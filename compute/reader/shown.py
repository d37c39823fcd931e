"""What a layer that was read amounts to: its facts at its real size, and a figure of the same geometry to watch.

What can be watched: at most 4 channels a side, since maps and filters stand in a crossbar of that many columns and rows
on the 960 pixels of a stage, and at most 12 cells an axis (6 of a volume): a cell needs 23 pixels for its number, so
that two channels of 12 cells beside their filters are legible, and four still show every cell by its colour.

Larger layers keep what makes them what they are (kernel, stride, padding, dilation, output padding, groups), and lose
what only repeats: channels beyond two a group, and cells beyond three steps of the window. The smaller input is equal
to the real one modulo the stride, so that the window leaves as many cells over, and ``same`` pads the same sides.
"""

from dataclasses import dataclass
from typing import Any

from compute.budget import Budget, check_sides
from compute.cost import Cost, cost, receptive_field
from compute.geometry import extent, resolve_padding, transposed_size
from compute.kinds import KINDS
from compute.kinds.params import Params, join, spread
from compute.parameters import MAX_CHANNELS, whole
from compute.reader.layers import Layer
from compute.recipe import Recipe, bias, filters, infer, signal
from compute.stages import Correlate, Pool, Shape

Document = dict[str, Any]

MOST_CHANNELS = 4
FEW = 2
MOST_CELLS = {1: 12, 2: 12, 3: 6}
# A transposed layer's output is larger than its input, and is what must be seen.
MOST_STAMPS = {1: 8, 2: 6, 3: 3}
STEPS = 3
LEAST_CELLS = 5
# Sides that a chain of transposed layers may reach: counting them costs their sum, layer by layer.
READING = Budget(side=100_000)


@dataclass(frozen=True)
class Placed:
    """A layer with the input that reaches it."""

    layer: Layer
    in_channels: Any
    sizes: Shape


@dataclass(frozen=True)
class Figure:
    """A figure of a kind: its parameters as a query string has them, without those at their defaults."""

    slug: str
    params: dict[str, str]
    changes: list[dict[str, str]]

    def document(self) -> Document:
        """As the answer carries it."""
        return {"slug": self.slug, "params": self.params, "reduced": bool(self.changes), "changes": self.changes}


def params_of(placed: Placed) -> Document:
    """The layer's parameters in PyTorch's words; channels that follow from the input are filled in.

    Raises ConvError where one is not what it can be.
    """
    layer = placed.layer
    found = {"in_channels": placed.in_channels, **layer.params}
    if layer.multiplier is None or layer.operation == "pooling":
        return found
    ins = whole(placed.in_channels, "in_channels", 1, MAX_CHANNELS)
    times = whole(layer.multiplier, "depth_multiplier", 1, MAX_CHANNELS)
    if layer.operation == "separable":
        return found | {"depth_multiplier": times}
    return found | {"out_channels": ins * times, "groups": ins}


def facts(placed: Placed) -> Document:
    """Shapes and costs at the real size; raises ConvError where the layer does not fit its input."""
    recipe = _recipe(placed)
    check_sides(recipe, READING)
    stages, shapes = recipe.stages, recipe.shapes
    total = sum((cost(stage, shapes) for stage in stages), Cost())
    # Of a transposed layer it is found by trying each phase of the stride: too dear for a list of layers.
    spreads = placed.layer.operation == "transposed"
    field = None if spreads else list(receptive_field(stages, shapes, recipe.input, recipe.output))
    return {"output_shape": list(shapes[recipe.output]), **total.document(), "receptive_field": field}


def figure(placed: Placed) -> Figure | None:
    """The layer itself where it can be watched, else one of the same geometry; None where even that is too large."""
    return _FIGURES[placed.layer.operation](placed)


def _recipe(placed: Placed) -> Recipe:
    if placed.layer.operation == "pooling":
        return _pooled(placed)
    if placed.layer.operation == "separable":
        return _separated(placed)
    kind = KINDS["layer"]
    return kind.plan(kind.parse(_as_layer(placed)))


def _as_layer(placed: Placed) -> Document:
    """Parameters of the kind `layer`."""
    mark = {"transposed": True} if placed.layer.operation == "transposed" else {}
    return {"dims": placed.layer.dims, "input_size": list(placed.sizes), **params_of(placed), **mark}


def _checked(placed: Placed) -> Params:
    """Sizes and channels of a pool or a separable layer, checked as `layer` checks them."""
    kind = KINDS["layer"]
    params = params_of(placed)
    names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "bias")
    asked = {name: params[name] for name in names if name in params}
    return kind.parse({"dims": placed.layer.dims, "input_size": list(placed.sizes), **asked})


def _resolved(params: Params) -> tuple[tuple[int, int], ...]:
    asked: Any = params.get("padding", 0)
    sides = [asked] * params.rank if isinstance(asked, str) else asked
    pairs = [side if isinstance(side, str | tuple) else (side, side) for side in sides]
    axes = (params.get(name, ()) for name in ("input_size", "kernel_size", "stride", "dilation"))
    return tuple(resolve_padding(*axis) for axis in zip(pairs, *axes, strict=True))


def _pooled(placed: Placed) -> Recipe:
    """One pooling stage in any dimension, with padding that may be one-sided, as Keras' «same» is."""
    params = _checked(placed)
    layer = placed.layer.params
    sources = {"input": signal((params.get("in_channels", 1), *params.get("input_size", ())), None, 0)}
    stage = Pool(
        "pool",
        "input",
        "output",
        params.get("kernel_size", ()),
        params.get("stride", ()),
        _resolved(params),
        params.get("dilation", ()),
        layer["mode"],
        layer["count_include_pad"],
    )
    return Recipe(sources, (stage,), infer(sources, [stage]))


def _separated(placed: Placed) -> Recipe:
    """A kernel or several a channel, then 1×1 filters, with a bias at the end alone."""
    params, times = _checked(placed), params_of(placed)["depth_multiplier"]
    ins, outs = params.get("in_channels", 1), params.get("out_channels", 1)
    ones = (1,) * params.rank
    offsets = bias(params.get("bias", False), outs, 0)
    sources = {
        "input": signal((ins, *params.get("input_size", ())), None, 0),
        "kernel": filters((ins * times, 1, *params.get("kernel_size", ())), None, 0),
        "pointwise": filters((outs, ins * times, *ones), None, 0),
        **offsets,
    }
    stride, dilation = params.get("stride", ()), params.get("dilation", ())
    no_padding = ((0, 0),) * params.rank
    stages = (
        Correlate("depthwise", "input", "kernel", "filtered", stride, _resolved(params), dilation, ins),
        Correlate(
            "pointwise",
            "filtered",
            "pointwise",
            "output",
            ones,
            no_padding,
            ones,
            bias="bias" if offsets else None,
        ),
    )
    return Recipe(sources, stages, infer(sources, stages))


def _convolved(placed: Placed) -> Figure | None:
    """As `layer`; with groups on a plane as `grouped`, which shows them as blocks too."""
    full = _as_layer(placed)
    settled = KINDS["layer"].parse(full)
    ins, outs, groups = (settled.get(name, 1) for name in ("in_channels", "out_channels", "groups"))
    channels = fewer_channels(ins, outs, groups)
    small = full | dict(zip(("in_channels", "out_channels", "groups"), channels, strict=True))
    small["input_size"] = [
        (_fewer_stamps if full.get("transposed") else _fewer_cells)(axis, settled) for axis in range(settled.rank)
    ]
    slug = "grouped" if groups > 1 and settled.rank == 2 and not full.get("transposed") else "layer"
    return _fitting(slug, small, _changes(full, small))


def _fitting(slug: str, params: Document, changes: list[dict[str, str]]) -> Figure | None:
    """The figure of a kind, or None where even that holds more than one answer may."""
    kind = KINDS[slug]
    asked = {name: value for name, value in params.items() if name in kind.params.model_fields}
    settled = kind.parse(asked)
    if kind.refusal(settled) is not None:
        return None
    fields = kind.params.model_fields
    texts = {name: _text(settled.get(name, None)) for name in asked}
    written = {name: text for name, text in texts.items() if text != _text(fields[name].default)}
    # No parameters at all would be a preset.
    return Figure(slug, written or {"seed": "0"}, changes)


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = tuple(tuple(part) if isinstance(part, list) else part for part in value)
    return str(value).lower() if isinstance(value, bool) else join(value)


def _changes(full: Document, small: Document) -> list[dict[str, str]]:
    return [
        {"parameter": name, "from": _text(full[name]), "to": _text(small[name])}
        for name in full
        if full[name] != small[name]
    ]


def fewer_channels(ins: int, outs: int, groups: int) -> tuple[int, int, int]:
    """Channels of the same structure that can be seen: groups stay groups, a depthwise layer stays one.

    >>> fewer_channels(3, 64, 1), fewer_channels(64, 64, 64), fewer_channels(32, 64, 4)
    ((3, 2, 1), (2, 2, 2), (4, 4, 2))
    """
    if max(ins, outs) <= MOST_CHANNELS:
        return ins, outs, groups
    if groups == 1:
        return ins if ins <= MOST_CHANNELS else FEW, outs if outs <= MOST_CHANNELS else FEW, 1
    parts = min(groups, FEW)
    return parts * min(ins // groups, FEW), parts * min(outs // groups, FEW), parts


def _fewer_cells(axis: int, params: Params) -> int:
    """Cells that leave the window three steps, or two where it strides far; as many as the real modulo the stride."""
    i, k, s, d = (params.get(name, ())[axis] for name in ("input_size", "kernel_size", "stride", "dilation"))
    most = MOST_CELLS[params.rank]
    if i <= most:
        return int(i)
    asked = params.get("padding", ())
    pads = asked if isinstance(asked, str) else asked[axis]
    least = LEAST_CELLS if params.rank < 3 else FEW
    if params.get("padding_mode", "zeros") != "zeros":  # reflection reads as far inwards as padding reaches out
        pair = resolve_padding(pads if isinstance(pads, str | tuple) else (pads, pads), i, k, s, d)
        least = max(least, max(pair) + 1)
    size = _size_for(STEPS if params.rank < 3 else FEW, i, k, s, d, pads, least)
    return min(size if size <= most else _size_for(FEW, i, k, s, d, pads, least), int(i))


def _size_for(steps: int, i: int, k: int, s: int, d: int, pads: Any, least: int) -> int:
    """The smallest input of at least so many steps and cells that is equal to ``i`` modulo the stride."""
    if pads == "same":
        needed = (steps - 1) * s + 1
    else:
        pair = resolve_padding(pads if isinstance(pads, str | tuple) else (pads, pads), i, k, s, d)
        needed = (steps - 1) * s + extent(k, d) - sum(pair)
    size: int = max(least, needed)
    return size + (i - size) % s


def _fewer_stamps(axis: int, params: Params) -> int:
    """Cells whose stamps leave at least as many cells as there are steps to be seen."""
    names = ("input_size", "kernel_size", "stride", "padding", "dilation", "output_padding")
    i, k, s, p, d, a = (params.get(name, ())[axis] for name in names)
    if i <= MOST_STAMPS[params.rank]:
        return int(i)
    one = transposed_size(1, k, s, (p, p), d, a)
    enough: int = max(STEPS if params.rank < 3 else FEW, 1 - (one - STEPS) // s)
    return min(int(i), enough)


def _pooling(placed: Placed) -> Figure | None:
    """As `pooling`, which pads both sides alike."""
    layer, params = placed.layer, _checked(placed)
    few = params.replaced("input_size", _fewer(params))
    ins = params.get("in_channels", 1)
    full = _sizes(params, _resolved(params)) | {"in_channels": ins}
    small = _sizes(few, tuple((max(pair),) * 2 for pair in _resolved(few)))
    small |= {"in_channels": ins if ins <= MOST_CHANNELS else FEW}
    more = {"mode": layer.params["mode"]}
    if layer.params["mode"] == "average":
        more["count_include_pad"] = layer.params["count_include_pad"]
    return _on_a_plane("pooling", params.rank, full, small, more)


def _separable(placed: Placed) -> Figure | None:
    """As `depthwise-separable`, which has one kernel a channel and no bias."""
    params, said = _checked(placed), params_of(placed)
    few = params.replaced("input_size", _fewer(params))
    ins, outs = (params.get(name, 1) for name in ("in_channels", "out_channels"))
    rest = {"bias": said["bias"], "depth_multiplier": said["depth_multiplier"]}
    full = _sizes(params, _resolved(params)) | {"in_channels": ins, "out_channels": outs} | rest
    ins, outs, _ = fewer_channels(ins, outs, 1)
    small = _sizes(few, _resolved(few)) | {"in_channels": ins, "out_channels": outs}
    return _on_a_plane("depthwise-separable", params.rank, full, small | {"bias": False, "depth_multiplier": 1}, {})


def _fewer(params: Params) -> Shape:
    return tuple(_fewer_cells(axis, params) for axis in range(params.rank))


def _sizes(params: Params, padding: tuple[tuple[int, int], ...]) -> Document:
    found = {name: list(params.get(name, ())) for name in ("input_size", "kernel_size", "stride", "dilation")}
    return found | {"padding": [list(pair) if pair[0] != pair[1] else pair[0] for pair in padding]}


def _on_a_plane(slug: str, dims: int, full: Document, small: Document, more: Document) -> Figure | None:
    """The figure of a kind that has two axes: of one axis a row, of three the rows and columns of a slice."""
    changes = _changes(full, small)
    if dims == 3:
        changes.insert(0, {"parameter": "dims", "from": "3", "to": "2"})
    flat = {name: _flat(value, 0 if name == "padding" else 1) for name, value in small.items()}
    return _fitting(slug, flat | more, changes)


def _flat(value: Any, one: int) -> Any:
    if not isinstance(value, list):
        return value
    return [one, *value] if len(value) == 1 else value[-2:]


_FIGURES = {"convolution": _convolved, "transposed": _convolved, "pooling": _pooling, "separable": _separable}


def place(layer: Layer, in_channels: Any, sizes: Shape) -> Placed:
    """A layer at an input; raises ParameterError where the sizes are not those of its axes."""
    return Placed(layer, in_channels, spread(sizes, "input_size", layer.dims))
