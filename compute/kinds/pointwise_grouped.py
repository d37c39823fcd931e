"""Pointwise grouped convolution: groups on the 1×1 convolution, which is where small networks spend most."""

from typing import Annotated

from pydantic import Field as Described

from compute.kinds.base import Claim, Equal, Kind, Preset
from compute.kinds.convolution import Channels, correlate
from compute.kinds.grouped import connections_are_block_diagonal, weights_fall_by_the_number_of_groups
from compute.kinds.pointwise import OneByOne, no_pixel_meets_its_neighbour
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_CHANNELS, Whole
from compute.recipe import Recipe


class PointwiseGrouped(OneByOne):
    """Parameters of `pointwise-grouped`."""

    in_channels: Channels = Described(4, title="In channels", description="Channels of the input.")
    out_channels: Channels = Described(4, title="Out channels", description="Channels of the output: filters.")
    groups: Annotated[int, Whole(1, MAX_CHANNELS, (1, 8))] = Described(
        2, title="Groups", description="Parts into which the channels are split."
    )


def recipe(params: PointwiseGrouped) -> Recipe:
    """A 1×1 convolution with groups, compared with the one without."""
    return correlate(params, "standard convolution")


KIND = Kind(
    slug="pointwise-grouped",
    title="Pointwise grouped convolution",
    summary="Groups on the 1×1 convolution: its cost falls by their number.",
    group="efficiency",
    number=15,
    params=PointwiseGrouped,
    recipe=recipe,
    presets=(
        Preset("article", "Two groups", {}),
        Preset("one-group", "One group: an ordinary 1×1", {"groups": "1"}),
        Preset("four-groups", "Four groups: each channel by itself", {"groups": "4"}),
        Preset(
            "shufflenet",
            "Three groups of eight, as ShuffleNet has",
            {"in_channels": "24", "out_channels": "24", "groups": "3", "input_size": "3", "view": "blocks"},
        ),
        Preset("squeeze", "Eight channels to four", {"in_channels": "8", "groups": "4", "input_size": "3"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The connections are block-diagonal.", connections_are_block_diagonal),
        Claim("The cost falls by the number of groups.", weights_fall_by_the_number_of_groups),
        Claim("No pixel meets its neighbour.", no_pixel_meets_its_neighbour),
    ),
    equals=(
        Equal(
            "With one group this is the 1×1 convolution.",
            {"groups": "1"},
            "pointwise",
            {"in_channels": "4", "out_channels": "4"},
        ),
    ),
)
