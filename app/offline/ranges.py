"""Which controls of a file without a server stay alive, and in which range: `stride:1-3,padding:0-2`."""

import re
from collections.abc import Mapping
from math import prod
from typing import Any

from app.offline.moves import properties
from compute.errors import ConvError
from compute.kinds.base import Kind, unknown

Ranges = dict[str, list[str]]

_ONE = re.compile(r"([a-z_]+):(.+)")
_SPAN = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")
# What a range of whole numbers may stand for, and what words separated by | may.
_NUMBERS = ("size", "number", "seed")
_WORDS = ("choice", "flag")
FORM = "stride:1-3,padding:0-2"


def read(kind: Kind, text: str) -> Ranges:
    """The values of each parameter that stays alive; raises ConvError.

    >>> from compute.kinds import KINDS
    >>> read(KINDS["transposed"], "stride:1-3,view:stamp|matrix")
    {'stride': ['1', '2', '3'], 'view': ['stamp', 'matrix']}
    """
    found: Ranges = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _ONE.fullmatch(part)
        if not match:
            raise _malformed(part)
        name, span = match.groups()
        if name in found:
            raise _malformed(part)
        found[name] = _values(kind, name, span, part)
    return found


def written(ranges: Mapping[str, list[str]]) -> str:
    """Ranges as a link has them.

    >>> written({"stride": ["1", "2", "3"], "mode": ["max", "average"], "padding": ["0"]})
    'stride:1-3,mode:max|average,padding:0'
    """
    return ",".join(f"{name}:{_written(texts)}" for name, texts in ranges.items())


def combinations(ranges: Mapping[str, list[str]]) -> int:
    """How many figures there are, each value of each parameter with all others."""
    return prod(len(texts) for texts in ranges.values())


def shortened(ranges: Mapping[str, list[str]], most: int) -> Ranges:
    """Ranges of at most so many combinations: the longest loses its last values first.

    >>> shortened({"stride": ["1", "2", "3"], "padding": ["0", "1", "2", "3"]}, 6)
    {'stride': ['1', '2', '3'], 'padding': ['0', '1']}
    """
    left = {name: list(texts) for name, texts in ranges.items()}
    while combinations(left) > max(most, 1):
        # Where two are as long, the one named later: what comes first matters most.
        longest = max(reversed(left), key=lambda name: len(left[name]))
        left[longest].pop()
    return left


def _values(kind: Kind, name: str, span: str, part: str) -> list[str]:
    known = properties(kind)
    if name not in known:
        raise unknown(name, [one for one in known if _widget(known[one])])
    widget = _widget(known[name])
    if widget in _NUMBERS:
        return _numbers(name, span, part, known[name]["x-control"])
    if widget in _WORDS:
        options = known[name]["x-control"].get("options") or ["true", "false"]
        words = span.split("|")
        if wrong := next((word for word in words if word not in options), None):
            raise ConvError(
                "unknown_choice",
                "live",
                f"{name} has no choice «{wrong[:40]}»; it takes {', '.join(options)}.",
                f"Try live={name}:{'|'.join(options)}.",
                given=wrong[:40],
                options=options,
                nearest=f"{name}:{'|'.join(options)}",
            )
        return list(dict.fromkeys(words))
    able = [one for one in known if _widget(known[one]) in (*_NUMBERS, *_WORDS)]
    raise ConvError(
        "range_impossible",
        "live",
        f"{name} cannot stay alive in a file: it is no number and no choice.",
        f"{', '.join(able)} can.",
        given=name,
        able=able,
    )


def _numbers(name: str, span: str, part: str, control: Mapping[str, Any]) -> list[str]:
    match = _SPAN.fullmatch(span)
    if not match:
        raise _malformed(part)
    least, most = int(match[1]), int(match[2] or match[1])
    lowest, highest = control.get("min", 0), control.get("max", 99)
    if not lowest <= least <= most <= highest:
        nearest = (
            f"{name}:{min(max(least, lowest), highest)}-{max(min(most, highest), min(max(least, lowest), highest))}"
        )
        raise ConvError(
            "range_impossible",
            "live",
            f"The range {part[:60]} must run upwards between {lowest} and {highest}, which the slider spans.",
            f"Try live={nearest}.",
            given=part[:60],
            minimum=lowest,
            maximum=highest,
            nearest=nearest,
        )
    return [str(value) for value in range(least, most + 1)]


def _widget(property_: Mapping[str, Any]) -> str:
    return str(property_.get("x-control", {}).get("widget", "none"))


def _malformed(part: str) -> ConvError:
    return ConvError(
        "malformed_range",
        "live",
        f"«{part[:60]}» is no range of a parameter, or is one that was given before.",
        f"Write each parameter once, as in live={FORM}.",
        given=part[:60],
        form=FORM,
    )


def _written(texts: list[str]) -> str:
    if not all(text.isdigit() for text in texts):
        return "|".join(texts)
    return texts[0] if len(texts) == 1 else f"{texts[0]}-{texts[-1]}"
