"""Stages: frozen records of one relation each, between named tensors of shape (channel, spatial axes…).

Every record answers two questions and computes nothing:

- ``shape(shapes)``: the shape of the tensor that it writes;
- ``relation(shapes)``: which input cells, through which taps, an output cell reads (`engine.py` multiplies).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar, Literal

import numpy as np

from compute.errors import GeometryError
from compute.geometry import (
    AxisTable,
    Ints,
    Pad,
    axis_names,
    check_direct,
    check_transposed,
    direct_axis,
    extent,
    transposed_axis,
)

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
Reduce = Literal["sum", "max", "mean", "relu"]


@dataclass(frozen=True)
class Relation:
    """What one output cell reads: the product of a channel table and one table an axis.

    Attributes:
        channels: (out channel, n) the input channels that an output channel reads.
        axes: one table a spatial axis.
        reduce: how the values read (times their weights) become one.
    """

    channels: Ints
    axes: tuple[AxisTable, ...]
    reduce: Reduce = "sum"

    @property
    def columns(self) -> int:
        """Numbers met in one step: channels read times taps."""
        return int(self.channels.shape[1] * prod(axis.source.shape[1] for axis in self.axes))


def identity_axes(shape: Shape) -> tuple[AxisTable, ...]:
    """Tables with a single tap that stands on its own cell."""
    return tuple(AxisTable(cells, cells) for cells in (np.arange(n)[:, None] for n in shape[1:]))


def group_channels(count: int, read: int, groups: int) -> Ints:
    """(count, read/groups) table: the channels on the other side that each of ``count`` channels is wired to.

    >>> group_channels(4, 2, 2).tolist()
    [[0], [0], [1], [1]]
    """
    own = np.arange(count) // (count // groups)
    return own[:, None] * (read // groups) + np.arange(read // groups)


@dataclass(frozen=True)
class Correlate:
    """Grouped, strided, padded, dilated cross-correlation, what deep learning calls convolution.

    ``padding`` is resolved, (before, after) an axis. Kernel: (filter, channel of the group, taps…).
    Source: Dumoulin & Visin 2016; `torch.nn.functional.conv2d`.
    """

    id: str
    input: str
    kernel: str
    output: str
    stride: Shape
    padding: tuple[Pad, ...]
    dilation: Shape
    groups: int = 1
    padding_mode: str = "zeros"
    flip: bool = False
    bias: str | None = None
    operation: ClassVar = "correlate"

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.input,)

    def shape(self, shapes: Shapes) -> Shape:
        filters, _, *taps = shapes[self.kernel]
        check_groups(shapes[self.input][0], filters, self.groups)
        sides = zip(
            shapes[self.input][1:],
            taps,
            self.stride,
            self.padding,
            self.dilation,
            axis_names(len(taps)),
            strict=True,
        )
        return (
            filters,
            *(check_direct(i, k, s, p, d, self.padding_mode, name) for i, k, s, p, d, name in sides),
        )

    def relation(self, shapes: Shapes) -> Relation:
        filters, _, *taps = shapes[self.kernel]
        sizes = zip(
            shapes[self.input][1:],
            shapes[self.output][1:],
            taps,
            self.stride,
            self.padding,
            self.dilation,
            strict=True,
        )
        return Relation(
            group_channels(filters, shapes[self.input][0], self.groups),
            tuple(direct_axis(i, o, k, s, p, d, self.padding_mode, self.flip) for i, o, k, s, p, d in sizes),
        )


@dataclass(frozen=True)
class Transpose:
    """The transpose of `Correlate`: every input cell stamps the kernel, ``padding`` crops, ``output_padding`` adds.

    Kernel: (input channel, output channel of the group, taps…), as `torch.nn.functional.conv_transpose2d` has it.
    ``by`` says what a step of its trace is: one output cell gathered, or one input cell spread.
    """

    id: str
    input: str
    kernel: str
    output: str
    stride: Shape
    padding: tuple[Pad, ...]
    dilation: Shape
    output_padding: Shape
    groups: int = 1
    flip: bool = False
    bias: str | None = None
    by: Literal["input", "output"] = "output"
    operation: ClassVar = "transpose"

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.input,)

    def shape(self, shapes: Shapes) -> Shape:
        _, per_group, *taps = shapes[self.kernel]
        check_groups(shapes[self.input][0], per_group * self.groups, self.groups)
        sides = zip(
            shapes[self.input][1:],
            taps,
            self.stride,
            self.padding,
            self.dilation,
            self.output_padding,
            axis_names(len(taps)),
            strict=True,
        )
        return (per_group * self.groups, *(check_transposed(*side) for side in sides))

    def relation(self, shapes: Shapes) -> Relation:
        taps = shapes[self.kernel][2:]
        sizes = zip(
            shapes[self.input][1:],
            shapes[self.output][1:],
            taps,
            self.stride,
            self.padding,
            self.dilation,
            strict=True,
        )
        return Relation(
            group_channels(shapes[self.output][0], shapes[self.input][0], self.groups),
            tuple(transposed_axis(i, o, k, s, p, d, self.flip) for i, o, k, s, p, d in sizes),
        )


@dataclass(frozen=True)
class Pool:
    """Maximum or mean of each window of each channel; padding never wins a maximum (`torch.nn.MaxPool2d`)."""

    id: str
    input: str
    output: str
    kernel_size: Shape
    stride: Shape
    padding: tuple[Pad, ...]
    dilation: Shape
    mode: Literal["max", "average"] = "max"
    count_include_pad: bool = True
    operation: ClassVar = "pool"

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.input,)

    def _sides(self, shapes: Shapes) -> list[tuple[int, int, int, Pad, int, str]]:
        names = axis_names(len(self.kernel_size))
        sides = zip(
            shapes[self.input][1:],
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            names,
            strict=True,
        )
        return list(sides)

    def shape(self, shapes: Shapes) -> Shape:
        for _, k, _, p, d, name in self._sides(shapes):
            if max(p) > extent(k, d) // 2:  # else a window could stand on padding alone, and have no maximum
                raise GeometryError(
                    "padding_exceeds_kernel",
                    "padding",
                    f"Padding of a pool is at most half the window; on the {name} axis padding is {max(p)} "
                    f"and the window {extent(k, d)} wide.",
                    f"Try padding {extent(k, d) // 2}.",
                    axis=name,
                    padding=max(p),
                    extent=extent(k, d),
                    nearest=extent(k, d) // 2,
                )
        sizes = (check_direct(i, k, s, p, d, "zeros", name) for i, k, s, p, d, name in self._sides(shapes))
        return (shapes[self.input][0], *sizes)

    def relation(self, shapes: Shapes) -> Relation:
        sizes = zip(self._sides(shapes), shapes[self.output][1:], strict=True)
        return Relation(
            np.arange(shapes[self.input][0])[:, None],
            tuple(direct_axis(i, o, k, s, p, d) for (i, k, s, p, d, _), o in sizes),
            "max" if self.mode == "max" else "mean",
        )


@dataclass(frozen=True)
class Shuffle:
    """Channel shuffle: channels of ``groups`` groups dealt out in turn (Zhang et al. 2017, ShuffleNet)."""

    id: str
    input: str
    output: str
    groups: int
    operation: ClassVar = "shuffle"

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.input,)

    def permutation(self, channels: int) -> Ints:
        """The input channel that each output channel takes.

        >>> Shuffle("", "", "", 2).permutation(4).tolist()
        [0, 2, 1, 3]
        """
        return np.arange(channels).reshape(self.groups, -1).T.ravel()

    def shape(self, shapes: Shapes) -> Shape:
        check_groups(shapes[self.input][0], shapes[self.input][0], self.groups)
        return shapes[self.input]

    def relation(self, shapes: Shapes) -> Relation:
        shape = shapes[self.input]
        return Relation(self.permutation(shape[0])[:, None], identity_axes(shape))


@dataclass(frozen=True)
class Resize:
    """Nearest or (bi)linear up-sampling to ``size``, as `torch.nn.functional.interpolate(align_corners=False)`."""

    id: str
    input: str
    output: str
    size: Shape
    mode: Literal["nearest", "bilinear"] = "nearest"
    operation: ClassVar = "resize"

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.input,)

    def shape(self, shapes: Shapes) -> Shape:
        return (shapes[self.input][0], *self.size)

    def relation(self, shapes: Shapes) -> Relation:
        shape = shapes[self.input]
        axis = nearest_axis if self.mode == "nearest" else linear_axis
        axes = tuple(axis(i, o) for i, o in zip(shape[1:], self.size, strict=True))
        return Relation(np.arange(shape[0])[:, None], axes)


def nearest_axis(i: int, o: int) -> AxisTable:
    """One tap: the cell at ⌊o·i/size⌋.

    >>> nearest_axis(2, 4).source.ravel().tolist()
    [0, 0, 1, 1]
    """
    at = (np.arange(o) * i // o)[:, None]
    return AxisTable(at, at)


def linear_axis(i: int, o: int) -> AxisTable:
    """Two taps, weighted by how near the centre of the output cell lies to each.

    >>> linear_axis(2, 4).weights.tolist()
    [[1.0, 0.0], [0.75, 0.25], [0.25, 0.75], [1.0, 0.0]]
    """
    centre = np.clip((np.arange(o) + 0.5) * i / o - 0.5, 0, i - 1)
    low = np.floor(centre).astype(np.int64)
    pair = np.stack([low, np.minimum(low + 1, i - 1)], axis=1)
    share = centre - low
    return AxisTable(pair, pair, weights=np.stack([1 - share, share], axis=1))


@dataclass(frozen=True)
class Activate:
    """A function of each cell by itself; ReLU."""

    id: str
    input: str
    output: str
    function: Literal["relu"] = "relu"
    operation: ClassVar = "activate"

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.input,)

    def shape(self, shapes: Shapes) -> Shape:
        return shapes[self.input]

    def relation(self, shapes: Shapes) -> Relation:
        shape = shapes[self.input]
        return Relation(np.arange(shape[0])[:, None], identity_axes(shape), self.function)


@dataclass(frozen=True)
class Sum:
    """Several tensors of one shape added cell by cell; their channels are read as one long channel axis."""

    id: str
    inputs: tuple[str, ...]
    output: str
    operation: ClassVar = "sum"

    @property
    def reads(self) -> tuple[str, ...]:
        return self.inputs

    def shape(self, shapes: Shapes) -> Shape:
        found = {shapes[name] for name in self.inputs}
        if len(found) != 1:
            raise GeometryError(
                "size_mismatch",
                "input_size",
                f"Only tensors of one shape can be added; these have {sorted(found)}.",
                shapes=sorted(found),
            )
        return shapes[self.inputs[0]]

    def relation(self, shapes: Shapes) -> Relation:
        shape = shapes[self.inputs[0]]
        channels = np.arange(shape[0])[:, None] + np.arange(len(self.inputs)) * shape[0]
        return Relation(channels, identity_axes(shape))


Stage = Correlate | Transpose | Pool | Shuffle | Resize | Activate | Sum


def check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    """Groups divide the channels on both sides; raises GeometryError with the nearest number that does."""
    if in_channels % groups == 0 and out_channels % groups == 0:
        return
    works = [g for g in range(1, min(in_channels, out_channels) + 1) if in_channels % g == 0 == out_channels % g]
    nearest = min(works, key=lambda g: abs(g - groups))
    raise GeometryError(
        "groups_do_not_divide",
        "groups",
        f"{groups} groups do not divide {in_channels} input and {out_channels} output channels without a rest.",
        f"Try groups {nearest}; {', '.join(map(str, works[:12]))} work.",
        groups=groups,
        in_channels=in_channels,
        out_channels=out_channels,
        works=works[:12],
        nearest=nearest,
    )
