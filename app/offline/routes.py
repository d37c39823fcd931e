"""GET /api/v1/offline/{slug}: one file. POST /api/v1/offline: a folder of figures, as a zip file."""

import io
import zipfile
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import bodies, query
from app.answers import dumped
from app.api import ROOT
from app.offline.files import SHARED, File, one_file, sharing_file
from app.offline.html import data_of, with_data
from app.offline.making import Asked, Maker, Taken, asked_for
from app.resources import Resources
from app.settings import Settings
from app.work import Workers
from compute.errors import ConvError
from compute.kinds.base import unknown
from compute.parameters import Flag

# A file is made of this release's scripts, and is for keeping by whoever asked for it, not by caches.
_HEADERS = {"Cache-Control": "no-store"}
_PATHS = ("/embed/", "/learn/")


def add_routes(app: FastAPI, resources: Resources, settings: Settings, workers: Workers) -> None:
    """Both routes."""
    maker = Maker(resources, settings, workers)

    async def one(request: Request) -> Response:
        pairs = query.read(request.scope["query_string"], settings.query_limit)
        estimate = "estimate" in pairs and Flag().parse(pairs.pop("estimate"), "estimate")
        taken = await maker.take(request.app, asked_for(request.path_params["slug"], pairs))
        name = f"{taken.asked.name}.html"
        written = partial(one_file, taken.page, maker.assets, taken.held, maker.linking)
        body = (await workers.run(written)).encode()
        if estimate:
            told = {"figures": len(taken.pack.keys), "bytes": len(body), "name": name}
            return Response(dumped(told), headers=_HEADERS, media_type="application/json")
        return attachment(body, name, "text/html; charset=utf-8")

    async def many(request: Request) -> Response:
        query.refuse_all(request.scope["query_string"], settings.query_limit)
        body = bodies.parse(await bodies.read(request, settings.body_limit))
        taken, room = [], settings.offline_figures
        for asked in _figures(body, settings):
            taken.append(await maker.take(request.app, asked, room))
            room -= len(taken[-1].pack.keys)
        archive = await workers.run(lambda: _zip(_folder(taken, maker)))
        return attachment(archive, "convoscope.zip", "application/zip")

    app.add_api_route(f"{ROOT}/offline/{{slug}}", one, methods=["GET"], include_in_schema=False)
    app.add_api_route(f"{ROOT}/offline", many, methods=["POST"], include_in_schema=False)


def attachment(body: bytes, name: str, media_type: str) -> Response:
    """A file for the reader's disk."""
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type=media_type)


def _figures(body: Mapping[str, Any], settings: Settings) -> list[Asked]:
    for name in body:
        if name != "figures":
            raise unknown(name, ["figures"])
    figures = body.get("figures")
    if not isinstance(figures, list) or not figures or not all(isinstance(one, str) for one in figures):
        raise ConvError(
            "wrong_type",
            "figures",
            "figures must be a list of addresses of figures.",
            'Write {"figures": ["/embed/dilated?dilation=2"]}.',
            wanted="a list of addresses",
            found=type(figures).__name__,
        )
    if len(figures) > settings.offline_figures:
        raise ConvError(
            "too_many_figures",
            "figures",
            f"These are {len(figures):,} figures; {settings.offline_figures:,} have room in a folder.",
            "Ask for several folders.",
            count=len(figures),
            limit=settings.offline_figures,
            longest="figures",
        )
    return [_asked(address, settings) for address in figures]


def _asked(address: str, settings: Settings) -> Asked:
    parts = urlsplit(address.removeprefix(settings.base_url) if settings.base_url else address)
    prefix = next((path for path in _PATHS if parts.path.startswith(path)), None)
    if prefix is None or parts.netloc:
        raise ConvError(
            "not_a_figure",
            "figures",
            f"«{address[:80]}» is no address of a figure here.",
            "Write /embed/ and the name of a type, then its parameters: /embed/dilated?dilation=2.",
            given=address[:80],
            form="/embed/dilated?dilation=2",
        )
    return asked_for(parts.path.removeprefix(prefix), query.read(parts.query.encode(), settings.query_limit))


def _folder(taken: list[Taken], maker: Maker) -> list[File]:
    """A small page a figure, and what they share: styles, player and words."""
    shared: dict[str, bytes] = {}
    files = []
    for number, one in enumerate(taken, 1):
        page, lang, words = _without_words(one.page)
        place = f"{SHARED}/words-{lang}.js"
        shared[place] = words
        text = sharing_file(page, maker.assets, one.held, maker.linking, shared, place)
        files.append(File(f"{number:02}-{one.asked.name.removeprefix('convoscope-')}.html", text.encode()))
    return [*files, *(File(name, body) for name, body in sorted(shared.items()))]


def _without_words(page: str) -> tuple[str, str, bytes]:
    """A page whose words are in a file of their own, its language, and that file."""
    data = data_of(page)
    words = dumped(data.pop("strings"))
    script = b"// The words of the figures: put into the page before its player reads them.\n{" + _WORDS % words
    return with_data(page, data), str(data["lang"]), script


_WORDS = b"""
  const place = document.getElementById("page-data");
  place.textContent = JSON.stringify({ ...JSON.parse(place.textContent), strings: %s });
}
"""


def _zip(files: list[File]) -> bytes:
    """The same files make the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(f"convoscope/{file.name}"), file.body, zipfile.ZIP_DEFLATED)
    return held.getvalue()
