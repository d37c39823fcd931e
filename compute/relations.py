"""The relations of Dumoulin & Visin 2016, «A guide to convolution arithmetic»: which one gives an output its size."""

from typing import Any

from compute.formulas import Formula
from compute.geometry import extent
from compute.stages import Correlate, Shape, Transpose

NAMES = {
    1: "no padding, stride 1",
    2: "padding, stride 1",
    3: "half (same) padding, stride 1",
    4: "full padding, stride 1",
    5: "no padding, larger stride",
    6: "padding, larger stride",
    8: "no padding, stride 1, transposed",
    9: "padding, stride 1, transposed",
    10: "half (same) padding, stride 1, transposed",
    11: "full padding, stride 1, transposed",
    12: "no padding, larger stride, transposed",
    13: "padding, larger stride, transposed",
    14: "padding, larger stride, odd size, transposed",
    15: "dilated",
    16: "dilated, transposed",
}

_TEMPLATES = {
    1: r"o = (<i> - <k>) + 1",
    2: r"o = (<i> - <k>) + 2·<p> + 1",
    3: r"o = <i>",
    4: r"o = <i> + (<k> - 1)",
    5: r"o = \left\lfloor\frac{<i> - <k>}{<s>}\right\rfloor + 1",
    6: r"o = \left\lfloor\frac{<i> + 2·<p> - <k>}{<s>}\right\rfloor + 1",
    8: r"o = <i> + (<k> - 1)",
    9: r"o = <i> + (<k> - 1) - 2·<p>",
    10: r"o = <i>",
    11: r"o = <i> - (<k> - 1)",
    12: r"o = <s>·(<i> - 1) + <k>",
    13: r"o = <s>·(<i> - 1) + <k> - 2·<p>",
    14: r"o = <s>·(<i> - 1) + <a> + <k> - 2·<p>",
    15: r"o = \left\lfloor\frac{<i> + 2·<p> - <k> - (<k> - 1)·(<d> - 1)}{<s>}\right\rfloor + 1",
    16: r"o = <s>·(<i> - 1) + <d>·(<k> - 1) + 1 - 2·<p> + <a>",
}


def relation(stage: Correlate | Transpose, sides: Shape, taps: Shape, outputs: Shape) -> tuple[int, Formula] | None:
    """The number and the formula of the narrowest relation that holds on every axis.

    None where padding is one-sided, for which the guide has none. 16 stands for a dilated transposed convolution, which
    it leaves out too.

    >>> stage = Correlate("", "x", "w", "y", (1,), ((1, 1),), (1,))
    >>> relation(stage, (5,), (3,), (5,))[0]
    3
    """
    if any(before != after for before, after in stage.padding):
        return None
    added = stage.output_padding if isinstance(stage, Transpose) else (0,) * len(taps)
    padding = tuple(before for before, _ in stage.padding)
    axes = list(zip(sides, taps, stride := stage.stride, padding, stage.dilation, added, strict=True))
    direct = _number([axis[1:] for axis in axes], max(stride) > 1)
    number = direct if isinstance(stage, Correlate) else _transposed(direct, any(added))
    numbers = [{"i": i, "k": k, "s": s, "p": p, "d": d, "a": a} for i, k, s, p, d, a in axes]
    return number, Formula("relation", _TEMPLATES[number], numbers, outputs)


def _number(axes: list[tuple[int, ...]], strided: bool) -> int:
    if any(d > 1 for _, _, _, d, _ in axes):
        return 15
    padded = any(p for _, _, p, _, _ in axes)
    if strided:
        return 6 if padded else 5
    if not padded:
        return 1
    if all(k % 2 == 1 and p == k // 2 for k, _, p, _, _ in axes):
        return 3
    return 4 if all(p == extent(k, d) - 1 for k, _, p, d, _ in axes) else 2


def _transposed(direct: int, added: bool) -> int:
    if direct == 15:
        return 16
    if added:
        return 14
    return {1: 8, 2: 9, 3: 10, 4: 11, 5: 12, 6: 13}[direct]


def document(number: int) -> dict[str, Any]:
    """As the facts carry it; the guide's own numbers end at 15."""
    return {"number": number if number < 16 else None, "name": NAMES[number]}
