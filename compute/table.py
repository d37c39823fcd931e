"""The steps of a trace as a table: a row a product, made while it is read, so that no table is ever held whole.

Some thousand rows are made at once, each column as an array of texts. Texts of one array are as wide as its longest,
filled up with NUL, which no text of ours holds: taken away at the end, the rows are left as they are read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compute.geometry import Ints

Document = dict[str, Any]
Texts = NDArray[np.bytes_]
Place = Sequence[Ints]  # where cells stand: channel, then an index an axis
Dumped = Callable[[NDArray[Any]], bytes]

COLUMNS = (
    "stage",  # the stage's id
    "step",  # its number in the sequence of all stages, counted from 0; empty where no step brings it
    "how",  # what makes a value of its products: sum, mean, max, relu
    "output",  # where the output cell stands: channel, then row and column, counted from 0
    "tap",  # the number of the product in its step, or «bias»
    "input",  # where the input cell stands; empty on padding that holds nothing
    "kernel",  # where the weight stands in its kernel; empty where there is none
    "input_value",
    "weight",
    "product",
    "value",  # of the output cell, once all its products are there
)

ROWS = 8192  # made at once

_SMALL = 10_000
# Negative indices count from the end, so that small numbers of either sign find their own text.
_TEXTS: Texts = np.array([str(n) for n in (*range(_SMALL), *range(1 - _SMALL, 0))], "S")
_FILLED: Texts = np.array([f"{n:04}" for n in range(_SMALL)], "S")


def csv_pieces(document: Document, dumped: Dumped) -> Iterator[bytes]:
    """The table as CSV (RFC 4180, UTF-8): its head, then pieces of some thousand rows.

    Padding reads 0; where it has no part in a value (a maximum), input value and product stay empty. The bias of a
    stamp belongs to no step: its rows come at the end, where the trace carries the output that they are a part of.

    ``dumped`` gives an array as JSON: a number is written as the trace has it.
    """
    yield ",".join(COLUMNS).encode() + b"\r\n"
    for stage in document["stages"]:
        table = _Table(document["tensors"], stage, dumped)
        for count, rows in table.parts():
            for start in range(0, count, ROWS):
                texts = rows(np.arange(start, min(start + ROWS, count)))
                yield _joined(texts, b",", b"\r\n").tobytes().translate(None, b"\0")


@dataclass(frozen=True, slots=True)
class _Walk:
    """Rows of steps that are taken.

    Attributes:
        step: its number in the sequence of all stages.
        position: the cell stepped on.
        value: what the steps have as theirs.
        tap: its number in its step.
        at: the same as an index of the channels met, and of the taps along each axis.
    """

    step: Texts
    position: Place
    value: Texts
    tap: Ints
    at: Place


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of one stage."""

    tensors: Mapping[str, Document]
    stage: Document
    dumped: Dumped

    def parts(self) -> Iterator[tuple[int, Callable[[Ints], list[Texts]]]]:
        """How many rows there are, and what makes the columns of those that are asked for by number."""
        steps, output = self.stage["steps"], self.tensors[self.stage["output"]]
        biased = self.stage.get("bias") is not None
        if self.stage["operation"] != "transpose" or self.stage["by"] == "output":
            yield steps["products"].size + biased * steps["count"], self._gathered
            return
        yield steps["products"].size, self._stamped
        if biased and output["values"] is not None:
            yield prod(output["shape"]), self._added

    def _gathered(self, rows: Ints) -> list[Texts]:
        """What output cells are made of, in the order of their products: channels, then taps, then the bias."""
        stage, products = self.stage, self.stage["steps"]["products"]
        bias, columns = stage.get("bias"), products.shape[1]
        step, tap = np.divmod(rows, columns + (bias is not None))
        last, tap = tap == columns, np.minimum(tap, columns - 1)
        walk = self._walk("source", step, tap)
        product = products[step, tap]
        nothing = product != product  # padding that a maximum leaves out is not a number
        place = self._met("source", walk)
        outside = np.min(place, axis=0) < 0
        read = np.where(outside, b"0", self._values(stage["input"], place))
        weighed, weight = self._weighed(walk)
        texts = [
            np.where(last, b"bias", _wholes(tap)),
            np.where(outside | last, b"", _place(place)),
            np.where(last, b"", weighed),
            np.where(outside & nothing | last, b"", read),
            np.where(last, b"", weight),
            np.where(nothing, b"", self._numbers(product)),
        ]
        if bias is not None:
            texts[-1] = np.where(last, self._numbers(bias)[walk.position[0]], texts[-1])
        return [*self._named(walk.step, _how(stage), _place(walk.position)), *texts, walk.value]

    def _stamped(self, rows: Ints) -> list[Texts]:
        """What input cells give to the cells that their stamps reach; what is cropped has no output."""
        products = self.stage["steps"]["products"]
        step, tap = np.divmod(rows, products.shape[1])
        walk = self._walk("targets", step, tap)
        cell = self._met("targets", walk)
        cropped = np.min(cell, axis=0) < 0
        place = (walk.position[0], *walk.at)
        return [
            *self._named(walk.step, b"sum", np.where(cropped, b"", _place(cell))),
            *(_wholes(tap), _place(walk.position), _place(place)),
            *(walk.value, self._values(self.stage["kernel"], place), self._numbers(products[step, tap])),
            np.where(cropped, b"", self._values(self.stage["output"], cell)),
        ]

    def _added(self, rows: Ints) -> list[Texts]:
        """The bias of output cells that stamps have filled."""
        cell = np.unravel_index(rows, self.tensors[self.stage["output"]]["shape"])
        none, bias = _all(b"", len(rows)), self._numbers(self.stage["bias"])[cell[0]]
        named = self._named(none, b"sum", _place(cell))
        return [*named, _all(b"bias", len(rows)), *(none,) * 4, bias, self._values(self.stage["output"], cell)]

    def _named(self, step: Texts, how: bytes, output: Texts) -> list[Texts]:
        """The columns that say of which cell a row is."""
        return [_all(self.stage["id"].encode(), len(step)), step, _all(how, len(step)), output]

    def _walk(self, table: str, step: Ints, tap: Ints) -> _Walk:
        """Rows by their steps, counted from the first one in the trace, and by their taps."""
        stage, steps = self.stage, self.stage["steps"]
        taken, of = slice(step[0], step[-1] + 1), step - step[0]
        numbers = np.arange(taken.start, taken.stop) + steps["offset"] + steps["start"]
        shape = (stage["channels"].shape[1], *(axis[table].shape[1] for axis in stage["axes"]))
        return _Walk(
            step=_wholes(numbers)[of],
            position=tuple(steps["position"][step].T),
            value=self._numbers(steps["value"][taken])[of],
            tap=tap,
            at=np.unravel_index(tap, shape),
        )

    def _met(self, table: str, walk: _Walk) -> Place:
        """The cells on the other side of the taps; an index is negative where there is none."""
        met = zip(self.stage["axes"], walk.position[1:], walk.at[1:], strict=True)
        return (
            self.stage["channels"][walk.position[0], walk.at[0]],
            *(axis[table][cell, tap] for axis, cell, tap in met),
        )

    def _weighed(self, walk: _Walk) -> tuple[Texts, Texts]:
        """Where the weights of gathered cells stand, and what they are.

        A kernel is (filter, channel of the group, taps…), of a transpose (channel, filter of the group, taps…).
        """
        stage, none = self.stage, _all(b"", len(walk.tap))
        if "kernel" in stage:
            first, second = walk.position[0], walk.at[0]
            if stage["operation"] == "transpose":
                of_group = self.tensors[stage["kernel"]]["shape"][1]
                first, second = stage["channels"][first, second], first % of_group
            place = (first, second, *walk.at[1:])
            return _place(place), self._values(stage["kernel"], place)
        if "weights" not in stage["axes"][0]:
            return none, none
        met = zip(stage["axes"], walk.position[1:], walk.at[1:], strict=True)
        return none, self._numbers(prod(axis["weights"][cell, tap] for axis, cell, tap in met))

    def _values(self, tensor: str, place: Place) -> Texts:
        """The values of cells; empty where the trace does not carry the tensor's."""
        values = self.tensors[tensor]["values"]
        if values is None:
            return _all(b"", len(place[0]))
        if values.size > len(place[0]):
            return self._numbers(values[tuple(place)])
        texts: Texts = self._numbers(values.ravel()).reshape(values.shape)[tuple(place)]  # each once, as of a kernel
        return texts

    def _numbers(self, array: NDArray[Any]) -> Texts:
        """Numbers as texts."""
        if array.dtype.kind == "i" and (np.abs(array) < _SMALL).all():
            texts: Texts = _TEXTS[array]
            return texts
        return np.array(self.dumped(array)[1:-1].split(b","), "S")


