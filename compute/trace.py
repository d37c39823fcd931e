"""The trace: the document of one figure, made from a recipe; its keys are the contract of docs/model.md."""

from collections.abc import Callable, Mapping
from functools import partial, reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compute.budget import BUDGET, Budget, Window, check, check_sides, spans, step_shape, table_size
from compute.cost import Cost, cost, receptive_field
from compute.engine import Run, Steps
from compute.geometry import AxisTable, Ints, axis_names, direct_overlap, is_even, transposed_overlap
from compute.numbers import all_numbers, is_whole, numbers
from compute.plan import Plan, put
from compute.readings import matrix, zero_stuffed
from compute.recipe import Recipe
from compute.samples import Together
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
        _open(plan, recipe, window, budget, run)
    steps, found = _computed(recipe, window, plan, run, seed)
    assert plan.outline
    document = {
        "tensors": {name: tensor | {"values": None} for name, tensor in plan.outline["tensors"].items()},
        "stages": [
            entry | {"steps": _steps(recipe, span, taken)}
            for entry, span, taken in zip(plan.outline["stages"], plan.taken, steps, strict=True)
        ],
        "facts": plan.outline["facts"],
    }
    for place, array in zip(plan.places, found, strict=True):
        put(document, place, array)
    _add_reading(recipe, run, document)
    return document


def changing(recipe: Recipe, window: Window, plan: Plan, seed: int) -> list[NDArray[Any]] | None:
    """The numbers of another seed, at the places of a plan that a trace has filled: all in which the traces differ.

    None where the trace has a further reading, whose numbers have no such places. Raises ValueOverflowError.
    """
    if _has_reading(recipe):
        return None
    if plan.together is None:
        plan.together = _together(recipe, window)
    return _computed(recipe, window, plan, Run(recipe.stages, recipe.shapes, {}, plan), seed)[1]


def facts(recipe: Recipe, budget: Budget = BUDGET) -> Document:
    """The same document without tensor values and steps, for layers of any size; costs the sum of the sides.

    Raises BudgetError where an axis is longer than can be counted.
    """
    check_sides(recipe, budget)

    def tables(stage: Stage) -> Relation | None:
        return stage.relation(recipe.shapes) if table_size(stage, recipe.shapes) <= budget.tables else None

    return _outline(recipe, tables)


def _open(plan: Plan, recipe: Recipe, window: Window, budget: Budget, run: Run) -> None:
    """Fills in what sizes alone decide."""
    check(recipe, window, budget)
    plan.taken = spans(recipe, window)
    plan.outline = _outline(recipe, run.relation)
    plan.whole = is_whole(recipe)
    if window.values_wanted:
        _count_overlap(plan.outline)
    for name in plan.outline["tensors"]:
        if window.values_wanted or (window.sources_wanted and name in recipe.sources):
            plan.places.append(("tensors", name, "values"))
    for n, (stage, *_) in enumerate(plan.taken):
        if _bias_of(stage):
            plan.places.append(("stages", n, "bias"))
        plan.places += [("stages", n, "steps", "products"), ("stages", n, "steps", "value")]


def _computed(
    recipe: Recipe, window: Window, plan: Plan, run: Run, seed: int | None
) -> tuple[list[Steps], list[NDArray[Any]]]:
    """The steps of each stage, and the numbers for the places of the plan."""
    _draw(recipe, window, plan, run, seed)
    taken = [run.steps(stage, start, stop) for stage, start, stop, _ in plan.taken]
    found = [run.whole(str(name)) for top, name, *_ in plan.places if top == "tensors"]
    for (stage, *_), steps in zip(plan.taken, taken, strict=True):
        if bias := _bias_of(stage):
            found.append(run.arrays[bias])
        found += [steps.products, steps.value]
    return taken, [array.astype(np.int64) for array in found] if plan.whole else all_numbers(found)


def _draw(recipe: Recipe, window: Window, plan: Plan, run: Run, seed: int | None) -> None:
    """Gives a run its sources: whole, or, where a few of many numbers are read, what draws them."""
    if plan.together and seed is not None:
        names, together = plan.together
        run.arrays.update(zip(names, together.draw(seed), strict=True))
    for name, source in recipe.sources.items():
        if name in run.arrays:
            continue
        if window.sources_wanted or not source.drawn or source.role == "bias":
            run.arrays[name] = source.array(seed)
        else:
            run.drawn[name] = partial(source.cells, seed=seed)


def _together(recipe: Recipe, window: Window) -> tuple[list[str], Together]:
    drawn = [name for name, source in recipe.sources.items() if source.drawn and window.sources_wanted]
    return drawn, Together([recipe.sources[name].chosen_from for name in drawn])


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


def _steps(recipe: Recipe, span: tuple[Stage, int, int, int], taken: Steps) -> Document:
    stage, start, stop, offset = span
    return {
        "start": start,
        "count": stop - start,
        "total": prod(step_shape(stage, recipe.shapes)),
        "offset": offset,
        "position": taken.position,
        "products": taken.products,
        "value": taken.value,
    }


def _bias_of(stage: Stage) -> str | None:
    return stage.bias if isinstance(stage, Correlate | Transpose) else None


def _has_reading(recipe: Recipe) -> bool:
    return isinstance(recipe.stages[0], Transpose) and recipe.view in ("zero-stuffed", "matrix", "together")


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
