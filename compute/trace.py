"""The trace: the document of one figure, made from a recipe; its keys are the contract of docs/model.md."""

from collections.abc import Callable, Mapping
from functools import partial, reduce
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compute.budget import BUDGET, Budget, Window, check, check_sides, spans, step_shape, table_size
from compute.cost import Cost, cost, receptive_field
from compute.engine import Run, Steps
from compute.geometry import AxisTable, Ints, axis_names, direct_overlap, is_even, transposed_overlap
from compute.plan import Plan
from compute.readings import matrix, zero_stuffed
from compute.recipe import Recipe
from compute.stages import (
    Activate,
    Correlate,
    Pool,
    Relation,
    Resize,
    Shape,
    Shuffle,
    Stage,
    Sum,
    Transpose,
    group_channels,
)

Document = dict[str, Any]

_TOGETHER = 20_000


def trace(
    recipe: Recipe, window: Window, budget: Budget = BUDGET, plan: Plan | None = None, seed: int | None = None
) -> Document:
    """Tensors, stages with steps, and facts; raises BudgetError or ValueOverflowError.

    Arrays stay NumPy arrays: the serialiser writes them as they are. A ``plan`` that is given is filled, and may be
    given again with the same recipe, window and another ``seed``.
    """
    plan = plan or Plan()
    run = Run(recipe.stages, recipe.shapes, {}, plan)
    if plan.outline is None:
        check(recipe, window, budget)
        plan.taken = spans(recipe, window)
        plan.outline = _outline(recipe, run.relation)
        if window.values_wanted:
            _count_overlap(plan.outline)
    for name, source in recipe.sources.items():
        if window.sources_wanted or not source.drawn or source.role == "bias":
            run.arrays[name] = source.array(seed)
        else:
            run.drawn[name] = partial(source.cells, seed=seed)
    document = {
        "tensors": {name: dict(tensor) for name, tensor in plan.outline["tensors"].items()},
        "stages": [dict(stage) for stage in plan.outline["stages"]],
        "facts": plan.outline["facts"],
    }
    written = []  # entries and their keys, of which the arrays become numbers
    for stage, start, stop, offset in plan.taken:
        entry = document["stages"][recipe.stages.index(stage)]
        entry["steps"] = _steps(run, stage, recipe.shapes, start, stop, offset)
        written += [(entry["steps"], "products"), (entry["steps"], "value")]
        if isinstance(stage, Correlate | Transpose) and stage.bias:
            entry["bias"] = run.arrays[stage.bias]
            written.append((entry, "bias"))
    for name, tensor in document["tensors"].items():
        if window.values_wanted or (window.sources_wanted and name in recipe.sources):
            tensor["values"] = run.whole(name)
            written.append((tensor, "values"))
        else:
            tensor["values"] = None
    for (entry, key), array in zip(written, _all_numbers([entry[key] for entry, key in written]), strict=True):
        entry[key] = array
    _add_reading(recipe, run, document)
    return document


def facts(recipe: Recipe, budget: Budget = BUDGET) -> Document:
    """The same document without tensor values and steps, for layers of any size; costs the sum of the sides.

    Raises BudgetError where an axis is longer than can be counted.
    """
    check_sides(recipe, budget)

    def tables(stage: Stage) -> Relation | None:
        return stage.relation(recipe.shapes) if table_size(stage, recipe.shapes) <= budget.tables else None

    return _outline(recipe, tables)


