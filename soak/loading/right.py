"""What is right to answer: worked out beforehand by an application of this process, which no fault meets."""

import asyncio
import gzip
import multiprocessing
import os
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote

import brotli  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message

from app.main import create_app
from app.settings import Settings
from soak.loading.line import Answer

# From so many addresses on, several processes work them out; each takes a second to start.
_MANY = 400


class Rights:
    """The right bodies of addresses, as digests; what was found right once is then compared byte by byte, which is
    quick."""

    def __init__(self, application: ASGIApp | None = None) -> None:
        self._application = application or _own()
        self._digests: dict[str, bytes] = {}
        self._seen: dict[str, bytes] = {}

    async def learn(self, targets: Iterable[str]) -> None:
        """Work out the answers of these addresses; ValueError where one is not 200."""
        new = [target for target in dict.fromkeys(targets) if target not in self._digests]
        found = _shared_out(new) if len(new) >= _MANY else await _digests(self._application, new)
        self._digests.update(zip(new, found, strict=True))

    async def body(self, target: str) -> bytes:
        """The right answer itself, worked out once more."""
        return (await answer_of(self._application, target))[1]

    def holds(self, target: str, answer: Answer) -> bool:
        """Whether these are the bytes that were to come."""
        if self._seen.get(target) == answer.body:
            return True
        if digest(unpacked(answer)) != self._digests[target]:
            return False
        self._seen[target] = answer.body
        return True

    def __len__(self) -> int:
        return len(self._digests)


async def _digests(application: ASGIApp, targets: Sequence[str]) -> list[bytes]:
    found = []
    for target in targets:
        status, body = await answer_of(application, target)
        if status != 200:
            raise ValueError(f"{target} is answered with {status}")
        found.append(digest(body))
    return found


def _shared_out(targets: Sequence[str]) -> list[bytes]:
    """The same, by a process a processor."""
    pieces = [targets[n : n + _MANY // 2] for n in range(0, len(targets), _MANY // 2)]
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        return [one for piece in pool.map(_piece, pieces) for one in piece]


def _piece(targets: Sequence[str]) -> list[bytes]:
    return asyncio.run(_digests(_own(), targets))


@cache
def _own() -> ASGIApp:
    """An application that keeps no answer, so that each is worked out."""
    return create_app(Settings(cache_bytes=0))


def unpacked(answer: Answer) -> bytes:
    """The body as it was before compression; nothing where it cannot be unpacked."""
    try:
        if answer.encoding == "br":
            return bytes(brotli.decompress(answer.body))
        return gzip.decompress(answer.body) if answer.encoding == "gzip" else answer.body
    except (brotli.error, OSError, EOFError, zlib.error):
        return b""


def digest(body: bytes) -> bytes:
    """Sixteen bytes that stand for a body."""
    return blake2b(body, digest_size=16).digest()


async def answer_of(application: ASGIApp, target: str) -> tuple[int, bytes]:
    """Status and body of a GET without headers, asked of an application by ASGI."""
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": None,
        "server": ("127.0.0.1", 80),
    }
    status, chunks = 0, []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            chunks.append(message.get("body", b""))

    await application(scope, receive, send)
    return status, b"".join(chunks)
