"""The steps of a trace as a table: a row a product, made while it is read, so that no table is ever held whole."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import product
from typing import Any

Document = dict[str, Any]
Cell = int | float | str | None

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

_PIECE = 200  # steps written at once


def csv_pieces(document: Document) -> Iterator[bytes]:
    """The table as CSV (RFC 4180, UTF-8), in pieces of some hundred steps.

    Padding reads 0; where it has no part in a value (a maximum), input value and product stay empty.
    """
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for stage in document["stages"]:
        for n, rows in enumerate(_steps(document["tensors"], stage)):
            writer.writerows(rows)
            if n % _PIECE == _PIECE - 1:
                yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")


def _steps(tensors: Mapping[str, Document], stage: Document) -> Iterator[list[tuple[Cell, ...]]]:
    """The rows of one step after the other; of a stamp, at the end those of the bias, which belongs to no step."""
    steps = stage["steps"]
    stamps = stage["operation"] == "transpose" and stage["by"] == "input"
    rows = _stamped if stamps else _gathered
    columns = zip(steps["position"].tolist(), steps["products"].tolist(), steps["value"].tolist(), strict=True)
    for n, (position, products, value) in enumerate(columns, steps["offset"] + steps["start"]):
        yield [(stage["id"], n, *row) for row in rows(tensors, stage, position, products, value)]
    if stamps and stage.get("bias") is not None:
        shape = tensors[stage["output"]]["shape"]
        for cell in product(*map(range, shape)):
            share = stage["bias"][cell[0]].item()
            value = _value(tensors[stage["output"]], cell)
            yield [(stage["id"], "", "sum", _place(cell), "bias", "", "", None, None, share, value)]


def _gathered(
    tensors: Mapping[str, Document], stage: Document, position: list[int], products: list[float], value: float
) -> Iterator[tuple[Cell, ...]]:
    """What an output cell is made of, in the order of its products: channels, then taps."""
    how, cell = _how(stage), _place(position)
    kernel = tensors.get(stage.get("kernel", ""))
    filter_, *where = position
    axes = [(axis["source"][at].tolist(), _weights(axis, at)) for axis, at in zip(stage["axes"], where, strict=True)]
    taps = list(product(*(range(len(source)) for source, _ in axes)))
    tap = 0
    for local, channel in enumerate(stage["channels"][filter_].tolist()):
        for at in taps:
            source = [axis[0][t] for axis, t in zip(axes, at, strict=True)]
            brought: Cell = products[tap]
            nothing = brought != brought  # padding that a maximum leaves out is not a number
            inside = min(source, default=0) >= 0
            read = _value(tensors[stage["input"]], (channel, *source)) if inside else None if nothing else 0
            place = _tap_place(stage, kernel, channel, filter_, local, at) if kernel else None
            weight = _value(kernel, place) if kernel and place else _share(axes, at)
            yield (
                *(how, cell, tap),
                _place((channel, *source)) if inside else "",
                _place(place) if place else "",
                *(read, weight, None if nothing else brought, value),
            )
            tap += 1
    if stage.get("bias") is not None:
        yield (how, cell, "bias", "", "", None, None, stage["bias"][filter_].item(), value)


def _stamped(
    tensors: Mapping[str, Document], stage: Document, position: list[int], products: list[float], value: float
) -> Iterator[tuple[Cell, ...]]:
    """What an input cell gives to the cells that its stamp reaches; what is cropped has no output."""
    kernel, output = tensors[stage["kernel"]], tensors[stage["output"]]
    channel, *where = position
    targets = [axis["targets"][at].tolist() for axis, at in zip(stage["axes"], where, strict=True)]
    tap = 0
    for local, filter_ in enumerate(stage["channels"][channel].tolist()):
        for at in product(*(range(len(row)) for row in targets)):
            target = [row[t] for row, t in zip(targets, at, strict=True)]
            cell = (filter_, *target) if min(target) >= 0 else None
            place = (channel, local, *at)
            yield (
                *("sum", _place(cell) if cell else "", tap, _place(position), _place(place)),
                *(value, _value(kernel, place), products[tap], _value(output, cell) if cell else None),
            )
            tap += 1


def _how(stage: Document) -> str:
    if stage["operation"] == "pool":
        return "max" if stage["mode"] == "max" else "mean"
    return "relu" if stage["operation"] == "activate" else "sum"


def _tap_place(
    stage: Document, kernel: Document, channel: int, filter_: int, local: int, at: tuple[int, ...]
) -> tuple[int, ...]:
    """A kernel is (filter, channel of the group, taps…), of a transpose (channel, filter of the group, taps…)."""
    if stage["operation"] == "transpose":
        return (channel, filter_ % int(kernel["shape"][1]), *at)
    return (filter_, local, *at)


def _weights(axis: Document, at: int) -> list[float] | None:
    return axis["weights"][at].tolist() if "weights" in axis else None


def _share(axes: list[tuple[list[int], list[float] | None]], at: tuple[int, ...]) -> float | None:
    """What a resized cell takes of a tap."""
    share = None
    for (_, weights), tap in zip(axes, at, strict=True):
        if weights is not None:
            share = (1 if share is None else share) * weights[tap]
    return share


def _value(tensor: Document, place: tuple[int, ...]) -> int | float | None:
    """The value of a cell; None where the trace does not carry the tensor's."""
    values = tensor["values"]
    return None if values is None else values[place].item()


def _place(index: Any) -> str:
    """An index in one cell of the table: `0 2 1`."""
    return " ".join(map(str, index))
