"""One request put to an ASGI application in this process, and all that came back, with the time that it took."""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

# Whoever waits so long for an answer in this process waits for ever, however busy the machine is.
PATIENCE = 120.0  # seconds

Headers = tuple[tuple[bytes, bytes], ...]


class Stuck(Exception):
    """An answer did not come in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request as it comes over the wire.

    Attributes:
        path: as in the request line, percent-encoded.
        body: the pieces in which it arrives.
        leaves: whether the client goes away where the body would end.
    """

    method: str = "GET"
    path: bytes = b"/"
    query: bytes = b""
    headers: Headers = ()
    body: tuple[bytes, ...] = ()
    leaves: bool = False

    @property
    def scope(self) -> dict[str, Any]:
        """What uvicorn makes of it."""
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": unquote(self.path.decode("latin-1")),
            "raw_path": self.path,
            "query_string": self.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in self.headers],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        status: 0 where nothing came.
        body: as it was sent, compressed or not.
        error: the exception that left the application, with its stack; empty without one.
        cpu, wall: seconds, CPU of all threads of this process.
        whole: whether the application said that the answer is at its end.
    """

    status: int = 0
    headers: Headers = ()
    body: bytes = b""
    error: str = ""
    cpu: float = 0.0
    wall: float = 0.0
    whole: bool = True

    def header(self, name: bytes) -> str:
        """A header's value; empty where it is absent."""
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name), "")


async def ask(app: ASGIApp, request: Ask, patience: float = PATIENCE) -> Answer:
    """The application's answer; what it raises is part of the answer."""
    came = _Coming(request)
    return await timed(lambda: app(request.scope, came.receive, came.send), came.answered, patience)


async def timed(
    work: Callable[[], Awaitable[object]], answered: Callable[[str, float, float], Answer], patience: float = PATIENCE
) -> Answer:
    """Does the work, and makes an answer of its exception (or none), its CPU and its wall time."""
    error = ""
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        async with asyncio.timeout(patience):
            await work()
    except TimeoutError:
        error = f"no answer within {patience:g} s"
    except Exception:
        error = _told()
    return answered(error, time.process_time() - cpu, time.perf_counter() - wall)


class _Coming:
    """The other end of the connection."""

    def __init__(self, request: Ask) -> None:
        self.waiting = list(request.body) or [b""]
        self.leaves = request.leaves
        self.start: Message = {"status": 0, "headers": []}
        self.body: list[bytes] = []
        self.done = asyncio.Event()

    async def receive(self) -> Message:
        if self.waiting:
            piece = self.waiting.pop(0)
            more = bool(self.waiting) or self.leaves
            return {"type": "http.request", "body": piece, "more_body": more}
        if not self.leaves:
            await self.done.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                self.done.set()

    def answered(self, error: str, cpu: float, wall: float) -> Answer:
        return Answer(
            status=self.start["status"],
            headers=tuple((bytes(name), bytes(value)) for name, value in self.start["headers"]),
            body=b"".join(self.body),
            error=error,
            cpu=cpu,
            wall=wall,
            whole=self.done.is_set(),
        )


def _told() -> str:
    lines = traceback.format_exc().strip().splitlines()
    return "\n".join(lines[-9:])
