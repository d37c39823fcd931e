"""What a stage costs, whatever steps were asked for: multiplications, additions, parameters; and how far it sees.

Padding is counted as frameworks run it: included. All numbers are Python integers, exact for layers of any size.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from compute.geometry import Ints, reached
from compute.stages import Activate, Correlate, Pool, Resize, Shape, Shapes, Shuffle, Stage, Sum, Transpose


@dataclass(frozen=True)
class Cost:
    """Scalar operations of one stage, and the numbers that it learns."""

    multiplications: int = 0
    additions: int = 0
    parameters: int = 0
    comparisons: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.multiplications + other.multiplications,
            self.additions + other.additions,
            self.parameters + other.parameters,
            self.comparisons + other.comparisons,
        )

    def document(self) -> dict[str, int]:
        """As the trace carries it; comparisons only where there are any."""
        found = {
            "multiplications": self.multiplications,
            "additions": self.additions,
            "parameters": self.parameters,
        }
        return found | ({"comparisons": self.comparisons} if self.comparisons else {})


def cost(stage: Stage, shapes: Shapes) -> Cost:
    """The cost of a whole stage.

    >>> stage = Correlate("", "x", "w", "y", (1, 1), ((0, 0), (0, 0)), (1, 1))
    >>> cost(stage, {"x": (1, 5, 5), "w": (1, 1, 3, 3), "y": (1, 3, 3)})
    Cost(multiplications=81, additions=72, parameters=9, comparisons=0)
    """
    return _COSTS[type(stage)](stage, shapes)


def _correlate(stage: Correlate, shapes: Shapes) -> Cost:
    values, terms = prod(shapes[stage.output]), prod(shapes[stage.kernel][1:])
    return Cost(values * terms, values * (terms - 1), prod(shapes[stage.kernel])) + _bias(stage, shapes)


def _transpose(stage: Transpose, shapes: Shapes) -> Cost:
    """Cropped products are counted: they are computed. The first product to reach a cell needs no addition."""
    taps, sides = shapes[stage.kernel][2:], shapes[stage.input][1:]
    products = shapes[stage.input][0] * shapes[stage.kernel][1] * prod(sides) * prod(taps)
    cells = prod(reached(i, k, s, d) for i, k, s, d in zip(sides, taps, stage.stride, stage.dilation, strict=True))
    return Cost(products, products - shapes[stage.output][0] * cells, prod(shapes[stage.kernel])) + _bias(stage, shapes)


def _bias(stage: Correlate | Transpose, shapes: Shapes) -> Cost:
    return Cost(0, prod(shapes[stage.output]), shapes[stage.output][0]) if stage.bias else Cost()


def _pool(stage: Pool, shapes: Shapes) -> Cost:
    values, terms = prod(shapes[stage.output]), prod(stage.kernel_size)
    return Cost(comparisons=values * (terms - 1)) if stage.mode == "max" else Cost(values, values * (terms - 1))


def _resize(stage: Resize, shapes: Shapes) -> Cost:
    """Nearest copies; (bi)linear weighs two cells an axis."""
    values, terms = prod(shapes[stage.output]), 2 ** len(stage.size)
    return Cost() if stage.mode == "nearest" else Cost(values * terms, values * (terms - 1))


def _sum(stage: Sum, shapes: Shapes) -> Cost:
    return Cost(additions=prod(shapes[stage.output]) * (len(stage.inputs) - 1))


def _free(stage: Shuffle | Activate, shapes: Shapes) -> Cost:
    return Cost()


_COSTS: Mapping[type, Callable[[Any, Shapes], Cost]] = {
    Correlate: _correlate,
    Transpose: _transpose,
    Pool: _pool,
    Resize: _resize,
    Sum: _sum,
    Shuffle: _free,
    Activate: _free,
}


def receptive_field(stages: Sequence[Stage], shapes: Shapes, source: str, output: str) -> Shape:
    """Extent of ``source`` that an inner cell of ``output`` can depend on, axis by axis, through all stages.

    Not clipped by borders. Where a transposed stage makes the cells differ, the largest over the output's phases.
    """
    dims = len(shapes[output]) - 1
    if not any(isinstance(stage, Transpose | Resize) for stage in stages):
        return tuple(_reach(stages, shapes, source, output, axis) for axis in range(dims))
    return tuple(max(_extents(stages, shapes, source, output, axis)) for axis in range(dims))


def _reach(stages: Sequence[Stage], shapes: Shapes, source: str, output: str, axis: int) -> int:
    """Where no stage spreads, windows only ever widen: the first and the last cell say it all."""
    ends: dict[str, tuple[int, int]] = {output: (0, 0)}
    for stage in reversed(stages):
        if stage.output not in ends:
            continue
        low, high = ends[stage.output]
        if isinstance(stage, Correlate | Pool):
            taps = stage.kernel_size[axis] if isinstance(stage, Pool) else shapes[stage.kernel][2 + axis]
            low, high = low * stage.stride[axis], high * stage.stride[axis] + (taps - 1) * stage.dilation[axis]
        for name in stage.reads:
            first, last = ends.get(name, (low, high))
            ends[name] = (min(first, low), max(last, high))
    low, high = ends[source]
    return high - low + 1


def _extents(stages: Sequence[Stage], shapes: Shapes, source: str, output: str, axis: int) -> list[int]:
    period = prod(stage.stride[axis] for stage in stages if isinstance(stage, Transpose))
    period *= prod(
        -(-stage.size[axis] // shapes[stage.input][1 + axis]) for stage in stages if isinstance(stage, Resize)
    )
    return [_extent_of(cell, stages, shapes, source, output, axis) for cell in range(period)]


def _extent_of(cell: int, stages: Sequence[Stage], shapes: Shapes, source: str, output: str, axis: int) -> int:
    cells: dict[str, Ints] = {output: np.array([cell])}
    for stage in reversed(stages):
        met = _met(stage, cells.get(stage.output, np.array([], dtype=np.int64)), shapes, axis)
        for name in stage.reads:
            cells[name] = np.union1d(cells[name], met) if name in cells else np.unique(met)
    found = cells.get(source, np.array([], dtype=np.int64))
    return int(found[-1] - found[0] + 1) if len(found) else 0


def _met(stage: Stage, cells: Ints, shapes: Shapes, axis: int) -> Ints:
    """The input cells that meet ``cells`` of the output, on an axis without ends."""
    if isinstance(stage, Correlate | Pool):
        taps = stage.kernel_size[axis] if isinstance(stage, Pool) else shapes[stage.kernel][2 + axis]
        return np.add.outer(cells * stage.stride[axis], np.arange(taps) * stage.dilation[axis]).ravel()
    if isinstance(stage, Transpose):
        reach = np.arange(shapes[stage.kernel][2 + axis]) * stage.dilation[axis]
        at: Ints = np.subtract.outer(cells + stage.padding[axis][0], reach).ravel()
        met: Ints = at[at % stage.stride[axis] == 0] // stage.stride[axis]
        return met
    if isinstance(stage, Resize):
        i, o = shapes[stage.input][1 + axis], stage.size[axis]
        if stage.mode == "nearest":
            return cells * i // o
        low = np.floor((cells + 0.5) * i / o - 0.5).astype(np.int64)
        return np.concatenate([low, low + 1])
    return cells
