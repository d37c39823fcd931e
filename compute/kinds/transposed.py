"""Transposed convolution: the shape of a convolution undone, by stamping the kernel once an input cell."""

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field as Described

from compute import formulas
from compute.errors import ParameterError
from compute.formulas import Later
from compute.geometry import extent, transposed_size
from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Sizes
from compute.kinds.params import Weighted, join
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Bias, Choice, Flag, Size
from compute.recipe import Floats, Recipe, bias, filters, infer, signal
from compute.stages import Correlate, Shape, Stage, Transpose

VIEWS = ("stamp", "zero-stuffed", "matrix", "together")


class Transposed(Weighted):
    """Parameters of a transposed stage; padding crops, so it has numbers only."""

    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 8))] = Described(
        (2,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 7))] = Described(
        (3,), title="Kernel size", description="Taps along each axis of the kernel."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells from one stamp to the next."
    )
    padding: Annotated[Sizes, Size(0, 10_000, (0, 5))] = Described(
        (0,), title="Padding", description="Cells cropped from every side of the output."
    )
    output_padding: Annotated[Sizes, Size(0, 1000, (0, 4))] = Described(
        (0,),
        title="Output padding",
        description="Cells added at the end of each axis of the output, and computed.",
    )
    dilation: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Dilation", description="Cells from one tap to the next."
    )
    by: Annotated[str, Choice(("output", "input"))] = Described(
        "output",
        title="Step through",
        description="A step is one output cell (window) or one input cell (stamp).",
    )
    view: Annotated[str, Choice(VIEWS)] = Described(
        "stamp",
        title="View",
        description="stamp; zero-stuffed: an ordinary window; matrix: C and its transpose; together: all three.",
    )
    flip: Annotated[bool, Flag()] = Described(False, title="Flip the kernel", description="Taps are written backwards.")
    bias: Annotated[bool | tuple[float, ...], Bias()] = Described(
        False, title="Bias", description="true, or one number an output channel, joined by «,»."
    )

    def channels_of(self, kernel: Floats) -> dict[str, int]:
        """A transposed kernel is (input channel, output channel of the group, …)."""
        return {"in_channels": kernel.shape[0], "out_channels": kernel.shape[1] * self.get("groups", 1)}


class RoundTrip(Transposed):
    """Parameters of `transposed`: the stage alone, or after the convolution whose shape it undoes."""

    round_trip: Annotated[bool, Flag()] = Described(
        False,
        title="Convolve first",
        description="The input is convolved, and the result transposed back: its shape returns, its values do not.",
    )

    when: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "output_padding": {"round_trip": False},
        "view": {"round_trip": False},
    }

    def settle(self) -> None:
        """On the way back, output padding is what the convolution's floor dropped."""
        super().settle()
        if self.round_trip and any(self.output_padding):
            raise ParameterError(
                "not_for_this_kind",
                "output_padding",
                f"output_padding {join(self.output_padding)} cannot be chosen with round_trip: it is what leads back "
                "to the size of the input.",
                "Leave it out, or turn round_trip off.",
                nearest=0,
            )
        if self.round_trip and self.view != "stamp":
            raise ParameterError(
                "not_for_this_kind",
                "view",
                f"view {self.view} shows one transposed convolution; with round_trip there is a convolution before it.",
                "Leave it out, or turn round_trip off.",
                nearest="stamp",
            )


