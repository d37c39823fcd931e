"""Values that a reader types: nested lists, or text with «,» between columns, «;» rows, «/» slices, «|» channels,
«||» filters."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from compute.errors import ParameterError
from compute.parameters import MAX_VALUES, Field, real, unknown_choice, wrong_type

SEPARATORS = ("||", "|", "/", ";", ",")
LEVELS = ("filter", "channel", "slice", "row", "column")


@dataclass(frozen=True, eq=False)
class Block:
    """Numbers as they were given.

    Attributes:
        array: text has always five axes (filter, channel, slice, row, column); lists have those that they nest.
        text: whether it was text.
    """

    array: NDArray[np.float64]
    text: bool

    def shaped(self, name: str, dims: int, leading: int) -> NDArray[np.float64]:
        """The array with ``leading`` axes (channel, or filter and channel) before ``dims`` spatial ones.

        Missing leading axes are ones; axes that the figure has not must be ones.
        """
        if not self.text:
            spare = self.array.ndim - dims - leading
            if spare > 0:
                raise _too_deep(name, self.array.ndim, dims + leading)
            return self.array.reshape((1,) * -spare + self.array.shape)
        surplus = {LEVELS[axis]: axis for axis in [*range(2 - leading), *range(2, 5 - dims)]}
        for level, axis in surplus.items():
            if self.array.shape[axis] > 1:
                raise ParameterError(
                    "wrong_length",
                    name,
                    f"{name} has {self.array.shape[axis]} {level}s; this figure has no {level} axis.",
                    f"Give one {level}.",
                    found=self.array.shape[axis],
                    axes=dims,
                )
        return self.array.squeeze(axis=tuple(surplus.values()))


def _too_deep(name: str, found: int, most: int) -> ParameterError:
    return ParameterError(
        "wrong_length",
        name,
        f"{name} nests {found} lists deep; this figure takes at most {most}.",
        f"Nest at most {most} lists.",
        found=found,
        axes=most,
    )


@dataclass(frozen=True)
class Values(Field):
    """Numbers of a tensor, one of some names for them, or nothing: then they are drawn from ``seed``.

    Attributes:
        names: what may stand in place of numbers.
        fixed: those of the names that have one size only.
    """

    remembered: ClassVar[bool] = False
    names: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()

    def parse(self, raw: Any, name: str) -> Block | str | None:
        if raw is None or isinstance(raw, Block):
            return raw
        if isinstance(raw, str):
            if raw in self.names:
                return raw
            named = re.fullmatch(r"[a-z]+(-[a-z]+)*", raw) and raw not in ("nan", "inf", "infinity")
            if named and self.names:
                raise unknown_choice(raw, name, self.names)
            return Block(_array(_split(raw, SEPARATORS, name), name), text=True)
        if not isinstance(raw, list):
            raise wrong_type(raw, name, "nested lists of numbers")
        return Block(_array(raw, name), text=False)

    def schema(self) -> dict[str, Any]:
        nested: dict[str, Any] = {"type": "number"}
        for _ in range(5):
            nested = {"anyOf": [{"type": "number"}, {"type": "array", "items": nested, "minItems": 1}]}
        return {"anyOf": [{"type": "string", "minLength": 1}, nested["anyOf"][1], {"type": "null"}]}

    def control(self) -> dict[str, Any]:
        return {"widget": "values", "names": list(self.names), "fixed": list(self.fixed)}


def _split(text: str, separators: tuple[str, ...], name: str) -> Any:
    if not text.strip():
        raise ParameterError(
            "empty_values",
            name,
            f"{name} has an empty place.",
            "Write a number in every cell, for instance 1,2;3,4.",
        )
    if not separators:
        return text
    # «|» also occurs in «||», which was split before it
    return [_split(part, separators[1:], name) for part in text.split(separators[0])]


def _array(nested: Any, name: str) -> NDArray[np.float64]:
    """The nested lists as an array; raises ParameterError where they are ragged, empty, too long or too deep."""
    shape = _shape(nested, name)
    leaves: list[Any] = [nested]
    for depth, length in enumerate(shape):
        for item in leaves:
            if not isinstance(item, list) or len(item) != length:
                raise _ragged(name, depth, length, item, len(shape))
        leaves = [inner for item in leaves for inner in item]
        if len(leaves) > MAX_VALUES:
            raise ParameterError(
                "too_many_values",
                name,
                f"{name} holds more than {MAX_VALUES} numbers.",
                "Give fewer, or let them be drawn from seed.",
                maximum=MAX_VALUES,
            )
    for leaf in leaves:
        if isinstance(leaf, list):
            raise _ragged(name, len(shape), 1, leaf, len(shape))
    return np.array([real(leaf, name) for leaf in leaves], dtype=np.float64).reshape(shape)


def _shape(nested: Any, name: str) -> tuple[int, ...]:
    shape: list[int] = []
    while isinstance(nested, list):
        if not nested:
            raise ParameterError("empty_values", name, f"{name} holds an empty list.", "Write a number in every cell.")
        shape.append(len(nested))
        nested = nested[0]
        if len(shape) > len(LEVELS):
            raise _too_deep(name, len(shape), len(LEVELS))
    return tuple(shape)


def _ragged(name: str, depth: int, length: int, item: Any, levels: int) -> ParameterError:
    level = LEVELS[depth - levels] if depth < levels else "number"
    found = len(item) if isinstance(item, list) else 1
    return ParameterError(
        "ragged_values",
        name,
        f"{name} is ragged: where the first line has {length} {level}s, another has {found}.",
        "Give every line as many numbers.",
        expected=length,
        found=found,
        level=level,
    )
