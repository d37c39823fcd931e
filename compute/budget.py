"""The budget: what one answer may hold and cost, checked before anything is computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from compute.errors import BudgetError, ParameterError
from compute.geometry import extent
from compute.recipe import Recipe
from compute.stages import Shape, Stage, Transpose


@dataclass(frozen=True)
class Budget:
    """Limits of one answer.

    Attributes:
        products: numbers in the ``products`` columns of all its steps.
        values: numbers in any one tensor, and in a matrix view.
        tables: numbers in the axis and channel tables of any one stage.
        side: cells along one axis of any tensor; all that facts have to count.
        work: multiplications done for the answer, shown or not.
    """

    products: int = 500_000
    values: int = 500_000
    tables: int = 500_000
    side: int = 2_000_000
    work: int = 50_000_000


@dataclass(frozen=True)
class Window:
    """The steps asked for, in the sequence of all stages; ``count`` None means all from ``start`` on.

    ``tensors`` says which carry their values: «all»; «auto», with ``count`` those that no stage writes; «none».
    """

    start: int = 0
    count: int | None = None
    tensors: str = "auto"

    @property
    def values_wanted(self) -> bool:
        """Whether tensors that stages write carry their values."""
        return self.tensors == "all" or (self.tensors == "auto" and self.count is None)

    @property
    def sources_wanted(self) -> bool:
        """Whether the others do."""
        return self.tensors != "none"


BUDGET = Budget()


def step_shape(stage: Stage, shapes: Mapping[str, Shape]) -> Shape:
    """The tensor whose cells the stage's steps walk over."""
    return shapes[stage.input] if isinstance(stage, Transpose) and stage.by == "input" else shapes[stage.output]


