"""Transposed convolution: the shape of a convolution undone, by stamping the kernel once an input cell."""

from math import prod
from typing import Annotated, Any

import numpy as np
from pydantic import Field as Described

from compute import formulas
from compute.errors import ParameterError
from compute.geometry import extent
from compute.kinds.base import Claim, Document, Kind, Params, Preset
from compute.kinds.convolution import Sizes
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Bias, Choice, Flag, Size
from compute.recipe import Floats, Recipe, bias, filters, infer, signal
from compute.stages import Shape, Transpose

VIEWS = ("stamp", "zero-stuffed", "matrix")


class Transposed(Params):
    """Parameters of `transposed`; padding crops, so it has numbers only."""

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
        description="stamp; zero-stuffed: an ordinary window; matrix: C and its transpose.",
    )
    flip: Annotated[bool, Flag()] = Described(False, title="Flip the kernel", description="Taps are written backwards.")
    bias: Annotated[bool | tuple[float, ...], Bias()] = Described(
        False, title="Bias", description="true, or one number an output channel, joined by «,»."
    )

    def channels_of(self, kernel: Floats) -> dict[str, int]:
        """A transposed kernel is (input channel, output channel of the group, …)."""
        return {"in_channels": kernel.shape[0], "out_channels": kernel.shape[1] * self.get("groups", 1)}


def transpose(params: Params) -> Recipe:
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
        formulas=_formulas(stage, shapes, weights),
        baseline={"name": "zero-stuffed convolution", "multiplications": zero_stuffed, "parameters": weights},
        extra={"equivalent": _equivalent(stage, shapes)},
        view=params.get("view", "stamp"),
    )


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


def stamps_add_up(trace: Document) -> bool:
    """Stepping by input cell, the products written to each output cell add up to its value."""
    stage = trace["stages"][0]
    output = trace["tensors"]["output"]["values"]
    if stage["by"] == "output":
        return True
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
    stage = trace["stages"][0]
    per_axis = [(axis["source"] >= 0).sum(axis=1) for axis in stage["axes"]]
    return all(
        (counted == listed).all() for counted, listed in zip(per_axis, stage["overlap"]["per_axis"], strict=True)
    )


PAPER_KERNEL = "0,1,2;3,4,5;6,7,8"
PAPER_INPUT = "0,1;2,3"


KIND = Kind(
    slug="transposed",
    title="Transposed convolution",
    summary="Every input cell stamps a scaled kernel; where stamps meet, they add.",
    group="upsampling",
    number=8,
    params=Transposed,
    recipe=transpose,
    presets=(
        Preset("stride-2", "Stride 2, kernel 3", {"stride": "2", "input": PAPER_INPUT, "kernel": PAPER_KERNEL}),
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
        Preset("even", "Kernel 4, stride 2: even", {"input_size": "3", "kernel_size": "4", "stride": "2"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The stamps add up to the output.", stamps_add_up),
        Claim("The overlap counts the stamps that meet.", counts_are_stamps_of_ones),
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