def transpose(params: Weighted) -> Recipe:
    """One transposed stage, compared with the zero-stuffed convolution that gives the same numbers."""
    ins, outs, groups = (params.get(name, 1) for name in ("in_channels", "out_channels", "groups"))
    sides, taps, stride, padding, dilation, added = (
        params.get(name, ())
        for name in ("input_size", "kernel_size", "stride", "padding", "dilation", "output_padding")
    )
    offsets = bias(params.get("bias", False), outs, params.seed)
    stage = Transpose(
        "transposed",
        "input",
        "kernel",
        "output",
        stride,
        tuple((p, p) for p in padding),
        dilation,
        added,
        groups,
        params.get("flip", False),
        "bias" if offsets else None,
        params.get("by", "output"),
    )
    sources = {
        "input": signal((ins, *sides), params._input, params.seed),
        "kernel": filters((ins, max(1, outs // groups), *taps), params._kernel, params.seed, transposed=True),
        **offsets,
    }
    shapes = infer(sources, [stage])
    weights = prod(shapes["kernel"]) + (outs if offsets else 0)
    zero_stuffed = prod(shapes["output"]) * (ins // groups) * prod(taps)
    return Recipe(
        sources,
        (stage,),
        shapes,
        formulas=Later(lambda: _formulas(stage, shapes, weights)),
        baseline={"name": "zero-stuffed convolution", "multiplications": zero_stuffed, "parameters": weights},
        notes=Later(lambda: _notes(stage)),
        extra={"equivalent": _equivalent(stage, shapes)},
        view=params.get("view", "stamp"),
    )


def recipe(params: RoundTrip) -> Recipe:
    """The transposed stage alone, or after the convolution whose shape it undoes."""
    return _round_trip(params) if params.round_trip else transpose(params)


def _round_trip(params: RoundTrip) -> Recipe:
    """x = Cz, then Cᵀx, beside z. The kernel of one channel is the same for both."""
    padding = tuple((p, p) for p in params.padding)
    there = Correlate(
        "convolution", "input", "kernel", "convolved", params.stride, padding, params.dilation, flip=params.flip
    )
    shape = (1, *params.input_size)
    sources = {
        "input": signal(shape, params._input, params.seed),
        "kernel": filters((1, 1, *params.kernel_size), params._kernel, params.seed, transposed=True),
    }
    middle = infer(sources, [there])["convolved"][1:]
    reached = [
        transposed_size(i, k, s, p, d, 0)
        for i, k, s, p, d in zip(middle, params.kernel_size, params.stride, padding, params.dilation, strict=True)
    ]
    dropped = tuple(size - back for size, back in zip(params.input_size, reached, strict=True))
    alone = params.altered({"input_size": middle, "output_padding": dropped, "round_trip": False, "_input": None})
    once = transpose(alone)
    (back,) = once.stages
    assert isinstance(back, Transpose)
    sources |= {name: source for name, source in once.sources.items() if name == "bias"}
    stages: tuple[Stage, ...] = (there, replace(back, input="convolved"))
    return replace(once, sources=sources, stages=stages, shapes=infer(sources, stages), view="stamp", baseline=None)


def _notes(stage: Transpose) -> list[dict[str, Any]]:
    """What a reader might not expect of padding and output padding."""
    found = []
    if any(p != (0, 0) for p in stage.padding):
        sides = join(tuple(p[0] for p in stage.padding))
        found.append(
            {
                "code": "padding_crops",
                "message": f"Padding takes away: {sides} cells on every side of what the stamps write.",
                "values": {"padding": sides},
            }
        )
    if any(stage.output_padding):
        added = join(stage.output_padding)
        found.append(
            {
                "code": "output_padding_computed",
                "message": f"Output padding adds {added} at the end of each axis, below and at the right; stamps that "
                "reach there are added up as everywhere, nothing is filled with zeros.",
                "values": {"added": added},
            }
        )
    return found


def _formulas(stage: Transpose, shapes: dict[str, Shape], weights: int) -> list[formulas.Formula]:
    sides = zip(
        shapes["input"][1:],
        shapes["kernel"][2:],
        stage.stride,
        stage.padding,
        stage.dilation,
        stage.output_padding,
        strict=True,
    )
    numbers = [{"i": i, "k": k, "s": s, "p": p[0], "d": d, "a": a} for i, k, s, p, d, a in sides]
    size = formulas.TRANSPOSED if set(stage.dilation) == {1} else formulas.TRANSPOSED_DILATED
    return [
        formulas.Formula("output_size", size, numbers, shapes["output"][1:]),
        formulas.parameters(shapes["kernel"], stage.groups, True, stage.bias is not None, weights),
        formulas.Formula(
            "equivalent_padding",
            formulas.EQUIVALENT_PADDING,
            numbers,
            [n["d"] * (n["k"] - 1) - n["p"] for n in numbers],
        ),
        formulas.Formula("overlap", formulas.OVERLAP, numbers, [n["k"] % n["s"] for n in numbers]),
    ]


def _equivalent(stage: Transpose, shapes: dict[str, Shape]) -> dict[str, Any]:
    """The stride-1 convolution with the same output: s − 1 zeros between the cells, and padding around them."""
    sides = zip(
        shapes["input"][1:],
        shapes["kernel"][2:],
        stage.stride,
        stage.padding,
        stage.dilation,
        stage.output_padding,
        strict=True,
    )
    found = [(s * (i - 1) + 1, extent(k, d) - 1 - p[0], extent(k, d) - 1 - p[1] + a) for i, k, s, p, d, a in sides]
    return {
        "stuffed_size": [size for size, _, _ in found],
        "padding": [[before, after] for _, before, after in found],
        "stride": 1,
    }


def transposed_stages(trace: Document) -> list[Document]:
    """The stages that spread their input."""
    return [stage for stage in trace["stages"] if stage["operation"] == "transpose"]


def stamps_add_up(trace: Document) -> bool:
    """Stepping by input cell, the products written to each output cell add up to its value."""
    return all(_adds_up(stage, trace) for stage in transposed_stages(trace) if stage["by"] == "input")


def _adds_up(stage: Document, trace: Document) -> bool:
    output = np.asarray(trace["tensors"][stage["output"]]["values"])
    found = np.zeros((output.shape[0], *(size + 1 for size in output.shape[1:])))  # index −1 falls into the last place
    position, products = stage["steps"]["position"], stage["steps"]["products"]
    for cell, stamp in zip(position, products, strict=True):
        rows = [axis["targets"][index] for axis, index in zip(stage["axes"], cell[1:], strict=True)]
        channels = stage["channels"][cell[0]]
        np.add.at(found, np.ix_(channels, *rows), stamp.reshape(len(channels), *map(len, rows)))
    inside = found[(slice(None), *[slice(-1)] * (found.ndim - 1))]
    bias = 0 if stage["bias"] is None else np.reshape(stage["bias"], (-1, *[1] * (output.ndim - 1)))
    return bool(np.allclose(inside + bias, output))


def counts_are_stamps_of_ones(trace: Document) -> bool:
    """All stamps together, cropped ones left out, are what the overlap counts."""
    return all(
        bool(((axis["source"] >= 0).sum(axis=1) == listed).all())
        for stage in transposed_stages(trace)
        for axis, listed in zip(stage["axes"], stage["overlap"]["per_axis"], strict=True)
    )


def round_trip_restores_the_shape(trace: Document) -> bool:
    """Convolved and transposed, the input has its shape again."""
    if not trace["params"]["round_trip"]:
        return True
    return bool(trace["tensors"]["output"]["shape"] == trace["tensors"]["input"]["shape"])


PAPER_KERNEL = "0,1,2;3,4,5;6,7,8"
PAPER_INPUT = "0,1;2,3"


KIND = Kind(
    slug="transposed",
    title="Transposed convolution",
    summary="Every input cell stamps a scaled kernel; where stamps meet, they add.",
    group="upsampling",
    number=8,
    params=RoundTrip,
    recipe=recipe,
    presets=(
        Preset(
            "stride-2",
            "Stride 2, kernel 3",
            {"stride": "2", "view": "together", "input": PAPER_INPUT, "kernel": PAPER_KERNEL},
        ),
        Preset("stamp", "Windows that meet stamps", {"stride": "2", "input": PAPER_INPUT, "kernel": PAPER_KERNEL}),
        Preset("article", "2 × 2 to 4 × 4", {"input": PAPER_INPUT, "kernel": PAPER_KERNEL}),
        Preset(
            "stamps",
            "Stamp by stamp",
            {"stride": "2", "by": "input", "input": PAPER_INPUT, "kernel": PAPER_KERNEL},
        ),
        Preset(
            "zero-stuffed",
            "Zeros between, then a window",
            {"stride": "2", "view": "zero-stuffed", "input": PAPER_INPUT, "kernel": PAPER_KERNEL},
        ),
        Preset("matrix", "C and its transpose", {"view": "matrix", "input": PAPER_INPUT, "kernel": PAPER_KERNEL}),
        Preset("no_padding_no_strides_transposed", "4 × 4 from 2 × 2, random numbers", {}),
        Preset(
            "arbitrary_padding_no_strides_transposed",
            "Kernel 4, padding 2",
            {"input_size": "6", "kernel_size": "4", "padding": "2"},
        ),
        Preset("same_padding_no_strides_transposed", "Same size", {"input_size": "5", "padding": "1"}),
        Preset("full_padding_no_strides_transposed", "Full padding undone", {"input_size": "7", "padding": "2"}),
        Preset("no_padding_strides_transposed", "Stride 2, random numbers", {"stride": "2"}),
        Preset(
            "padding_strides_transposed",
            "Stride 2, padding 1",
            {"input_size": "3", "stride": "2", "padding": "1"},
        ),
        Preset(
            "padding_strides_odd_transposed",
            "Output padding 1",
            {"input_size": "3", "stride": "2", "padding": "1", "output_padding": "1"},
        ),
        Preset("back-to-7", "3 × 3 back to 7 × 7", {"input_size": "3", "stride": "2"}),
        Preset(
            "back-to-8",
            "3 × 3 back to 8 × 8: output padding 1",
            {"input_size": "3", "stride": "2", "output_padding": "1"},
        ),
        Preset("round-trip", "Convolve, transpose, compare", {"input_size": "4", "round_trip": "true"}),
        Preset(
            "round-trip-strided",
            "There and back with stride 2: 8 × 8",
            {"input_size": "8", "stride": "2", "round_trip": "true"},
        ),
        Preset("even", "Kernel 4, stride 2: even", {"input_size": "3", "kernel_size": "4", "stride": "2"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The stamps add up to the output.", stamps_add_up),
        Claim("The overlap counts the stamps that meet.", counts_are_stamps_of_ones),
        Claim("There and back restores the shape.", round_trip_restores_the_shape),
    ),
    equals=(
        Equal("The checkerboard lab shows the same layer.", {"input_size": "6", "stride": "2"}, "checkerboard", {}),
    ),
)


def refuse_words(name: str) -> ParameterError:
    """Padding of a transposed convolution crops: a word for it would have no meaning."""
    return ParameterError(
        "not_for_this_kind",
        name,
        f"{name} of a transposed convolution is what is cropped: it takes one number an axis.",
        "Give numbers, for instance padding 1.",
        nearest=0,
    )
