"""Recipes: named source tensors and the stages that run over them; what a kind's parameters amount to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compute.errors import ParameterError
from compute.formulas import Formula
from compute.geometry import Ints, axis_names
from compute.samples import Drawn, integers, integers_at, named
from compute.stages import Shape, Stage

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """A tensor that no stage writes: given by the reader, or small integers drawn when they are asked for.

    Attributes:
        role: input, kernel or bias; a bias is shown with its stage and not as a tensor.
        axes: names of the axes, slowest first.
        shape: cells along each.
        given: the reader's numbers, the name of a sample, or None.
        low, high: what drawn integers lie between.
        stream: keeps the tensors of one seed apart.
    """

    role: str
    axes: tuple[str, ...]
    shape: Shape
    given: Floats | str | None = None
    seed: int = 0
    low: int = 0
    high: int = 3
    stream: int = 0

    def array(self, seed: int | None = None) -> Floats:
        """The numbers, shaped; drawn with another seed where one is given."""
        if isinstance(self.given, str):
            return named(self.role, self.given, self.shape)
        if self.given is not None:
            return self.given
        return integers(self.shape, self.seed if seed is None else seed, self.low, self.high, self.stream)

    @property
    def chosen_from(self) -> Drawn:
        """What the numbers are drawn from."""
        return Drawn(self.shape, self.low, self.high, self.stream)

    @property
    def drawn(self) -> bool:
        """Whether the numbers can be drawn cell by cell."""
        return self.given is None

    def cells(self, cells: Ints, seed: int | None = None) -> Floats:
        """Some of drawn numbers: of the cells numbered row-major, in an array of the same shape."""
        return integers_at(cells, self.shape, self.seed if seed is None else seed, self.low, self.high, self.stream)


@dataclass(frozen=True)
class Recipe:
    """All that a figure is, before a single value is computed.

    Attributes:
        sources: tensors given or drawn.
        stages: in the order they run.
        shapes: of every tensor, sources and written ones; see `infer`.
        formulas, notes, baseline, extra: parts of the facts.
        view: which further reading of a transposed stage the trace carries.
        compared: ids of the stages whose outputs are compared; empty where the last stage writes the only output.
        of_values: whether some of the facts were read off the drawn numbers, and are true of no other seed.
    """

    sources: Mapping[str, Source]
    stages: tuple[Stage, ...]
    shapes: Mapping[str, Shape]
    formulas: Sequence[Formula] = ()
    notes: Sequence[dict[str, Any]] = ()
    baseline: dict[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    view: str = "stamp"
    compared: tuple[str, ...] = ()
    of_values: bool = False

    def reseeded(self, seed: int) -> "Recipe":
        """The same with other numbers where they are drawn."""
        return replace(self, sources={name: replace(source, seed=seed) for name, source in self.sources.items()})

    @property
    def outputs(self) -> tuple[str, ...]:
        """The tensors that the figure is about."""
        return tuple(stage.output for stage in self.stages if stage.id in self.compared) or (self.output,)

    @property
    def output(self) -> str:
        """The tensor that the last stage writes."""
        return self.stages[-1].output

    @property
    def input(self) -> str:
        """The tensor that the first stage reads."""
        return self.stages[0].reads[0]


def infer(sources: Mapping[str, Source], stages: Sequence[Stage]) -> dict[str, Shape]:
    """The shape of every tensor; raises GeometryError where a stage does not fit."""
    shapes = {name: source.shape for name, source in sources.items()}
    for stage in stages:
        shapes[stage.output] = stage.shape(shapes)
    return shapes


def signal(shape: Shape, given: Floats | str | None, seed: int) -> Source:
    """An input of shape (channel, spatial axes…), drawn from 0 to 3."""
    return Source("input", ("channel", *axis_names(len(shape) - 1)), shape, given, seed, 0, 3, 1)


def filters(shape: Shape, given: Floats | str | None, seed: int, transposed: bool = False, stream: int = 2) -> Source:
    """A kernel, drawn from −1 to 2; (filter, channel, …), or (channel, filter, …) for a transposed convolution."""
    first = ("channel", "filter") if transposed else ("filter", "channel")
    return Source("kernel", (*first, *axis_names(len(shape) - 2)), shape, given, seed, -1, 2, stream)


def bias(wanted: bool | tuple[float, ...], out_channels: int, seed: int) -> dict[str, Source]:
    """No source, one drawn from −2 to 2, or the numbers given; raises ParameterError where their count is wrong."""
    if wanted is False:
        return {}
    if wanted is True:
        return {"bias": Source("bias", ("filter",), (out_channels,), None, seed, -2, 2, 3)}
    if len(wanted) != out_channels:
        raise ParameterError(
            "wrong_length",
            "bias",
            f"bias has {len(wanted)} numbers; there are {out_channels} filters.",
            "Give one number a filter, or true.",
            found=len(wanted),
            axes=out_channels,
            nearest="true",
        )
    return {"bias": Source("bias", ("filter",), (out_channels,), np.array(wanted, dtype=np.float64))}
