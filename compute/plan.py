"""What sizes alone decide of a figure: filled by its first trace, read by those that differ in their numbers only."""

from dataclasses import dataclass, field
from typing import Any

from compute.geometry import Ints
from compute.samples import Together
from compute.stages import Relation

Place = tuple[str | int, ...]

# Numbers of one figure that are kept: figures up to this size are dragged and drawn anew, and a few hundred of them are
# kept side by side.
MOST_KEPT = 10_000


def put(document: Any, place: Place, value: Any) -> None:
    """Sets what stands at a place of a document.

    >>> document = {"stages": [{"bias": None}]}
    >>> put(document, ("stages", 0, "bias"), 1)
    >>> document
    {'stages': [{'bias': 1}]}
    """
    *way, last = place
    for key in way:
        document = document[key]
    document[last] = value


@dataclass
class Plan:
    """Tables of one figure, for one choice of its steps.

    Attributes:
        relations: of each stage, by its output.
        cells: of each stage whose steps are all taken: (n, 1 + axes) its positions, and (n, columns) where each
            column lies in the flattened input.
        outline: the trace without values and steps; None until it is made.
        taken: (stage, start, stop, offset), see `spans`.
        places: where the numbers that change with the seed stand in the trace, as keys from its top and in its order.
        whole: whether all of them are known to be whole.
        together: its drawn tensors, and what draws them as one; None until they are drawn again.
    """

    relations: dict[str, Relation] = field(default_factory=dict)
    cells: dict[str, tuple[Ints, Ints]] = field(default_factory=dict)
    outline: dict[str, Any] | None = None
    taken: list[tuple[Any, int, int, int]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    whole: bool = False
    together: tuple[list[str], Together] | None = None

    def keep(self, output: str, position: Ints, index: Ints) -> None:
        """Keeps where a stage's steps stand and read; answers share the arrays."""
        position.setflags(write=False)
        index.setflags(write=False)
        self.cells[output] = position, index

    @property
    def small(self) -> bool:
        """Whether all of it is few enough numbers to be kept."""
        numbers = sum(position.size + index.size for position, index in self.cells.values())
        for relation in self.relations.values():
            numbers += relation.channels.size + sum(2 * axis.at.size for axis in relation.axes)
        for stage in self.outline["stages"] if self.outline else ():
            overlap = stage["overlap"] or {"per_axis": ()}
            numbers += sum(len(counts) for counts in overlap["per_axis"])
            numbers += overlap["counts"].size if "counts" in overlap else 0
        return numbers <= MOST_KEPT
