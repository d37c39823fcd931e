"""What every kind has: a recipe, presets and claims; and how one is asked for."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from compute import trace
from compute.budget import Window, check, check_sides, outline_size
from compute.errors import BudgetError, ConvError, GeometryError, ParameterError
from compute.geometry import axis_names
from compute.kinds.params import Params, join, parsed
from compute.plan import MOST_KEPT, Place, Plan
from compute.recipe import Recipe

Document = dict[str, Any]


def check_whole(recipe: Recipe) -> None:
    """Raises BudgetError where the whole trace of a recipe is more than one answer may hold."""
    check(recipe, Window())


# In which a reader meets them; a test holds that no parameter is missing here.
ORDER = (
    *(
        "dims",
        "mode",
        "transposed",
        "round_trip",
        "in_channels",
        "out_channels",
        "groups",
        "shuffle",
        "layers",
        "input_size",
        "kernel_size",
        "stride",
        "padding",
    ),
    *("output_padding", "dilation", "depth", "remedy", "padding_mode", "count_include_pad", "activation"),
    *("by", "view", "flip", "bias"),
    *("input", "kernel", "pointwise_kernel", "seed", "start", "count", "tensors"),
)
PAGING = ("start", "count", "tensors")  # parameters of the answer, not of the figure
SHRINKING = ("input_size", "out_channels", "in_channels")  # what to make smaller when an answer is too large


@dataclass(frozen=True)
class Preset:
    """A named figure; ``params`` are what differs from the defaults, as a query string has it."""

    id: str
    title: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Claim:
    """What a kind says of itself, and how to see on any of its traces that it is true."""

    says: str
    holds: Callable[[Document], bool]


@dataclass(frozen=True)
class Equal:
    """A figure of this kind that is a figure of another: two links, and tensors that agree in every value.

    Attributes:
        says: the sentence that a reader meets.
        params: the figure of this kind, as a query string has it.
        slug: the other kind.
        theirs: its figure.
        tensor: of this figure; where it is a stage of a pipeline, that stage's output.
        their_tensor: of the other.
    """

    says: str
    params: Mapping[str, str]
    slug: str
    theirs: Mapping[str, str]
    tensor: str = "output"
    their_tensor: str = "output"


@dataclass(frozen=True)
class Kind:
    """One type of convolution: its parameters, how they become a recipe, its figures and its claims."""

    slug: str
    title: str
    summary: str
    group: str
    number: int | None
    params: type[Params]
    recipe: Callable[[Any], Recipe]
    presets: tuple[Preset, ...]
    claims: tuple[Claim, ...] = ()
    equals: tuple[Equal, ...] = ()

    def parse(self, pairs: Mapping[str, Any]) -> Params:
        """Parameters from a query's pairs (text) or a JSON object; raises ConvError."""
        names = self.params.__pydantic_fields__
        for name in pairs:
            if name not in names:
                raise unknown(name, list(names))
        return parsed(self.params, pairs)

    def parse_facts(self, pairs: Mapping[str, Any]) -> Params:
        """The same for facts and limits, which have no steps to choose from."""
        for name in pairs:
            if name in PAGING:
                raise unknown(name, [other for other in self.params.model_fields if other not in PAGING])
        return self.parse(pairs)

    def plan(self, params: Params) -> Recipe:
        """The recipe, before any value; raises GeometryError whose nearest value fits the parameter as it stands."""
        kept = params.kept
        if kept is not None and kept.recipe is not None:
            return kept.recipe.reseeded(params.seed)
        try:
            recipe = self.recipe(params)
        except GeometryError as error:
            raise _rectangular(error, params) from None
        if kept is not None and not recipe.of_values:
            kept.recipe = recipe
        return recipe

    def trace(self, params: Params) -> Document:
        """The document of the figure; raises ConvError."""
        kept = params.kept
        recipe = self.plan(params) if kept is None or kept.recipe is None else kept.recipe
        plan = Plan() if recipe.of_values or kept is None or kept.plan is None else kept.plan
        try:
            made = trace.trace(recipe, params.window, plan=plan, seed=params.seed)
        except BudgetError as error:
            raise self._smaller(error, params, lambda smaller: check(smaller, params.window)) from None
        if kept is not None and kept.plan is None and not recipe.of_values and plan.small:
            kept.plan = plan
        return {"kind": self.slug, "params": params.document(), **made}

    def changing(self, params: Params) -> tuple[list[Place], list[NDArray[Any]]] | None:
        """The numbers of the figure and where they stand in the trace, which tells it apart from that of other seeds.

        None where no trace of the figure was kept. Raises ValueOverflowError.
        """
        kept = params.kept
        if kept is None or kept.recipe is None or kept.plan is None:
            return None
        found = trace.changing(kept.recipe, params.window, kept.plan, params.seed)
        return None if found is None else (kept.plan.places, found)

    def facts(self, params: Params) -> Document:
        """The same without values and steps, for layers of any size; raises GeometryError."""
        kept = params.kept
        shown = {name: value for name, value in params.document().items() if name not in PAGING}
        if kept is not None and kept.facts is not None:
            return kept.facts | {"params": shown}
        recipe = self.plan(params)
        try:
            made = trace.facts(recipe)
        except BudgetError as error:
            raise self._smaller(error, params, check_sides) from None
        document = {"kind": self.slug, "params": shown, **made}
        if kept is not None and not recipe.of_values and outline_size(recipe) <= MOST_KEPT:
            kept.facts = document
        return document

    def limits(self, params: Params) -> Document:
        """Which values of each slider cannot work while the other parameters stay as they are, and why."""
        from compute.kinds.limits import limits

        kept = params.kept
        if kept is not None and kept.limits is not None:
            return kept.limits
        document = {"kind": self.slug, "limits": limits(self, params)}
        if kept is not None:
            kept.limits = document
        return document

    def curves(self, params: Params) -> Document:
        """What the figure and its baseline cost while one parameter moves; raises GeometryError."""
        from compute.kinds.curves import curves

        return {"kind": self.slug, "curves": curves(self, params)}

    def code(self, params: Params) -> Document:
        """The figure as snippets of code, one a language; computes nothing, and raises GeometryError."""
        from compute.snippets import snippets

        return {"kind": self.slug, "snippets": snippets(self.plan(params))}

    @cached_property
    def _schema(self) -> Document:
        schema = self.params.model_json_schema()
        schema.pop("description", None)
        found = schema["properties"]
        for name, condition in self.params.when.items():
            found[name]["x-control"]["when"] = condition
        schema["properties"] = {name: found[name] for name in ORDER if name in found}
        return schema

    def schema(self) -> Document:
        """JSON Schema of the parameters; ``x-control`` says what the page makes of each. It is the caller's own."""
        return deepcopy(self._schema)

    def refusal(self, params: Params, test: Callable[[Recipe], None] = check_whole) -> ConvError | None:
        """Why the figure cannot be shown, or None; computes no values."""
        try:
            test(self.plan(params))
        except ConvError as error:
            return error
        return None

    def _smaller(self, error: BudgetError, params: Params, test: Callable[[Recipe], None]) -> BudgetError:
        """The error with the largest input, or the most channels, that would fit in place of what was asked for."""
        if params.count is not None and error.field == "count":
            return error
        for name in SHRINKING:
            if name in self.params.model_fields and (nearest := self._largest(name, params, test)):
                hint = f"Try {name} {nearest}. {error.hint}"
                return BudgetError(error.code, name, error.message, hint, **error.values | {"nearest": nearest})
        return error

    def _largest(self, name: str, params: Params, test: Callable[[Recipe], None]) -> int:
        """The largest value of a size or count that fits the budget, by bisection; 0 where none does."""
        now = getattr(params, name)
        low, high = 0, max(now) if isinstance(now, tuple) else now
        while high - low > 1:
            middle = (low + high) // 2
            value = (middle,) * params.rank if isinstance(now, tuple) else middle
            fits = self.refusal(params.replaced(name, value), test) is None
            low, high = (middle, high) if fits else (low, middle)
        return low


def unknown(name: str, known: list[str]) -> ParameterError:
    """The error for a parameter that a kind does not take."""
    nearest = get_close_matches(name, known, 1)
    hint = f"Did you mean {nearest[0]}?" if nearest else f"It takes {', '.join(known)}."
    shown = name if len(name) <= 40 else name[:40] + "…"
    return ParameterError("unknown_parameter", shown, f"There is no parameter «{shown}» here.", hint, known=known)


def _rectangular(error: GeometryError, params: Params) -> GeometryError:
    """The error with ``nearest`` as a whole size, where only one axis is in the wrong."""
    sizes, axis = params.get(error.field, None), error.values.get("axis")
    one_sided = isinstance(sizes, tuple) and len(set(sizes)) > 1
    if "nearest" in error.values and one_sided and axis in axis_names(params.rank):
        place = axis_names(params.rank).index(axis)
        error.values["nearest"] = join((*sizes[:place], error.values["nearest"], *sizes[place + 1 :]))
    return error
