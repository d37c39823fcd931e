"""The one place where errors become answers: JSON for programs, a page for readers, one shape for both."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match

from app.observing import request_id
from compute.errors import ConvError

# Every other code means that the request is understood and cannot be done.
STATUS = {
    "foreign_request": 403,
    "unknown_kind": 404,
    "unknown_format": 404,
    "not_found": 404,
    "foreign_url": 404,
    "no_figure": 404,
    "method_not_allowed": 405,
    "body_too_large": 413,
    "query_too_long": 413,
    "too_many_frames": 413,
    "too_many_pixels": 413,
    "export_too_large": 413,
    "malformed_request": 400,
    "not_public": 404,
    "address_too_long": 414,
    "too_many_requests": 429,
    "headers_too_large": 431,
    "server_away": 503,
    "internal": 500,
    "encoder_missing": 501,
    "drawer_missing": 501,
    "format_not_spoken": 501,
    "exports_busy": 503,
    "busy": 503,
    "interrupted": 503,
    "over_time": 503,
    "stopping": 503,
    "not_ready": 503,
    "disk_full": 507,
}
UNPROCESSABLE = 422
# nginx's word for a client that did not wait.
CLIENT_LEFT = 499

# Below these, answers are read by programs, and by browsers that fetch scripts and images.
_PROGRAMS = ("/api", "/static", "/healthz", "/readyz", "/metrics", "/oembed")
_PICTURES = ("/picture.png", "/picture.svg")
_SHOWN = 100

RenderError = Callable[[Request, int, dict[str, Any]], str]


def status_of(error: ConvError) -> int:
    """The HTTP status of an error.

    >>> status_of(ConvError("unknown_kind", "slug", "")), status_of(ConvError("not_whole", "stride", ""))
    (404, 422)
    """
    return STATUS.get(error.code, UNPROCESSABLE)


def document_of(error: ConvError) -> dict[str, Any]:
    """The error as JSON can carry it, whatever a reader sent."""
    plain: dict[str, Any] = _plain(error.document())
    return plain


def install(app: FastAPI, render: RenderError) -> None:
    """Let `app` answer every error; `render` makes the page for a reader."""

    def answer(request: Request, error: ConvError, headers: dict[str, str] | None = None) -> Response:
        return _answer(request, error, render, headers)

    async def on_conv_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ConvError)
        return answer(request, error)

    async def on_http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 405:
            methods = _methods(request)
            return answer(request, _method_not_allowed(request, methods), {"Allow": ", ".join(methods)})
        return answer(request, _not_found(request))

    async def on_departure(request: Request, error: Exception) -> Response:
        # Whoever asked left before the body was there: no fault, and nobody reads this.
        return Response(status_code=CLIENT_LEFT)

    async def on_bug(request: Request, error: Exception) -> Response:
        # The server logs the exception itself, with its stack; the answer says nothing of it.
        return answer(request, _internal())

    app.add_exception_handler(ConvError, on_conv_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(ClientDisconnect, on_departure)
    app.add_exception_handler(Exception, on_bug)


def _answer(request: Request, error: ConvError, render: RenderError, headers: dict[str, str] | None) -> Response:
    status, document = status_of(error), document_of(error)
    if "observed" in request.scope:
        request.scope["observed"].error = error.code
    # What is wrong now may be right after the next release, and costs nothing to say again.
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if "retry_after" in error.values:
        headers["Retry-After"] = str(error.values["retry_after"])
    if _for_programs(request.scope["path"]):
        return Response(orjson.dumps({"error": document}), status, headers, "application/json")
    return HTMLResponse(render(request, status, document), status, headers)


def _for_programs(path: str) -> bool:
    return path.endswith(_PICTURES) or any(path == start or path.startswith(f"{start}/") for start in _PROGRAMS)


def _methods(request: Request) -> list[str]:
    """What the routes of this path answer together; a 405 of one route names only its own."""
    found: set[str] = set()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found | {"HEAD"} if "GET" in found else found)


def _not_found(request: Request) -> ConvError:
    path = request.scope["path"][:_SHOWN]
    return ConvError(
        "not_found",
        "",
        f"There is nothing at {path}.",
        "The kinds are listed at / and at /api/v1/kinds.",
        path=path,
    )


def _method_not_allowed(request: Request, methods: list[str]) -> ConvError:
    method = request.method[:_SHOWN]
    return ConvError(
        "method_not_allowed",
        "",
        f"This address does not answer {method}.",
        f"It answers {', '.join(methods)}.",
        method=method,
        allowed=methods,
    )


def _internal() -> ConvError:
    """A fault of ours, with the name of the request, by which whoever runs the server finds it in the logs."""
    name = request_id.get()
    return ConvError(
        "internal",
        "",
        "Something went wrong here, not with what you asked for.",
        f"Try again later. Whoever runs this server finds the fault by the number {name}.",
        request=name,
    )


def _plain(value: Any) -> Any:
    """Values that JSON cannot hold, as text: whole numbers past 64 bits and halves of characters."""
    if isinstance(value, dict):
        return {str(_plain(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return f"{value:.3e}" if abs(value) < 10**300 else "huge"
    return value
