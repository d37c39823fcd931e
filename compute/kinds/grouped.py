"""Grouped convolution: channels are split into groups, and no filter looks outside its own."""

from typing import Annotated

import numpy as np
from pydantic import Field as Described

from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import VIEWS, Channels, Grouped, correlate
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_CHANNELS, Choice, Whole
from compute.recipe import Recipe


class GroupedConvolution(Grouped):
    """Parameters of `grouped`: groups slide from standard (1) to depthwise (as many as channels)."""

    in_channels: Channels = Described(4, title="In channels", description="Channels of the input.")
    out_channels: Channels = Described(4, title="Out channels", description="Channels of the output: filters.")
    groups: Annotated[int, Whole(1, MAX_CHANNELS, (1, 8))] = Described(
        2, title="Groups", description="Parts into which the channels are split; 1 is standard, all is depthwise."
    )
    view: Annotated[str, Choice(VIEWS)] = Described(
        "both", title="View", description="numbers: flat, every cell; blocks: channels as depth; or both."
    )


def recipe(params: Grouped) -> Recipe:
    """One convolution with groups, compared with the one without."""
    return correlate(params, "standard convolution")


def connections_are_block_diagonal(trace: Document) -> bool:
    """Output channel n reads the channels of its own group, and these alone."""
    stage = trace["stages"][0]
    ins, outs = trace["tensors"]["input"]["shape"][0], trace["tensors"]["output"]["shape"][0]
    groups = stage["groups"]
    own = np.asarray(stage["channels"]) // (ins // groups)
    return bool((own == (np.arange(outs) // (outs // groups))[:, None]).all())


def weights_fall_by_the_number_of_groups(trace: Document) -> bool:
    """Multiplications and weights are those of the standard convolution, divided by the groups."""
    facts, groups = trace["facts"], trace["stages"][0]["groups"]
    biases = 0 if trace["stages"][0]["bias"] is None else len(trace["stages"][0]["bias"])
    standard = facts["baseline"]
    return bool(
        facts["multiplications"] * groups == standard["multiplications"]
        and (facts["parameters"] - biases) * groups == standard["parameters"] - biases
    )


KIND = Kind(
    slug="grouped",
    title="Grouped convolution",
    summary="No filter looks outside its own group of channels.",
    group="efficiency",
    number=13,
    params=GroupedConvolution,
    recipe=recipe,
    presets=(
        Preset("article", "Two groups", {}),
        Preset(
            "standard",
            "Standard first: 7 × 7 × 3 to 5 × 5 × 128",
            {"in_channels": "3", "out_channels": "128", "groups": "1", "input_size": "7", "view": "blocks"},
        ),
        Preset("one-group", "One group: standard", {"groups": "1"}),
        Preset("depthwise", "Four groups: depthwise", {"groups": "4"}),
        Preset("multiplier", "Depthwise, two filters a channel", {"in_channels": "2", "input_size": "4"}),
        Preset("four-groups", "Four groups of two", {"in_channels": "8", "groups": "4", "input_size": "4"}),
        Preset("strided", "Stride 2, padding 1", {"stride": "2", "padding": "1"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The connections are block-diagonal.", connections_are_block_diagonal),
        Claim("Weights fall by the number of groups.", weights_fall_by_the_number_of_groups),
    ),
    equals=(
        Equal(
            "With groups = channels this is depthwise convolution.",
            {"in_channels": "3", "out_channels": "3", "groups": "3"},
            "depthwise-separable",
            {},
            their_tensor="filtered",
        ),
        Equal(
            "With one group it is multi-channel convolution.",
            {"groups": "1"},
            "multi-channel",
            {"in_channels": "4", "out_channels": "4"},
        ),
    ),
)
