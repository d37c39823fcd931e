"""Depthwise separable convolution: one kernel a channel, then 1×1 filters that mix the channels."""

from dataclasses import replace
from math import prod
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field as Described

from compute import formulas
from compute.errors import ParameterError
from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Channels, Sizes, Viewed, dropped_cells
from compute.kinds.params import join
from compute.kinds.pipeline import chain, ratio, resolved, standard
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Padding, Pads, Size
from compute.recipe import Floats, Recipe, filters
from compute.stages import Correlate
from compute.values import Block, Values


class DepthwiseSeparable(Viewed):
    """Parameters of `depthwise-separable`; ``kernel`` holds the depthwise weights, a channel each."""

    in_channels: Channels = Described(3, title="In channels", description="Channels of the input; one kernel for each.")
    out_channels: Channels = Described(4, title="Out channels", description="Channels of the output: 1×1 filters.")
    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16))] = Described(
        (5,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 7))] = Described(
        (3,), title="Kernel size", description="Taps along each axis of the depthwise kernels."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells that the depthwise window moves on by."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 6))] = Described(
        (0,), title="Padding", description="Cells added around the input: numbers, before:after, or valid, same, full."
    )
    dilation: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Dilation", description="Cells from one tap to the next."
    )
    pointwise_kernel: Annotated[Block | str | None, Values()] = Described(
        None, title="1×1 weights", description="Weights of the second stage: channels by «|», filters by «||»."
    )

    _pointwise_kernel: ClassVar[Floats | None] = None

    def settle(self) -> None:
        """The 1×1 weights decide the channels that were left open, as a kernel does."""
        super().settle()
        self.check_depth(1)
        self._set("_pointwise_kernel", None)
        if isinstance(self.pointwise_kernel, Block):
            given = self.pointwise_kernel.shaped("pointwise_kernel", 2, 2)
            if given.shape[2:] != (1, 1):
                raise ParameterError(
                    "size_mismatch",
                    "pointwise_kernel",
                    f"pointwise_kernel has kernel_size {join(given.shape[2:])}; 1×1 filters have 1.",
                    "Give one number a channel and filter, for instance 1|0||0|1.",
                    parameter="kernel_size",
                    found=join(given.shape[2:]),
                    expected="1",
                )
            also = "in_channels" if self._input is not None or self._kernel is not None else ""
            self._imply("out_channels", given.shape[0], "pointwise_kernel")
            self._imply("in_channels", given.shape[1], "pointwise_kernel", also)
            if self.in_channels == given.shape[1]:
                self._set("_pointwise_kernel", given)

    def channels_of(self, kernel: Floats) -> dict[str, int]:
        """A depthwise kernel is (channel, 1, …)."""
        return {"in_channels": kernel.shape[0]}

    def _given(self) -> tuple[str, ...]:
        return (*super()._given(), "pointwise_kernel")

    def replaced(self, name: str, value: object) -> "DepthwiseSeparable":
        """Without 1×1 weights where the channels change."""
        other = super().replaced(name, value)
        if name in ("in_channels", "out_channels"):
            other._set("_pointwise_kernel", None)
        return other


def recipe(params: DepthwiseSeparable) -> Recipe:
    """A grouped convolution with a group a channel, then a 1×1 convolution."""
    ins, outs, taps = params.in_channels, params.out_channels, params.kernel_size
    padding = resolved(params, params.padding)
    ones = (1,) * params.rank
    kernels = {
        "kernel": filters((ins, 1, *taps), params._kernel, params.seed),
        "pointwise": filters((outs, ins, *ones), params._pointwise_kernel, params.seed, stream=4),
    }
    stages = (
        Correlate("depthwise", "input", "kernel", "filtered", params.stride, padding, params.dilation, ins),
        Correlate("pointwise", "filtered", "pointwise", "output", ones, ((0, 0),) * params.rank, ones),
    )
    once = chain(params, kernels, stages)
    o = once.shapes["output"][1:]
    return replace(
        once,
        formulas=[
            _share(outs, taps),
            formulas.output_size(params.input_size, taps, params.stride, padding, params.dilation, o),
            formulas.receptive_field(taps, params.dilation),
        ],
        notes=dropped_cells(params.input_size, taps, params.stride, padding, params.dilation),
        baseline=standard(outs, ins, taps, o),
    )


def _share(filters: int, taps: Sizes) -> formulas.Formula:
    """1/N + 1/h² of the standard cost (Howard et al. 2017, MobileNets), with both sides where they differ."""
    area = prod(taps)
    if taps[0] == taps[1]:
        return ratio(r"q = \frac{1}{<N>} + \frac{1}{<k>^2}", 1 / filters + 1 / area, N=filters, k=taps[0])
    return ratio(r"q = \frac{1}{<N>} + \frac{1}{<kh>·<kw>}", 1 / filters + 1 / area, N=filters, kh=taps[0], kw=taps[1])


def each_channel_has_its_own_kernel(trace: Document) -> bool:
    """The first stage is a grouped convolution with a group a channel."""
    depthwise = trace["stages"][0]
    channels = depthwise["channels"]
    return bool(depthwise["groups"] == len(channels) and (channels == np.arange(len(channels))[:, None]).all())


def cost_is_the_share_that_the_formula_gives(trace: Document) -> bool:
    """1/N + 1/h² of the standard convolution's multiplications, exactly."""
    facts = trace["facts"]
    filters, depth = trace["tensors"]["pointwise"]["shape"][:2]
    area = prod(trace["tensors"]["kernel"]["shape"][2:])
    return bool(
        facts["multiplications"] * filters * area == facts["baseline"]["multiplications"] * (filters + area)
        and facts["baseline"]["parameters"] == filters * depth * area
    )


KIND = Kind(
    slug="depthwise-separable",
    title="Depthwise separable convolution",
    summary="First one kernel a channel, then 1×1 filters that mix them: the same shapes at a fraction of the cost.",
    group="efficiency",
    number=11,
    params=DepthwiseSeparable,
    recipe=recipe,
    presets=(
        Preset("article", "7 × 7 × 3 to 5 × 5 × 128", {"input_size": "7", "out_channels": "128", "view": "blocks"}),
        Preset("four", "Four filters, all numbers", {}),
        Preset("two", "Two channels, two filters", {"in_channels": "2", "out_channels": "2", "input_size": "4"}),
        Preset("five", "Kernels of 5 × 5", {"kernel_size": "5", "input_size": "7"}),
        Preset("strided", "Stride 2, padding 1", {"stride": "2", "padding": "1"}),
        Preset("dilated", "Dilation 2", {"dilation": "2", "input_size": "6"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("Each channel has its own kernel.", each_channel_has_its_own_kernel),
        Claim("It costs 1/N + 1/h² of the standard convolution.", cost_is_the_share_that_the_formula_gives),
    ),
    equals=(
        Equal(
            "Its first stage is grouped convolution with groups = channels.",
            {},
            "grouped",
            {"in_channels": "3", "out_channels": "3", "groups": "3"},
            tensor="filtered",
        ),
    ),
)
