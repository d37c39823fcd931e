"""How a page names a figure and what it asks for when a control moves: `model/held.js` and `model/params.js`, here.

A file without a server answers only what was computed for it, so that both sides must mean the same figure by the same
words; a test runs the scripts beside these functions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from compute.kinds import KINDS
from compute.kinds.base import Kind

Params = dict[str, str]

_VALUES = ("input", "kernel", "pointwise_kernel")
_SIZES = (
    *("dims", "layers", "transposed", "round_trip", "in_channels", "out_channels", "groups", "input_size"),
    "kernel_size",
)
_NAME = re.compile(r"[a-z]+(-[a-z]+)*")
_SIZE = re.compile(r"[0-9]+(:[0-9]+)?(x[0-9]+(:[0-9]+)?)*")


def key_of(kind: Kind, params: Mapping[str, str]) -> str:
    """The name of a figure: what differs from the defaults, in the order of the alphabet.

    >>> from compute.kinds import KINDS
    >>> key_of(KINDS["dilated"], {"stride": "2x2", "dilation": "3", "padding": "0:0", "seed": "0"})
    'dilation=3&stride=2'
    """
    own = {name: _normal(value) for name, value in params.items()}
    return "&".join(f"{name}={value}" for name, value in sorted(own.items()) if value != _default(kind, name))


def moved(kind: Kind, typed: Mapping[str, str], name: str, text: str) -> Params:
    """The parameters after a control was set: values of another size are dropped, and the other sizes stay."""
    stale = [one for one in _VALUES if one in typed and name in _SIZES and not _resizable(kind, typed[one], one, name)]
    kept = dict(typed)
    if stale:
        kept = {one: value for one, value in typed.items() if one not in stale} | _all_sizes(kind, typed)
    kept = _consistent(kind, kept, typed, name, text)
    return {one: value for one, value in {**kept, name: text}.items() if value != _default(kind, one)}


def without_values(kind: Kind, typed: Mapping[str, str]) -> Params:
    """The parameters after drawn numbers were chosen: all values are dropped, the sizes that they decided stay."""
    stale = [one for one in _VALUES if one in typed]
    kept = _without(dict(typed), stale) | (_all_sizes(kind, typed) if stale else {})
    return {one: value for one, value in kept.items() if value != _default(kind, one)}


def reachable(kind: Kind, typed: Mapping[str, str], ranges: Mapping[str, Iterable[str]]) -> Iterator[Params]:
    """The figure and all that its page can ask for while only these parameters move, in any order; each once."""
    seen = {key_of(kind, typed)}
    waiting: list[Params] = [dict(typed)]
    while waiting:
        here = waiting.pop(0)
        yield here
        for other in neighbours(kind, here, ranges):
            if (key := key_of(kind, other)) not in seen:
                seen.add(key)
                waiting.append(other)


def neighbours(kind: Kind, typed: Mapping[str, str], ranges: Mapping[str, Iterable[str]]) -> Iterator[Params]:
    """The figures that one control leads to."""
    for name, texts in ranges.items():
        for text in texts:
            yield moved(kind, typed, name, text)


def wire(value: Any) -> str:
    """A parameter's value as it stands in a query string.

    >>> wire([[2, 3], 0]), wire([3, 3]), wire(None), wire(True)
    ('2:3x0', '3', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, list | tuple):
        return str(value)
    return _joined([_pair(side) for side in value])


def properties(kind: Kind) -> dict[str, Any]:
    """The schema of a kind's parameters, by name."""
    return _properties(kind.slug)


@cache
def _properties(slug: str) -> dict[str, Any]:
    found: dict[str, Any] = KINDS[slug].schema()["properties"]
    return found


def _consistent(kind: Kind, kept: Params, typed: Mapping[str, str], name: str, text: str) -> Params:
    """What a choice takes along: see the function of that name in `model/params.js`."""
    if name == "round_trip":
        facts = kind.facts(kind.parse_facts(typed))
        stage = facts["stages"][-1 if text == "true" else 0]
        turned = wire([int(side) for side in facts["tensors"][stage["output"]]["shape"][1:]])
        return _without(kept, ("output_padding", "view")) | {"input_size": turned}
    if name == "view" and text == "zero-stuffed":
        return _without(kept, ("by",))
    if name == "by" and text == "input" and kept.get("view") == "zero-stuffed":
        return _without(kept, ("view",))
    if name == "dims":
        return _without(kept, ("input_size", "kernel_size", "stride", "padding", "dilation", "output_padding"))
    return kept


def _without(params: Params, names: Iterable[str]) -> Params:
    return {name: value for name, value in params.items() if name not in names}


def _default(kind: Kind, name: str) -> str:
    return wire(properties(kind).get(name, {}).get("default"))


def _normal(text: str) -> str:
    """A size in its shortest form."""
    if not _SIZE.fullmatch(text):
        return text
    return _joined([_pair(side.split(":")) if ":" in side else side for side in text.split("x")])


def _pair(side: Any) -> str:
    if not isinstance(side, list | tuple):
        return str(side)
    before, after = side
    return str(before) if before == after else f"{before}:{after}"


def _joined(sides: list[str]) -> str:
    return sides[0] if all(side == sides[0] for side in sides) else "x".join(sides)


def _resizable(kind: Kind, text: str, value: str, size: str) -> bool:
    """Whether values go on when a size changes: those given by name do, but for kernels that have only one size."""
    if not _NAME.fullmatch(text):
        return False
    fixed = properties(kind).get(value, {}).get("x-control", {}).get("fixed", ())
    return not (text in fixed and size in ("kernel_size", "dims", "layers"))


def _all_sizes(kind: Kind, typed: Mapping[str, str]) -> Params:
    document = kind.parse_facts(typed).document()
    return {size: wire(document[size]) for size in _SIZES if size in document}
