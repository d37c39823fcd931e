"""Separability: a kernel as column times row, found by its singular value decomposition."""

from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Separation:
    """A kernel's nearest column times row (Eckart & Young 1936), and what it leaves out.

    Attributes:
        column, row: (k₁,) and (k₂,) factors; whole numbers where the kernel is whole and of rank one.
        singular: (min(k₁, k₂),) singular values, the largest first.
        rank: how many of them are not zero.
        rest: (k₁, k₂) the kernel less column times row.
    """

    column: Floats
    row: Floats
    singular: Floats
    rank: int
    rest: Floats

    @property
    def separable(self) -> bool:
        """Whether column times row is the kernel itself."""
        return self.rank <= 1

    @property
    def share(self) -> float:
        """The part of the kernel's Frobenius norm that is left out, 0 to 1."""
        if not self.singular[0]:
            return 0.0
        # As parts of the largest: the squares of the values themselves may leave the range of float64.
        parts = self.singular / self.singular[0]
        return float(np.linalg.norm(parts[1:]) / np.linalg.norm(parts))

    def document(self) -> dict[str, Any]:
        """As the facts carry it."""
        return {
            "rank": self.rank,
            "separable": self.separable,
            "singular_values": self.singular,
            "column": self.column,
            "row": self.row,
            "first": np.multiply.outer(self.column, self.row),
            "rest": self.rest,
            "error": float(np.abs(self.rest).max()),
            "share": self.share,
        }


def separate(kernel: Floats) -> Separation:
    """`separation` of an array, remembered: limits ask for the same kernel once a slider value."""
    return separation(np.ascontiguousarray(kernel, np.float64).tobytes(), kernel.shape)


@lru_cache(maxsize=256)
def separation(values: bytes, shape: tuple[int, ...]) -> Separation:
    """The nearest separable kernel to one of (k₁, k₂) float64 values; exact where its rank is one.

    >>> sobel = np.array([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    >>> found = separate(sobel)
    >>> found.column.tolist(), found.row.tolist(), found.rank
    ([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0], 1)
    """
    kernel = np.frombuffer(values).reshape(shape)
    u, singular, v = np.linalg.svd(kernel)
    most = max(float(singular[0]), np.finfo(np.float64).tiny)
    rank = int((singular > most * 1e-10).sum()) if np.abs(kernel).max() > 0 else 0
    singular = _steady(np.where(singular > most * 1e-10, singular, 0.0))
    column, row = _exact(kernel) if rank <= 1 else _balanced(u[:, 0], float(singular[0]), v[0])
    rest = np.zeros_like(kernel) if rank <= 1 else kernel - np.multiply.outer(column, row)
    return Separation(column, row, singular, rank, rest)


def _exact(kernel: Floats) -> tuple[Floats, Floats]:
    """Factors of a kernel of rank one: its largest row, made primitive, and the multiples of it that the rows are."""
    place = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    row = kernel[place[0]].copy()
    if not row.any():
        return np.zeros(len(kernel)), row
    whole = bool((kernel == np.rint(kernel)).all()) and float(np.abs(kernel).max()) < 2**53
    divisor = gcd(*(int(abs(value)) for value in row)) if whole else 1
    row = row / divisor
    return kernel[:, place[1]] / row[place[1]], row


def _balanced(left: Floats, strength: float, right: Floats) -> tuple[Floats, Floats]:
    """√σ on either side; the sign makes the column's largest number positive."""
    sign = np.sign(left[np.abs(left).argmax()])
    return _steady(sign * np.sqrt(strength) * left), _steady(sign * np.sqrt(strength) * right)


def _steady(values: Floats) -> Floats:
    """To 12 digits: further ones differ between processors, and a figure is the same on all of them."""
    least = float(np.abs(values).max()) * 1e-12
    return np.array([float(f"{value:.12g}") if abs(value) > least else 0.0 for value in values])
