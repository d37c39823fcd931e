"""Pooling: a window that slides like a convolution's, and takes the maximum or the mean of each channel."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field as Described

from compute import formulas
from compute.kinds.base import Claim, Document, Kind, Preset
from compute.kinds.convolution import Channels, Sizes, dropped_cells
from compute.kinds.either import only
from compute.kinds.params import Params
from compute.kinds.single_channel import INPUT
from compute.parameters import MAX_SIDE, Choice, Flag, Size
from compute.recipe import Recipe, infer, signal
from compute.stages import Pool


class Pooling(Params):
    """Parameters of `pooling`: those of torch.nn.MaxPool2d and AvgPool2d, without weights."""

    when: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "dilation": {"mode": "max"},
        "count_include_pad": {"mode": "average"},
    }

    mode: Annotated[str, Choice(("max", "average"))] = Described(
        "max", title="Mode", description="What becomes of the cells in the window: their maximum or their mean."
    )
    in_channels: Channels = Described(1, title="Channels", description="Channels; each is pooled by itself.")
    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16))] = Described(
        (5,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 7))] = Described(
        (3,), title="Window size", description="Cells along each axis of the window."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells that the window moves on by."
    )
    padding: Annotated[Sizes, Size(0, 1000, (0, 3))] = Described(
        (0,), title="Padding", description="Cells added on every side, at most half the window."
    )
    dilation: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Dilation", description="Only maximum: cells from one cell of the window to the next."
    )
    count_include_pad: Annotated[bool, Flag()] = Described(
        True, title="Count padding", description="Only mean: whether padding counts in the divisor."
    )

    def settle(self) -> None:
        """Refuse what only the other mode has."""
        super().settle()
        if self.mode == "average" and set(self.dilation) != {1}:
            raise only("dilation", "the maximum", 1, "set mode=max")
        if self.mode == "max" and not self.count_include_pad:
            raise only("count_include_pad", "the mean", "true", "set mode=average")


def recipe(params: Pooling) -> Recipe:
    """One pooling stage."""
    padding = tuple((p, p) for p in params.padding)
    sources = {"input": signal((params.in_channels, *params.input_size), params._input, params.seed)}
    mode: Any = params.mode
    stage = Pool(
        "pool",
        "input",
        "output",
        params.kernel_size,
        params.stride,
        padding,
        params.dilation,
        mode,
        params.count_include_pad,
    )
    shapes = infer(sources, [stage])
    sizes = (params.input_size, params.kernel_size, params.stride, padding, params.dilation)
    return Recipe(
        sources,
        (stage,),
        shapes,
        formulas=[formulas.output_size(*sizes, shapes["output"][1:])],
        notes=dropped_cells(params.input_size, params.kernel_size, params.stride, padding, params.dilation),
    )


def nothing_is_learnt(trace: Document) -> bool:
    """A pool has no parameters."""
    return bool(trace["facts"]["parameters"] == 0)


def values_come_from_the_window(trace: Document) -> bool:
    """The maximum is one of the numbers read; the mean lies between the least and the most of them."""
    stage = trace["stages"][0]
    read, value = np.asarray(stage["steps"]["products"], float), np.asarray(stage["steps"]["value"], float)
    if stage["mode"] == "max":
        return bool((np.nanmax(read, axis=1) == value).all())
    low, high = np.minimum(read.min(axis=1), 0), np.maximum(read.max(axis=1), 0)
    return bool(((low <= value + 1e-12) & (value <= high + 1e-12)).all())


def channels_stay_apart(trace: Document) -> bool:
    """Each output channel reads its own input channel."""
    channels = trace["stages"][0]["channels"]
    return bool((channels == np.arange(len(channels))[:, None]).all())


KIND = Kind(
    slug="pooling",
    title="Pooling",
    summary="The same sliding window without weights: the largest value stays, or the mean.",
    group="shape",
    number=None,
    params=Pooling,
    recipe=recipe,
    presets=(
        Preset("numerical_max_pooling", "Maximum, window 3", {"input": INPUT}),
        Preset("numerical_average_pooling", "Mean, window 3", {"mode": "average", "input": INPUT}),
        Preset("halving", "Maximum, window 2, stride 2", {"input_size": "6", "kernel_size": "2", "stride": "2"}),
        Preset("padded", "Padding never wins", {"padding": "1", "stride": "2"}),
        Preset("padded-mean", "Padding counts in the mean", {"mode": "average", "padding": "1", "stride": "2"}),
        Preset(
            "padded-mean-inside",
            "The mean of real cells only",
            {"mode": "average", "padding": "1", "stride": "2", "count_include_pad": "false"},
        ),
        Preset(
            "channels", "Three channels", {"in_channels": "3", "kernel_size": "2", "stride": "2", "input_size": "4"}
        ),
        Preset(
            "global", "Global mean: one number a channel", {"mode": "average", "kernel_size": "5", "in_channels": "2"}
        ),
    ),
    claims=(
        Claim("Nothing is learnt.", nothing_is_learnt),
        Claim("A value comes from its window.", values_come_from_the_window),
        Claim("Channels stay apart.", channels_stay_apart),
    ),
)
