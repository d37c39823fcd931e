"""What a call means, in PyTorch's words, whichever framework it was written for."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from compute.errors import ParameterError
from compute.parameters import wrong_length
from compute.reader.arguments import Bound, Signature, Unread

Operation = Literal["convolution", "transposed", "pooling", "separable"]


@dataclass(frozen=True)
class Layer:
    """A layer with a window, before it is known what stands before it.

    Attributes:
        operation: which of the four it is.
        dims: spatial axes.
        params: by PyTorch's names, a list with one number an axis for sizes; padding may be ``same`` or ``valid``.
        in_channels: None where the layer takes what it gets.
        multiplier: output channels an input channel of a depthwise layer; None elsewhere.
        channels_first: whether shapes given in the code have the channels first.
        shape: the input's shape where the layer itself says it (Keras), channels included.
        activation: what follows at once, by name.
        remarks: codes of notes, each with message and values.
    """

    operation: Operation
    dims: int
    params: Mapping[str, Any]
    in_channels: Any = None
    multiplier: Any = None
    channels_first: bool = True
    shape: Any = None
    activation: str = ""
    remarks: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()


@dataclass(frozen=True)
class Reader:
    """How calls of one name are read: `make` turns bound arguments into a layer; raises Unread or ConvError."""

    framework: str
    sign: Signature
    make: Callable[[Bound], Layer]


@dataclass(frozen=True)
class Between:
    """What stands between layers and has no window.

    Attributes:
        framework: whose name it is.
        keeps: whether what follows still knows size and channels.
        channels: the argument that must agree with the channels that arrive, if any.
    """

    framework: str
    keeps: bool = True
    channels: str = ""


@dataclass(frozen=True)
class Language:
    """What one framework calls its layers, and the modules in which they are found."""

    modules: frozenset[str]
    layers: Mapping[str, Reader]
    between: Mapping[str, Between]
    other: frozenset[str] = field(default_factory=frozenset)


def per_axis(bound: Bound, name: str, dims: int) -> list[Any]:
    """One number an axis; raises ParameterError where there are neither one nor as many as axes, or lists in lists."""
    value = bound.values[name]
    parts = value if isinstance(value, list) else [value] * dims
    if not all(_is_number(part) for part in parts):
        raise wrong(name, "one number an axis")
    if len(parts) != dims:
        raise wrong_length(name, len(parts), dims)
    return parts


def count(bound: Bound, name: str) -> int | float:
    """One number, which need not be a possible one yet; raises ParameterError."""
    value = bound.values[name]
    if not _is_number(value):
        raise wrong(name, "a whole number")
    return value  # type: ignore[no-any-return]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def flag(bound: Bound, name: str) -> bool:
    """True or False; raises ParameterError."""
    value = bound.values[name]
    if not isinstance(value, bool):
        raise wrong(name, "True or False")
    return value


def word(bound: Bound, name: str, words: tuple[str, ...]) -> str:
    """One of some words; raises ParameterError."""
    value = bound.values[name]
    if not isinstance(value, str) or value.lower() not in words:
        raise ParameterError(
            "unknown_choice",
            name,
            f"{name} has no choice {str(value)[:40]!r}; it takes {', '.join(words)}.",
            f"Try {words[0]}.",
            given=str(value)[:40],
            options=list(words),
            nearest=words[0],
        )
    return value.lower()


def refuse(bound: Bound, name: str, wanted: Any, why: str) -> None:
    """Raises Unread where an argument has a value whose figure would not be true."""
    if bound.values[name] != wanted:
        node: ast.AST = bound.nodes[name]
        message = f"{name} other than {wanted} is not drawn: {why}."
        raise Unread("not_drawn", node, message, f"With {name}={wanted} it can be seen.", name=name, wanted=str(wanted))


def wrong(name: str, wanted: str) -> ParameterError:
    """The error for a value of another type."""
    return ParameterError("wrong_type", name, f"{name} must be {wanted}.", f"Give {wanted}.", wanted=wanted)
