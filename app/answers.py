"""What can be asked of a kind, and the finished bytes that answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import prod
from typing import Any

import orjson
from starlette.requests import Request

from app.compression import IDENTITY, MIN_BYTES, compress, negotiate
from app.documents import CodeDocument, CurvesDocument, Document, FactsAnswer, LimitsDocument, TraceDocument
from app.headers import joined, weak_etag
from app.mathml import with_mathml
from app.work import Workers
from compute.budget import outline_size, trace_size
from compute.kinds import KINDS
from compute.kinds.base import Kind
from compute.kinds.params import Params
from compute.plan import Place, put

# A hop to a process and back takes a third of a millisecond beside the half that a small trace takes. Figures of up to
# this weight take about 2 ms at most: they are computed where they are.
INLINE_WEIGHT = 20_000
# Taps of a kernel whose recipe, which may take it apart, is planned where it is asked for.
MOST_TAPS = 1024

_NO_SIZES = frozenset({"seed", "start", "count"})


Parse = Callable[[Kind, Mapping[str, Any]], Params]
# From a raw query to the finished JSON, or None where making it is no work for the event loop; raises ConvError.
AnswerQuery = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that can be asked of every kind.

    Attributes:
        name: its place in the address.
        title: what OpenAPI calls it.
        parse: a kind's parameters from a query's pairs or a JSON object; raises ConvError.
        make: the document; raises ConvError.
        model: the document's type.
        steps: whether the parameters that choose steps have a meaning.
        post: whether parameters may come as a JSON body.
        light: whether an answer takes less time than a process takes to be asked; None where none does.
    """

    name: str
    title: str
    parse: Parse
    make: Callable[[Kind, Params], dict[str, Any]]
    model: type[Document]
    steps: bool
    post: bool
    light: Callable[[Kind, Params], bool] | None


def trace_document(kind: Kind, params: Params) -> dict[str, Any]:
    """The trace, its formulas with MathML."""
    return with_mathml(kind.trace(params))


def traced(slug: str, pairs: dict[str, Any]) -> dict[str, Any]:
    """The trace by plain arguments, for another process; raises ConvError."""
    return KINDS[slug].trace(KINDS[slug].parse(pairs))


def trace_bytes(kind: Kind, params: Params) -> bytes:
    """The same as JSON. What does not change with the seed is written once for figures whose plan is kept."""
    if (changing := kind.changing(params)) is None:
        return dumped(trace_document(kind, params))
    places, numbers = changing
    kept = params.kept
    assert kept
    if kept.written is None:
        kept.written = _around(trace_document(kind, params), [("params", "seed"), *places])
    begin, *rest = kept.written
    filled = zip([b"%d" % params.seed, *map(_array, numbers)], rest, strict=True)
    return b"".join([begin, *chain.from_iterable(filled)])


_array = partial(orjson.dumps, option=orjson.OPT_SERIALIZE_NUMPY)


# In JSON a control character is written as an escape: no text holds it.
_GAP = b"\0"


def _around(document: dict[str, Any], places: list[Place]) -> list[bytes]:
    """What of the document as JSON stands before, between and after the places, which are in its order."""
    for place in places:
        put(document, place, orjson.Fragment(_GAP))
    return dumped(document).split(_GAP)


def facts_document(kind: Kind, params: Params) -> dict[str, Any]:
    """The facts, their formulas with MathML."""
    return with_mathml(kind.facts(params))


def weight(params: Params) -> int:
    """The product of all sizes and counts: more than a figure costs, known before anything is planned."""
    kept = params.kept
    if kept is not None and kept.weight is not None:
        return kept.weight
    product = 1
    for name, value in vars(params).items():
        if name not in _NO_SIZES:
            product *= _magnitude(value)
    if kept is not None:
        kept.weight = product
    return product


def _magnitude(value: Any) -> int:
    if isinstance(value, tuple):
        product = 1
        for part in value:
            product *= _magnitude(part)
        return product
    return max(value, 1) if type(value) is int else 1


