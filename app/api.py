"""The routes under /api/v1, documented ones for every kind: parse, compute, respond."""

from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import bodies, openapi, query, tables
from app.answers import QUESTIONS, AnswerQuery, Packed, Parse, Question, answer, at_once, dumped
from app.compression import IDENTITY
from app.documents import HealthDocument, KindsDocument
from app.headers import CACHE_CONTROL, weak_etag
from app.life import Life
from app.settings import Settings
from app.work import Workers
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import Kind, unknown
from compute.kinds.params import FIGURES_KEPT, Params
from compute.reader import read

ROOT = "/api/v1"

_SHOWN = 60

Endpoint = Callable[[Request], Awaitable[Response]]


def add_routes(app: FastAPI, settings: Settings, workers: Workers) -> None:
    """Every route of the API, and the two that tell how the process fares."""
    catalogue = dumped({"kinds": [described(kind) for kind in KINDS.values()]})
    app.add_api_route(
        f"{ROOT}/kinds",
        _constant(lambda: catalogue, settings),
        methods=["GET"],
        **openapi.constant("kinds", "The kinds of convolution", KindsDocument),
    )
    for question in QUESTIONS:
        for kind in KINDS.values():
            _add_question(app, question, kind, settings, workers)
        methods = ["GET", "POST"] if question.post else ["GET"]
        app.add_api_route(f"{ROOT}/{question.name}/{{slug}}", _refuse_kind, methods=methods, include_in_schema=False)
    for kind in KINDS.values():
        tables.add_kind(app, kind, settings, workers)
    app.add_api_route(f"{tables.PATH}/{{slug}}", _refuse_kind, methods=["GET", "POST"], include_in_schema=False)
    app.add_api_route(f"{ROOT}/read", _reading(settings, workers), methods=["POST"], **openapi.reading())
    app.add_api_route(
        f"{ROOT}/openapi.json",
        _constant(lambda: dumped(app.openapi()), settings),
        methods=["GET"],
        include_in_schema=False,
    )


def answers(settings: Settings) -> dict[str, AnswerQuery]:
    """What answers an address that is a pure function of its query, where that is light; routes do it the same."""
    return {
        f"{ROOT}/{question.name}/{kind.slug}": _at_once(question, kind, settings)
        for question in QUESTIONS
        for kind in KINDS.values()
        if question.light is not None
    }


def add_health_routes(app: FastAPI, workers: Workers, life: Life) -> None:
    """`/healthz`: the event loop turns. `/readyz`: requests may be sent here, and it can do its work: it does some."""

    async def alive(request: Request) -> Response:
        return _now(dumped({"status": "ok"}))

    async def ready(request: Request) -> Response:
        life.check()
        await answer(QUESTIONS[0], next(iter(KINDS.values())), {}, workers, request)
        return _now(dumped({"status": "ok"}))

    for path, endpoint, title, refusals in (
        ("/healthz", alive, "The process lives", {}),
        ("/readyz", ready, "It is ready", openapi.NOT_READY),
    ):
        described = openapi.constant(path[1:], title, HealthDocument, tag="health")
        described["responses"] |= refusals
        app.add_api_route(path, endpoint, methods=["GET"], **described)


def described(kind: Kind) -> dict[str, Any]:
    """A kind as the catalogue has it."""
    presets = [{"id": preset.id, "title": preset.title, "params": dict(preset.params)} for preset in kind.presets]
    return {
        "slug": kind.slug,
        "title": kind.title,
        "summary": kind.summary,
        "group": kind.group,
        "number": kind.number,
        "schema": kind.schema(),
        "presets": presets,
    }


def find_kind(slug: str) -> Kind:
    """The kind of that name, or the error that names them all and the nearest."""
    kind = KINDS.get(slug)
    if kind is not None:
        return kind
    shown = slug[:_SHOWN]
    nearest = get_close_matches(shown, KINDS, n=1, cutoff=0.4)
    raise ConvError(
        "unknown_kind",
        "slug",
        f"There is no kind of convolution called «{shown}».",
        f"Did you mean {nearest[0]}?" if nearest else f"There are {', '.join(KINDS)}.",
        given=shown,
        known=list(KINDS),
        **({"nearest": nearest[0]} if nearest else {}),
    )


def _at_once(question: Question, kind: Kind, settings: Settings) -> AnswerQuery:
    def answered(raw: bytes) -> bytes | None:
        query.check_length(raw, settings.query_limit)
        rest, seed = query.without_seed(raw)
        if seed is None:
            return at_once(question, kind, question.parse(kind, query.parse(raw)))
        return at_once(question, kind, _figure(question.parse, kind.slug, rest).reseeded(seed))

    return answered


@lru_cache(maxsize=FIGURES_KEPT)
def _figure(parse: Parse, slug: str, raw: bytes) -> Params:
    """What a query says; whoever asks for other numbers of one figure spells the rest alike."""
    return parse(KINDS[slug], query.parse(raw))


def _add_question(app: FastAPI, question: Question, kind: Kind, settings: Settings, workers: Workers) -> None:
    async def get(request: Request) -> Response:
        pairs = query.read(request.scope["query_string"], settings.query_limit)
        return _cacheable(await answer(question, kind, pairs, workers, request))

    async def post(request: Request) -> Response:
        query.refuse_all(request.scope["query_string"], settings.query_limit)
        pairs = bodies.parse(await bodies.read(request, settings.body_limit))
        return _now(await answer(question, kind, pairs, workers, request))

    path = f"{ROOT}/{question.name}/{kind.slug}"
    app.add_api_route(path, get, methods=["GET"], **openapi.by_query(question, kind))
    if question.post:
        app.add_api_route(path, post, methods=["POST"], **openapi.by_body(question, kind))


def _reading(settings: Settings, workers: Workers) -> Endpoint:
    """Code in, its layers out. A body is never small enough to say what it costs, so it is read beside the loop."""

    async def post(request: Request) -> Response:
        query.refuse_all(request.scope["query_string"], settings.query_limit)
        given = bodies.parse(await bodies.read(request, settings.body_limit))
        for name in given:
            if name not in openapi.READING:
                raise unknown(name, list(openapi.READING))
        return _now(await workers.run(lambda: dumped(read(**{"code": "", **given}))))

    return post


def _constant(make: Callable[[], bytes], settings: Settings) -> Endpoint:
    """An address without parameters, whose answer is the same as long as the process lives."""

    async def get(request: Request) -> Response:
        query.refuse_all(request.scope["query_string"], settings.query_limit)
        return _cacheable(make())

    return get


async def _refuse_kind(request: Request) -> Response:
    find_kind(request.path_params["slug"])
    raise AssertionError("kinds that exist have routes of their own")


def _cacheable(made: bytes | Packed) -> Response:
    etag = made.etag if isinstance(made, Packed) else weak_etag(made)
    return _json(made, {"Cache-Control": CACHE_CONTROL, "ETag": etag})


def _now(made: bytes | Packed) -> Response:
    """An answer that is not to be kept."""
    return _json(made, {"Cache-Control": "no-store"})


def _json(made: bytes | Packed, headers: dict[str, str]) -> Response:
    if isinstance(made, Packed):
        if made.encoding != IDENTITY:
            headers["Content-Encoding"] = made.encoding
        made = made.body
    return Response(made, headers=headers, media_type="application/json")
