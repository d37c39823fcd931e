"""Finished answers of the API, pictures and pages, kept in memory and asked for before routing and validation.

A trace is a pure function of its URL, so the raw query is the key: equal figures spelt differently are kept apart,
and a hit costs one look-up. A page is one of its URL and its language. What is kept is what went out: headers and
compressed body.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import language
from app.answers import AnswerQuery
from app.compression import IDENTITY, negotiate, packed
from app.embed import PATH as EMBED
from app.headers import CACHE_CONTROL, joined, matches, weak_etag
from app.security import headers_of

CACHED_PATHS = ("/api/v1/traces/", "/api/v1/facts/", "/api/v1/limits/", "/api/v1/code/", "/api/v1/kinds", "/oembed")
CACHED_PICTURES = ("/picture.png", "/picture.svg")
CACHED_PAGES = ("/learn/", EMBED, "/compare", "/docs")

Key = tuple[str, bytes, str]
Headers = list[tuple[bytes, bytes]]

# What an answer weighs beside body and query: headers and the records that hold them.
_OVERHEAD = 2048
_OF_ANSWERS = (
    (b"cache-control", CACHE_CONTROL.encode()),
    (b"content-type", b"application/json"),
    (b"vary", b"Accept-Encoding"),
)
_OF_THE_BODY = (b"content-length", b"content-type", b"content-encoding")


@dataclass(slots=True)
class Answer:
    """A finished answer of status 200, and the 304 that stands for it."""

    start: Message
    body: Message

    @classmethod
    def of(cls, headers: Headers, body: bytes) -> "Answer":
        """An answer by its headers and its body as it goes out."""
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        return cls(start, {"type": "http.response.body", "body": body})

    async def send(self, send: Send, if_none_match: str | None) -> None:
        """Answer, in full or that nothing has changed."""
        if if_none_match is not None:
            headers = self.start["headers"]
            etag = next((value for name, value in headers if name == b"etag"), b"").decode("latin-1")
            if matches(if_none_match, etag):
                without = [header for header in headers if header[0] not in _OF_THE_BODY]
                await send({"type": "http.response.start", "status": 304, "headers": without})
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

    def clear(self) -> None:
        """Forget every answer."""
        self._answers.clear()
        self.size = 0

    def __len__(self) -> int:
        return len(self._answers)


class Cache:
    """The ASGI layer around everything: answers from the store, or asks inside and keeps what comes."""

    def __init__(
        self, app: ASGIApp, limit: int, answers: Mapping[str, AnswerQuery], languages: Collection[str]
    ) -> None:
        self.app = app
        self.store = Store(limit)
        self.answers = {path: (by_query, [*_OF_ANSWERS, *headers_of(path)]) for path, by_query in answers.items()}
        self._being_made: dict[Key, anyio.Event] = {}
        # Browsers send few forms of the header, and reading one takes longer than the rest of a hit.
        self.language = lru_cache(maxsize=256)(lambda accept: language.chosen(None, accept, languages))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        page = _is_page(path)
        if scope["method"] != "GET" or not (page or _kept(path)):
            await self.app(scope, receive, send)
            return
        encoding = negotiate(joined(scope["headers"], b"accept-encoding"))
        if_none_match = joined(scope["headers"], b"if-none-match")
        variant = encoding
        if page:
            accepted = joined(scope["headers"], b"accept-language") or ""
            variant = f"{encoding} {self.language(accepted[: language.MOST_READ])}"
        key = (path, scope["query_string"], variant)
        answer = self.store.get(key)
        if answer is not None:
            await answer.send(send, if_none_match)
            return
        answer = await self._made(path, key[1], encoding)
        if answer is not None:
            self.store.put(key, answer)
            await answer.send(send, if_none_match)
            return
        await self._routed(key, if_none_match, scope, receive, send)

    async def _routed(self, key: Key, if_none_match: str | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Asks inside. A hall that opens one page at once has it made once: the others wait for it."""
        if (made := self._being_made.get(key)) is not None:
            await made.wait()
            if (answer := self.store.get(key)) is not None:
                await answer.send(send, if_none_match)
                return
        made = self._being_made[key] = anyio.Event()
        try:
            await self.app(scope, receive, _Keeper(self.store, key, if_none_match, send).send)
        finally:
            made.set()
            if self._being_made.get(key) is made:
                del self._being_made[key]

    async def _made(self, path: str, query: bytes, encoding: str) -> Answer | None:
        """A light answer made without a route, which would take as long as a small trace; None where only a route can.

        Whatever this raises, the route raises too, and it is answered there.
        """
        found = self.answers.get(path)
        if found is None:
            return None
        by_query, same = found
        try:
            plain = by_query(query)
        except Exception:
            return None
        if plain is None:
            return None
        body = plain if encoding == IDENTITY else await packed(plain, encoding)
        headers = [(b"content-length", b"%d" % len(body)), (b"etag", weak_etag(plain).encode()), *same]
        if body is not plain:
            headers.append((b"content-encoding", encoding.encode()))
        return Answer.of(headers, body)


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


def _is_page(path: str) -> bool:
    return path == "/" or path.startswith(CACHED_PAGES)


def _weight(key: Key, answer: Answer) -> int:
    return len(key[1]) + len(answer.body["body"]) + _OVERHEAD
