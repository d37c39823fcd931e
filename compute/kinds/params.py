"""What every kind is asked with: typed parameters; those that differ in their seed alone share what they know."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Described

from compute.budget import Window
from compute.errors import ParameterError
from compute.numbers import numbers
from compute.parameters import MAX_SEED, Choice, Size, Whole, wrong_length
from compute.plan import Plan
from compute.recipe import Floats, Recipe
from compute.samples import FIXED, INPUTS, KERNELS, kernel_side
from compute.values import Block, Values

Document = dict[str, Any]

SEED = Whole(0, MAX_SEED, (0, 99), "seed")

# Figures whose plans are kept for other seeds, and the characters of the longest; a plan holds some hundred kB at most.
FIGURES_KEPT = 256
LONGEST_KEPT = 300


@dataclass
class Kept:
    """What parameters that differ in their seed alone share: made by the first of them that is asked.

    Attributes:
        recipe: None until it is planned, and where it depends on the drawn numbers.
        plan: of the trace.
        document: the parameters as a trace has them.
        facts, limits: as they are answered, whatever the seed.
        weight, written: what those who answer found out: what the figure costs, and the answer but for its numbers.
    """

    recipe: Recipe | None = None
    plan: Plan | None = None
    document: Document | None = None
    facts: Document | None = None
    limits: Document | None = None
    weight: int | None = None
    written: list[bytes] | None = None


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
    seed: Annotated[int, SEED] = Described(
        0, title="Seed", description="From which values are drawn where none are given."
    )
    start: Annotated[int, Whole(0, 2**53)] = Described(
        0, title="Start", description="First step of the answer, counted from 0 through all stages."
    )
    count: Annotated[int | None, Whole(1, 2**53, optional=True)] = Described(
        None, title="Count", description="Steps in the answer; without it, all."
    )
    tensors: Annotated[str, Choice(("auto", "all", "none"), shown=False)] = Described(
        "auto",
        title="Tensors",
        description="Which carry values: «auto», with count all but those that stages write; «all»; «none».",
    )

    @property
    def rank(self) -> int:
        """Spatial axes of the figure."""
        return int(self.get("dims", 2))

    @property
    def window(self) -> Window:
        """The steps asked for."""
        return Window(self.start, self.count, self.tensors)

    def get(self, name: str, default: Any) -> Any:
        """A parameter that not every kind has."""
        # Asked for a dozen times a figure, hundreds of times where limits are sought.
        settled = self.__dict__
        if name in settled:
            return settled[name]
        return getattr(self, name) if _has(type(self), name) else default

    def settle(self) -> None:
        """Spread sizes over the axes, and take sizes and channels from the values given.

        Raises ParameterError where a size that was given contradicts them.
        """
        for name in self._sizes():
            self._set(name, spread(getattr(self, name), name, self.rank))
        self._set("_input", None if isinstance(self.input, Block) else self.input)
        if isinstance(self.input, Block):
            given = self.input.shaped("input", self.rank, 1)
            self._imply("input_size", given.shape[1:], "input")
            self._imply("in_channels", given.shape[0], "input")
            self._set("_input", given)

    # Settled, and kept beside the parameters: pydantic's own private attributes take ten times as long to read.
    _input: ClassVar[Floats | str | None] = None
    _kept: ClassVar[Kept | None] = None

    @property
    def kept(self) -> Kept | None:
        """What others with another seed know already; None where nothing is shared."""
        return self._kept

    def reseeded(self, seed: int) -> Self:
        """The same settled parameters with a seed that was given."""
        return self.altered({"seed": seed}, "seed")

    def altered(self, changed: Mapping[str, Any], *given: str) -> Self:
        """The same settled parameters with some changed; those named ``given`` count as given by the reader."""
        other = type(self).__new__(type(self))
        for name, value in (
            ("__dict__", {**self.__dict__, **changed}),
            ("__pydantic_fields_set__", self.__pydantic_fields_set__.union(given)),
            ("__pydantic_extra__", None),
            ("__pydantic_private__", None),
        ):
            object.__setattr__(other, name, value)
        return other

    def _sizes(self) -> list[str]:
        return [name for name in _size_fields(type(self)) if not isinstance(getattr(self, name), str)]

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
        kept = self.kept
        if kept is not None and kept.document is not None:
            return {**kept.document, "seed": self.seed}
        found = {name: _plain(getattr(self, name)) for name in type(self).model_fields}
        for name in self._given():
            value = getattr(self, f"_{name}")
            found[name] = numbers(value) if isinstance(value, np.ndarray) else value
        if kept is not None:
            kept.document = found
        return dict(found)

    def takes(self, name: str) -> bool:
        """Whether a parameter has a meaning while the others are as they are."""
        return all(getattr(self, other) == wanted for other, wanted in self.when.get(name, {}).items())

    def _given(self) -> tuple[str, ...]:
        """Parameters that hold values."""
        return ("input",)

    def replaced(self, name: str, value: Any) -> Self:
        """The same figure with one settled parameter changed; values whose size it decides are left out."""
        other = self.altered({name: value, "_kept": None})
        if name in ("input_size", "in_channels") and not isinstance(self._input, str):
            other._set("_input", None)
        return other


@cache
def _has(model: type[Params], name: str) -> bool:
    return hasattr(model, name)


@cache
def _size_fields(model: type[Params]) -> list[str]:
    fields = model.model_fields.items()
    return [name for name, field in fields if any(isinstance(kind, Size) for kind in field.metadata)]


class Weighted(Params):
    """Parameters of a kind that has weights."""

    kernel: Annotated[Block | str | None, Values(tuple(KERNELS), FIXED)] = Described(
        None,
        title="Kernel",
        description="Weights, written like input; filters by «||»; or a name: sobel-x, gaussian, ….",
    )

    _kernel: ClassVar[Floats | str | None] = None

    def settle(self) -> None:
        """Let a kernel that was given decide kernel_size and the channels that were left open."""
        super().settle()
        self._set("_kernel", None)
        if isinstance(self.kernel, str):
            self._imply_named(self.kernel)
            self._set("_kernel", self.kernel)
        elif self.kernel is not None:
            given = self.kernel.shaped("kernel", self.rank, 2)
            self._imply("kernel_size", given.shape[2:], "kernel")
            for name, channels in self.channels_of(given).items():
                implied = "in_channels" if isinstance(self._input, np.ndarray) and name == "in_channels" else ""
                self._imply(name, channels, "kernel", implied)
            self._set("_kernel", given)

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
            other._set("_input", None)
            other._set("_kernel", None)
        resized = name in ("kernel_size", "in_channels", "out_channels", "groups")
        if resized and not (isinstance(self._kernel, str) and kernel_side(self._kernel) is None):
            other._set("_kernel", None)
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


def parsed(model: type[Params], pairs: Mapping[str, Any]) -> Params:
    """Settled parameters; short ones that differ in their seed alone are parsed once, and share what they know."""
    others = tuple(item for item in pairs.items() if item[0] != "seed")
    if all(type(value) is str for _, value in others) and sum(len(value) for _, value in others) <= LONGEST_KEPT:
        first = _first(model, others)
        return first.reseeded(int(SEED.parse(pairs["seed"], "seed") or 0)) if "seed" in pairs else first
    params = model.model_validate(dict(pairs))
    params.settle()
    return params


@lru_cache(maxsize=FIGURES_KEPT)
def _first(model: type[Params], pairs: tuple[tuple[str, str], ...]) -> Params:
    params = model.model_validate(dict(pairs))
    params.settle()
    params._set("_kept", Kept())
    return params
