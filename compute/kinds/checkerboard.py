"""Checkerboard: where the stamps of a transposed convolution overlap unevenly, and three ways out."""

from dataclasses import replace
from functools import reduce
from math import prod
from typing import Annotated, Any

import numpy as np
from pydantic import Field as Described

from compute.geometry import Ints, is_even, transposed_overlap, transposed_size
from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Sizes
from compute.kinds.single_channel import products_add_up
from compute.kinds.transposed import Transposed, counts_are_stamps_of_ones, stamps_add_up, transpose
from compute.parameters import MAX_SIDE, Choice, Size, Whole
from compute.recipe import Recipe, filters, infer
from compute.stages import Correlate, Resize, Stage, Transpose

LONGEST_COUNTS = 100_000  # cells along one axis up to which the counts of a stack are listed
# Nor maps of both axes larger than a page can show.
LONGEST_MAP = 128


class Checkerboard(Transposed):
    """Parameters of `checkerboard`: a transposed convolution, how many of them, and what to use in its place."""

    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16))] = Described(
        (6,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 64, (1, 7))] = Described(
        (3,), title="Kernel size", description="Taps along each axis of the kernel."
    )
    stride: Annotated[Sizes, Size(1, 8, (1, 5))] = Described(
        (2,), title="Stride", description="Cells from one stamp to the next."
    )
    by: Annotated[str, Choice(("input", "output"))] = Described(
        "input", title="Step through", description="A step is one input cell (stamp) or one output cell (window)."
    )
    view: Annotated[str, Choice(("lab", "stamps"))] = Described(
        "lab", title="View", description="lab: how many stamps meet; stamps: the numbers themselves."
    )
    depth: Annotated[int, Whole(1, 3, (1, 3))] = Described(
        1, title="Layers", description="Transposed convolutions one after the other, each with kernel and stride."
    )
    remedy: Annotated[str, Choice(("none", "nearest", "bilinear"))] = Described(
        "none",
        title="Compare with",
        description="Beside it: resize (nearest or bilinear), then an ordinary convolution.",
    )


def recipe(params: Checkerboard) -> Recipe:
    """The stack of transposed stages, and beside it the resize-convolution where it is asked for."""
    once = transpose(params)
    layers = _stack(params, once)
    remedy = _remedy(params, once)
    stages: tuple[Stage, ...] = (*layers, *remedy)
    sources = dict(once.sources)
    for n in range(2, params.depth + 1):
        shape = once.shapes["kernel"]
        sources[f"kernel-{n}"] = filters(shape, _repeated(params), params.seed, transposed=True, stream=8 + n)
    return replace(
        once,
        sources=sources,
        stages=stages,
        shapes=infer(sources, stages),
        view="stamp",
        compared=(layers[-1].id, "convolution") if remedy else (),
        extra={**once.extra, **_lab(params)},
    )


def _repeated(params: Checkerboard) -> Any:
    """A kernel that the reader chose is that of every layer."""
    return params._kernel


def _stack(params: Checkerboard, once: Recipe) -> list[Transpose]:
    """The same transposed stage ``depth`` times; the last one writes the output."""
    (first,) = once.stages
    assert isinstance(first, Transpose)
    names = ["input", *(f"hidden-{n}" for n in range(1, params.depth)), "output"]
    return [
        replace(
            first,
            id="transposed" if n == 1 else f"transposed-{n}",
            input=names[n - 1],
            output=names[n],
            kernel="kernel" if n == 1 else f"kernel-{n}",
        )
        for n in range(1, params.depth + 1)
    ]