def columns(stage: Stage, shapes: Mapping[str, Shape]) -> int:
    """Products of one step."""
    if isinstance(stage, Transpose):
        ins, outs = shapes[stage.kernel][:2]
        return (outs if stage.by == "input" else ins // stage.groups) * prod(shapes[stage.kernel][2:])
    kernel = getattr(stage, "kernel", None)
    if kernel:
        return prod(shapes[kernel][1:])
    size = getattr(stage, "kernel_size", ())
    return prod(size) * len(stage.reads) if stage.operation != "resize" else 2 ** (len(shapes[stage.output]) - 1)


def table_size(stage: Stage, shapes: Mapping[str, Shape]) -> int:
    """Numbers in the stage's axis and channel tables."""
    kernel = getattr(stage, "kernel", None)
    taps = shapes[kernel][2:] if kernel else getattr(stage, "kernel_size", None)
    sides = shapes[stage.output][1:]
    per_axis: int = sum(o * k for o, k in zip(sides, taps or (2,) * len(sides), strict=True))
    return per_axis + columns(stage, shapes) // prod(taps or (1,)) * step_shape(stage, shapes)[0]


def outline_size(recipe: Recipe) -> int:
    """About how many numbers the facts hold: the tables of all stages, and a count a cell along each side."""
    sides = sum(sum(shape[1:]) for shape in recipe.shapes.values())
    return sides + sum(table_size(stage, recipe.shapes) for stage in recipe.stages)


def trace_size(recipe: Recipe, window: Window) -> int:
    """About how many numbers a trace computes and holds; raises ParameterError where it starts after the last step."""
    work = _work(recipe, window, spans(recipe, window))
    return work + outline_size(recipe) + sum(prod(shape) for shape in recipe.shapes.values())


def spans(recipe: Recipe, window: Window) -> list[tuple[Stage, int, int, int]]:
    """(stage, start, stop, offset) for every stage: which of its own steps the window takes, and where they begin.

    Raises ParameterError where the window starts after the last step.
    """
    totals = [prod(step_shape(stage, recipe.shapes)) for stage in recipe.stages]
    if window.start >= sum(totals):
        raise ParameterError(
            "steps_out_of_range",
            "start",
            f"start {window.start} lies behind the last step; there are {sum(totals)}, counted from 0.",
            f"Try start {sum(totals) - 1}.",
            start=window.start,
            steps=sum(totals),
            nearest=sum(totals) - 1,
        )
    stop = sum(totals) if window.count is None else window.start + window.count
    found, offset = [], 0
    for stage, total in zip(recipe.stages, totals, strict=True):
        first = min(max(window.start - offset, 0), total)
        found.append((stage, first, max(first, min(stop - offset, total)), offset))
        offset += total
    return found


def check_sides(recipe: Recipe, budget: Budget = BUDGET) -> None:
    """Raises BudgetError where an axis is longer than can be counted; for facts that is the only limit."""
    longest = max(max(shape[1:], default=0) for shape in recipe.shapes.values())
    if longest > budget.side:
        raise _exceeded("cells along one axis", longest, budget.side, "input_size")


def check(recipe: Recipe, window: Window, budget: Budget = BUDGET) -> None:
    """Raises BudgetError, with the size asked for and the limit, where the answer would hold or cost too much."""
    if not surely_fits(recipe, window, budget):
        check_exactly(recipe, window, budget)


def surely_fits(recipe: Recipe, window: Window, budget: Budget) -> bool:
    """Whether a bound that is had quickly lies within every limit: so it does for most figures that sliders reach."""
    shapes, stages = recipe.shapes, recipe.stages
    # A start may lie behind the last step, and a further reading holds more than the stages do.
    if window.start or (isinstance(stages[0], Transpose) and recipe.view != "stamp"):
        return False
    cells = max(prod(shape) for shape in shapes.values())
    read = max(columns(stage, shapes) for stage in stages)
    # Tables hold the most: two entries a cell and tap along three axes, and the channels.
    bound = 8 * len(stages) * cells * read
    return bound <= min(budget.products, budget.values, budget.tables, budget.side, budget.work)


def check_exactly(recipe: Recipe, window: Window, budget: Budget) -> None:
    """The same, limit by limit."""
    check_sides(recipe, budget)
    shapes = recipe.shapes
    taken = spans(recipe, window)
    products = sum((stop - start) * columns(stage, shapes) for stage, start, stop, _ in taken)
    if products > budget.products:
        per_step = max(columns(stage, shapes) for stage in recipe.stages)
        raise _exceeded("products", products, budget.products, "count", max(1, budget.products // per_step))
    for name, shape in shapes.items():
        source = recipe.sources.get(name)
        whole = window.values_wanted if source is None else window.sources_wanted or not source.drawn
        if whole and prod(shape) > budget.values:
            raise _exceeded(f"values of {name}", prod(shape), budget.values, "input_size")
    tables = max(table_size(stage, shapes) for stage in recipe.stages)
    if tables > budget.tables:
        raise _exceeded("table entries", tables, budget.tables, "input_size")
    work = _work(recipe, window, taken)
    if work > budget.work:
        raise _exceeded("multiplications", work, budget.work, "input_size")
    if (held := reading_size(recipe)) > budget.values:
        raise _exceeded(f"values of the {recipe.view} view", held, budget.values, "input_size")


def reading_size(recipe: Recipe) -> int:
    """Numbers that the further reading of a transposed stage holds, or passes through; 0 where none is asked for."""
    stage, shapes = recipe.stages[0], recipe.shapes
    if not isinstance(stage, Transpose) or recipe.view == "stamp":
        return 0
    inputs, outputs, kernel = shapes[stage.input], shapes[stage.output], shapes[stage.kernel]
    if recipe.view in ("matrix", "together"):
        return max(prod(inputs) * prod(outputs), prod(inputs) * prod(kernel[1:]))
    return inputs[0] * prod(
        o + extent(k, d) - 1 for o, k, d in zip(outputs[1:], kernel[2:], stage.dilation, strict=True)
    )


def _work(recipe: Recipe, window: Window, taken: list[tuple[Stage, int, int, int]]) -> int:
    """Products computed: those shown, and those of earlier stages that they read."""
    needed = dict.fromkeys(recipe.shapes, 0)
    work = 0
    for stage, start, stop, _ in reversed(taken):
        cells = prod(recipe.shapes[stage.output])
        seen = cells if window.values_wanted else min(cells, needed[stage.output])
        work += (seen + stop - start) * columns(stage, recipe.shapes)
        for name in stage.reads:
            needed[name] += (seen + stop - start) * columns(stage, recipe.shapes)
    return work


def _exceeded(what: str, asked: int, limit: int, field: str, nearest: int | None = None) -> BudgetError:
    return BudgetError(
        "budget_exceeded",
        field,
        f"One answer holds at most {limit:,} {what}; this one would hold {asked:,}.".replace(",", " "),
        "Ask for some of the steps with start and count, for a smaller input or fewer channels, or for facts alone.",
        what=what,
        asked=asked,
        limit=limit,
        **({} if nearest is None else {"nearest": nearest}),
    )
