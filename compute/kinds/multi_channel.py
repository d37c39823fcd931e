"""Several channels: a kernel for each, their maps summed; one output channel a filter."""

from typing import Annotated

import numpy as np
from pydantic import Field as Described

from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Channelled, Viewed, correlate
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_CHANNELS, Whole


class MultiChannel(Channelled, Viewed):
    """Parameters of `multi-channel`: channels are its subject, so it starts with three."""

    in_channels: Annotated[int, Whole(1, MAX_CHANNELS, (1, 8))] = Described(
        3, title="In channels", description="Channels of the input; kernels of each filter."
    )


def every_filter_reads_every_channel(trace: Document) -> bool:
    """The channel table is full."""
    channels = trace["stages"][0]["channels"]
    return bool((channels == np.arange(trace["tensors"]["input"]["shape"][0])).all())


def one_map_a_filter(trace: Document) -> bool:
    """There are as many output channels as filters."""
    return bool(trace["tensors"]["output"]["shape"][0] == trace["tensors"]["kernel"]["shape"][0])


KIND = Kind(
    slug="multi-channel",
    title="Multi-channel convolution",
    summary="Each channel has a kernel of its own; their maps add up to one.",
    group="foundations",
    number=3,
    params=MultiChannel,
    recipe=correlate,
    presets=(
        Preset("article", "Three channels, one filter", {}),
        Preset("two-filters", "Three channels, two filters", {"out_channels": "2"}),
        Preset(
            "four-filters",
            "Two channels, four filters",
            {"in_channels": "2", "out_channels": "4", "input_size": "4"},
        ),
        Preset("biased", "Two filters with a bias", {"in_channels": "2", "out_channels": "2", "bias": "1,-2"}),
        Preset("strided", "Stride 2, padding 1", {"stride": "2", "padding": "1", "out_channels": "2"}),
        Preset("seven", "7 × 7 × 3, three filters", {"input_size": "7", "out_channels": "3"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products over all channels.", products_add_up),
        Claim("Every filter reads every channel.", every_filter_reads_every_channel),
        Claim("There is one map a filter.", one_map_a_filter),
    ),
    equals=(
        Equal(
            "With one group, grouped convolution is this.",
            {"in_channels": "4", "out_channels": "4"},
            "grouped",
            {"groups": "1"},
        ),
    ),
)
