"""Stacks: several convolution layers of one channel, one after the other, and how far a cell of the last sees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np

from compute import formulas
from compute.errors import GeometryError, ParameterError
from compute.geometry import Ints, extent, output_size
from compute.kinds.params import Weighted
from compute.parameters import Field, short, whole, wrong_type
from compute.recipe import Recipe, Source, filters, infer, signal
from compute.stages import Correlate

MOST_LAYERS = 6
LONGEST_REACH = 10_000  # cells of one axis up to which the cells that are read are counted one by one
_LAYER = re.compile(r"([0-9]{1,4})(?:s([0-9]{1,4}))?(?:d([0-9]{1,4}))?")


@dataclass(frozen=True)
class Layer:
    """One layer of a stack, the same along every axis."""

    kernel_size: int
    stride: int = 1
    dilation: int = 1

    @property
    def extent(self) -> int:
        """Cells that its kernel covers."""
        return extent(self.kernel_size, self.dilation)

    def __str__(self) -> str:
        stride = f"s{self.stride}" if self.stride > 1 else ""
        return f"{self.kernel_size}{stride}" + (f"d{self.dilation}" if self.dilation > 1 else "")


@dataclass(frozen=True)
class Layers(Field):
    """A stack as text: ``3d1,3d2,3d4``, each kernel size, ``s`` stride and ``d`` dilation."""

    def parse(self, raw: Any, name: str) -> tuple[Layer, ...] | None:
        if raw is None or (isinstance(raw, tuple) and all(isinstance(item, Layer) for item in raw)):
            return raw
        if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
            raw = ",".join(raw)
        if not isinstance(raw, str):
            raise wrong_type(raw, name, "layers such as 3d1,3d2,3d4")
        parts = raw.split(",")
        if len(parts) > MOST_LAYERS:
            raise ParameterError(
                "out_of_range",
                name,
                f"{name} may be {MOST_LAYERS} at most; there are {len(parts)}.",
                f"Leave {len(parts) - MOST_LAYERS} out.",
                given=len(parts),
                minimum=1,
                maximum=MOST_LAYERS,
                nearest=",".join(parts[:MOST_LAYERS])[:80],
            )
        return tuple(self._layer(part, name) for part in parts)

    def _layer(self, part: str, name: str) -> Layer:
        found = _LAYER.fullmatch(part.strip())
        if found is None:
            raise ParameterError(
                "wrong_form",
                name,
                f"{short(part)} is no layer: it is a kernel size, then s and a stride, then d and a dilation.",
                "Write 3d2 for a kernel of 3 with dilation 2.",
                given=part[:40],
                nearest="3d1,3d2,3d4",
            )
        k, s, d = (whole(text or "1", name, 1, most) for text, most in zip(found.groups(), (99, 16, 99), strict=True))
        return Layer(k, s, d)

    def schema(self) -> dict[str, Any]:
        layer = "[0-9]{1,4}(s[0-9]{1,4})?(d[0-9]{1,4})?"
        text = {"type": "string", "pattern": f"^{layer}(,{layer}){{0,{MOST_LAYERS - 1}}}$"}
        return {"anyOf": [text, {"type": "array", "items": {"type": "string"}, "minItems": 1}, {"type": "null"}]}

    def control(self) -> dict[str, Any]:
        return {"widget": "layers", "most": MOST_LAYERS}


def stack(params: Weighted, layers: Sequence[Layer]) -> Recipe:
    """A `Correlate` a layer, without padding; raises GeometryError naming the layer at which nothing is left."""
    sides: tuple[int, ...] = params.get("input_size", ())
    _check_sizes(sides, layers)
    names = ["input", *(f"hidden-{n}" for n in range(1, len(layers))), "output"]
    sources: dict[str, Source] = {"input": signal((1, *sides), params._input, params.seed)}
    stages = []
    for n, layer in enumerate(layers, start=1):
        kernel = "kernel" if n == 1 else f"kernel-{n}"
        taps = (layer.kernel_size,) * params.rank
        given = params._kernel if n == 1 else None
        sources[kernel] = filters((1, 1, *taps), given, params.seed, stream=2 if n == 1 else 8 + n)
        spread = ((0, 0),) * params.rank
        s, d = (layer.stride,) * params.rank, (layer.dilation,) * params.rank
        stages.append(Correlate(f"layer-{n}", names[n - 1], kernel, names[n], s, spread, d))
    return Recipe(
        sources,
        tuple(stages),
        infer(sources, stages),
        formulas=[_formula(layers, params.rank)],
        extra={"layers": described(layers, sides[-1]), "gaps": gaps(layers)},
    )


def _check_sizes(sides: Sequence[int], layers: Sequence[Layer]) -> None:
    needed = reaches(layers)[-1]
    for size in sides:
        for n, layer in enumerate(layers, start=1):
            if size < layer.extent:
                raise GeometryError(
                    "stack_too_deep",
                    "input_size",
                    f"Layer {n} of {len(layers)} ({layer}) covers {layer.extent} cells; "
                    f"the layers before it leave {size}.",
                    f"Try input_size {needed}: that is what the whole stack sees.",
                    layer=n,
                    layers=len(layers),
                    extent=layer.extent,
                    left=size,
                    nearest=needed,
                )
            size = output_size(size, layer.kernel_size, layer.stride, (0, 0), layer.dilation)


def reaches(layers: Sequence[Layer]) -> list[int]:
    """Receptive field after each layer: r = 1 + Σ (k − 1)·d·Π of the strides before (Araujo et al. 2019).

    >>> reaches([Layer(3), Layer(3, dilation=2), Layer(3, dilation=4)])
    [3, 7, 15]
    """
    jumps = accumulate((layer.stride for layer in layers), lambda a, b: a * b, initial=1)
    return list(accumulate(((layer.extent - 1) * jump for layer, jump in zip(layers, jumps, strict=False)), initial=1))[
        1:
    ]


def cells_read(layers: Sequence[Layer]) -> Ints | None:
    """Which cells of its receptive field one cell of the last layer depends on, along one axis; None where too many.

    >>> cells_read([Layer(3, dilation=2), Layer(3, dilation=2)]).tolist()
    [0, 2, 4, 6, 8]
    """
    if reaches(layers)[-1] > LONGEST_REACH:
        return None
    cells = np.zeros(1, np.int64)
    for layer in reversed(layers):
        taps = np.arange(layer.kernel_size) * layer.dilation
        cells = np.unique(np.add.outer(cells * layer.stride, taps))
    return cells


def gaps(layers: Sequence[Layer]) -> int | None:
    """Cells inside the receptive field, along one axis, that are never read: gridding (Wang et al. 2018).

    >>> gaps([Layer(3, dilation=1), Layer(3, dilation=2)]), gaps([Layer(3, dilation=2), Layer(3, dilation=2)])
    (0, 4)
    """
    read = cells_read(layers)
    return None if read is None else reaches(layers)[-1] - len(read)


def described(layers: Sequence[Layer], side: int) -> list[dict[str, Any]]:
    """A row a layer: its numbers, the size it leaves, and how far it sees."""
    rows = []
    for layer, reach in zip(layers, reaches(layers), strict=True):
        side = output_size(side, layer.kernel_size, layer.stride, (0, 0), layer.dilation)
        rows.append(
            {
                "kernel_size": layer.kernel_size,
                "stride": layer.stride,
                "dilation": layer.dilation,
                "extent": layer.extent,
                "size": side,
                "receptive_field": reach,
            }
        )
    return rows


def _formula(layers: Sequence[Layer], rank: int) -> formulas.Formula:
    """r = 1 + Σ (k − 1)·d·Πs, and the term of every layer with its numbers."""
    numbers: dict[str, int] = {}
    terms = []
    strided = any(layer.stride > 1 for layer in layers[:-1])
    for n, layer in enumerate(layers, start=1):
        before = prod(other.stride for other in layers[: n - 1])
        numbers |= {f"e{n}": layer.kernel_size - 1, f"d{n}": layer.dilation, f"S{n}": before}
        terms.append(f"<e{n}>·<d{n}>" + (f"·<S{n}>" if before > 1 else ""))
    template = "r = 1 + " + " + ".join(terms)
    law = formulas.STRIDED_FIELD if strided else formulas.STACKED_FIELD
    return formulas.Formula("receptive_field", template, [numbers] * rank, reaches(layers)[-1:] * rank, law)
