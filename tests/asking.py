"""Asks a running server over a connection of its own, and stands in for one: what was asked is kept."""

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 30  # seconds until a server counts as hanging


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        """The error that an answer of ours carries."""
        found: dict[str, Any] = json.loads(self.body)["error"]
        return found


def ask(
    url: str, path: str, method: str = "GET", *, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """One request; raises OSError or HTTPException where no answer comes."""
    with contextlib.closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        # One that comes twice is joined: it is seen, and is no longer what it should be.
        found: dict[str, str] = {}
        for name, value in answer.getheaders():
            found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
        return Answer(answer.status, found, answer.read())


def connected(url: str) -> socket.socket:
    """A bare connection."""
    host, _, port = urlsplit(url).netloc.partition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def until_closed(connection: socket.socket) -> bytes:
    """All that comes until the other side closes or drops the connection."""
    pieces = []
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def raw(url: str, request: bytes) -> bytes:
    """Bytes sent as they are, and all that comes back until the server closes."""
    with connected(url) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return until_closed(connection)


@dataclass(slots=True)
class Seen:
    """A request as the stand-in saw it; the body as far as it has come."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytearray = field(default_factory=bytearray)


Reply = Callable[[Seen], tuple[int, Mapping[str, str], bytes]]


@dataclass(slots=True)
class StandIn:
    """A server in the application's place: its address, what it saw, and how many connections it took."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0


class _Crowded(ThreadingHTTPServer):
    """A server at which hundreds may arrive at once."""

    daemon_threads = True
    request_queue_size = 1024


@contextlib.contextmanager
def standing_in(reply: Reply) -> Iterator[StandIn]:
    """A server that answers by `reply`, for as long as the block lasts."""
    server = _Crowded(("127.0.0.1", 0), BaseHTTPRequestHandler)
    # Connections that nginx holds open are not waited for.
    server.block_on_close = False
    stand_in = StandIn(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(stand_in, reply)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


def _handler(stand_in: StandIn, reply: Reply) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer is sent at once, not when the one before has been acknowledged.
        disable_nagle_algorithm = True

        def setup(self) -> None:
            stand_in.connections += 1
            super().setup()

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def _answer(self) -> None:
            seen = Seen(self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
            stand_in.seen.append(seen)
            self._read(seen)
            status, headers, body = reply(seen)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def _read(self, seen: Seen) -> None:
            if seen.headers.get("transfer-encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    seen.body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return
            left = int(seen.headers.get("content-length", 0))
            while left and (piece := self.rfile.read1(left)):
                seen.body += piece
                left -= len(piece)

    return Handler
