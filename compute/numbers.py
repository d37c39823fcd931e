"""Numbers as JSON has them: whole ones as integers, all else as it is."""

from itertools import accumulate
from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compute.recipe import Recipe
from compute.stages import Correlate, Pool, Resize, Stage, Sum, Transpose

_LARGEST = 2**53  # float64 holds all whole numbers below
_TOGETHER = 20_000


def numbers(array: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers as integers, as long as float64 holds them exactly; all else as it is."""
    if array.dtype.kind == "i" or not (np.abs(array) < _LARGEST).all() or not (array == np.rint(array)).all():
        return np.ascontiguousarray(array)
    return array.astype(np.int64)


def all_numbers(arrays: list[NDArray[Any]]) -> list[NDArray[Any]]:
    """The same of several arrays; small ones are looked at together, since each look costs more than their cells."""
    if sum(array.size for array in arrays) <= _TOGETHER:
        whole = numbers(np.concatenate([array.ravel() for array in arrays]))
        if whole.dtype.kind == "i":
            ends = accumulate(array.size for array in arrays)
            return [whole[end - one.size : end].reshape(one.shape) for one, end in zip(arrays, ends, strict=True)]
    return [numbers(array) for array in arrays]


def is_whole(recipe: Recipe) -> bool:
    """Whether sizes alone tell that all numbers, products included, are whole and held exactly: none need be looked at.

    >>> from compute.kinds import KINDS
    >>> recipe = lambda slug, **pairs: KINDS[slug].plan(KINDS[slug].parse(pairs))
    >>> is_whole(recipe("single-channel")), is_whole(recipe("single-channel", input="gaussian"))
    (True, False)
    """
    if not all(source.drawn for source in recipe.sources.values()):
        return False
    largest: dict[str, float] = {name: max(-source.low, source.high, 1) for name, source in recipe.sources.items()}
    for stage in recipe.stages:
        largest[stage.output] = _largest(stage, recipe, largest)
    return max(largest.values()) < _LARGEST


def _largest(stage: Stage, recipe: Recipe, largest: dict[str, float]) -> float:
    """What no number of a stage passes; infinite where they need not be whole."""
    if isinstance(stage, Correlate | Transpose):
        taps = prod(recipe.shapes[stage.kernel])
        return largest[stage.input] * largest[stage.kernel] * taps + (largest[stage.bias] if stage.bias else 0)
    # A mean has fractions, a maximum no number where padding is, and a weighted mean of neighbours fractions again.
    if isinstance(stage, Pool | Resize):
        return inf
    return sum(largest[name] for name in stage.reads) if isinstance(stage, Sum) else largest[stage.reads[0]]
