"""What every kind has: typed parameters, a recipe, presets and claims; and how one is asked for."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Described

from compute import trace
from compute.budget import Window, check, check_sides
from compute.errors import BudgetError, ConvError, GeometryError, ParameterError
from compute.geometry import axis_names
from compute.parameters import MAX_SEED, Choice, Size, Whole, wrong_length
from compute.recipe import Floats, Recipe
from compute.values import Block, Values

Document = dict[str, Any]


def check_whole(recipe: Recipe) -> None:
    """Raises BudgetError where the whole trace of a recipe is more than one answer may hold."""
    check(recipe, Window())


# In which a reader meets them; a test holds that no parameter is missing here.
ORDER = (
    *(
        "dims",
        "transposed",
        "in_channels",
        "out_channels",
        "groups",
        "input_size",
        "kernel_size",
        "stride",
        "padding",
    ),
    *("output_padding", "dilation", "padding_mode", "by", "view", "flip", "bias"),
    *("input", "kernel", "seed", "start", "count", "tensors"),
)
PAGING = ("start", "count", "tensors")  # parameters of the answer, not of the figure
SHRINKING = ("input_size", "out_channels", "in_channels")  # what to make smaller when an answer is too large


class Params(BaseModel):
    """Parameters that every kind has. A kind adds its own; their order is that of the controls.

    After `settle`, every size is a tuple with one number an axis, and sizes and channels agree with the values given.
    """

    model_config = ConfigDict(extra="forbid", validate_default=True, arbitrary_types_allowed=True)
    when: ClassVar[
        Mapping[str, Mapping[str, Any]]
    ] = {}  # parameters that concern the figure only while another has a value

    input: Annotated[Block | None, Values()] = Described(
        None,
        title="Input",
        description="Values: columns by «,», rows by «;», slices by «/», channels by «|».",
    )
    kernel: Annotated[Block | None, Values()] = Described(
        None, title="Kernel", description="Weights, written like input; filters by «||»."
    )
    seed: Annotated[int, Whole(0, MAX_SEED, (0, 99), "seed")] = Described(
        0, title="Seed", description="From which values are drawn where none are given."
    )
    start: Annotated[int, Whole(0, 2**53)] = Described(
        0, title="Start", description="First step of the answer, counted from 0 through all stages."
    )
    count: Annotated[int | None, Whole(1, 2**53, optional=True)] = Described(
        None, title="Count", description="Steps in the answer; without it, all."
    )
    tensors: Annotated[str, Choice(("auto", "all"), shown=False)] = Described(
        "auto", title="Tensors", description="With count, «all» also computes the tensors that stages write."
    )

    @property
    def rank(self) -> int:
        """Spatial axes of the figure."""
        return int(self.get("dims", 2))

    @property
    def window(self) -> Window:
        """The steps asked for."""
        return Window(self.start, self.count, self.tensors == "all")

    def get(self, name: str, default: Any) -> Any:
        """A parameter that not every kind has."""
        return getattr(self, name, default)

    def settle(self) -> None:
        """Spread sizes over the axes, and take sizes and channels from the values given.

        Raises ParameterError where a size that was given contradicts them.
        """
        for name in self._sizes():
            self._set(name, spread(getattr(self, name), name, self.rank))
        given_input = self.input.shaped("input", self.rank, 1) if self.input else None
        given_kernel = self.kernel.shaped("kernel", self.rank, 2) if self.kernel else None
        if given_input is not None:
            self._imply("input_size", given_input.shape[1:], "input")
            self._imply("in_channels", given_input.shape[0], "input")
        if given_kernel is not None:
            self._imply("kernel_size", given_kernel.shape[2:], "kernel")
            for name, channels in self.channels_of(given_kernel).items():
                implied = "in_channels" if given_input is not None and name == "in_channels" else ""
                self._imply(name, channels, "kernel", implied)
        self._input, self._kernel = given_input, given_kernel

    _input: Floats | None = None
    _kernel: Floats | None = None

    def channels_of(self, kernel: Floats) -> dict[str, int]:
        """The channel counts that a kernel (filter, channel of the group, …) implies."""
        return {"in_channels": kernel.shape[1] * self.get("groups", 1), "out_channels": kernel.shape[0]}

    def _sizes(self) -> list[str]:
        return [
            name
            for name, field in type(self).model_fields.items()
            if any(isinstance(kind, Size) for kind in field.metadata) and not isinstance(getattr(self, name), str)
        ]

    def _set(self, name: str, value: Any) -> None:
        """Assign without marking the parameter as given by the reader."""
        self.__dict__[name] = value

    def _imply(self, name: str, found: Any, source: str, also: str = "") -> None:
        """Let values decide a size that was left open; one that was given, or is fixed by the kind, must agree."""
        if name in type(self).model_fields and name not in self.model_fields_set and name != also:
            self._set(name, found)
            return
        expected = self.get(name, 1)
        if expected == found:
            return
        said, asked = join(found), join(expected)
        open_ = name in type(self).model_fields
        raise ParameterError(
            "channel_mismatch" if name.endswith("channels") else "size_mismatch",
            name if open_ and name in self.model_fields_set else source,
            f"{source} has {name} {said}; {'asked for was' if open_ else 'this type has'} {asked}.",
            f"Leave {name} out, or give {source} values for {asked}."
            if open_
            else f"Give {source} values for {asked}.",
            parameter=name,
            found=said,
            expected=asked,
            **({"nearest": said} if open_ and name in self.model_fields_set else {}),
        )

    def document(self) -> Document:
        """Every parameter with its default filled in, sizes as lists, padding's word kept, values as nested lists."""
        found = {name: _plain(getattr(self, name)) for name in type(self).model_fields}
        found["input"] = None if self._input is None else trace.numbers(self._input)
        found["kernel"] = None if self._kernel is None else trace.numbers(self._kernel)
        return found

    def replaced(self, name: str, value: Any) -> Self:
        """The same figure with one settled parameter changed; values whose size it decides are left out."""
        other = copy(self)
        other.__dict__ = self.__dict__ | {name: value}
        other.__pydantic_private__ = dict(self.__pydantic_private__ or {})
        if name in ("input_size", "in_channels"):
            other._input = None
        if name in ("kernel_size", "in_channels", "out_channels", "groups"):
            other._kernel = None
        return other


