"""The steps of a figure as CSV: the same parameters, limits and queue as for its trace, streamed."""

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import bodies, openapi, query
from app.answers import TRACES, dumped, is_light, left, traced
from app.settings import Settings
from app.work import Workers
from compute.kinds.base import Kind
from compute.table import csv_pieces

PATH = "/api/v1/steps"
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"


def add_kind(app: FastAPI, kind: Kind, settings: Settings, workers: Workers) -> None:
    """The two routes of one kind: parameters in the link, or as a JSON body."""

    async def get(request: Request) -> Response:
        pairs = query.read(request.scope["query_string"], settings.query_limit)
        return await _answer(kind, pairs, workers, request)

    async def post(request: Request) -> Response:
        query.refuse_all(request.scope["query_string"], settings.query_limit)
        pairs = bodies.parse(await bodies.read(request, settings.body_limit))
        return await _answer(kind, pairs, workers, request)

    path = f"{PATH}/{kind.slug}"
    app.add_api_route(path, get, methods=["GET"], **openapi.table(kind, "get"))
    app.add_api_route(path, post, methods=["POST"], **openapi.table(kind, "post"))


async def _answer(kind: Kind, pairs: Mapping[str, Any], workers: Workers, request: Request) -> Response:
    params = kind.parse(pairs)
    if is_light(TRACES, kind, params):
        document = await workers.run(partial(kind.trace, params))
    else:
        document = await workers.heavy.run(partial(traced, kind.slug, dict(pairs)), partial(left, request))
    headers = {
        "Content-Disposition": f'attachment; filename="convoscope-{kind.slug}.csv"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_written(document, workers), headers=headers, media_type=MEDIA_TYPE)


async def _written(document: dict[str, Any], workers: Workers) -> AsyncIterator[bytes]:
    """The pieces, each made beside the event loop; whoever goes away in the middle ends it."""
    pieces = csv_pieces(document, dumped)
    while piece := await workers.run(partial(next, pieces, b"")):
        yield piece
