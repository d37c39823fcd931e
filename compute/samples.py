"""Numbers to compute with: small integers drawn where a reader gives none, and named pictures, signals and kernels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shape = tuple[int, ...]


def integers(shape: Shape, seed: int, low: int, high: int, stream: int = 0) -> Floats:
    """Small integers in [low, high], drawn by hashing ``seed`` with each cell's own coordinates.

    A cell keeps its number when the tensor around it grows or shrinks, so that moving a size slider does not
    reshuffle the figure. ``stream`` keeps input, kernel and bias apart. The mixer is SplitMix64's finaliser
    (Steele, Lea & Flood 2014).

    >>> bool((integers((1, 3, 3), 7, 0, 3)[0, :2, :2] == integers((1, 2, 2), 7, 0, 3)[0]).all())
    True
    """
    few = _few(shape)
    cells = np.array(_states(seed * 8 + stream, shape[:few]), dtype=np.uint64)
    for length in shape[few:]:
        cells = _mix(cells[..., None] + _marks(length))
    drawn: Floats = (cells % np.uint64(high - low + 1)).astype(np.float64)
    drawn += low
    return drawn.reshape(shape)


def integers_at(cells: NDArray[np.int64], shape: Shape, seed: int, low: int, high: int, stream: int = 0) -> Floats:
    """The same for some cells of a tensor, numbered row-major; costs as much as there are cells, however large it is.

    >>> integers_at(np.array([4]), (1, 3, 3), 7, 0, 3).tolist() == [integers((1, 3, 3), 7, 0, 3)[0, 1, 1]]
    True
    """
    state = np.full(cells.shape, seed * 8 + stream, dtype=np.uint64)
    for coordinate in np.unravel_index(cells, shape):
        state += np.uint64(_GOLDEN) * (coordinate.astype(np.uint64) + np.uint64(1))
        state = _mix(state)
    drawn: Floats = (state % np.uint64(high - low + 1)).astype(np.float64)
    return drawn + low


@dataclass(frozen=True)
class Drawn:
    """A tensor of small integers: what `integers` takes, but for the seed."""

    shape: Shape
    low: int
    high: int
    stream: int


class Together:
    """Several small tensors of one seed, drawn as one: each NumPy call costs more than the cells of them all.

    >>> both = Together([Drawn((1, 2, 2), 0, 3, 1), Drawn((1, 1, 3, 3), -1, 2, 2)])
    >>> bool((both.draw(7)[0] == integers((1, 2, 2), 7, 0, 3, 1)).all())
    True
    """

    def __init__(self, tensors: Sequence[Drawn]) -> None:
        # Axes that are left for arrays: tensors with more of them come first, so that those at work are a prefix.
        few = [_few(tensor.shape) for tensor in tensors]
        order = sorted(range(len(tensors)), key=lambda n: few[n] - len(tensors[n].shape))
        self._roots = [(tensors[n].stream, tensors[n].shape[: few[n]]) for n in order]
        counts = [prod(shape) for _, shape in self._roots]
        left = [tensors[n].shape[few[n] :] for n in order]
        self._levels = []
        for level in range(max(map(len, left), default=0), 0, -1):
            lengths = [axes[-level] if len(axes) >= level else 1 for axes in left]
            spread = np.repeat(np.arange(sum(counts)), np.repeat(lengths, counts))
            counts = [count * length for count, length in zip(counts, lengths, strict=True)]
            at_work = [n for n, axes in enumerate(left) if len(axes) >= level]
            marks = [np.tile(_marks(lengths[n]), counts[n] // lengths[n]) for n in at_work]
            self._levels.append((spread, np.concatenate(marks)))
        chosen = [tensors[n] for n in order]
        self._choices = np.repeat(np.array([one.high - one.low + 1 for one in chosen], np.uint64), counts)
        self._lows = np.repeat(np.array([one.low for one in chosen], np.float64), counts)
        ends = list(accumulate(counts))
        self._places: list[tuple[slice, Shape]] = [(slice(0), ())] * len(tensors)
        for n, end, count in zip(order, ends, counts, strict=True):
            self._places[n] = slice(end - count, end), tensors[n].shape

    def draw(self, seed: int) -> list[Floats]:
        """Each tensor's numbers, as `integers` draws them."""
        states: list[int] = []
        for stream, shape in self._roots:
            states += _states(seed * 8 + stream, shape)
        cells = np.array(states, dtype=np.uint64)
        for spread, marks in self._levels:
            cells = cells[spread]
            at_work = cells[: len(marks)]
            at_work += marks
            _mix(at_work)
        cells %= self._choices
        drawn = cells.astype(np.float64)
        drawn += self._lows
        return [drawn[place].reshape(shape) for place, shape in self._places]


