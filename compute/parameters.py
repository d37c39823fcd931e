"""Parameters: what each kind of field accepts, from a query string or from JSON, and how its schema says so.

Each class below stands in an ``Annotated[…]`` of a pydantic model. It parses strictly (a boolean is no number, «1.5»
is no size), raises `ParameterError` with the nearest value that works, and describes itself in JSON Schema, from which
the API's documentation and the page's controls are made.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from compute.errors import ParameterError

MAX_SIDE = 1_000_000
MAX_CHANNELS = 65_536
MAX_SEED = 2**32 - 1
MAX_VALUES = 250_000

# Each digit has one place in it: where one could belong to either of two repetitions, a long text that is no number
# after all would be tried in every division of it.
_DECIMAL = re.compile(r"\s*[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\s*")

Pads = str | tuple[int | tuple[int, int], ...]


_SHORT = 16  # characters
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+0-9.eE]+")


class Field:
    """A field of a kind's parameters; subclasses say how to parse a value and how to describe it.

    What is parsed of short text is remembered, unless it is something that could be changed.
    """

    remembered: ClassVar[bool] = True

    def parse(self, raw: Any, name: str) -> Any:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError

    def control(self) -> dict[str, Any]:
        """What the page needs to make a control of it; see ``x-control`` in docs/architecture.md."""
        return {"widget": "none"}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        known, longest = lru_cache(maxsize=1024)(self.parse), _SHORT if self.remembered else -1

        def parse(raw: Any, info: core_schema.ValidationInfo) -> Any:
            name = info.field_name or ""
            return known(raw, name) if type(raw) is str and len(raw) <= longest else self.parse(raw, name)

        return core_schema.with_info_plain_validator_function(parse)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.schema() | {"x-control": self.control()}


def whole(raw: Any, name: str, least: int, most: int) -> int:
    """A whole number in [least, most], from text or JSON; raises ParameterError.

    >>> whole("3", "stride", 1, 9), whole(3.0, "stride", 1, 9)
    (3, 3)
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise wrong_type(raw, name, "a whole number", least)
    written = raw
    if isinstance(raw, str):
        raw = _number_from_text(raw, name, least, most)
    if isinstance(raw, float) and not math.isfinite(raw):
        raise not_a_number(raw, name, least)
    if raw != int(raw):
        nearest = min(max(round(raw), least), most)
        raise ParameterError(
            "not_whole",
            name,
            f"{name} must be a whole number; it is {raw}.",
            f"Try {nearest}.",
            given=raw,
            nearest=nearest,
        )
    if least <= raw <= most:
        return int(raw)
    nearest = least if raw < least else most
    # beyond 10¹⁵ a number is only quoted: JSON readers would round it, and float64 may not hold it
    given = int(raw) if abs(raw) < 10**15 else str(written)[:40]
    raise ParameterError(
        "out_of_range",
        name,
        f"{name} must lie between {least} and {most}; it is {given}.",
        f"Try {nearest}.",
        given=given,
        minimum=least,
        maximum=most,
        nearest=nearest,
    )


def _number_from_text(raw: str, name: str, least: int, most: int) -> int | float:
    if _WHOLE.fullmatch(raw):
        return int(raw)
    try:
        number = float(raw) if _NUMBER.fullmatch(raw) else math.nan
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise not_a_number(raw, name, least)
    if math.isinf(number):
        return -1e308 if number < 0 else 1e308
    return number if number != int(number) or abs(number) > most else _refuse_form(raw, name, int(number), least, most)


def _refuse_form(text: str, name: str, number: int, least: int, most: int) -> int:
    """«3.0» and «3e0» are no whole numbers as text: a link has one way to say 3."""
    nearest = min(max(number, least), most)
    raise ParameterError(
        "not_whole",
        name,
        f"{name} is written as a whole number; it is {short(text)}.",
        f"Try {nearest}.",
        nearest=nearest,
    )


def short(raw: Any) -> str:
    """What was given, in quotation marks, cut to a length that a sentence bears."""
    text = str(raw)
    return f"«{text[:40]}…»" if len(text) > 40 else f"«{text}»"


