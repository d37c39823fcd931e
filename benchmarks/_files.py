"""A host of plain files on our own server, packed as ours are: what is compared with us differs in its pages alone."""

import mimetypes
import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.assets import Asset
from app.compression import ENCODINGS, IDENTITY, compress, negotiate
from app.headers import weak_etag
from app.settings import Settings

FOLDER = "CONVOSCOPE_FILES"


def packed(name: str, body: bytes) -> Asset:
    """A file with its encodings, those that are smaller."""
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    asset = Asset(name, body, media_type, weak_etag(body))
    for encoding in ENCODINGS if asset.shrinks else ():
        asset.add_encoding(encoding, compress(body, encoding, brotli_quality=Settings().brotli_quality))
    return asset


def host(folder: Path) -> Starlette:
    """Answers the files below a folder, which it reads when they are asked for first."""
    kept: dict[str, Asset] = {}
    names = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}

    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        name = f"{name}index.html" if name.endswith("/") or not name else name
        if name not in names:
            raise HTTPException(404)
        asset = kept.get(name) or kept.setdefault(name, packed(name, names[name].read_bytes()))
        encoding, body = asset.best(negotiate(request.headers.get("accept-encoding")))
        headers = {} if encoding == IDENTITY else {"Content-Encoding": encoding}
        return Response(body, headers=headers, media_type=asset.media_type)

    async def health(_: Request) -> Response:
        return Response()

    return Starlette(routes=[Route("/healthz", health), Route("/{name:path}", answer)])


def application() -> Starlette:
    """The host of the folder that the environment names, for a server that runs as a process of its own."""
    return host(Path(os.environ[FOLDER]))