# A few rows are mixed faster as plain numbers than as arrays.
_FEW = 8


def _few(shape: Shape) -> int:
    """How many leading axes are mixed as plain numbers; never the last."""
    rows, few = 1, 0
    while few < len(shape) - 1 and rows * shape[few] <= _FEW:
        rows *= shape[few]
        few += 1
    return few


def _states(state: int, axes: Shape) -> list[int]:
    """The states of the cells along leading axes."""
    states = [state & _BITS]
    for length in axes:
        grown = []
        for state in states:
            for mark in _FEW_MARKS[:length]:
                # As `_mix` does it: a call for each would take as long as what is in it.
                mixed = state + mark & _BITS
                mixed = (mixed ^ mixed >> 30) * _FACTORS[0] & _BITS
                mixed = (mixed ^ mixed >> 27) * _FACTORS[1] & _BITS
                grown.append(mixed ^ mixed >> 31)
        states = grown
    return states


_GOLDEN = 0x9E3779B97F4A7C15
_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_BITS = 2**64 - 1
# Made once: making them takes as long as what is done with them.
_FACTOR_1, _FACTOR_2 = map(np.uint64, _FACTORS)
_SHIFT_1, _SHIFT_2, _SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)
_FEW_MARKS = [_GOLDEN * cell for cell in range(1, _FEW + 1)]
_FIRST_MARKS = np.uint64(_GOLDEN) * np.arange(1, 257, dtype=np.uint64)


def _marks(length: int) -> NDArray[np.uint64]:
    """What tells the cells along one axis apart."""
    if length <= len(_FIRST_MARKS):
        return _FIRST_MARKS[:length]
    return np.uint64(_GOLDEN) * np.arange(1, length + 1, dtype=np.uint64)


