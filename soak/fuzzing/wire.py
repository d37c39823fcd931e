"""Bytes that are no honest HTTP, sent to a real server over a real socket."""

import json
import re
import socket
import time
import urllib.request
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from soak.fuzzing import addresses, bodies, grammar
from soak.fuzzing.grammar import chance
from soak.fuzzing.running import TOLD, Fault, Row
from soak.fuzzing.watched import TOLD as TOLD_AT
from tests.servers import running_app

NAME = "over the wire"
# Seconds: how long an answer is waited for where none need come, and how long one may take to come.
_QUIET = 0.06
LIMIT = 1.0
# A connection that is neither answered nor closed after this is a fault, whatever else the machine does.
_PATIENCE = 10.0
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
# After so many inputs the server is asked whether it is well.
_EVERY = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Bytes in the pieces in which they leave, and whether an answer or an end must come of itself."""

    pieces: tuple[bytes, ...]
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What came back: statuses in their order, seconds to the first byte, and whether the connection ended."""

    statuses: tuple[int, ...]
    seconds: float
    ended: bool


def sent(rng: Random) -> Sent:
    """One of the ways to misuse a connection."""
    return rng.choice(_WAYS)(rng)


def _target(rng: Random) -> bytes:
    ask = rng.choice((addresses.of_kind, addresses.path, addresses.headers))(rng)
    return (ask.path + (b"?" + ask.query if ask.query else b"")).translate(None, b"\r\n \0") or b"/"


def _request_line(rng: Random) -> Sent:
    lines = (
        *(
            b"GET",
            b"GET /",
            b"GET  / HTTP/1.1",
            b"GET / HTTP/9.9",
            b"GET / HTTP/1.1 x",
            b"/ GET HTTP/1.1",
            b"\x00 / HTTP/1.1",
        ),
        *(
            b"GET / http/1.1",
            b"G\xc3\x89T / HTTP/1.1",
            b"GET /\x80\xff HTTP/1.1",
            b"GET http://[ HTTP/1.1",
            b"GET * HTTP/1.1",
        ),
        *(
            b"PRI * HTTP/2.0",
            b"CONNECT x:1 HTTP/1.1",
            b"OPTIONS * HTTP/1.1",
            b"GET " + b"/x" * 40_000 + b" HTTP/1.1",
            b"\x16\x03\x01\x02\x00",
        ),
        *(
            b"A" * 70_000,
            b"GET //x/../y HTTP/1.1",
            b"GET /%00 HTTP/1.1",
            b"GET ?a=1 HTTP/1.1",
            b"GET /\t/ HTTP/1.1",
            grammar.mangled(rng, b"GET / HTTP/1.1"),
        ),
    )
    return Sent(pieces=(rng.choice(lines) + rng.choice((b"\r\n", b"\n", b"\r")) + b"Host: x\r\n\r\n",))


