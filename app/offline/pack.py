"""Answers computed beforehand, as one text: gzip over all of them, written in base64.

Figures that differ in one number share most of their text, and one gzip over all finds it: nine figures of a 7 × 7
input take 4 kB together and 16 kB one by one. base64 stands in a page or script as it is, and browsers undo both
without a library.
"""

import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.answers import dumped, trace_document
from app.errors import document_of
from app.offline.moves import Params, key_of, moved, properties, wire
from compute.errors import ConvError
from compute.kinds.base import Kind

# Of a schema, what a page needs to name figures and to know its sliders.
_KEPT = ("default", "x-control")

Figures = Iterable[Params]
Answer = dict[str, Any]


Refusal = dict[str, Any]


class TooLarge(Exception):
    """A pack grew past its limit; `packed` is how many figures had room."""

    def __init__(self, packed: int) -> None:
        super().__init__(packed)
        self.packed = packed


@dataclass(slots=True)
class Pack:
    """Answers in order.

    Attributes:
        keys: the figure of each; see `moves.key_of`.
        refused: the places of those that the engine refuses: their answer is the refusal.
        refusals: these answers, by the figure.
        text: all of them.
    """

    keys: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    text: str = ""


def trace_alone(kind: Kind, params: Params) -> Answer:
    """What an offline file has of a figure."""
    return {"trace": trace_document(kind, kind.parse_facts(params))}


def with_code(kind: Kind, params: Params) -> Answer:
    """What a site has of a figure: its code and curves, too."""
    parsed = kind.parse_facts(params)
    return {
        "trace": trace_document(kind, parsed),
        "curves": kind.curves(parsed),
        "code": kind.code(parsed),
    }


def packed(kind: Kind, figures: Figures, limit: int, make: Callable[[Kind, Params], Answer] = trace_alone) -> Pack:
    """The answers of these figures, refusals among them; TooLarge as soon as they take more than `limit` bytes.

    No more than sixteen times as much is made: a page that unpacks it has to hold it, too.
    """
    pack = Pack()
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts: list[bytes] = []
    sent = raw = 0
    for number, params in enumerate(figures):
        answer = _answer(kind, params, make)
        if "error" in answer:
            pack.refused.append(number)
            pack.refusals[key_of(kind, params)] = answer["error"]
        pack.keys.append(key_of(kind, params))
        text = (b"[" if number == 0 else b",") + dumped(answer)
        raw += len(text)
        parts.append(squeeze.compress(text))
        sent += len(parts[-1])
        if sent * 4 // 3 > limit or raw > 16 * limit:
            raise TooLarge(number)
    parts.append(squeeze.compress(b"]" if pack.keys else b"[]") + squeeze.flush())
    pack.text = b64encode(b"".join(parts)).decode("ascii")
    if len(pack.text) > limit:
        raise TooLarge(len(pack.keys) - 1)
    return pack


def limits_of(kind: Kind, params: Params, pack: Pack, says: str) -> dict[str, Any]:
    """Which values of each slider are not in a pack or cannot be, as the server's limits say it."""
    now = kind.parse_facts(params).document()
    held = set(pack.keys)
    missing = {"code": "not_held", "field": "", "message": says, "hint": "", "values": {}}

    def refused(name: str, control: dict[str, Any], text: Callable[[str], str]) -> list[Refusal]:
        found = []
        for value in range(control["min"], control["max"] + 1):
            asked = text(str(value))
            if asked != wire(now[name]):
                key = key_of(kind, moved(kind, params, name, asked))
                error = pack.refusals.get(key) if key in held else missing
                found += [] if error is None else [{**error, "value": value}]
        return found

    limits: dict[str, Any] = {}
    for name, one in properties(kind).items():
        control = one.get("x-control", {})
        if control.get("widget") not in ("size", "number") or "max" not in control:
            continue
        limits[name] = {"linked": refused(name, control, str)}
        sides = now[name]
        if isinstance(sides, list) and len(sides) > 1:
            limits[name]["axes"] = [refused(name, control, _alone(sides, axis)) for axis in range(len(sides))]
    return limits


def index_of(kind: Kind, packs: dict[str, Pack], says: str) -> dict[str, Any]:
    """What a page reads first: which figures there are, and what is said of any other."""
    schema = {name: {key: one[key] for key in _KEPT if key in one} for name, one in properties(kind).items()}
    return {
        "schema": {"properties": schema},
        "packs": {name: {"keys": pack.keys, "refused": pack.refused} for name, pack in packs.items()},
        "says": says,
    }


def _alone(sides: list[Any], axis: int) -> Callable[[str], str]:
    """A size of which one axis moves."""
    return lambda value: wire([*sides[:axis], value, *sides[axis + 1 :]])


def _answer(kind: Kind, params: Params, make: Callable[[Kind, Params], Answer]) -> Answer:
    try:
        return make(kind, params)
    except ConvError as error:
        return {"error": document_of(error)}
