"""The outermost layer: every request gets an id, and is counted and told of when it is over."""

import os
import re
from contextvars import ContextVar
from itertools import count
from time import perf_counter
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import stacks
from app.life import Life

ID_HEADER = b"x-request-id"
# What others call a request is taken over where it is short and can do no harm in a header, a log or a page.
_WELL_FORMED = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}").fullmatch
_CLOSE = (b"connection", b"close")

request_id: ContextVar[str] = ContextVar("request_id", default="")


class Observed:
    """One request as it is told of: no contents, no query, and the address of who asked only where a setting wants it.

    Attributes:
        id: what it is called in headers, logs, and in answers about faults of ours.
        method, path: what was asked for.
        client: the address it came from.
        status: of the answer; 0 where none began.
        size: bytes of the answer's body, as they were sent.
        seconds: from the first look at it to the last byte handed over.
        error: the code of the error it was answered with, or the name of an exception that nobody foresaw.
    """

    __slots__ = ("client", "error", "id", "method", "path", "seconds", "size", "status")

    def __init__(self, scope: Scope, name: str) -> None:
        self.id = name
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.client: str = (scope.get("client") or ("",))[0]
        self.status = 0
        self.size = 0
        self.seconds = 0.0
        self.error = ""


class Observer(Protocol):
    """Somebody who is told of every request when it is over."""

    def __call__(self, observed: Observed) -> None: ...


class Observing:
    """Names requests and tells the observers of them.

    Attributes:
        in_flight: requests that have come and whose answers are not sent; counted where somebody observes.
    """

    def __init__(self, app: ASGIApp, life: Life, observers: tuple[Observer, ...]) -> None:
        self.app = app
        self.in_flight = 0
        self._life = life
        self._observers = observers
        # Unlike any other process, and quicker to make than something random for each.
        self._prefix = os.urandom(6).hex()
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = _given(scope) or f"{self._prefix}-{next(self._numbers):x}"
        request_id.set(name)
        added = [(ID_HEADER, name.encode())]
        if self._life.state == "stopping":
            # Whoever keeps its connection would find it gone with its next request.
            added.append(_CLOSE)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Answers from the cache share their message: it stays as it is.
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        if self._observers:
            await self._observed(scope, receive, send_named, name)
        else:
            await self.app(scope, receive, send_named)

    async def _observed(self, scope: Scope, receive: Receive, send: Send, name: str) -> None:
        observed = scope["observed"] = Observed(scope, name)

        async def send_observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                observed.status = message["status"]
            else:
                observed.size += len(message.get("body", b""))
            await send(message)

        began = perf_counter()
        self.in_flight += 1
        try:
            await self.app(scope, receive, send_observed)
        except BaseException as error:
            observed.error = stacks.kind(error)
            raise
        finally:
            self.in_flight -= 1
            observed.seconds = perf_counter() - began
            for observer in self._observers:
                observer(observed)


def _given(scope: Scope) -> str:
    """The id that the client has given its request, where it is well-formed."""
    for name, value in scope["headers"]:
        if name == ID_HEADER and _WELL_FORMED(value):
            return str(value, "ascii")
    return ""
