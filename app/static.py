"""The route of static files: /static/<hash>/<name>, kept by browsers for ever."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.assets import PREFIX
from app.compression import IDENTITY, negotiate
from app.headers import joined, matches
from app.resources import Resources

# An address names its content by a hash, so what it answers never changes.
CACHE_CONTROL = "public, max-age=31536000, immutable"


def add_routes(app: FastAPI, resources: Resources) -> None:
    """The one route."""

    async def static(request: Request) -> Response:
        asset = resources.assets.find(request.path_params["digest"], request.path_params["name"])
        if asset is None:
            # Also for a hash of an earlier release. A redirect to the present file would mix modules of two releases
            # in one page; a 404, which is not kept, fails where it can be seen, and a reload cures it.
            raise HTTPException(404)
        headers = {"Cache-Control": CACHE_CONTROL, "ETag": asset.etag}
        if matches(joined(request.scope["headers"], b"if-none-match"), asset.etag):
            return Response(status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
        encoding, body = asset.best(negotiate(joined(request.scope["headers"], b"accept-encoding")))
        if encoding != IDENTITY:
            headers["Content-Encoding"] = encoding
        return Response(body, headers={**headers, "Content-Type": asset.media_type})

    app.add_api_route(PREFIX + "/{digest}/{name:path}", static, methods=["GET"], include_in_schema=False)