def spread(sizes: tuple[Any, ...], name: str, dims: int) -> tuple[Any, ...]:
    """One number an axis; raises ParameterError where there are neither one nor as many as axes."""
    if len(sizes) == dims:
        return sizes
    if len(sizes) == 1:
        return sizes * dims
    raise wrong_length(name, len(sizes), dims)


def join(sizes: Any) -> str:
    """A size as a query string has it.

    >>> join((3, 5)), join(((2, 3), 0)), join(4)
    ('3x5', '2:3x0', '4')
    """
    if not isinstance(sizes, tuple):
        return str(sizes)
    parts = [":".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in sizes]
    return parts[0] if len(set(parts)) == 1 else "x".join(parts)


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


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

    def parse(self, pairs: Mapping[str, Any]) -> Params:
        """Parameters from a query's pairs (text) or a JSON object; raises ConvError."""
        names = self.params.model_fields
        for name in pairs:
            if name not in names:
                raise unknown(name, list(names))
        params = self.params.model_validate(dict(pairs))
        params.settle()
        return params

    def parse_facts(self, pairs: Mapping[str, Any]) -> Params:
        """The same for facts and limits, which have no steps to choose from."""
        for name in pairs:
            if name in PAGING:
                raise unknown(name, [other for other in self.params.model_fields if other not in PAGING])
        return self.parse(pairs)

    def plan(self, params: Params) -> Recipe:
        """The recipe, before any value; raises GeometryError whose nearest value fits the parameter as it stands."""
        try:
            return self.recipe(params)
        except GeometryError as error:
            raise _rectangular(error, params) from None

    def trace(self, params: Params) -> Document:
        """The document of the figure; raises ConvError."""
        recipe = self.plan(params)
        try:
            made = trace.trace(recipe, params.window)
        except BudgetError as error:
            raise self._smaller(error, params, lambda smaller: check(smaller, params.window)) from None
        return {"kind": self.slug, "params": params.document(), **made}

    def facts(self, params: Params) -> Document:
        """The same without values and steps, for layers of any size; raises GeometryError."""
        shown = {name: value for name, value in params.document().items() if name not in PAGING}
        recipe = self.plan(params)
        try:
            made = trace.facts(recipe)
        except BudgetError as error:
            raise self._smaller(error, params, check_sides) from None
        return {"kind": self.slug, "params": shown, **made}

    def limits(self, params: Params) -> Document:
        """Which values of each slider cannot work while the other parameters stay as they are, and why."""
        from compute.kinds.limits import limits

        return {"kind": self.slug, "limits": limits(self, params)}

    def schema(self) -> Document:
        """JSON Schema of the parameters; ``x-control`` says what the page makes of each."""
        schema = self.params.model_json_schema()
        schema.pop("description", None)
        found = schema["properties"]
        for name, condition in self.params.when.items():
            found[name]["x-control"]["when"] = condition
        schema["properties"] = {name: found[name] for name in ORDER if name in found}
        return schema

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