def _remedy(params: Checkerboard, once: Recipe) -> tuple[Stage, ...]:
    """Resize to the size that the strides reach, then an ordinary convolution with the same weights."""
    if params.remedy == "none":
        return ()
    growth = [s**params.depth for s in params.stride]
    mode: Any = params.remedy
    size = tuple(i * s for i, s in zip(params.input_size, growth, strict=True))
    padding = tuple(((k - 1) // 2, k // 2) for k in params.kernel_size)
    stride = (1,) * len(size)
    return (
        Resize("resize", "input", "resized", size, mode),
        Correlate("convolution", "resized", "kernel", "smoothed", stride, padding, stride),
    )


def _lab(params: Checkerboard) -> dict[str, Any]:
    """What the lab says of the overlap: counts of the layers together, taps a phase, strength of the pattern."""
    sides = list(zip(params.kernel_size, params.stride, params.dilation, strict=True))
    phases = [taps_by_phase(*side) for side in sides]
    return {
        "stacked": stacked(params),
        "phases": phases,
        "strength": strength(phases, params.depth),
        "strengths": _strengths(params, phases),
        "remainder": [k % s for k, s, _ in sides],
    }


def taps_by_phase(k: int, s: int, d: int) -> list[int]:
    """How many taps fall on each residue modulo the stride.

    >>> taps_by_phase(3, 2, 1), taps_by_phase(4, 2, 1)
    ([2, 1], [2, 2])
    """
    found: list[int] = np.bincount(np.arange(k) * d % s, minlength=s).tolist()
    return found


def strength(phases: list[list[int]], depth: int) -> float:
    """(most − least)/most of the counts far from the borders: 0 where even, 1 where some cells get nothing.

    Axes and layers multiply, so the least and the most do too.

    >>> strength([[2, 1], [2, 1]], 1), strength([[2, 2], [2, 2]], 3)
    (0.75, 0.0)
    """
    least, most = (prod(map(pick, phases)) ** depth for pick in (min, max))
    return float(1 - least / most)


def _strengths(params: Checkerboard, phases: list[list[int]]) -> dict[str, float]:
    """By the stage that writes an output: every inner cell of an ordinary convolution gathers all taps, whatever its
    phase."""
    found = {_last(params): strength(phases, params.depth)}
    if params.remedy != "none":
        found["convolution"] = strength([[k] for k in params.kernel_size], 1)
    return found


def _last(params: Checkerboard) -> str:
    return "transposed" if params.depth == 1 else f"transposed-{params.depth}"


def stacked(params: Checkerboard) -> list[dict[str, Any]] | None:
    """The counts along each axis after one layer, two, …; None where they would be too long to list.

    The counts of the layers so far are spread by the next one, as a transposed convolution of ones spreads values.
    """
    sides = list(
        zip(
            params.input_size,
            params.kernel_size,
            params.stride,
            params.padding,
            params.dilation,
            params.output_padding,
            strict=True,
        )
    )
    found = []
    lines: list[Ints] = [np.ones(0, np.int64)] * len(sides)
    for layer in range(params.depth):
        sizes = [len(line) if layer else i for line, (i, *_) in zip(lines, sides, strict=True)]
        outs = [transposed_size(n, k, s, (p, p), d, a) for n, (_, k, s, p, d, a) in zip(sizes, sides, strict=True)]
        if max(outs) > LONGEST_COUNTS or min(outs) < 1:
            return None
        if layer == 0:
            lines = [
                transposed_overlap(i, o, k, s, (p, p), d) for o, (i, k, s, p, d, _) in zip(outs, sides, strict=True)
            ]
        else:
            lines = [_spread(line, o, side) for line, o, side in zip(lines, outs, sides, strict=True)]
        ends = [(int(line.min()), int(line.max())) for line in lines]
        even = all(is_even(k, s, d) for _, k, s, _, d, _ in sides)
        found.append(
            {
                "per_axis": lines,
                **({"counts": np.multiply.outer(*lines)} if max(outs) <= LONGEST_MAP else {}),
                "min": prod(e[0] for e in ends),
                "max": prod(e[1] for e in ends),
                "even": even,
            }
        )
    return found


def _spread(counts: Ints, o: int, side: tuple[int, ...]) -> Ints:
    _, k, s, p, d, _ = side
    full = np.zeros(max(s * (len(counts) - 1) + d * (k - 1) + 1, o + p), np.int64)
    for tap in range(k):
        full[tap * d : tap * d + s * (len(counts) - 1) + 1 : s] += counts
    return full[p : p + o]


def overlap_is_uneven_exactly_when_the_stride_does_not_divide(trace: Document) -> bool:
    """The verdict of the stage, the taps a phase and the strength agree."""
    stage, facts = trace["stages"][0], trace["facts"]
    level = all(len(set(axis)) == 1 for axis in facts["phases"])
    return bool(stage["overlap"]["even"] == level == (facts["strength"] == 0))


def first_layer_of_the_stack_is_the_overlap(trace: Document) -> bool:
    """What the lab lists for one layer is the overlap of that stage."""
    listed = trace["facts"]["stacked"][0]["per_axis"]
    own = trace["stages"][0]["overlap"]["per_axis"]
    return all(np.array_equal(a, b) for a, b in zip(listed, own, strict=True))


def stacked_counts_are_what_ones_become(trace: Document) -> bool:
    """With an input and kernels of ones, the output is the map of the counts."""
    values = [np.asarray(trace["tensors"][name]["values"]) for name in trace["tensors"] if name.startswith("kernel")]
    ones = [np.asarray(trace["tensors"]["input"]["values"]), *values]
    if not all((part == 1).all() for part in ones):
        return True
    counts = reduce(np.multiply.outer, trace["facts"]["stacked"][-1]["per_axis"])
    return bool((np.asarray(trace["tensors"]["output"]["values"])[0] == counts).all())


ONES = {"input": "ones", "kernel": "ones"}

KIND = Kind(
    slug="checkerboard",
    title="Checkerboard lab",
    summary="Uneven overlap draws a pattern that nobody meant.",
    group="upsampling",
    number=9,
    params=Checkerboard,
    recipe=recipe,
    presets=(
        Preset("article", "Kernel 3, stride 2: uneven", ONES),
        Preset("kernel-2", "Kernel 2, stride 2: never overlaps", {**ONES, "kernel_size": "2"}),
        Preset("kernel-4", "Kernel 4, stride 2: even", {**ONES, "kernel_size": "4"}),
        Preset("kernel-5", "Kernel 5, stride 2: uneven", {**ONES, "kernel_size": "5"}),
        Preset("stride-1-kernel-2", "Kernel 2, stride 1: even", {**ONES, "kernel_size": "2", "stride": "1"}),
        Preset("stride-1-kernel-3", "Kernel 3, stride 1: even", {**ONES, "stride": "1"}),
        Preset("stride-3", "Kernel 4, stride 3: uneven", {**ONES, "kernel_size": "4", "stride": "3"}),
        Preset("two-layers", "Two layers: worse", {**ONES, "depth": "2", "input_size": "4"}),
        Preset("resize", "Resize, then convolve", {**ONES, "remedy": "nearest"}),
        Preset(
            "picture",
            "A picture, enlarged in two ways",
            {
                "input": "landscape",
                "kernel": "ones",
                "remedy": "bilinear",
                "input_size": "16",
                "view": "stamps",
                "by": "output",
            },
        ),
        Preset("drawn", "Random weights", {"input_size": "4"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The stamps add up to the output.", stamps_add_up),
        Claim("The overlap counts the stamps that meet.", counts_are_stamps_of_ones),
        Claim(
            "Uneven exactly when the stride does not divide the kernel.",
            overlap_is_uneven_exactly_when_the_stride_does_not_divide,
        ),
        Claim("The lab's first layer is the overlap.", first_layer_of_the_stack_is_the_overlap),
        Claim("Ones become the counts.", stacked_counts_are_what_ones_become),
    ),
    equals=(
        Equal(
            "One layer of the lab is a transposed convolution.", {}, "transposed", {"input_size": "6", "stride": "2"}
        ),
    ),
)
