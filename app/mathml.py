"""Formulas for the page: LaTeX to MathML, with the roles of their symbols as CSS classes."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from latex2mathml.converter import convert

# Not a bare digit after _ or ^, which bind one character only.
_NUMBER = re.compile(r"(?<![_^\d.])\d+(?:\.\d+)?")
_PLACEHOLDER = re.compile(r"<mn>(9\d{5})</mn>")
_COLOUR = re.compile(r'<mstyle mathcolor="(\w+)">')
_FIRST = 900_000


def with_mathml(document: dict[str, Any]) -> dict[str, Any]:
    """The document of a trace or of facts with `mathml` in each formula, and without the LaTeX it was made from."""
    facts = document["facts"]
    return {**document, "facts": {**facts, "formulas": [_rendered(formula) for formula in facts["formulas"]]}}


@lru_cache(maxsize=1024)
def mathml(latex: str) -> str:
    r"""MathML of a formula whose coloured symbols are wrapped as `{\color{input} i}`.

    >>> "<mn>12</mn>" in mathml(r"\frac{i}{12}"), 'class="ink-input"' in mathml(r"{\color{input} i}")
    (True, True)
    """
    # Converting costs a quarter of a millisecond, but moving a slider changes only the numbers of a formula: the
    # form is converted once, with placeholders, and the numbers are put in.
    numbers = _NUMBER.findall(latex)
    form = _NUMBER.sub(_counter(), latex)
    return _PLACEHOLDER.sub(lambda match: f"<mn>{numbers[int(match[1]) - _FIRST]}</mn>", _convert(form))


def _rendered(formula: dict[str, Any]) -> dict[str, Any]:
    return _with_own(formula) | {"axes": [_with_own(axis) for axis in formula["axes"]]}


def _with_own(entry: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name != "marked"}
    return kept | {"mathml": mathml(entry["marked"])}


def _counter() -> Callable[[re.Match[str]], str]:
    numbers = iter(range(_FIRST, 1_000_000))
    return lambda match: str(next(numbers))


@lru_cache(maxsize=512)
def _convert(latex: str) -> str:
    return _COLOUR.sub(r'<mstyle class="ink-\1">', convert(latex))
