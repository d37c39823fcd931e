"""What kinds of plain convolution share: their parameters, and the recipe of one `Correlate` stage."""

from math import prod
from typing import Annotated, Any

from pydantic import Field as Described

from compute import formulas
from compute.formulas import Later
from compute.geometry import PADDING_MODES, Pad, extent, resolve_padding
from compute.kinds.params import Weighted
from compute.parameters import MAX_CHANNELS, MAX_SIDE, Bias, Choice, Flag, Padding, Pads, Size, Whole
from compute.recipe import Recipe, bias, filters, infer, signal
from compute.stages import Correlate, Shape

Sizes = tuple[int, ...]
Channels = Annotated[int, Whole(1, MAX_CHANNELS, (1, 8))]


class Convolution(Weighted):
    """Parameters of a convolution of one channel, with PyTorch's names."""

    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16))] = Described(
        (5,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 7))] = Described(
        (3,), title="Kernel size", description="Taps along each axis of the kernel."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells that the window moves on by."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 6))] = Described(
        (0,),
        title="Padding",
        description="Cells added around the input: numbers, before:after, or valid, same (TensorFlow's rule), full.",
    )
    dilation: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Dilation", description="Cells from one tap to the next."
    )
    padding_mode: Annotated[str, Choice(PADDING_MODES)] = Described(
        "zeros", title="Padding mode", description="What the padding holds."
    )
    flip: Annotated[bool, Flag()] = Described(
        False,
        title="Flip the kernel",
        description="The convolution of signal processing: taps are read backwards.",
    )
    bias: Annotated[bool | tuple[float, ...], Bias()] = Described(
        False, title="Bias", description="true, or one number a filter, joined by «,»."
    )


class Volumetric(Convolution):
    """The same with sizes of up to three axes."""

    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16), 3)] = Described(
        (5,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 7), 3)] = Described(
        (3,), title="Kernel size", description="Taps along each axis of the kernel."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5), 3)] = Described(
        (1,), title="Stride", description="Cells that the window moves on by."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 6), 3)] = Described(
        (0,),
        title="Padding",
        description="Cells added around the input: numbers, before:after, or valid, same (TensorFlow's rule), full.",
    )
    dilation: Annotated[Sizes, Size(1, 1000, (1, 5), 3)] = Described(
        (1,), title="Dilation", description="Cells from one tap to the next."
    )


VIEWS = ("numbers", "blocks", "both")


class Viewed(Weighted):
    """A figure of several channels, drawn flat with all its numbers, as blocks, or as both."""

    view: Annotated[str, Choice(VIEWS)] = Described(
        "numbers", title="View", description="numbers: flat, every cell; blocks: channels as depth; or both."
    )


class Channelled(Convolution):
    """The same with several channels on both sides."""

    in_channels: Channels = Described(1, title="In channels", description="Channels of the input.")
    out_channels: Channels = Described(1, title="Out channels", description="Channels of the output: filters.")


class Grouped(Channelled):
    """The same with the channels split into groups that do not meet."""

    groups: Annotated[int, Whole(1, MAX_CHANNELS, (1, 8))] = Described(
        1, title="Groups", description="Parts into which the channels are split."
    )


def correlate(params: Weighted, baseline: str | None = None) -> Recipe:
    """One convolution stage; ``baseline`` is «dense layer», «standard convolution» or None."""
    ins, outs, groups = (params.get(name, 1) for name in ("in_channels", "out_channels", "groups"))
    sides: Shape = params.get("input_size", ())
    taps: Shape = params.get("kernel_size", ())
    stride, dilation = params.get("stride", ()), params.get("dilation", ())
    asked = params.get("padding", (0,) * params.rank)
    per_axis: list[str | Pad]
    per_axis = [asked] * params.rank if isinstance(asked, str) else [_pair(side) for side in asked]
    axes = zip(per_axis, sides, taps, stride, dilation, strict=True)
    padding = tuple(resolve_padding(*axis) for axis in axes)
    offsets = bias(params.get("bias", False), outs, params.seed)
    stage = Correlate(
        "convolution",
        "input",
        "kernel",
        "output",
        stride,
        padding,
        dilation,
        groups,
        params.get("padding_mode", "zeros"),
        params.get("flip", False),
        "bias" if offsets else None,
    )
    sources = {
        "input": signal((ins, *sides), params._input, params.seed),
        "kernel": filters((outs, max(1, ins // groups), *taps), params._kernel, params.seed),
        **offsets,
    }
    shapes = infer(sources, [stage])
    o = shapes["output"][1:]
    weights = prod(shapes["kernel"]) + (outs if offsets else 0)
    return Recipe(
        sources,
        (stage,),
        shapes,
        formulas=Later(
            lambda: [
                formulas.output_size(sides, taps, stride, padding, dilation, o),
                formulas.parameters(shapes["kernel"], groups, False, bool(offsets), weights),
                formulas.receptive_field(taps, dilation),
            ]
        ),
        notes=Later(lambda: _notes(asked, sides, taps, stride, padding, dilation)),
        baseline=_baseline(baseline, shapes, len(offsets) * outs),
    )


def _pair(side: int | tuple[int, int]) -> tuple[int, int]:
    return side if isinstance(side, tuple) else (side, side)


def _baseline(name: str | None, shapes: dict[str, Shape], biases: int) -> dict[str, Any] | None:
    """What the same shapes cost another way."""
    (ins, *sides), (outs, *out_sides), (_, _, *taps) = shapes["input"], shapes["output"], shapes["kernel"]
    if name is None:
        return None
    if name == "dense layer":
        multiplications = parameters = ins * prod(sides) * outs * prod(out_sides)
        return {
            "name": name,
            "multiplications": multiplications,
            "parameters": parameters + biases * prod(out_sides),
        }
    parameters = outs * ins * prod(taps)
    return {"name": name, "multiplications": parameters * prod(out_sides), "parameters": parameters + biases}


def _notes(asked: Any, sides: Shape, taps: Shape, stride: Shape, padding: Any, dilation: Shape) -> list[dict[str, Any]]:
    """What a reader may stumble over: a rule that frameworks differ on, and cells that the floor drops."""
    notes = []
    if asked == "same" and max(stride) > 1:
        message = "«same» with a stride follows TensorFlow: the output is ⌈i/s⌉, the odd cell goes to the end."
        notes.append(
            {
                "code": "same_follows_tensorflow",
                "message": message,
                "values": {"padding": [list(p) for p in padding]},
            }
        )
    return notes + dropped_cells(sides, taps, stride, padding, dilation)


def dropped_cells(sides: Shape, taps: Shape, stride: Shape, padding: Any, dilation: Shape) -> list[dict[str, Any]]:
    """A note where the floor drops cells at the end of an axis; no note where it drops none."""
    sized = zip(sides, padding, taps, dilation, stride, strict=True)
    dropped = [(i + sum(p) - extent(k, d)) % s for i, p, k, d, s in sized]
    if not any(dropped):
        return []
    counts = " × ".join(map(str, dropped))
    message = f"The last {counts} cells of the padded input are never read: the window would overhang."
    return [{"code": "cells_dropped", "message": message, "values": {"dropped": dropped}}]