def _any_target(rng: Random) -> Sent:
    return Sent(pieces=(b"GET " + _target(rng) + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",))


def _header_lines(rng: Random) -> Sent:
    lines = (
        *(
            b"x" * 100_000,
            b"A: " + b"b" * 100_000,
            b"A: b\r\n" * 5_000,
            b": x",
            b" folded: x\r\n more",
            b"A\x00: b",
            b"A : b",
            b"A:\x00",
        ),
        *(
            b"Host: a\r\nHost: b",
            b"Content-Length: 5\r\nContent-Length: 6",
            b"Content-Length: -1",
            b"Content-Length: 1e9",
            b"Content-Length: 99999999999999999999",
        ),
        *(
            b"Transfer-Encoding: chunked\r\nContent-Length: 3",
            b"Transfer-Encoding: identity, chunked",
            b"Transfer-Encoding: \x0bchunked",
            b"Upgrade: h2c\r\nConnection: Upgrade",
        ),
        *(
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
            b"Expect: 100-continue",
            b"Expect: x",
            b"\xff\xfe: \xff",
            b"Cookie: " + b"a=b;" * 9_000,
        ),
    )
    method = rng.choice((b"GET", b"POST"))
    return Sent(
        pieces=(
            method
            + b" "
            + rng.choice((b"/healthz", b"/api/v1/traces/layer"))
            + b" HTTP/1.1\r\n"
            + rng.choice(lines)
            + b"\r\n\r\n",
        )
    )


def _chunked(rng: Random) -> Sent:
    bad = (
        *(
            b"zz\r\n{}\r\n0\r\n\r\n",
            b"-1\r\n{}\r\n0\r\n\r\n",
            b"ffffffffffffffffff\r\n{}",
            b"2\r\n{}{}\r\n0\r\n\r\n",
            b"2\r\n{}\r\n",
            b"2;" + b"x" * 70_000 + b"\r\n{}",
        ),
        *(
            b"2\n{}\n0\n\n",
            b"0x2\r\n{}\r\n0\r\n\r\n",
            b"2\r\n{}\r\n0\r\nTrailer: x\r\n\r\n",
            b"\r\n\r\n",
            b"1\r\n{\r\n" * 3_000,
            b"+2\r\n{}\r\n0\r\n\r\n",
        ),
    )
    good = b"2\r\n{}\r\n0\r\n\r\n"
    head = b"POST /api/v1/facts/layer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = good if chance(rng, 10) else rng.choice(bad)
    return Sent(pieces=(head, body), complete=body == good)


def _truncated(rng: Random) -> Sent:
    ask = rng.choice((bodies.json_body, bodies.upload, bodies.code))(rng)
    body = b"".join(ask.body)
    said = len(body) if chance(rng, 30) else max(len(body) + rng.choice((-3, 1, 10_000, 10**7, 10**12)), 0)
    head = b"POST " + ask.path.translate(None, b" ") + b" HTTP/1.1\r\nHost: x\r\nX-Convoscope: export\r\n"
    types = next((value for name, value in ask.headers if name == b"content-type"), b"application/json")
    head += b"Content-Type: " + types + b"\r\nContent-Length: %d\r\n\r\n" % said
    at = rng.randint(0, len(body))
    return Sent(pieces=(head, body[:at], *((body[at:],) if chance(rng, 50) else ())))


def _pipelined(rng: Random) -> Sent:
    one = b"GET /api/v1/facts/" + rng.choice(grammar.SLUGS).encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    rest = rng.choice(
        (b"", b"\r\n\r\n", b"GET", b"\x00\x01\x02", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123", one[:-2])
    )
    return Sent(pieces=(one * rng.choice((1, 2, 5, 20)) + rest,), complete=True)


def _noise(rng: Random) -> Sent:
    raw = b"GET /healthz HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"
    return Sent(pieces=(rng.randbytes(rng.choice((1, 50, 3_000))) if chance(rng, 40) else grammar.mangled(rng, raw),))


_WAYS = (_request_line, _any_target, _header_lines, _chunked, _truncated, _pipelined, _noise)


def exchanged(address: tuple[str, int], what: Sent) -> Back:
    """Sends it, says that no more comes, and takes what there is until the server ends the connection."""
    received = b""
    first: float | None = None
    with socket.create_connection(address, timeout=_PATIENCE) as connection:
        began = time.perf_counter()
        ended = False
        try:
            for piece in what.pieces:
                connection.sendall(piece)
            connection.settimeout(_PATIENCE if what.complete else _QUIET)
            while not ended:
                try:
                    more = connection.recv(65536)
                except TimeoutError:
                    if connection.gettimeout() == _PATIENCE:
                        break
                    # Nothing, or no more: the server waits for us.
                    connection.settimeout(_PATIENCE)
                    connection.shutdown(socket.SHUT_WR)
                    continue
                first = first or (time.perf_counter() - began)
                ended = not more
                received += more
                connection.settimeout(_QUIET)
        except (ConnectionError, OSError):
            ended = True
    return Back(statuses=tuple(map(int, _STATUS.findall(received))), seconds=first or 0.0, ended=ended)


def faults(what: Sent, back: Back, limit: float = LIMIT) -> list[str]:
    """What is wrong with what came back."""
    found = [f"status {status}" for status in back.statuses if status >= 500 and status not in (501, 503, 507)]
    if not back.ended:
        found.append("hang: the connection was neither answered nor ended")
    if what.complete and not back.statuses:
        found.append("no answer")
    if back.seconds > limit:
        found.append(f"slow: {back.seconds:.2f} s to the first byte")
    return found


def judged(address: tuple[str, int], what: Sent, limit: float = LIMIT) -> tuple[Back, list[str]]:
    """The outcome; a slow one is tried twice more, since it is measured on a machine that does other things too."""
    back = exchanged(address, what)
    found = faults(what, back, limit)
    for _ in range(2):
        if not any(one.startswith("slow") for one in found):
            break
        back = exchanged(address, what)
        found = faults(what, back, limit)
    return back, found


def run(seed: int, count: int) -> Row:
    """So many connections, one after another, to a server that is started for them."""
    with running_app("soak.fuzzing.watched:app") as url:
        return against(url, seed, count)


def against(url: str, seed: int, count: int) -> Row:
    """So many connections to a running server."""
    place = urlsplit(url)
    address = (place.hostname or "", place.port or 0)
    row = Row(area=NAME)
    began = time.monotonic()
    for number in range(count):
        what = sent(Random(f"{seed}/{NAME}/{number}"))
        back, found = judged(address, what)
        row.add("/".join(map(str, sorted(set(back.statuses)))) or "closed", back.seconds * 1000)
        where = f"--seed {seed} --area {NAME!r}, number {number}"
        if found:
            row.blame(Fault(where=where, sort=found[0], what="; ".join(found), smallest=repr(what)[:3_000]))
        if number % _EVERY == _EVERY - 1 or number == count - 1:
            for raised in _told(url):
                sort = raised.splitlines()[-1]
                if sum(one.sort == sort for one in row.faults) < TOLD:
                    row.blame(
                        Fault(where=f"{where} or before", sort=sort, what=raised, smallest=raised.splitlines()[0])
                    )
    row.seconds = time.monotonic() - began
    return row


def _told(url: str) -> list[str]:
    """What the application raised; the server must still answer that."""
    with urllib.request.urlopen(url + TOLD_AT, timeout=_PATIENCE) as answer:
        told: list[str] = json.load(answer)
        return told