def not_a_number(raw: Any, name: str, nearest: int | None = None) -> ParameterError:
    said = f"{short(raw)} is not one" if str(raw).strip() else "nothing was given"
    hint = "Write decimals, for instance -2.5 or 1e3." if nearest is None else f"Try {nearest}."
    more = {} if nearest is None else {"nearest": nearest}
    return ParameterError("not_a_number", name, f"{name} must be a number; {said}.", hint, given=str(raw)[:40], **more)


def wrong_type(raw: Any, name: str, wanted: str, nearest: int | None = None) -> ParameterError:
    kinds = {
        bool: "a boolean",
        str: "text",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    found = "null" if raw is None else kinds.get(type(raw), "something else")
    hint = f"Give {wanted}." if nearest is None else f"Try {nearest}."
    more = {} if nearest is None else {"nearest": nearest}
    message = f"{name} must be {wanted}; it is {found}."
    return ParameterError("wrong_type", name, message, hint, wanted=wanted, found=found, **more)


@dataclass(frozen=True)
class Whole(Field):
    """One whole number; ``slider`` is what the page's slider spans, the API takes ``least`` to ``most``."""

    least: int
    most: int
    slider: tuple[int, int] | None = None
    widget: str = "number"
    optional: bool = False

    def parse(self, raw: Any, name: str) -> int | None:
        return None if raw is None and self.optional else whole(raw, name, self.least, self.most)

    def schema(self) -> dict[str, Any]:
        number = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, {"type": "null"}]} if self.optional else number

    def control(self) -> dict[str, Any]:
        if self.slider is None:
            return {"widget": "none" if self.widget == "number" else self.widget}
        return {"widget": self.widget, "min": self.slider[0], "max": self.slider[1]}


@dataclass(frozen=True)
class Size(Field):
    """A whole number for all axes, or one an axis: ``3``, ``3x5``, ``[3, 5]``. Kept as given, spread by the kind."""

    least: int
    most: int
    slider: tuple[int, int]
    axes: int = 2

    def parse(self, raw: Any, name: str) -> tuple[int, ...]:
        if isinstance(raw, str):
            raw = raw.split("x")
        parts: Sequence[Any] = raw if isinstance(raw, list | tuple) else [raw]
        if not 1 <= len(parts) <= self.axes:
            raise wrong_length(name, len(parts), self.axes)
        return tuple(whole(part, name, self.least, self.most) for part in parts)

    def schema(self) -> dict[str, Any]:
        number = {"type": "integer", "minimum": self.least, "maximum": self.most}
        text = {"type": "string", "pattern": rf"^[0-9]+(x[0-9]+){{0,{self.axes - 1}}}$"}
        return {"anyOf": [number, text, {"type": "array", "items": number, "minItems": 1, "maxItems": self.axes}]}

    def control(self) -> dict[str, Any]:
        return {"widget": "size", "axes": self.axes, "min": self.slider[0], "max": self.slider[1]}


def wrong_length(name: str, found: int, axes: int) -> ParameterError:
    return ParameterError(
        "wrong_length",
        name,
        f"{name} has {found} numbers; this figure has {axes} {'axis' if axes == 1 else 'axes'}.",
        "Give one number for all axes, or one an axis, joined by x.",
        found=found,
        axes=axes,
    )


PADDING_WORDS = ("valid", "same", "full")


