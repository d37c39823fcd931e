"""What every kind has: typed parameters, a recipe, presets and claims; and how one is asked for."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Described

from compute import trace
from compute.budget import Window, check, check_sides
from compute.errors import BudgetError, ConvError, GeometryError, ParameterError
from compute.geometry import axis_names
from compute.parameters import MAX_SEED, Choice, Size, Whole, wrong_length
from compute.recipe import Floats, Recipe
from compute.samples import FIXED, INPUTS, KERNELS, kernel_side
from compute.values import Block, Values

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


class Params(BaseModel):
    """Parameters that every kind has. A kind adds its own; their order is that of the controls.

    After `settle`, every size is a tuple with one number an axis, and sizes and channels agree with the values given.
    """

    model_config = ConfigDict(extra="forbid", validate_default=True, arbitrary_types_allowed=True)
    when: ClassVar[
        Mapping[str, Mapping[str, Any]]
    ] = {}  # parameters that concern the figure only while another has a value

    input: Annotated[Block | str | None, Values(tuple(INPUTS))] = Described(
        None,
        title="Input",
        description="Values: columns by «,», rows by «;», slices by «/», channels by «|»; or a name: ramp, disc, ….",
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
        self._input = None if isinstance(self.input, Block) else self.input
        if isinstance(self.input, Block):
            given = self.input.shaped("input", self.rank, 1)
            self._imply("input_size", given.shape[1:], "input")
            self._imply("in_channels", given.shape[0], "input")
            self._input = given

    _input: Floats | str | None = None

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
        for name in self._given():
            value = getattr(self, f"_{name}")
            found[name] = trace.numbers(value) if isinstance(value, np.ndarray) else value
        return found

    def takes(self, name: str) -> bool:
        """Whether a parameter has a meaning while the others are as they are."""
        return all(getattr(self, other) == wanted for other, wanted in self.when.get(name, {}).items())

    def _given(self) -> tuple[str, ...]:
        """Parameters that hold values."""
        return ("input",)

    def replaced(self, name: str, value: Any) -> Self:
        """The same figure with one settled parameter changed; values whose size it decides are left out."""
        other = copy(self)
        other.__dict__ = self.__dict__ | {name: value}
        other.__pydantic_private__ = dict(self.__pydantic_private__ or {})
        if name in ("input_size", "in_channels") and not isinstance(self._input, str):
            other._input = None
        return other


class Weighted(Params):
    """Parameters of a kind that has weights."""

    kernel: Annotated[Block | str | None, Values(tuple(KERNELS), FIXED)] = Described(
        None,
        title="Kernel",
        description="Weights, written like input; filters by «||»; or a name: sobel-x, gaussian, ….",
    )

    _kernel: Floats | str | None = None

    def settle(self) -> None:
        """Let a kernel that was given decide kernel_size and the channels that were left open."""
        super().settle()
        self._kernel = None
        if isinstance(self.kernel, str):
            self._imply_named(self.kernel)
            self._kernel = self.kernel
        elif self.kernel is not None:
            given = self.kernel.shaped("kernel", self.rank, 2)
            self._imply("kernel_size", given.shape[2:], "kernel")
            for name, channels in self.channels_of(given).items():
                implied = "in_channels" if isinstance(self._input, np.ndarray) and name == "in_channels" else ""
                self._imply(name, channels, "kernel", implied)
            self._kernel = given

    def _imply_named(self, name: str) -> None:
        """Some kernels have one size only, and two axes."""
        side = kernel_side(name)
        if side is None:
            return
        if self.rank != 2:
            raise ParameterError(
                "not_for_this_kind",
                "kernel",
                f"{name} is a kernel of {side} × {side}; this figure has {self.rank} "
                f"{'axis' if self.rank == 1 else 'axes'}.",
                "Try kernel gaussian.",
                nearest="gaussian",
            )
        self._imply("kernel_size", (side, side), "kernel")

    def channels_of(self, kernel: Floats) -> dict[str, int]:
        """The channel counts that a kernel (filter, channel of the group, …) implies."""
        return {"in_channels": kernel.shape[1] * self.get("groups", 1), "out_channels": kernel.shape[0]}

    def check_depth(self, channels: int) -> None:
        """Refuse a kernel that was given where its filters have not as many channels as they read."""
        if isinstance(self._kernel, np.ndarray) and self._kernel.shape[1] != channels:
            found = self._kernel.shape[1]
            raise ParameterError(
                "channel_mismatch",
                "kernel",
                f"kernel has filters of {found} channels; here each reads {channels}.",
                "Separate filters by «||», and the channels of one by «|».",
                parameter="kernel",
                found=str(found),
                expected=str(channels),
            )

    def _given(self) -> tuple[str, ...]:
        return (*super()._given(), "kernel")

    def replaced(self, name: str, value: Any) -> Self:
        """The same figure with one settled parameter changed; a kernel whose size it decides is left out."""
        other = super().replaced(name, value)
        if name == "dims":  # every size is spread anew from its first number, and no values are kept
            for size in other._sizes():
                other._set(size, getattr(self, size)[:1] * value)
            other._input = other._kernel = None
        resized = name in ("kernel_size", "in_channels", "out_channels", "groups")
        if resized and not (isinstance(self._kernel, str) and kernel_side(self._kernel) is None):
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

    def curves(self, params: Params) -> Document:
        """What the figure and its baseline cost while one parameter moves; raises GeometryError."""
        from compute.kinds.curves import curves

        return {"kind": self.slug, "curves": curves(self, params)}

    def code(self, params: Params) -> Document:
        """The figure as snippets of code, one a language; computes nothing, and raises GeometryError."""
        from compute.snippets import snippets

        return {"kind": self.slug, "snippets": snippets(self.plan(params))}

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