def _light_trace(kind: Kind, params: Params) -> bool:
    if weight(params) <= INLINE_WEIGHT:
        return True
    if not _planned_at_once(params):
        return False
    # The product is more than most figures cost: what is planned says how much.
    size = trace_size(kind.plan(params), params.window)
    if size <= INLINE_WEIGHT and params.kept is not None:
        params.kept.weight = size
    return size <= INLINE_WEIGHT


def _light_facts(kind: Kind, params: Params) -> bool:
    """Facts hold tables of the sides and channels, and no values, however large the layer is."""
    return _planned_at_once(params) and outline_size(kind.plan(params)) <= INLINE_WEIGHT


def _light_code(kind: Kind, params: Params) -> bool:
    """Code lists few numbers, and computes none."""
    return _planned_at_once(params)


def _planned_at_once(params: Params) -> bool:
    """Some recipes look at every weight of a kernel; those of large ones are not planned in the event loop."""
    taps: tuple[int, ...] = params.get("kernel_size", ())
    return prod(taps) <= MOST_TAPS


_STEPS, _POST = {"steps": True, "post": True}, {"steps": False, "post": True}
_GET = {"steps": False, "post": False}
TRACES = Question("traces", "Trace", Kind.parse, trace_document, TraceDocument, light=_light_trace, **_STEPS)
FACTS = Question("facts", "Facts", Kind.parse_facts, facts_document, FactsAnswer, light=_light_facts, **_POST)
LIMITS = Question("limits", "Limits", Kind.parse_facts, Kind.limits, LimitsDocument, light=None, **_GET)
CURVES = Question("curves", "Curves", Kind.parse_facts, Kind.curves, CurvesDocument, light=None, **_GET)
CODE = Question("code", "Code", Kind.parse_facts, Kind.code, CodeDocument, light=_light_code, **_POST)
QUESTIONS = (TRACES, FACTS, LIMITS, CURVES, CODE)
_BY_NAME = {question.name: question for question in QUESTIONS}


@dataclass(frozen=True, slots=True)
class Packed:
    """A document ready to be sent: in `encoding`, with the tag of what it says."""

    body: bytes
    encoding: str
    etag: str


def at_once(question: Question, kind: Kind, params: Params) -> bytes | None:
    """The document asked for, as JSON, where it is light; None where it is not. Raises ConvError."""
    return _finished(question, kind, params) if is_light(question, kind, params) else None


def is_light(question: Question, kind: Kind, params: Params) -> bool:
    """Whether an answer takes less time than a process takes to be asked; raises ConvError."""
    return question.light is not None and question.light(kind, params)


async def answer(
    question: Question, kind: Kind, pairs: Mapping[str, Any], workers: Workers, request: Request
) -> bytes | Packed:
    """The document asked for, as JSON; packed already where it was made beside the event loop. Raises ConvError."""
    made = at_once(question, kind, question.parse(kind, pairs))
    if made is not None:
        return made
    encoding = negotiate(joined(request.scope["headers"], b"accept-encoding"))
    return await workers.heavy.run(
        partial(packed, question.name, kind.slug, dict(pairs), encoding), partial(left, request)
    )


def packed(question: str, slug: str, pairs: dict[str, Any], encoding: str) -> Packed:
    """The same of plain arguments, for another process: JSON, its tag and its compression."""
    asked, kind = _BY_NAME[question], KINDS[slug]
    body = _finished(asked, kind, asked.parse(kind, pairs))
    if len(body) < MIN_BYTES or encoding == IDENTITY:
        return Packed(body, IDENTITY, weak_etag(body))
    return Packed(compress(body, encoding), encoding, weak_etag(body))


def dumped(document: Any) -> bytes:
    """JSON; NumPy arrays as nested lists, values that are no numbers as null, whole numbers exact however large."""
    try:
        return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError:
        # Costs of layers with millions of cells a side pass 64 bits, which the fast serialiser does not write.
        text = json.dumps(document, default=lambda array: array.tolist(), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8")


def _finished(question: Question, kind: Kind, params: Params) -> bytes:
    if question is TRACES:
        return trace_bytes(kind, params)
    return dumped(question.make(kind, params))


async def left(request: Request) -> None:
    """Returns when whoever asked has left; the body, where there was one, is read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