@dataclass(frozen=True)
class Padding(Size):
    """A `Size` that may also be a word or, an axis, a pair ``before:after``."""

    words: tuple[str, ...] = PADDING_WORDS

    def parse(self, raw: Any, name: str) -> Any:
        if isinstance(raw, str):
            if raw in self.words:
                return raw
            if re.search(r"[a-wyzA-WYZ]", raw) and "nan" not in raw.lower() and "inf" not in raw.lower():
                raise unknown_choice(raw, name, self.words)
            raw = [part.split(":") if ":" in part else part for part in raw.split("x")]
        parts: Sequence[Any] = raw if isinstance(raw, list | tuple) else [raw]
        if not 1 <= len(parts) <= self.axes:
            raise wrong_length(name, len(parts), self.axes)
        return tuple(self._side(part, name) for part in parts)

    def _side(self, part: Any, name: str) -> int | tuple[int, int]:
        if not isinstance(part, list | tuple):
            return whole(part, name, self.least, self.most)
        if len(part) != 2:
            raise ParameterError(
                "wrong_length",
                name,
                f"One-sided {name} is two numbers, before and after; {len(part)} were given.",
                "Write 2:3.",
                found=len(part),
                axes=2,
            )
        return (whole(part[0], name, self.least, self.most), whole(part[1], name, self.least, self.most))

    def schema(self) -> dict[str, Any]:
        number = {"type": "integer", "minimum": self.least, "maximum": self.most}
        pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
        side = "[0-9]+(:[0-9]+)?"
        text = {
            "type": "string",
            "pattern": rf"^({'|'.join(self.words)}|{side}(x{side}){{0,{self.axes - 1}}})$",
        }
        sides = {"type": "array", "items": {"anyOf": [number, pair]}, "minItems": 1, "maxItems": self.axes}
        return {"anyOf": [number, text, sides]}

    def control(self) -> dict[str, Any]:
        return super().control() | {"words": list(self.words), "pairs": True}


@dataclass(frozen=True)
class Choice(Field):
    """One of some words."""

    options: tuple[str, ...]
    shown: bool = True

    def parse(self, raw: Any, name: str) -> str:
        if not isinstance(raw, str):
            raise wrong_type(raw, name, "one of " + ", ".join(self.options))
        if raw not in self.options:
            raise unknown_choice(raw, name, self.options)
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.options)}

    def control(self) -> dict[str, Any]:
        return {"widget": "choice" if self.shown else "none", "options": list(self.options)}


def unknown_choice(raw: str, name: str, options: Sequence[str]) -> ParameterError:
    nearest = (get_close_matches(raw, options, 1, 0) or [options[0]])[0]
    return ParameterError(
        "unknown_choice",
        name,
        f"{name} has no choice {short(raw)}; it takes {', '.join(options)}.",
        f"Try {nearest}.",
        given=raw[:40],
        options=list(options),
        nearest=nearest,
    )


@dataclass(frozen=True)
class Flag(Field):
    """``true`` or ``false``."""

    def parse(self, raw: Any, name: str) -> bool:
        if isinstance(raw, bool):
            return raw
        if raw in ("true", "false"):
            return bool(raw == "true")
        if isinstance(raw, str):
            raise unknown_choice(raw, name, ("true", "false"))
        raise wrong_type(raw, name, "true or false")

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def control(self) -> dict[str, Any]:
        return {"widget": "flag"}


def real(raw: Any, name: str) -> float:
    """A finite decimal, with sign and exponent; raises ParameterError."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise wrong_type(raw, name, "numbers")
    if isinstance(raw, str) and not _DECIMAL.fullmatch(raw):
        raise not_a_number(raw, name)
    try:
        number = float(raw)
    except (OverflowError, ValueError):
        number = math.inf
    if not math.isfinite(number):
        raise ParameterError(
            "out_of_range",
            name,
            f"{name} holds {short(raw)}, which is not a finite number.",
            given=str(raw)[:40],
        )
    return number


@dataclass(frozen=True)
class Bias(Field):
    """``true`` (drawn), ``false``, or one number a filter: ``1,-2``; a single filter's may stand alone."""

    def parse(self, raw: Any, name: str) -> bool | tuple[float, ...]:
        if isinstance(raw, bool) or raw in ("true", "false"):
            return raw in (True, "true")
        parts = raw.split(",") if isinstance(raw, str) else raw if isinstance(raw, list | tuple) else [raw]
        if not parts:
            raise ParameterError("empty_values", name, f"{name} is empty.", "Give one number a filter, or true.")
        return tuple(real(part, name) for part in parts)

    def schema(self) -> dict[str, Any]:
        number = r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE]-?[0-9]{1,2})?"
        return {
            "anyOf": [
                {"type": "boolean"},
                {"type": "number"},
                {"type": "string", "pattern": f"^(true|false|{number}(,{number})*)$"},
                {"type": "array", "items": {"type": "number"}, "minItems": 1},
            ]
        }

    def control(self) -> dict[str, Any]:
        return {"widget": "flag"}
