"""Shuffled grouped convolution: two grouped convolutions, and a shuffle between them that lets the groups meet."""

from dataclasses import replace
from math import prod
from typing import Annotated

import numpy as np
from pydantic import Field as Described

from compute import formulas
from compute.cost import Cost, cost
from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Channels, Sizes, Viewed, dropped_cells
from compute.kinds.pipeline import chain, resolved, standard, together
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_CHANNELS, MAX_SIDE, Flag, Padding, Pads, Size, Whole
from compute.recipe import Recipe, filters
from compute.stages import Correlate, Shuffle, Stage, check_groups

MOST_LISTED = 1024  # channels on a side up to which it is listed which of them meet


class ShuffledGrouped(Viewed):
    """Parameters of `shuffled-grouped`: the first convolution keeps the number of channels, the second changes it."""

    in_channels: Channels = Described(
        9, title="In channels", description="Channels of the input, and between the two convolutions."
    )
    out_channels: Channels = Described(9, title="Out channels", description="Channels of the output.")
    groups: Annotated[int, Whole(1, MAX_CHANNELS, (1, 8))] = Described(
        3, title="Groups", description="Parts into which the channels are split, in both convolutions."
    )
    shuffle: Annotated[bool, Flag()] = Described(
        True, title="Shuffle", description="Deal the channels out to all groups between the two convolutions."
    )
    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 12))] = Described(
        (2,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Kernel size", description="Taps along each axis of both kernels."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells that the first window moves on by; the second moves by one."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 4))] = Described(
        (0,), title="Padding", description="Cells added around the input of the first convolution."
    )

    @property
    def dilation(self) -> Sizes:
        """Taps are neighbours."""
        return (1, 1)

    def settle(self) -> None:
        """Refuse a first kernel of another depth than a group has; groups that do not divide are refused later."""
        super().settle()
        if self.in_channels % self.groups == 0:
            self.check_depth(self.in_channels // self.groups)

    def channels_of(self, kernel: np.ndarray) -> dict[str, int]:
        """The first kernel is (channel, channel of the group, …)."""
        return {"in_channels": kernel.shape[0]}


def recipe(params: ShuffledGrouped) -> Recipe:
    """GConv1, shuffle, GConv2 (Zhang et al. 2017, ShuffleNet); without the shuffle the second reads the first."""
    ins, outs, groups, taps = params.in_channels, params.out_channels, params.groups, params.kernel_size
    check_groups(ins, outs, groups)
    padding, ones = resolved(params, params.padding), (1,) * params.rank
    shape = (max(1, ins // groups), *taps)
    kernels = {
        "kernel": filters((ins, *shape), params._kernel, params.seed),
        "second": filters((outs, *shape), None, params.seed, stream=4),
    }
    same = tuple(((k - 1) // 2, k // 2) for k in taps)
    between = "shuffled" if params.shuffle else "grouped"
    stages: tuple[Stage, ...] = (
        Correlate("first", "input", "kernel", "grouped", params.stride, padding, ones, groups),
        *([Shuffle("shuffle", "grouped", "shuffled", groups)] if params.shuffle else []),
        Correlate("second", between, "second", "output", ones, same, ones, groups),
    )
    once = chain(params, kernels, stages)
    total = sum((cost(stage, once.shapes) for stage in stages), Cost())
    numbers = {"Cin": ins, "Cout": outs, "g": groups, "kh": taps[0], "kw": taps[1]}
    weights = r"P = \frac{<Cin>·<Cin> + <Cout>·<Cin>}{<g>}·<kh>·<kw>"
    return replace(
        once,
        formulas=[
            formulas.Formula("parameters", weights, [numbers], [total.parameters]),
            formulas.output_size(params.input_size, taps, params.stride, padding, ones, once.shapes["grouped"][1:]),
        ],
        notes=dropped_cells(params.input_size, taps, params.stride, padding, ones),
        baseline=together(
            standard(ins, ins, taps, once.shapes["grouped"][1:]), standard(outs, ins, taps, once.shapes["output"][1:])
        ),
        extra={"sees": sees(params)},
    )


def sees(params: ShuffledGrouped) -> list[list[int]] | None:
    """A row an output channel: the input channels it depends on; None where there are too many to list."""
    ins, outs, groups = params.in_channels, params.out_channels, params.groups
    if max(ins, outs) > MOST_LISTED or prod((ins, outs)) > MOST_LISTED * 64:
        return None
    order = Shuffle("", "", "", groups).permutation(ins) if params.shuffle else np.arange(ins)
    size = ins // groups
    rows = []
    for channel in range(outs):
        group = channel // (outs // groups)
        met = np.unique(order[group * size : (group + 1) * size] // size)
        rows.append((met[:, None] * size + np.arange(size)).ravel().tolist())
    return rows


def shuffle_deals_the_channels_out(trace: Document) -> bool:
    """Channel n of a group goes to place n·groups + group, as ShuffleNet's reshape and transpose do."""
    stages = [stage for stage in trace["stages"] if stage["operation"] == "shuffle"]
    for stage in stages:
        count = len(stage["permutation"])
        dealt = np.arange(count).reshape(stage["groups"], -1).T.ravel()
        moved = np.asarray(trace["tensors"]["grouped"]["values"])[dealt]
        if not np.array_equal(trace["tensors"]["shuffled"]["values"], moved):
            return False
    return True


def listed_channels_are_those_that_the_tables_reach(trace: Document) -> bool:
    """Following the channel tables back from an output reaches exactly the channels listed."""
    reached = [{n} for n in range(trace["tensors"]["input"]["shape"][0])]
    for stage in trace["stages"]:
        reached = [set().union(*(reached[channel] for channel in row)) for row in np.asarray(stage["channels"])]
    return [set(row) for row in trace["facts"]["sees"]] == reached


def shuffle_lets_every_group_meet(trace: Document) -> bool:
    """With the shuffle an output sees all inputs (if groups have enough channels); without it, its own group's."""
    sees, ins = trace["facts"]["sees"], trace["tensors"]["input"]["shape"][0]
    groups = trace["stages"][0]["groups"]
    if not trace["params"]["shuffle"]:
        return all(len(row) == ins // groups for row in sees)
    return ins // groups < groups or all(len(row) == ins for row in sees)


KIND = Kind(
    slug="shuffled-grouped",
    title="Shuffled grouped convolution",
    summary="A shuffle between two grouped convolutions lets the groups meet.",
    group="efficiency",
    number=14,
    params=ShuffledGrouped,
    recipe=recipe,
    presets=(
        Preset("article", "Three groups, shuffled", {}),
        Preset("unshuffled", "Without the shuffle", {"shuffle": "false"}),
        Preset("four", "Two groups: 1 2 3 4 becomes 1 3 2 4", {"in_channels": "4", "out_channels": "4", "groups": "2"}),
        Preset(
            "windows",
            "Windows of 3 × 3",
            {
                "input_size": "3",
                "kernel_size": "3",
                "padding": "1",
                "in_channels": "4",
                "out_channels": "4",
                "groups": "2",
            },
        ),
        Preset("too-few", "Two channels a group: not all meet", {"in_channels": "6", "out_channels": "6"}),
        Preset("one-group", "One group: nothing to shuffle", {"groups": "1", "in_channels": "3", "out_channels": "3"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The shuffle deals the channels out.", shuffle_deals_the_channels_out),
        Claim("The channels listed are those that are read.", listed_channels_are_those_that_the_tables_reach),
        Claim("The shuffle lets every group meet.", shuffle_lets_every_group_meet),
    ),
    equals=(
        Equal(
            "Its first stage is pointwise grouped convolution.",
            {},
            "pointwise-grouped",
            {"in_channels": "9", "out_channels": "9", "groups": "3", "input_size": "2"},
            tensor="grouped",
        ),
    ),
)
