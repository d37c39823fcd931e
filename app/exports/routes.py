"""`GET /api/v1/exports`, what can be made; `POST /api/v1/exports/{format}`, frames to be made a file of."""

from contextlib import ExitStack
from functools import partial
from typing import IO, cast

from anyio import CapacityLimiter
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import query
from app.answers import dumped
from app.errors import CLIENT_LEFT
from app.exports import described
from app.exports.formats import FORMATS, find_format
from app.exports.job import Gone, Job, Slots, run
from app.exports.limits import Limits
from app.exports.output import Bounded, FileAnswer, let_go, settle_place, unnamed
from app.exports.upload import Upload
from app.settings import Settings
from compute.errors import ConvError

PATH = "/api/v1/exports"
# A form of another site can be sent to us by any page that a reader opens; one with this header cannot, since browsers
# ask us first whether they may send it, which is not answered.
HEADER = "x-convoscope"
ASKING = "export"
# What browsers say of where a request comes from; programs say nothing.
_OURS = ("same-origin", "none")


def add_routes(app: FastAPI, settings: Settings) -> None:
    """Both routes."""
    settle_place()
    limits = Limits.of(settings)
    slots = Slots(settings.exports)
    limiter = CapacityLimiter(slots.count)

    async def formats(request: Request) -> Response:
        query.refuse_all(request.scope["query_string"], settings.query_limit)
        body = dumped({"formats": [one.document() for one in FORMATS.values()], "limits": limits.document()})
        # What is installed may change with the next start.
        return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")

    async def export(request: Request) -> Response:
        format = find_format(request.path_params["format"])
        query.refuse_all(request.scope["query_string"], settings.query_limit)
        _refuse_foreign(request)
        encode = format.encoder()
        with ExitStack() as held:
            held.enter_context(slots.one())
            upload = Upload(request, format, limits)
            try:
                options = await upload.options()
                file = unnamed()
                held.callback(let_go, file)
                job = Job(limits)
                out = cast(IO[bytes], Bounded(file, job))
                work = partial(encode, options=options, out=out, job=job)
                await run(job, work, upload.frames(options), options, partial(_left, request), limiter)
                out.flush()
            except (Gone, ConnectionError):
                return Response(status_code=CLIENT_LEFT)
            name = f"{options.name}.{format.format}"
            return FileAnswer(file, format.media_type, name, held.pop_all(), limits.seconds)

    app.add_api_route(PATH, formats, methods=["GET"], **described.formats())
    app.add_api_route(f"{PATH}/{{format}}", export, methods=["POST"], **described.export(HEADER, ASKING))


async def _left(request: Request) -> None:
    """Returns when whoever asked has left; the whole body was read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refuse_foreign(request: Request) -> None:
    if request.headers.get(HEADER) == ASKING and request.headers.get("sec-fetch-site", "none") in _OURS:
        return
    raise ConvError(
        "foreign_request",
        HEADER,
        "Files are made for pages of this server and for programs, not for pages of other sites.",
        f"Send the header {HEADER}: {ASKING}.",
        header=HEADER,
        value=ASKING,
    )
