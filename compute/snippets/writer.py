"""What all languages share: names, numbers as literals, and the order in which a snippet tells its figure."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from compute.recipe import Recipe, Source
from compute.stages import Activate, Correlate, Pool, Resize, Shape, Shuffle, Stage, Sum, Transpose

Lines = list[str]

# More numbers than this would bury the code; they are drawn by the snippet itself.
MOST_LISTED = 400
# Up to this many 2-D blocks a tensor is written as grids, one row a line; beyond it a block a line, where one fits.
MOST_GRIDS = 8
WIDTH = 96

CAPTIONS = {
    "correlate": "every filter slides over the input; a cell is the sum of window times weights",
    "transpose": "every input cell adds the kernel, times its value, to the output",
    "max": "the largest value of each window",
    "average": "the mean of each window",
    "shuffle": "the channels of all groups are dealt out in turn",
    "nearest": "each cell of the larger grid copies the cell that it lies in",
    "bilinear": "each cell of the larger grid mixes the two nearest cells along each axis",
    "activate": "what is negative becomes 0",
    "sum": "cell by cell",
}


class Writer(ABC):
    """One language; a subclass says how values and stages are written."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.shapes = recipe.shapes

    def text(self) -> str:
        """The snippet."""
        values = [self._source(name, source) for name, source in read_sources(self.recipe).items()]
        stages = [[f"# {stage.id}: {caption(stage)}", *self._stage(stage)] for stage in self.recipe.stages]
        outputs = [line for name in self.recipe.outputs for line in self.printed(name)]
        return "\n\n".join("\n".join(part) for part in (self.imports(), *values, *stages, outputs)) + "\n"

    @abstractmethod
    def imports(self) -> Lines:
        """The first lines."""

    @abstractmethod
    def literal(self, target: str, array: NDArray[np.float64]) -> Lines:
        """``target`` given these numbers."""

    @abstractmethod
    def ones(self, target: str, shape: Shape) -> Lines:
        """``target`` made of ones."""

    @abstractmethod
    def drawn(self, target: str, source: Source, key: int) -> Lines:
        """``target`` drawn anew between the source's bounds; ``key`` keeps the tensors of one snippet apart."""

    @abstractmethod
    def printed(self, name: str) -> Lines:
        """Prints a tensor as the figure has it, (channel, spatial axes…), and says its shape."""

    @abstractmethod
    def correlate(self, stage: Correlate) -> Lines:
        """A convolution."""

    @abstractmethod
    def transpose(self, stage: Transpose) -> Lines:
        """A transposed convolution."""

    @abstractmethod
    def pool(self, stage: Pool) -> Lines:
        """A pool; a mean has no dilation, which no kind allows."""

    @abstractmethod
    def shuffle(self, stage: Shuffle) -> Lines:
        """A channel shuffle."""

    @abstractmethod
    def resize(self, stage: Resize) -> Lines:
        """An up-sampling."""

    @abstractmethod
    def activate(self, stage: Activate) -> Lines:
        """A ReLU."""

    def sum(self, stage: Sum) -> Lines:
        """Tensors added up."""
        return [f"{variable(stage.output)} = {' + '.join(map(variable, stage.inputs))}"]

    def prepared(self, name: str, source: Source) -> Lines:
        """What the language does to a source so that its calls take it."""
        return []

    def _source(self, name: str, source: Source) -> Lines:
        size, target = prod(source.shape), variable(name)
        said = f"# {name}: {', '.join(source.axes)}"
        if size > MOST_LISTED and isinstance(source.given, str) and source.given == "ones":
            made = self.ones(target, source.shape)
        elif size > MOST_LISTED:
            said += f"; {size} numbers are too many to list, these are random whole ones"
            made = self.drawn(target, source, list(self.recipe.sources).index(name))
        else:
            made = self.literal(target, source.array())
        return [said, *made, *self.prepared(name, source)]

    def _stage(self, stage: Stage) -> Lines:
        match stage:
            case Correlate():
                return self.correlate(stage)
            case Transpose():
                return self.transpose(stage)
            case Pool():
                return self.pool(stage)
            case Shuffle():
                return self.shuffle(stage)
            case Resize():
                return self.resize(stage)
            case Activate():
                return self.activate(stage)
            case Sum():
                return self.sum(stage)

    def extents(self, stage: Correlate | Transpose | Pool) -> Shape:
        """Cells that the window covers along each axis."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.taps(stage), stage.dilation, strict=True))

    def taps(self, stage: Correlate | Transpose | Pool) -> Shape:
        """Kernel size."""
        return stage.kernel_size if isinstance(stage, Pool) else tuple(self.shapes[stage.kernel][2:])


def reads(stage: Stage) -> tuple[str, ...]:
    """All tensors that a stage reads, its weights too."""
    weights = (stage.kernel, stage.bias) if isinstance(stage, Correlate | Transpose) else ()
    return (*stage.reads, *(name for name in weights if name))


def caption(stage: Stage) -> str:
    """What a stage does, in words."""
    return CAPTIONS[stage.mode if isinstance(stage, Pool | Resize) else stage.operation]


def read_sources(recipe: Recipe) -> dict[str, Source]:
    """The sources that some stage reads."""
    read = {name for stage in recipe.stages for name in reads(stage)}
    return {name: source for name, source in recipe.sources.items() if name in read}


def all_listed(recipe: Recipe) -> bool:
    """Whether the code holds the figure's own numbers; else some are drawn anew by whoever runs it."""
    sources = read_sources(recipe).values()
    return all(prod(source.shape) <= MOST_LISTED or source.given == "ones" for source in sources)


