"""Numbers to compute with when a reader gives none: small integers that can be added up in one's head."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def integers(shape: tuple[int, ...], seed: int, low: int, high: int, stream: int = 0) -> Floats:
    """Small integers in [low, high], drawn by hashing ``seed`` with each cell's own coordinates.

    A cell keeps its number when the tensor around it grows or shrinks, so that moving a size slider does not
    reshuffle the figure. ``stream`` keeps input, kernel and bias apart. The mixer is SplitMix64's finaliser
    (Steele, Lea & Flood 2014).

    >>> bool((integers((1, 3, 3), 7, 0, 3)[0, :2, :2] == integers((1, 2, 2), 7, 0, 3)[0]).all())
    True
    """
    state = np.full((), seed * 8 + stream, dtype=np.uint64)
    for axis, length in enumerate(shape):
        cells = np.arange(length, dtype=np.uint64).reshape([-1 if a == axis else 1 for a in range(len(shape))])
        state = _mix(state + np.uint64(0x9E3779B97F4A7C15) * (cells + np.uint64(1)))
    drawn = low + (state % np.uint64(high - low + 1)).astype(np.int64)
    return np.broadcast_to(drawn, shape).astype(np.float64)


def _mix(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