def _mix(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state ^= state >> _SHIFT_1
    state *= _FACTOR_1
    state ^= state >> _SHIFT_2
    state *= _FACTOR_2
    state ^= state >> _SHIFT_3
    return state


def _product(line: Callable[[int], Floats]) -> Callable[[Shape], Floats]:
    """A line along each axis, multiplied."""

    def outer(shape: Shape) -> Floats:
        found: Floats = reduce(np.multiply.outer, [line(n) for n in shape])
        return found

    return outer


def _box(n: int) -> Floats:
    """Ones in the middle third or so, zeros around them."""
    rim = (n + 1) // 4
    return np.array([float(rim <= i < n - rim) for i in range(n)])


def _triangle(n: int) -> Floats:
    found: Floats = np.minimum(np.arange(1.0, n + 1), np.arange(n, 0.0, -1))
    return found


def _exponential(n: int) -> Floats:
    """16, 8, 4, 2, 1 on five cells; the same fall, finer, on more of them."""
    found: Floats = np.exp2(4 - np.arange(n) * 4 / max(n - 1, 4))
    return found


def _gaussian(n: int) -> Floats:
    """Binomial coefficients, which are whole, as long as they stay small; then the curve itself, 16 at its top."""
    if n <= 9:
        return np.array([float(comb(n - 1, i)) for i in range(n)])
    found: Floats = 16 * np.exp(-18 * ((np.arange(n) - (n - 1) / 2) / n) ** 2)
    return found


def _coordinates(shape: Shape) -> Floats:
    return np.indices(shape, dtype=np.float64)


def _ramp(shape: Shape) -> Floats:
    """Cells numbered in reading order, so that each states its own place."""
    return np.arange(float(np.prod(shape))).reshape(shape)


def _impulse(shape: Shape) -> Floats:
    found = np.zeros(shape)
    found[tuple((n - 1) // 2 for n in shape)] = 1
    return found


def _step(shape: Shape) -> Floats:
    return np.broadcast_to((np.arange(shape[-1]) >= shape[-1] // 2).astype(np.float64), shape)


def _checkerboard(shape: Shape) -> Floats:
    found: Floats = _coordinates(shape).sum(axis=0) % 2
    return found


def _gradient(shape: Shape) -> Floats:
    """From 0 in the first corner to 9 in the last."""
    found: Floats = np.rint(9 * _coordinates(shape).sum(axis=0) / max(sum(n - 1 for n in shape), 1))
    return found


def _disc(shape: Shape) -> Floats:
    """9 inside a ball, 0 outside."""
    far = [((c - (n - 1) / 2) / n) ** 2 for c, n in zip(_coordinates(shape), shape, strict=True)]
    found: Floats = 9.0 * (np.sqrt(np.sum(far, axis=0)) <= 0.36)
    return found


_THREE = ("00000000", "00999900", "00000990", "00099900", "00000990", "00000990", "00999900", "00000000")


def _digit(shape: Shape) -> Floats:
    """A handwritten-looking 3, enlarged by nearest neighbour."""
    rows = np.array([[float(cell) for cell in row] for row in _THREE])
    places = [np.arange(n) * 8 // n for n in ((1, *shape) if len(shape) == 1 else shape)[-2:]]
    return np.broadcast_to(rows[np.ix_(*places)].reshape(shape[-2:]), shape)


def _landscape(shape: Shape) -> Floats:
    """A picture in ten greys: a sun over two ridges and a lake; smooth in some places, with edges in others."""
    rows, columns = (1, *shape)[-2:]
    down, right = np.meshgrid((np.arange(rows) + 0.5) / rows, (np.arange(columns) + 0.5) / columns, indexing="ij")
    sky = 4 + 4 * down
    far = 0.34 + 0.5 * np.abs(right - 0.3)
    near = 0.42 + 0.6 * np.abs(right - 0.72)
    drawn = [
        (down > 0.78, 5.0),
        (down > near, 1.0),
        (down > far, 3.0),
        (np.hypot(down - 0.2, right - 0.78) < 0.14, 9.0),
    ]
    found: Floats = np.rint(np.select([where for where, _ in drawn], [grey for _, grey in drawn], sky))
    return np.broadcast_to(found.reshape(shape[-2:]), shape)


INPUTS: dict[str, Callable[[Shape], Floats]] = {
    "ones": np.ones,
    "ramp": _ramp,
    "impulse": _impulse,
    "step": _step,
    "checkerboard": _checkerboard,
    "gradient": _gradient,
    "disc": _disc,
    "digit": _digit,
    "landscape": _landscape,
    "box": _product(_box),
    "triangle": _product(_triangle),
    "exponential": _product(_exponential),
    "gaussian": _product(_gaussian),
}

_FIXED = {  # 3 × 3, as image processing has them
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "laplacian": ((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    "sobel-x": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "sobel-y": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "emboss": ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
}


def _fixed(rows: tuple[tuple[int, ...], ...]) -> Callable[[Shape], Floats]:
    return lambda _: np.array(rows, dtype=np.float64)


KERNELS: dict[str, Callable[[Shape], Floats]] = {
    "ones": np.ones,
    "identity": _impulse,
    "box": np.ones,
    "gaussian": _product(_gaussian),
    "triangle": _product(_triangle),
    "ramp": _ramp,
    "exponential": _product(_exponential),
    **{name: _fixed(rows) for name, rows in _FIXED.items()},
}


FIXED = tuple(_FIXED)


def kernel_side(name: str) -> int | None:
    """The only size that a named kernel has, along each of two axes; None where it takes any.

    >>> kernel_side("sobel-x"), kernel_side("gaussian")
    (3, None)
    """
    return 3 if name in _FIXED else None


def named(role: str, name: str, shape: Shape) -> Floats:
    """A named picture, signal or kernel; the same in every channel and filter.

    >>> named("kernel", "gaussian", (1, 1, 3, 3))[0, 0].tolist()
    [[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]
    """
    leading = 1 if role == "input" else 2
    found = (INPUTS if role == "input" else KERNELS)[name](shape[leading:])
    return np.ascontiguousarray(np.broadcast_to(found, shape))
