"""Flattened convolution: one 3-D filter as three 1-D filters: over the channels, down and across."""

from dataclasses import replace
from functools import reduce
from typing import Annotated

import numpy as np
from pydantic import Field as Described

from compute import formulas
from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import VIEWS, Channels, Sizes, dropped_cells
from compute.kinds.params import Params
from compute.kinds.pipeline import chain, ratio, resolved, standard
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Choice, Padding, Pads, Size
from compute.recipe import Recipe, filters
from compute.stages import Correlate


class Flattened(Params):
    """Parameters of `flattened`; its three thin kernels are drawn from ``seed``."""

    view: Annotated[str, Choice(VIEWS)] = Described(
        "numbers", title="View", description="numbers: flat, every cell; blocks: channels as depth; or both."
    )
    in_channels: Channels = Described(
        3, title="In channels", description="Channels of the input; length of the lateral filter."
    )
    out_channels: Channels = Described(
        1, title="Out channels", description="Channels of the output: triples of filters."
    )
    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16))] = Described(
        (5,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 7))] = Described(
        (3,), title="Kernel size", description="Taps of the vertical and of the horizontal filter."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells that the filters move on by, down and across."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 6))] = Described(
        (0,), title="Padding", description="Cells added around the input: numbers, before:after, or valid, same, full."
    )

    @property
    def dilation(self) -> Sizes:
        """Taps are neighbours."""
        return (1, 1)


def recipe(params: Flattened) -> Recipe:
    """Lateral, vertical, horizontal (Jin, Dundar & Culurciello 2014)."""
    ins, outs, (rows, columns) = params.in_channels, params.out_channels, params.kernel_size
    above, beside = resolved(params, params.padding)
    (down, right), ones, none = params.stride, (1, 1), (0, 0)
    shapes = {"lateral": (outs, ins, 1, 1), "vertical": (outs, 1, rows, 1), "horizontal": (outs, 1, 1, columns)}
    kernels = {name: filters(shape, None, params.seed, stream=4 + n) for n, (name, shape) in enumerate(shapes.items())}
    stages = (
        Correlate("lateral", "input", "lateral", "mixed", ones, (none, none), ones),
        Correlate("vertical", "mixed", "vertical", "between", (down, 1), (above, none), ones, outs),
        Correlate("horizontal", "between", "horizontal", "output", (1, right), (none, beside), ones, outs),
    )
    once = chain(params, kernels, stages)
    sizes = (params.input_size, params.kernel_size, params.stride, (above, beside), params.dilation)
    weights = ratio(
        r"q = \frac{<Cin> + <kh> + <kw>}{<Cin>·<kh>·<kw>}",
        (ins + rows + columns) / (ins * rows * columns),
        Cin=ins,
        kh=rows,
        kw=columns,
    )
    return replace(
        once,
        formulas=[replace(weights, key="ratio_of_weights"), formulas.output_size(*sizes, once.shapes["output"][1:])],
        notes=dropped_cells(params.input_size, params.kernel_size, params.stride, (above, beside), params.dilation),
        baseline=standard(outs, ins, params.kernel_size, once.shapes["output"][1:]),
    )


def three_thin_filters_are_one_filter_of_rank_one(trace: Document) -> bool:
    """The outer product of the three filters, run as one filter, gives the same output."""
    tensors = trace["tensors"]
    names = ("lateral", "vertical", "horizontal")
    thin = [np.asarray(tensors[name]["values"], float).reshape(tensors[name]["shape"][0], -1) for name in names]
    rows, columns = (trace["stages"][n]["axes"][n - 1]["source"] for n in (1, 2))
    x = np.pad(np.asarray(tensors["input"]["values"], float), ((0, 0), (0, 1), (0, 1)))
    read = x[:, np.asarray(rows)[:, None, :, None], np.asarray(columns)[None, :, None, :]]
    whole = [reduce(np.multiply.outer, [part[n] for part in thin]) for n in range(len(thin[0]))]
    found = [np.einsum("cijkl,ckl->ij", read, filter_) for filter_ in whole]
    return bool(np.allclose(found, tensors["output"]["values"]))


def weights_are_added_not_multiplied(trace: Document) -> bool:
    """C + k₁ + k₂ weights a filter."""
    shapes = [trace["tensors"][name]["shape"] for name in ("lateral", "vertical", "horizontal")]
    sums = shapes[0][0] * (shapes[0][1] + shapes[1][2] + shapes[2][3])
    return bool(trace["facts"]["parameters"] == sums)


KIND = Kind(
    slug="flattened",
    title="Flattened convolution",
    summary="One filter becomes three thin ones: along the channels, down, and across.",
    group="efficiency",
    number=12,
    params=Flattened,
    recipe=recipe,
    presets=(
        Preset("article", "One filter as three", {}),
        Preset("two", "Two filters", {"out_channels": "2"}),
        Preset("wide", "Kernels of 5", {"kernel_size": "5", "input_size": "7"}),
        Preset("same", "Same size: padding 1", {"padding": "1"}),
        Preset("deep", "Eight channels", {"in_channels": "8", "input_size": "4"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("Three thin filters are one filter of rank one.", three_thin_filters_are_one_filter_of_rank_one),
        Claim("Weights are added, not multiplied.", weights_are_added_not_multiplied),
    ),
    equals=(
        Equal(
            "Its first stage is a 1×1 convolution.",
            {},
            "pointwise",
            {"input_size": "5", "kernel": "-1|1|0"},
            tensor="mixed",
        ),
    ),
)
