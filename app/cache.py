"""Finished answers of the API and pictures, kept in memory and asked for before routing and validation.

A trace is a pure function of its URL, so the raw query is the key: equal figures spelt differently are kept apart,
and a hit costs one look-up. What is kept is what went out: headers and compressed body.
"""

from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.compression import negotiate
from app.headers import joined, matches

CACHED_PATHS = ("/api/v1/traces/", "/api/v1/facts/", "/api/v1/limits/", "/api/v1/code/", "/api/v1/kinds", "/oembed")
CACHED_PICTURES = ("/picture.png", "/picture.svg")

Key = tuple[str, bytes, str]
Headers = list[tuple[bytes, bytes]]

# What an answer weighs beside body and query: headers and the records that hold them.
_OVERHEAD = 2048
_OF_THE_BODY = (b"content-length", b"content-type", b"content-encoding")


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer of status 200."""

    etag: str
    start: Message
    body: Message
    start_unchanged: Message

    @classmethod
    def of(cls, headers: Headers, body: bytes) -> "Answer":
        """An answer and the 304 that stands for it."""
        etag = next((value for name, value in headers if name == b"etag"), b"").decode("latin-1")
        without = [header for header in headers if header[0] not in _OF_THE_BODY]
        return cls(
            etag,
            {"type": "http.response.start", "status": 200, "headers": headers},
            {"type": "http.response.body", "body": body},
            {"type": "http.response.start", "status": 304, "headers": without},
        )

    async def send(self, send: Send, if_none_match: str | None) -> None:
        """Answer, in full or that nothing has changed."""
        if matches(if_none_match, self.etag):
            await send(self.start_unchanged)
            await send({"type": "http.response.body", "body": b""})
            return
        await send(self.start)
        await send(self.body)


class Store:
    """Answers by key, bounded in bytes; the one longest unused goes first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.hits = 0
        self.misses = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        answer = self._answers.get(key)
        if answer is None:
            self.misses += 1
        else:
            self.hits += 1
            self._answers.move_to_end(key)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        weight = _weight(key, answer)
        # One huge answer shall not drive out all others.
        if weight > self.limit // 4:
            return
        if (former := self._answers.pop(key, None)) is not None:
            self.size -= _weight(key, former)
        self._answers[key] = answer
        self.size += weight
        while self.size > self.limit:
            oldest, dropped = self._answers.popitem(last=False)
            self.size -= _weight(oldest, dropped)

    def __len__(self) -> int:
        return len(self._answers)


class Cache:
    """The ASGI layer around everything: answers from the store, or asks inside and keeps what comes."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.store = Store(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _kept(scope["path"]):
            await self.app(scope, receive, send)
            return
        encoding = negotiate(joined(scope["headers"], b"accept-encoding"))
        if_none_match = joined(scope["headers"], b"if-none-match")
        key = (scope["path"], scope["query_string"], encoding)
        answer = self.store.get(key)
        if answer is not None:
            await answer.send(send, if_none_match)
            return
        await self.app(scope, receive, _Keeper(self.store, key, if_none_match, send).send)


class _Keeper:
    """An answer on its way out: one of status 200 is kept whole before it is sent, others pass."""

    def __init__(self, store: Store, key: Key, if_none_match: str | None, send: Send) -> None:
        self.store = store
        self.key = key
        self.if_none_match = if_none_match
        self.forward = send
        self.headers: Headers | None = None
        self.chunks: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            self.headers = list(message["headers"])
        elif self.headers is None:
            await self.forward(message)
        else:
            self.chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                answer = Answer.of(self.headers, b"".join(self.chunks))
                self.store.put(self.key, answer)
                await answer.send(self.forward, self.if_none_match)


def _kept(path: str) -> bool:
    """Whether the answer is a pure function of the address, and worth its memory."""
    return path.startswith(CACHED_PATHS) or path.endswith(CACHED_PICTURES)


def _weight(key: Key, answer: Answer) -> int:
    return len(key[1]) + len(answer.body["body"]) + _OVERHEAD