def variable(name: str) -> str:
    """A tensor's name as code has it; ``input`` is a function of Python.

    >>> variable("input"), variable("kernel-2")
    ('x', 'kernel_2')
    """
    return "x" if name == "input" else name.replace("-", "_")


def one_or_all(sizes: Sequence[int]) -> str:
    """One number where all axes agree, as frameworks take it.

    >>> one_or_all((2, 2)), one_or_all((1, 2))
    ('2', '(1, 2)')
    """
    return str(sizes[0]) if len(set(sizes)) == 1 else str(tuple(sizes))


def call(target: str, function: str, arguments: Iterable[str], note: str = "") -> Lines:
    """A call on one line, or an argument a line where it would be too long."""
    listed = list(arguments)
    line = f"{target} = {function}({', '.join(listed)})"
    after = f"  # {note}" if note else ""
    if len(line) + len(after) <= WIDTH:
        return [line + after]
    return [f"{target} = {function}({after}", *(f"    {argument}," for argument in listed), ")"]


def array_literal(target: str, function: str, array: NDArray[np.float64], dtype: str) -> Lines:
    """``target = function([[…]], dtype)``; numbers whose last axis is one wide are written flat and reshaped."""
    flat = array.ndim > 1 and array.shape[-1] == 1
    cells = np.vectorize(number, otypes=[object])(array.ravel() if flat else array)
    width = max(map(len, cells.ravel()))
    grids = array.ndim < 2 or prod(array.shape[:-2]) <= MOST_GRIDS
    opening = f"{target} = {function}("
    body = _nested(cells, len(opening), width if grids and not flat else 0, grids)
    shaped = f".reshape{array.shape}" if flat else ""
    return f"{opening}{body}, dtype={dtype}){shaped}".split("\n")


def number(value: float) -> str:
    """A number as Python reads it back; whole ones without a point, as long as float64 holds them exactly.

    >>> number(3.0), number(-0.5), number(1e300)
    ('3', '-0.5', '1e+300')
    """
    value = float(value)
    return str(int(value)) if abs(value) < 2**53 and value.is_integer() else repr(value)


def _nested(cells: NDArray[np.object_], margin: int, width: int, grids: bool) -> str:
    if cells.ndim == 1:
        return _row([cell.rjust(width) for cell in cells], margin)
    inner = [_nested(part, margin + 1, width, grids) for part in cells]
    if cells.ndim == 2 and not grids and "\n" not in (line := ", ".join(inner)) and len(line) + margin < WIDTH:
        return f"[{line}]"
    return "[" + (",\n" + " " * (margin + 1)).join(inner) + "]"


def _row(cells: list[str], margin: int) -> str:
    """One row, broken where it would be too long."""
    lines = [""]
    for cell in cells:
        if lines[-1] and margin + len(lines[-1]) + len(cell) + 3 > WIDTH:
            lines.append("")
        lines[-1] += f"{cell}, "
    return "[" + ("\n" + " " * (margin + 1)).join(line.rstrip() for line in lines).rstrip(",") + "]"
