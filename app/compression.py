"""Compression of answers: which encoding a client wants, and the ASGI layer that applies it."""

import gzip
from functools import lru_cache, partial

import anyio.to_thread
import brotli  # type: ignore[import-untyped]
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.headers import joined

IDENTITY = "identity"
# In the order of preference where a client wants them equally.
ENCODINGS = ("br", "gzip")

# Below this the headers weigh as much as what is saved.
MIN_BYTES = 1024
# From here on compressing takes longer than a hop to a thread and back.
_THREAD_BYTES = 128 * 1024

_COMPRESSIBLE = ("application/json", "application/manifest+json", "image/svg+xml", "text/")


@lru_cache(maxsize=256)
def negotiate(accept_encoding: str | None) -> str:
    """The encoding to answer in, by an `Accept-Encoding` header (RFC 9110, 12.5.3).

    >>> negotiate("gzip, deflate, br"), negotiate("gzip;q=0.5, br;q=0"), negotiate(None), negotiate("*;q=0")
    ('br', 'gzip', 'identity', 'identity')
    """
    if accept_encoding is None:
        return IDENTITY
    weights = _weights(accept_encoding)
    # Identity needs no naming, but loses against whatever is named.
    plain = weights.get(IDENTITY, 0.0)
    best = max(ENCODINGS, key=lambda encoding: _weight(weights, encoding))
    weight = _weight(weights, best)
    return best if weight > 0 and weight >= plain else IDENTITY


def compressible(media_type: str) -> bool:
    """Whether a body of this type shrinks."""
    return media_type.startswith(_COMPRESSIBLE)


def compress(body: bytes, encoding: str, *, gzip_level: int = 6, brotli_quality: int = 5) -> bytes:
    """The body in `br` or `gzip`; the defaults are for answers made while somebody waits."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=brotli_quality))
    return gzip.compress(body, compresslevel=gzip_level, mtime=0)


async def packed(body: bytes, encoding: str) -> bytes:
    """A compressible body as it goes out: plain where that is shorter, packed beside the loop where it is long."""
    if encoding == IDENTITY or len(body) < MIN_BYTES:
        return body
    work = partial(compress, body, encoding)
    return await anyio.to_thread.run_sync(work) if len(body) >= _THREAD_BYTES else work()


class Compression:
    """Compresses finished answers; what arrives in pieces or already encoded passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        encoding = negotiate(joined(scope["headers"], b"accept-encoding"))
        await self.app(scope, receive, _Answer(send, encoding).send)


class _Answer:
    """One answer on its way out: its start waits for the body, since compressing changes both."""

    def __init__(self, send: Send, encoding: str) -> None:
        self.forward = send
        self.encoding = encoding
        self.start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._begins_compressible(message):
                self.start = message
                return
        elif self.start is not None:
            start, self.start = self.start, None
            if not message.get("more_body", False):
                message = await self._compressed(start, message)
            await self.forward(start)
        await self.forward(message)

    def _begins_compressible(self, message: Message) -> bool:
        headers = MutableHeaders(raw=message["headers"])
        if not compressible(headers.get("content-type", "")):
            return False
        headers.add_vary_header("Accept-Encoding")
        message["headers"] = headers.raw
        return self.encoding != IDENTITY and "content-encoding" not in headers

    async def _compressed(self, start: Message, message: Message) -> Message:
        plain = message.get("body", b"")
        body = await packed(plain, self.encoding)
        if body is plain:
            return message
        headers = MutableHeaders(raw=start["headers"])
        headers["content-encoding"] = self.encoding
        headers["content-length"] = str(len(body))
        start["headers"] = headers.raw
        return {**message, "body": body}


def _weight(weights: dict[str, float], encoding: str) -> float:
    return weights.get(encoding, weights.get("*", 0.0))


def _weights(header: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        coding, *parameters = (part.strip() for part in item.split(";"))
        name = coding.removeprefix("x-") if coding == "x-gzip" else coding
        if name:
            weights[name] = _quality(parameters)
    return weights


def _quality(parameters: list[str]) -> float:
    """The `q` of one coding; one that cannot be read counts as 0, since plain bytes are always understood."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0.0 <= quality <= 1.0 else 0.0
    return 1.0
