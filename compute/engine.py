"""The engine: the only numerics. Gathers the cells that a relation names, multiplies, and sums.

Values are float64 throughout, which holds every integer below 2⁵³ exactly; a trace writes whole numbers as integers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from compute.errors import ValueOverflowError
from compute.geometry import Ints
from compute.plan import Plan
from compute.stages import Correlate, Pool, Relation, Shape, Shapes, Stage, Transpose

Floats = NDArray[np.float64]

_OUTSIDE = -(2**60)  # added to an index, it stays negative whatever the other axes add
_NOTHING = np.zeros(1)  # what padding reads
_CHUNK = 1 << 20  # products held at once where only their sums are wanted


@dataclass(frozen=True)
class Steps:
    """Some steps of one stage, as columns.

    Attributes:
        position: (n, 1 + axes) the cell stepped on.
        products: (n, columns) one a tap, row-major over (channel of the group, tap…).
        value: (n,) the output's value, for a stamp the input's.
    """

    position: Ints
    products: Floats
    value: Floats


def gather(x: Floats, index: Ints, weights: Floats | None) -> Floats:
    """The convolution itself: the cells that the taps stand on, times the weights.

    ``x`` is flat and ends with a zero, which padding reads; ``index`` (n, columns) points into it; ``weights`` has the
    same shape, or one row for all. Summed over its columns, the result is the output.

    >>> gather(np.array([1., 2., 3., 0.]), np.array([[0, 1], [2, 3]]), np.array([[10., 1.], [10., 1.]])).tolist()
    [[10.0, 2.0], [30.0, 0.0]]
    """
    read = x[index]
    return read if weights is None else read * weights


def flat_index(relation: Relation, shape: Shape, position: Ints) -> Ints:
    """(n, columns) where each column of a step lies in the flattened input; its size stands for «nothing».

    ``position`` (n, 1 + axes) are output cells; ``shape`` is the input's.
    """
    n, axes = len(position), len(relation.axes)
    strides = [prod(shape[axis + 1 :]) for axis in range(axes + 1)]
    index = (relation.channels[position[:, 0]] * strides[0]).reshape(n, -1, *[1] * axes)
    for axis, table in enumerate(relation.axes):
        cells = table.source[position[:, axis + 1]]
        offsets = np.where(cells < 0, _OUTSIDE, cells * strides[axis + 1])
        index = index + offsets.reshape(n, *[-1 if a == axis + 1 else 1 for a in range(axes + 1)])
    index = index.reshape(n, -1)
    return np.where(index < 0, prod(shape), index)


def positions(start: int, stop: int, shape: Shape) -> Ints:
    """(stop − start, axes) the cells numbered from ``start``, row-major, channel slowest."""
    return np.stack(np.unravel_index(np.arange(start, stop), shape), axis=1)


class Run:
    """One run of a recipe's stages over its tensors; computes what is asked of it, and nothing else.

    ``arrays`` holds the tensors that no stage writes; ``drawn`` those of them that are drawn cell by cell instead: it
    makes values of cells numbered row-major. Those that stages write are computed whole by `whole`, or, when some steps
    of a later stage are asked for, only where those steps read them.
    """

    def __init__(
        self, stages: Sequence[Stage], shapes: Shapes, arrays: Mapping[str, Floats], plan: Plan | None = None
    ) -> None:
        self.stages = {stage.output: stage for stage in stages}
        self.shapes = shapes
        self.arrays = dict(arrays)
        self.drawn: dict[str, Callable[[Ints], Floats]] = {}
        self.plan = plan or Plan()
        self._flat: dict[str, Floats] = {}

    def relation(self, stage: Stage) -> Relation:
        """The stage's tables, made once."""
        relations = self.plan.relations
        if stage.output not in relations:
            relations[stage.output] = stage.relation(self.shapes)
        return relations[stage.output]

    def whole(self, name: str) -> Floats:
        """A tensor with all its values."""
        if name not in self.arrays:
            shape = self.shapes[name]
            self.arrays[name] = self._cells(name, np.arange(prod(shape))).reshape(shape)
        return self.arrays[name]

    def _cells(self, name: str, cells: Ints) -> Floats:
        """Values of the numbered cells of any tensor."""
        if name in self.arrays:
            return self.arrays[name].ravel()[cells]
        return self.drawn[name](cells) if name in self.drawn else self.values(self.stages[name], cells)

    def steps(self, stage: Stage, start: int, stop: int) -> Steps:
        """Steps ``start`` to ``stop`` of a stage, with their products; there may be none."""
        if start == stop:
            columns = self.relation(stage).columns
            return Steps(np.zeros((0, len(self.shapes[stage.output])), np.int64), np.zeros((0, columns)), np.zeros(0))
        if isinstance(stage, Transpose) and stage.by == "input":
            return self._stamps(stage, start, stop)
        shape = self.shapes[stage.output]
        if stop - start < prod(shape):
            position = positions(start, stop, shape)
            return Steps(position, *self._gather(stage, position))
        if stage.output not in self.plan.cells:
            position = positions(start, stop, shape)
            self.plan.keep(stage.output, position, index := self._index(stage, position))
        else:
            position, index = self.plan.cells[stage.output]
        products, value = self._gather(stage, position, index)
        self.arrays[stage.output] = value.reshape(shape)  # all steps: nothing is left to compute
        return Steps(position, products, value)

    def values(self, stage: Stage, cells: Ints) -> Floats:
        """Values of the numbered cells of a stage's output, in pieces that fit into memory."""
        step = max(1, _CHUNK // self.relation(stage).columns)
        pieces = [cells[n : n + step] for n in range(0, len(cells), step)]
        shape = self.shapes[stage.output]
        found = [self._gather(stage, np.stack(np.unravel_index(piece, shape), axis=1))[1] for piece in pieces]
        return np.concatenate(found) if found else np.zeros(0)

    def _index(self, stage: Stage, position: Ints) -> Ints:
        """(n, columns) where the columns of the given output cells lie in the flattened input."""
        return flat_index(self.relation(stage), self._input_shape(stage), position)

    def _gather(self, stage: Stage, position: Ints, index: Ints | None = None) -> tuple[Floats, Floats]:
        """Products (n, columns) and values (n,) of the given output cells."""
        relation = self.relation(stage)
        if index is None:
            index = self._index(stage, position)
        if self.plan.whole:
            return self._multiplied(stage, relation, position, index)
        with np.errstate(over="ignore", invalid="ignore"):
            products, value = self._multiplied(stage, relation, position, index)
        return products, check_finite(value)

    def _multiplied(self, stage: Stage, relation: Relation, position: Ints, index: Ints) -> tuple[Floats, Floats]:
        products = gather(*self._read(stage, index), self._weights(stage, relation, position))
        products, value = _reduce(stage, relation, products, index, prod(self._input_shape(stage)))
        if isinstance(stage, Correlate | Transpose) and stage.bias:
            value = value + self.arrays[stage.bias][position[:, 0]]
        return products, value

    def _input_shape(self, stage: Stage) -> Shape:
        """The shape read from; tensors that are added up lie behind each other on the channel axis."""
        channels, *sides = self.shapes[stage.reads[0]]
        return (channels * len(stage.reads), *sides)

    def _read(self, stage: Stage, index: Ints) -> tuple[Floats, Ints]:
        """The stage's input, flat, with a zero at its end, and ``index`` into it.

        Where the input is not whole, only the cells that ``index`` names, and the index into those.
        """
        key = "+".join(stage.reads)
        if key in self._flat:
            return self._flat[key], index
        if all(name in self.arrays for name in stage.reads):
            self._flat[key] = np.concatenate([*(self.arrays[name].ravel() for name in stage.reads), _NOTHING])
            return self._flat[key], index
        size = prod(self.shapes[stage.reads[0]])
        needed, places = np.unique(index, return_inverse=True)
        flat = np.zeros(len(needed))
        for n, name in enumerate(stage.reads):
            first, last = np.searchsorted(needed, (n * size, (n + 1) * size))
            flat[first:last] = self._cells(name, needed[first:last] - n * size)
        return flat, places.reshape(index.shape)

    def _weights(self, stage: Stage, relation: Relation, position: Ints) -> Floats | None:
        """(n, columns) the weight of each tap, one row where all steps have the same; None where there are none."""
        if isinstance(stage, Correlate | Transpose):
            if stage.kernel in self.drawn and stage.kernel not in self.arrays:
                return self._cells(stage.kernel, self._weight_cells(stage, position[:, 0]))
            filters = self.filters(stage).reshape(self.shapes[stage.output][0], -1)
            return filters if len(filters) == 1 else filters[position[:, 0]]
        if relation.axes[0].weights is None:
            return None
        weights = np.ones((len(position), 1))
        for axis, table in enumerate(relation.axes):
            assert table.weights is not None
            weights = (weights[:, :, None] * table.weights[position[:, axis + 1]][:, None, :]).reshape(
                len(position), -1
            )
        return weights

    def filters(self, stage: Correlate | Transpose) -> Floats:
        """The kernel as (output channel, input channel of the group, taps…), whichever way it is stored."""
        kernel = self.whole(stage.kernel)
        if isinstance(stage, Correlate):
            return kernel
        ins, outs, *taps = kernel.shape
        grouped = kernel.reshape(stage.groups, ins // stage.groups, outs, *taps).swapaxes(1, 2)
        return grouped.reshape(stage.groups * outs, ins // stage.groups, *taps)

    def _weight_cells(self, stage: Correlate | Transpose, channels: Ints) -> Ints:
        """(n, columns) where the weights of the given output channels lie in the kernel; see `filters`."""
        first, second, *taps = self.shapes[stage.kernel]
        own = channels[:, None]
        if isinstance(stage, Correlate):
            columns = second * prod(taps)
            return own * columns + np.arange(columns)
        per_group = first // stage.groups
        rows = (own // second * per_group + np.arange(per_group)) * second + own % second
        return (rows[:, :, None] * prod(taps) + np.arange(prod(taps))).reshape(len(channels), -1)

    def _stamps(self, stage: Transpose, start: int, stop: int) -> Steps:
        """Each step takes one input cell times the whole kernel of its channel."""
        shape = self.shapes[stage.input]
        position = positions(start, stop, shape)
        value = self._cells(stage.input, np.arange(start, stop))
        columns = prod(self.shapes[stage.kernel][1:])
        kernel = self._cells(stage.kernel, position[:, :1] * columns + np.arange(columns))
        with np.errstate(over="ignore", invalid="ignore"):
            products = value[:, None] * kernel
        return Steps(position, check_finite(products), value)


def _reduce(stage: Stage, relation: Relation, products: Floats, index: Ints, nothing: int) -> tuple[Floats, Floats]:
    """The columns of each step made one value; returns the columns too, NaN where padding has no part in them."""
    if relation.reduce == "sum":
        return products, products.sum(axis=1)
    if relation.reduce == "relu":
        return products, np.maximum(products[:, 0], 0.0)
    outside = index == nothing
    if relation.reduce == "max":
        return np.where(outside, np.nan, products), np.where(outside, -np.inf, products).max(axis=1)
    inside = (~outside).sum(axis=1)
    counted = products.shape[1] if isinstance(stage, Pool) and stage.count_include_pad else inside
    return products, products.sum(axis=1) / counted


def check_finite(values: Floats) -> Floats:
    """The values themselves; raises ValueOverflowError where a product or a sum has left float64's range."""
    if np.isfinite(values).all():
        return values
    raise ValueOverflowError(
        "overflow",
        "input",
        f"The numbers given are finite, but their products or sums exceed {np.finfo(np.float64).max:.2g}.",
        "Use smaller numbers in input and kernel.",
        largest=float(np.finfo(np.float64).max),
    )
