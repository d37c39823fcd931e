"""1×1 convolution: every pixel's channels are mixed, and no pixel meets its neighbour."""

from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field as Described

from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Channels, Sizes, Viewed, correlate
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Bias, Choice, Size
from compute.recipe import Recipe, infer
from compute.stages import Activate


class OneByOne(Viewed):
    """Parameters of kinds whose kernels are 1 × 1."""

    in_channels: Channels = Described(
        3, title="In channels", description="Channels of the input: depth of each filter."
    )
    out_channels: Channels = Described(1, title="Out channels", description="Channels of the output: filters.")
    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16))] = Described(
        (4,), title="Input size", description="Cells along each axis of the input."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells that the window moves on by."
    )
    bias: Annotated[bool | tuple[float, ...], Bias()] = Described(
        False, title="Bias", description="true, or one number a filter, joined by «,»."
    )

    @property
    def kernel_size(self) -> Sizes:
        """One tap along each axis."""
        return (1, 1)

    @property
    def dilation(self) -> Sizes:
        """A single tap has no gaps."""
        return (1, 1)

    @property
    def padding(self) -> Sizes:
        """There is nothing to add around a single tap."""
        return (0, 0)


class Pointwise(OneByOne):
    """Parameters of `pointwise`: a non-linearity may follow."""

    activation: Annotated[str, Choice(("none", "relu"))] = Described(
        "none", title="Then", description="What follows: nothing, or ReLU, which makes negative values zero."
    )


def recipe(params: Pointwise) -> Recipe:
    """The 1×1 convolution, and ReLU where it is asked for."""
    once = correlate(params)
    stage = replace(once.stages[0], id="pointwise")
    if params.activation == "none":
        return replace(once, stages=(stage,))
    stages = (replace(stage, output="mapped"), Activate("relu", "mapped", "output"))
    return replace(once, stages=stages, shapes=infer(once.sources, stages))


def no_pixel_meets_its_neighbour(trace: Document) -> bool:
    """Every output cell reads a single place of the input, in all channels."""
    return bool(trace["facts"]["receptive_field"] == [1, 1])


def rows_and_columns_stay(trace: Document) -> bool:
    """With stride 1 only the number of channels changes."""
    stage = trace["stages"][0]
    same = trace["tensors"]["input"]["shape"][1:] == trace["tensors"]["output"]["shape"][1:]
    return bool(same or max(stage["stride"]) > 1)


def relu_leaves_nothing_negative(trace: Document) -> bool:
    """After ReLU no cell is below zero."""
    stages = [stage for stage in trace["stages"] if stage["operation"] == "activate"]
    return all(bool((np.asarray(trace["tensors"][stage["output"]]["values"]) >= 0).all()) for stage in stages)


KIND = Kind(
    slug="pointwise",
    title="1×1 convolution",
    summary="A filter one cell wide mixes the channels of each pixel, and leaves the grid as it is.",
    group="foundations",
    number=5,
    params=Pointwise,
    recipe=recipe,
    presets=(
        Preset("article", "H × W × 3 to H × W × 1", {}),
        Preset("four-filters", "Four filters: H × W × 4", {"out_channels": "4"}),
        Preset("relu", "Then ReLU", {"out_channels": "2", "activation": "relu"}),
        Preset("squeeze", "Eight channels to two", {"in_channels": "8", "out_channels": "2", "input_size": "3"}),
        Preset("two-hundred", "200 channels down to 1", {"in_channels": "200", "input_size": "3", "view": "blocks"}),
        Preset("mean", "The mean of three channels", {"kernel": "0.25|0.5|0.25"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("No pixel meets its neighbour.", no_pixel_meets_its_neighbour),
        Claim("Rows and columns stay as they are.", rows_and_columns_stay),
        Claim("ReLU leaves nothing negative.", relu_leaves_nothing_negative),
    ),
    equals=(
        Equal(
            "This is multi-channel with a kernel of one cell.",
            {"out_channels": "2"},
            "multi-channel",
            {"kernel_size": "1", "input_size": "4", "out_channels": "2"},
        ),
    ),
)