def numbers(array: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers as integers, as long as float64 holds them exactly; all else as it is."""
    if array.dtype.kind == "i" or not (np.abs(array) < 2**53).all() or not (array == np.rint(array)).all():
        return np.ascontiguousarray(array)
    return array.astype(np.int64)


def _all_numbers(arrays: list[NDArray[Any]]) -> list[NDArray[Any]]:
    """The same of several arrays; small ones are looked at together, since each look costs more than their cells."""
    if sum(array.size for array in arrays) <= _TOGETHER:
        whole = numbers(np.concatenate([array.ravel() for array in arrays]))
        if whole.dtype.kind == "i":
            ends = accumulate(array.size for array in arrays)
            return [whole[end - one.size : end].reshape(one.shape) for one, end in zip(arrays, ends, strict=True)]
    return [numbers(array) for array in arrays]


def _outline(recipe: Recipe, tables: Callable[[Stage], Relation | None]) -> Document:
    """Everything that costs no values; ``tables`` gives a stage's, or None where they are too large to show."""
    shapes = recipe.shapes
    costs = [cost(stage, shapes) for stage in recipe.stages]
    total = sum(costs, Cost())
    fields = {s.output: list(receptive_field(recipe.stages, shapes, recipe.input, s.output)) for s in recipe.stages}
    return {
        "tensors": _tensors(recipe),
        "stages": [
            _stage(stage, shapes, spent, tables(stage)) | {"receptive_field": fields[stage.output]}
            for stage, spent in zip(recipe.stages, costs, strict=True)
        ],
        "facts": {
            "output_shape": list(shapes[recipe.output]),
            **total.document(),
            "steps": sum(prod(step_shape(stage, shapes)) for stage in recipe.stages),
            "receptive_field": fields[recipe.output],
            "baseline": recipe.baseline,
            "formulas": [formula.document() for formula in recipe.formulas],
            "notes": list(recipe.notes),
            **({"compared": list(recipe.compared)} if recipe.compared else {}),
            **recipe.extra,
        },
    }


def _tensors(recipe: Recipe) -> Document:
    found: Document = {
        name: {"role": source.role, "axes": list(source.axes), "shape": list(source.shape)}
        for name, source in recipe.sources.items()
        if source.role != "bias"
    }
    for stage in recipe.stages:
        shape = recipe.shapes[stage.output]
        role = "output" if stage.output in recipe.outputs else "hidden"
        found[stage.output] = {
            "role": role,
            "axes": ["channel", *axis_names(len(shape) - 1)],
            "shape": list(shape),
        }
    return found


def _count_overlap(outline: Document) -> None:
    """Adds the counts of every cell to those along each axis."""
    for stage in outline["stages"]:
        if stage["overlap"]:
            stage["overlap"]["counts"] = reduce(np.multiply.outer, stage["overlap"]["per_axis"])


def _stage(stage: Stage, shapes: Mapping[str, Shape], spent: Cost, relation: Relation | None) -> Document:
    by = stage.by if isinstance(stage, Transpose) else "output"
    return {
        "id": stage.id,
        "operation": stage.operation,
        "by": by,
        **_FIELDS[type(stage)](stage, shapes),
        "output": stage.output,
        "channels": _channels(stage, relation, shapes) if relation else None,
        "axes": [_axis(table) for table in relation.axes] if relation else None,
        "overlap": _overlap(stage, shapes),
        "cost": spent.document(),
    }


def _channels(stage: Stage, relation: Relation, shapes: Mapping[str, Shape]) -> Ints:
    """A row an output channel; for a stamp a row an input channel, the output channels that it writes."""
    if isinstance(stage, Transpose) and stage.by == "input":
        return group_channels(shapes[stage.input][0], shapes[stage.output][0], stage.groups)
    return np.ascontiguousarray(relation.channels)


def _axis(table: AxisTable) -> Document:
    entry: Document = {"at": numbers(table.at), "source": np.ascontiguousarray(table.source)}
    if table.targets is not None:
        entry["targets"] = table.targets
    if table.weights is not None:
        entry["weights"] = table.weights
    return entry


def _convolution(stage: Correlate | Transpose, shapes: Mapping[str, Shape]) -> Document:
    return {
        "input": stage.input,
        "kernel": stage.kernel,
        "groups": stage.groups,
        "kernel_size": list(shapes[stage.kernel][2:]),
        "stride": list(stage.stride),
        "padding": [list(pair) for pair in stage.padding],
        "dilation": list(stage.dilation),
        "padding_mode": stage.padding_mode if isinstance(stage, Correlate) else "zeros",
        "flip": stage.flip,
        "bias": None,
        **({"output_padding": list(stage.output_padding)} if isinstance(stage, Transpose) else {}),
    }


def _pool(stage: Pool, shapes: Mapping[str, Shape]) -> Document:
    return {
        "input": stage.input,
        "mode": stage.mode,
        "kernel_size": list(stage.kernel_size),
        "stride": list(stage.stride),
        "padding": [list(pair) for pair in stage.padding],
        "dilation": list(stage.dilation),
        "padding_mode": "zeros",
        "count_include_pad": stage.count_include_pad,
    }


def _shuffle(stage: Shuffle, shapes: Mapping[str, Shape]) -> Document:
    return {
        "input": stage.input,
        "groups": stage.groups,
        "permutation": stage.permutation(shapes[stage.input][0]),
    }


_FIELDS: Mapping[type, Callable[[Any, Mapping[str, Shape]], Document]] = {
    Correlate: _convolution,
    Transpose: _convolution,
    Pool: _pool,
    Shuffle: _shuffle,
    Resize: lambda stage, shapes: {"input": stage.input, "mode": stage.mode, "size": list(stage.size)},
    Activate: lambda stage, shapes: {"input": stage.input, "function": stage.function},
    Sum: lambda stage, shapes: {"inputs": list(stage.inputs)},
}


def _overlap(stage: Stage, shapes: Mapping[str, Shape]) -> Document | None:
    """How many (cell, tap) pairs meet each cell; only where a stage has a window."""
    if not isinstance(stage, Correlate | Transpose | Pool):
        return None
    taps = stage.kernel_size if isinstance(stage, Pool) else shapes[stage.kernel][2:]
    sizes = zip(shapes[stage.input][1:], shapes[stage.output][1:], strict=True)
    sides = list(zip(sizes, taps, stage.stride, stage.padding, stage.dilation, strict=True))
    if isinstance(stage, Transpose):
        per_axis = [transposed_overlap(i, o, k, s, p, d) for (i, o), k, s, p, d in sides]
    else:
        mode = stage.padding_mode if isinstance(stage, Correlate) else "zeros"
        per_axis = [direct_overlap(i, o, k, s, p, d, mode) for (i, o), k, s, p, d in sides]
    return {
        "tensor": stage.output if isinstance(stage, Transpose) else stage.input,
        "per_axis": per_axis,
        "min": prod(int(counts.min()) for counts in per_axis),
        "max": prod(int(counts.max()) for counts in per_axis),
        "even": all(is_even(k, s, d) for _, k, s, _, d in sides),
    }


def _steps(run: Run, stage: Stage, shapes: Mapping[str, Shape], start: int, stop: int, offset: int) -> Document:
    taken: Steps = run.steps(stage, start, stop)
    return {
        "start": start,
        "count": stop - start,
        "total": prod(step_shape(stage, shapes)),
        "offset": offset,
        "position": taken.position,
        "products": taken.products,
        "value": taken.value,
    }


def _add_reading(recipe: Recipe, run: Run, document: Document) -> None:
    """The second reading of a transposed convolution that the reader asked to see."""
    stage = recipe.stages[0]
    if not isinstance(stage, Transpose):
        return
    if recipe.view in ("zero-stuffed", "together"):
        tensors, reading = zero_stuffed(stage, run)
        document["tensors"] |= {
            name: tensor | {"values": numbers(tensor["values"])} for name, tensor in tensors.items()
        }
        document["stages"][0]["zero_stuffed"] = reading
    if recipe.view in ("matrix", "together"):
        values = numbers(matrix(stage, run))
        document["stages"][0]["matrix"] = {"shape": list(values.shape), "values": values}