def _wholes(numbers: Ints) -> Texts:
    """Numbers from 0 up as texts."""
    if (numbers < _SMALL).all():
        return _TEXTS[numbers]
    high, low = np.divmod(numbers, _SMALL)
    return _joined([np.where(high > 0, _wholes(high), b""), np.where(high > 0, _FILLED[low], _TEXTS[low])])


def _place(place: Place) -> Texts:
    """Where cells stand, each as `0 2 1`; a negative index has no meaning."""
    return _joined([_wholes(np.maximum(index, 0)) for index in place], b" ")


def _all(text: bytes, count: int) -> Texts:
    return np.full(count, text)


def _how(stage: Document) -> bytes:
    if stage["operation"] == "pool":
        return b"max" if stage["mode"] == "max" else b"mean"
    return b"relu" if stage["operation"] == "activate" else b"sum"


def _joined(columns: Sequence[Texts], between: bytes = b"", end: bytes = b"") -> Texts:
    """Columns of texts as one; what fills them up stays between them."""
    parts = [(column, between) for column in columns[:-1]] + [(columns[-1], end)]
    rows = np.empty((len(columns[0]), sum(column.itemsize + len(mark) for column, mark in parts)), np.uint8)
    at = 0
    for column, mark in parts:
        filled = at + column.itemsize
        rows[:, at:filled] = np.ascontiguousarray(column).view(np.uint8).reshape(len(rows), -1)
        at = filled + len(mark)
        rows[:, filled:at] = tuple(mark)
    joined: Texts = rows.view(f"S{rows.shape[1]}")[:, 0]
    return joined
