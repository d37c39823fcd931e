"""One keep-alive connection: requests are sent as ready bytes, answers read by their `Content-Length`."""

import asyncio
import re
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_ENCODING = re.compile(rb"\r\ncontent-encoding: *([a-z]+)", re.IGNORECASE)
_LAST = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_BODILESS = (204, 304)
HEAD_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer as it came over the wire."""

    status: int
    head: bytes
    body: bytes

    @property
    def encoding(self) -> str:
        """What the body is packed in."""
        found = _ENCODING.search(self.head)
        return found[1].decode().lower() if found else "identity"

    def header(self, name: str) -> str:
        """A header's value; empty where there is none."""
        found = re.search(rb"\r\n" + re.escape(name.encode()) + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else ""


class Broken(ConnectionError):
    """The connection ended before the answer was whole.

    Attributes:
        received: the bytes of the answer that had come.
    """

    def __init__(self, reason: str, received: int) -> None:
        super().__init__(f"{reason} after {received} bytes of an answer")
        self.received = received


class Line(asyncio.Protocol):
    """One connection, one question at a time."""

    def __init__(self) -> None:
        self._waiting: asyncio.Future[Answer] | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self._needed = 0
        self._end = 0
        self.open = False

    @classmethod
    async def to(cls, url: str) -> "Line":
        """A connection to the server at this address, which must be on this machine."""
        host, port = address(url)
        _, line = await asyncio.get_running_loop().create_connection(cls, host, port)
        return line

    async def ask(self, request: bytes) -> Answer:
        """The answer; raises Broken."""
        return await self.asked(request)

    def asked(self, request: bytes) -> "asyncio.Future[Answer]":
        """Send, and give back what will hold the answer."""
        if not self.open:
            raise Broken("closed", 0)
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def send(self, data: bytes) -> None:
        """Bytes that nobody waits to see answered yet."""
        self._transport.write(data)

    def close(self) -> None:
        """End it at once, whatever is under way."""
        if self.open:
            self.open = False
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.open = True

    def data_received(self, data: bytes) -> None:
        self._chunks.append(data)
        self._size += len(data)
        if self._size < self._needed:
            return
        whole = data if len(self._chunks) == 1 else b"".join(self._chunks)
        if not self._needed and not self._measured(whole):
            return
        if self._size >= self._needed:
            self._finish(whole)

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Broken(type(error).__name__ if error else "closed", self._size))

    def _measured(self, whole: bytes) -> bool:
        """Whether the head is there, and with it how long the answer is."""
        self._chunks = [whole]
        self._end = whole.find(b"\r\n\r\n") + 4
        if self._end < 4:
            if self._size > HEAD_MOST:
                self._fail("a head without an end")
            return False
        length = _LENGTH.search(whole, 0, self._end)
        if length is None and int(whole[9:12]) not in _BODILESS:
            self._fail("an answer without a length")
            return False
        self._needed = self._end + (int(length[1]) if length and int(whole[9:12]) not in _BODILESS else 0)
        return True

    def _finish(self, whole: bytes) -> None:
        waiting, self._waiting = self._waiting, None
        answer = Answer(int(whole[9:12]), whole[: self._end], whole[self._end : self._needed])
        self._chunks, self._size, self._needed = [], 0, 0
        if _LAST.search(answer.head):
            self.close()
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _fail(self, reason: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Broken(reason, self._size))
        self._transport.abort()


def address(url: str) -> tuple[str, int]:
    """Host and port; ValueError for any host but this machine."""
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1" or parts.port is None:
        raise ValueError(f"only servers on 127.0.0.1 are asked, not {url}")
    return parts.hostname, parts.port


def request(target: str, encoding: str = "br", **headers: str) -> bytes:
    """The bytes that ask for an address.

    >>> request("/healthz", "identity")
    b'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nAccept-Encoding: identity\\r\\n\\r\\n'
    """
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {encoding}\r\n{more}\r\n".encode()
