"""Axis geometry: which input cell each tap reads; the only home of stride, padding and dilation formulas.

Along one axis, with Dumoulin & Visin's letters (2016, «A guide to convolution arithmetic for deep learning»):
input size ``i``, kernel size ``k``, stride ``s``, padding ``p`` = (before, after), dilation ``d``, output size ``o``,
``a`` = output_padding. A tap ``t`` of output ``o`` stands at ``o·s − p_before + t·d``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from math import gcd
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from compute.errors import GeometryError

Ints = NDArray[np.int64]
Pad = tuple[int, int]
P = ParamSpec("P")
Kept = TypeVar("Kept", bound="AxisTable | Ints")

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
_FEW = 256  # cells of a table

AXIS_NAMES = ("slice", "row", "column")


def axis_names(dims: int) -> tuple[str, ...]:
    """Names of the spatial axes, slowest first.

    >>> axis_names(1), axis_names(2)
    (('column',), ('row', 'column'))
    """
    return AXIS_NAMES[3 - dims :]


def extent(k: int, d: int) -> int:
    """Cells that a kernel of ``k`` taps covers when its taps are ``d`` apart.

    >>> [extent(3, d) for d in (1, 2, 4)]
    [3, 5, 9]
    """
    return d * (k - 1) + 1


def resolve_padding(word: str | Pad, i: int, k: int, s: int, d: int) -> Pad:
    """Cells added (before, after) for ``valid``, ``same`` or ``full``; a pair of numbers stays as it is.

    ``same`` follows TensorFlow: the output is ⌈i/s⌉ and the odd cell goes to the end.

    >>> resolve_padding("same", 10, 6, 1, 1), resolve_padding("full", 5, 3, 1, 2)
    ((2, 3), (4, 4))
    """
    if isinstance(word, tuple):
        return word
    if word == "valid":
        return (0, 0)
    if word == "full":
        return (extent(k, d) - 1, extent(k, d) - 1)
    total = max(0, (-(-i // s) - 1) * s + extent(k, d) - i)
    return (total // 2, total - total // 2)


def output_size(i: int, k: int, s: int, p: Pad, d: int) -> int:
    """⌊(i + p_before + p_after − d(k−1) − 1)/s⌋ + 1; below 1 where the kernel does not fit.

    >>> output_size(5, 3, 2, (1, 1), 1)
    3
    """
    return (i + sum(p) - extent(k, d)) // s + 1


def transposed_size(i: int, k: int, s: int, p: Pad, d: int, a: int) -> int:
    """s(i−1) + d(k−1) + 1 + a − p_before − p_after, relations 13 and 14 of the guide.

    >>> transposed_size(2, 3, 2, (0, 0), 1, 0)
    5
    """
    return s * (i - 1) + extent(k, d) + a - sum(p)


@dataclass(frozen=True)
class AxisTable:
    """All the geometry of one axis.

    Attributes:
        at: (o, k) the coordinate in the input that each tap stands on; a fraction in a transposed convolution.
        source: (o, k) the input index whose value the tap reads, −1 for none.
        targets: (i, k) for a transposed convolution the output index that each tap writes, −1 if cropped; else None.
        weights: (o, k) what interpolation multiplies the tap with; None where a kernel does.
    """

    at: NDArray[np.int64] | NDArray[np.float64]
    source: Ints
    targets: Ints | None = None
    weights: NDArray[np.float64] | None = None


def _remembered(make: Callable[P, Kept]) -> Callable[P, Kept]:
    """Keeps what few cells make of an axis: a slider that moves leaves most axes as they were."""
    known: Callable[..., Kept] = lru_cache(maxsize=1024)(lambda *axis, **more: _frozen(make(*axis, **more)))

    @wraps(make)
    def remembering(*axis: P.args, **more: P.kwargs) -> Kept:
        i, o, k, *_ = axis
        few = max(i, o) * k <= _FEW  # type: ignore[call-overload]
        return known(*axis, **more) if few else make(*axis, **more)

    return remembering


def _frozen(made: Kept) -> Kept:
    """Others will have the same arrays."""
    for array in vars(made).values() if isinstance(made, AxisTable) else [made]:
        if array is not None:
            array.setflags(write=False)
    return made


@_remembered
def direct_axis(i: int, o: int, k: int, s: int, p: Pad, d: int, mode: str = "zeros", flip: bool = False) -> AxisTable:
    """The table of a convolution: output ``o``, tap ``t`` stands at o·s − p + t·d.

    With ``flip`` the tap columns stay and the coordinates turn: o·s − p + (k−1−t)·d.

    >>> direct_axis(5, 3, 3, 2, (1, 1), 1).source.tolist()
    [[-1, 0, 1], [1, 2, 3], [3, 4, -1]]
    """
    taps = np.arange(k)[::-1] if flip else np.arange(k)
    at = np.add.outer(np.arange(o) * s - p[0], taps * d)
    return AxisTable(at, fold(at, i, mode))


def fold(at: Ints, i: int, mode: str) -> Ints:
    """The input index that is read at each coordinate: −1 on zero padding, else reflected, clipped or wrapped.

    >>> fold(np.array([-2, -1, 0, 4]), 4, "reflect").tolist()
    [2, 1, 0, 2]
    """
    if mode == "replicate":
        return np.minimum(np.maximum(at, 0), i - 1)
    if mode == "circular":
        return at % i
    if mode == "reflect":
        mirrored: Ints = (i - 1) - np.abs((i - 1) - np.abs(at))
        return mirrored
    return np.where((at >= 0) & (at < i), at, -1)


@_remembered
def transposed_axis(i: int, o: int, k: int, s: int, p: Pad, d: int, flip: bool = False) -> AxisTable:
    """The table of a transposed convolution: the same relation read the other way, at = (o + p − t·d)/s.

    >>> transposed_axis(2, 5, 3, 2, (0, 0), 1).source.tolist()
    [[0, -1, -1], [-1, 0, -1], [1, -1, 0], [-1, 1, -1], [-1, -1, 1]]
    """
    taps = (np.arange(k)[::-1] if flip else np.arange(k)) * d
    numerator = np.add.outer(np.arange(o) + p[0], -taps)
    whole, rest = np.divmod(numerator, s)
    source = np.where((rest == 0) & (whole >= 0) & (whole < i), whole, -1)
    written = np.add.outer(np.arange(i) * s - p[0], taps)
    targets = np.where((written >= 0) & (written < o), written, -1)
    return AxisTable(whole if not rest.any() else numerator / s, source, targets)


def meetings(n: int, k: int, s: int, d: int) -> Ints:
    """How many pairs (a < n, t < k) satisfy a·s + t·d = j, for each j that can be reached; costs O(length).

    This one function counts overlap: of the stamps in a transposed convolution, and of the windows in a direct one.

    >>> meetings(3, 3, 2, 1).tolist()
    [1, 1, 2, 1, 2, 1, 1]
    """
    j = np.arange(s * (n - 1) + d * (k - 1) + 1)
    g = gcd(s, d)
    if k == 1 or n == 1:
        hit: Ints = j % (s if k == 1 else d) == 0
        return hit.astype(np.int64)
    reachable, j = j % g == 0, j // g
    s, d = s // g, d // g
    # the solutions a form one residue class modulo d; count its members between the bounds that t sets
    first = j * pow(s, -1, d) % d if d > 1 else np.zeros_like(j)
    low = np.maximum(0, -((d * (k - 1) - j) // s))
    high = np.minimum(n - 1, j // s)
    return np.where(reachable, np.maximum(0, (high - first) // d - (low - 1 - first) // d), 0)


def reached(n: int, k: int, s: int, d: int) -> int:
    """How many cells ``meetings`` finds at least once: n·k pairs, less those that repeat another's sum.

    >>> reached(2, 3, 2, 1)
    5
    """
    g = gcd(s, d)
    return n * k - max(0, n - d // g) * max(0, k - s // g)


@_remembered
def direct_overlap(i: int, o: int, k: int, s: int, p: Pad, d: int, mode: str = "zeros") -> Ints:
    """How many (output, tap) pairs read each cell of the input; reflected and wrapped reads count.

    >>> direct_overlap(7, 5, 3, 1, (0, 0), 1).tolist()
    [1, 2, 3, 3, 3, 2, 1]
    """
    counts = meetings(o, k, s, d)
    source = fold(np.arange(len(counts)) - p[0], i, mode)
    read = source >= 0
    return np.bincount(source[read], weights=counts[read], minlength=i).astype(np.int64)


@_remembered
def transposed_overlap(i: int, o: int, k: int, s: int, p: Pad, d: int) -> Ints:
    """How many stamps write each cell of the output of a transposed convolution.

    >>> transposed_overlap(2, 5, 3, 2, (0, 0), 1).tolist()
    [1, 1, 2, 1, 1]
    """
    counts = meetings(i, k, s, d)
    source = np.arange(o) + p[0]
    return np.where(source < len(counts), counts[np.minimum(source, len(counts) - 1)], 0)


def is_even(k: int, s: int, d: int) -> bool:
    """Whether, far from the borders, every cell meets the same number of taps (Odena et al. 2016).

    The taps t·d must fall equally on all residues modulo s: s divides k, and d and s share no factor.

    >>> is_even(4, 2, 1), is_even(3, 2, 1), is_even(4, 2, 2)
    (True, False, False)
    """
    return k % s == 0 and gcd(d, s) == 1


def check_direct(i: int, k: int, s: int, p: Pad, d: int, mode: str, axis: str) -> int:
    """The output size along one axis; raises GeometryError where the kernel or the padding does not fit."""
    if mode != "zeros":
        _check_padding_mode(i, p, mode, axis)
    padded = i + sum(p)
    if padded >= extent(k, d):
        return output_size(i, k, s, p, d)
    field, nearest = ("dilation", (padded - 1) // (k - 1)) if d > 1 and padded >= k else ("kernel_size", padded)
    if field == "kernel_size" and d > 1 and padded >= 1:
        nearest = (padded - 1) // d + 1
    if nearest < 1:
        field, nearest = "input_size", i + extent(k, d) - padded
    spread = f"dilation {d} spreads a {k}-wide kernel over {extent(k, d)} cells" if d > 1 else f"the kernel is {k} wide"
    raise GeometryError(
        "kernel_exceeds_input",
        field,
        f"On the {axis} axis {spread}; the padded input has {padded}.",
        f"Try {field} {nearest}.",
        axis=axis,
        kernel_size=k,
        dilation=d,
        extent=extent(k, d),
        padded=padded,
        nearest=nearest,
    )


def _check_padding_mode(i: int, p: Pad, mode: str, axis: str) -> None:
    """Reflection reads at most i − 1 cells beyond a border, wrapping at most i (as PyTorch has it)."""
    most = {"reflect": i - 1, "circular": i}.get(mode, max(p))
    if max(p) <= most:
        return
    raise GeometryError(
        "padding_exceeds_input",
        "padding",
        f"{mode} padding can reach {most} cells beyond an input of {i}; on the {axis} axis padding is {max(p)}.",
        f"Try padding {most}, or padding_mode zeros or replicate.",
        axis=axis,
        mode=mode,
        padding=max(p),
        input_size=i,
        nearest=most,
    )


def check_transposed(i: int, k: int, s: int, p: Pad, d: int, a: int, axis: str) -> int:
    """The output size along one axis of a transposed convolution; raises GeometryError where there is none."""
    if a >= max(s, d):
        raise GeometryError(
            "output_padding_too_large",
            "output_padding",
            f"output_padding must be smaller than the larger of stride and dilation; on the {axis} axis it is {a}, "
            f"with stride {s} and dilation {d}.",
            f"Try output_padding {max(s, d) - 1}.",
            axis=axis,
            output_padding=a,
            stride=s,
            dilation=d,
            nearest=max(s, d) - 1,
        )
    o = transposed_size(i, k, s, p, d, a)
    if o >= 1:
        return o
    nearest = (o + sum(p) - 1) // 2
    raise GeometryError(
        "nothing_left",
        "padding",
        f"On the {axis} axis the stamps reach {o + sum(p)} cells and padding {p[0]} crops {sum(p)}: nothing is left.",
        f"Try padding {nearest}.",
        axis=axis,
        reached=o + sum(p),
        cropped=sum(p),
        nearest=nearest,
    )
