"""Formulas as LaTeX: once in letters, once with the reader's numbers in their places.

A template marks its letters as ``<i>`` and its unwritten multiplication signs as ``·``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar, overload

Write = Callable[[str, str], str]
T = TypeVar("T")

SYMBOLS = {
    "Cin": r"C_{\mathrm{in}}",
    "Cout": r"C_{\mathrm{out}}",
    "pb": r"p_{\mathrm{before}}",
    "pa": r"p_{\mathrm{after}}",
    "kh": r"k_{1}",
    "kw": r"k_{2}",
    "kd": r"k_{3}",
    "kl": r"k_{l}",
}
ROLES = {
    "i": "input",
    "Cin": "input",
    "o": "output",
    "Cout": "output",
    "p": "padding",
    "pb": "padding",
    "pa": "padding",
}
ROLES |= {"k": "kernel", "kh": "kernel", "kw": "kernel", "kd": "kernel", "kl": "kernel"}
# Of the layers of a stack: one less than the taps of layer n.
ROLES |= {f"e{n}": "kernel" for n in range(1, 10)}
ROLES |= {"N": "output"}

OUTPUT = r"o = \left\lfloor\frac{<i> + 2·<p> - <d>·(<k> - 1) - 1}{<s>}\right\rfloor + 1"
OUTPUT_ONE_SIDED = r"o = \left\lfloor\frac{<i> + <pb> + <pa> - <d>·(<k> - 1) - 1}{<s>}\right\rfloor + 1"
TRANSPOSED = r"o = <s>·(<i> - 1) + <k> - 2·<p> + <a>"
TRANSPOSED_DILATED = r"o = <s>·(<i> - 1) + <d>·(<k> - 1) + 1 - 2·<p> + <a>"
RECEPTIVE_FIELD = r"r = <d>·(<k> - 1) + 1"
STACKED_FIELD = r"r = 1 + \sum_{l} (<kl> - 1)·d_{l}"
STRIDED_FIELD = STACKED_FIELD + r"·s_{1} \cdots s_{l-1}"
EQUIVALENT_PADDING = r"p' = <d>·(<k> - 1) - <p>"
OVERLAP = r"r = <k> \bmod <s>"
SAME = r"p = \max(0,\ (\lceil <i> / <s> \rceil - 1)·<s> + <d>·(<k> - 1) + 1 - <i>)"


@dataclass(frozen=True)
class Formula:
    """One relation and its numbers, an entry an axis where the axes have their own.

    Attributes:
        key: a stable name, by which a page finds its title.
        template: see the module.
        numbers: an entry an axis: what each letter stands for.
        values: an entry an axis: what comes out.
        law: the template in letters, where that with the numbers has a term for each of many things; else the same.
    """

    key: str
    template: str
    numbers: Sequence[Mapping[str, int]]
    values: Sequence[float]
    law: str = ""

    def document(self) -> dict[str, Any]:
        """As the trace carries it; ``marked`` is the same LaTeX with coloured letters."""
        lines = list(zip(self.numbers, self.values, strict=True))
        alike = all(line == lines[0] for line in lines)
        axes = [
            {
                "substituted": self._fill(plain, numbers, value),
                "marked": self._fill(_mark, numbers, value),
                "value": value,
            }
            for numbers, value in (lines[:1] if alike else lines)
        ]
        return {
            "key": self.key,
            "latex": _letters(self.law or self.template, plain),
            "marked": _letters(self.law or self.template, _mark),
            "substituted": r",\quad ".join(str(axis["substituted"]) for axis in axes),
            "value": list(self.values),
            "axes": axes,
        }

    def _fill(self, write: Write, numbers: Mapping[str, int], value: float) -> str:
        return _filled(self.template, write, tuple(numbers.items()), value)


class Later(Sequence[T]):
    """Entries that are made when the first of them is looked at: trying what fits looks at none.

    >>> later = Later(lambda: [1, 2])
    >>> len(later), later[1]
    (2, 2)
    """

    def __init__(self, make: Callable[[], Sequence[T]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Sequence[T]:
        return self._make()

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return self._made[at]


# Of a slider that moves, most formulas stay as they are.
@lru_cache(maxsize=1024)
def _filled(template: str, write: Write, numbers: tuple[tuple[str, int], ...], value: float) -> str:
    texts = {letter: str(number) for letter, number in numbers}
    left, right = template.split(" = ", 1)
    right = re.sub(r"<(\w+)>", lambda m: write(m[1], texts[m[1]]), right)
    right = right.replace("·", r" \cdot ")
    return f"{write(left, left)} = {right} = {write(left, str(value))}"


@cache
def _letters(template: str, write: Write) -> str:
    left, right = template.split(" = ", 1)
    right = re.sub(r"<(\w+)>", lambda m: write(m[1], SYMBOLS.get(m[1], m[1])), right)
    return f"{write(left, left)} = {right.replace('·', ' ')}"


def plain(letter: str, text: str) -> str:
    """The text as it is."""
    return text


def _mark(letter: str, text: str) -> str:
    return rf"{{\color{{{ROLES[letter]}}} {text}}}" if letter in ROLES else text


def output_size(
    i: Sequence[int],
    k: Sequence[int],
    s: Sequence[int],
    p: Sequence[tuple[int, int]],
    d: Sequence[int],
    o: Sequence[int],
) -> Formula:
    """o = ⌊(i + 2p − d(k−1) − 1)/s⌋ + 1, with two letters for padding that is not the same on both sides."""
    one_sided = any(before != after for before, after in p)
    numbers = [
        {"i": i_, "k": k_, "s": s_, "d": d_, **({"pb": p_[0], "pa": p_[1]} if one_sided else {"p": p_[0]})}
        for i_, k_, s_, p_, d_ in zip(i, k, s, p, d, strict=True)
    ]
    return Formula("output_size", OUTPUT_ONE_SIDED if one_sided else OUTPUT, numbers, list(o))


def parameters(kernel: Sequence[int], groups: int, transposed: bool, bias: bool, total: int) -> Formula:
    """P = C_out · C_in/groups · Πk (+ C_out); the channels are left out where there is one on either side."""
    first, second, *taps = kernel
    ins, outs = (first, second * groups) if transposed else (second * groups, first)
    letters = ["kh", "kw", "kd"][: len(taps)] if len(taps) > 1 else ["k"]
    share = r"\frac{<Cin>}{<g>}" if groups > 1 else "<Cin>"
    terms = ([f"<Cout>·{share}"] if ins * outs > 1 else []) + [f"<{letter}>" for letter in letters]
    template = "P = " + "·".join(terms) + (" + <Cout>" if bias else "")
    numbers = {"Cout": outs, "Cin": ins, "g": groups} | dict(zip(letters, taps, strict=True))
    return Formula("parameters", template, [numbers], [total])


def receptive_field(taps: Sequence[int], dilation: Sequence[int]) -> Formula:
    """r = d(k−1) + 1 of one layer."""
    sides = list(zip(taps, dilation, strict=True))
    return Formula(
        "receptive_field",
        RECEPTIVE_FIELD,
        [{"k": k, "d": d} for k, d in sides],
        [d * (k - 1) + 1 for k, d in sides],
    )
