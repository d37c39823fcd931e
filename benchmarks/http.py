"""Requests a second for a trace, cached and computed, as a share of a bare Starlette that returns as many bytes.

Each server is one uvicorn process (uvloop, httptools) with the same settings, and once an nginx with our configuration
before one. The load generator is this file: asyncio protocols over keep-alive connections on loopback, on a core of its
own where there are two; all servers share the other. Servers take turns, round after round, so that a disturbance meets
all of them.
"""

import asyncio
import contextlib
import itertools
import os
import re
import statistics
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.proxies import running_nginx
from tests.servers import running_app

PATH = "/api/v1/traces/single-channel"
CONNECTIONS = 16
SECONDS = 1.2
ROUNDS = 7
_CONTENT_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (\d+)")
SIZE = "CONVOSCOPE_BENCH_BYTES"
# What is measured is nginx, not its limits.
UNLIMITED = {"rate": "1000000r/s", "keepalive_requests": "1000000000"}


@dataclass
class Target:
    """What is measured: a server, and the addresses asked of it one after another."""

    name: str
    url: str
    paths: Iterator[str]
    encoding: str = "identity"
    rates: list[float] = field(default_factory=list)


class Client(asyncio.Protocol):
    """One connection that asks, waits for the whole answer, and asks again; an answer other than 200 ends it all."""

    def __init__(self, paths: Iterator[str], encoding: str, done: asyncio.Future[None]) -> None:
        self.paths = paths
        self.headers = f" HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {encoding}\r\n\r\n"
        self.done = done
        self.answered = 0
        self.received = b""
        self.expected = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.ask()

    def ask(self) -> None:
        self.transport.write(f"GET {next(self.paths)}{self.headers}".encode())

    def data_received(self, data: bytes) -> None:
        self.received = self.received + data if self.received else data
        self.expected = self.expected or _length(self.received)
        if self.expected and len(self.received) >= self.expected:
            self.received = b""
            self.expected = 0
            self.answered += 1
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))


BODY = b"x" * int(os.environ.get(SIZE, "0"))


async def ready_bytes(request: Request) -> Response:
    """The measure: nothing but an answer that is ready."""
    return Response(BODY, media_type="application/json")


bare = Starlette(routes=[Route(PATH, ready_bytes), Route("/healthz", ready_bytes)])


async def measure() -> None:
    """Run all rounds and print the table."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    with contextlib.ExitStack() as stack:
        _stay_on(cores[-1])
        ours = stack.enter_context(running_app())
        size = await asyncio.to_thread(_size_of, f"{ours}{PATH}?input_size=5&seed=0")
        with_bytes = {SIZE: str(size)}
        starlette = stack.enter_context(running_app("benchmarks.http:bare", **with_bytes))
        nginx = stack.enter_context(running_nginx(ours, written=None, **UNLIMITED))
        _stay_on(cores[0])
        cached, seeds = f"{PATH}?input_size=5&seed=0", itertools.count(1)
        other_seeds = (f"{PATH}?input_size=5&seed={seed}" for seed in seeds)
        targets = [
            Target("bare Starlette", starlette, itertools.repeat(PATH)),
            Target("cached", ours, itertools.repeat(cached)),
            Target("computed: other numbers", ours, other_seeds),
            Target("computed: another figure", ours, _figures(seeds)),
            Target("computed and compressed", ours, other_seeds, "br"),
            Target("cached by nginx", nginx, itertools.repeat(cached)),
            Target("cached by nginx, compressed", nginx, itertools.repeat(cached), "br"),
        ]
        busy = await _rounds(targets)
    _print(targets, size, len(cores), busy)


def _figures(seeds: Iterator[int]) -> Iterator[str]:
    """Figures of 5 × 5 cells of which none is like one of the last thousand: nothing that is kept of them helps."""
    sizes = itertools.cycle(itertools.product(range(1, 6), range(1, 6), range(7), range(1, 4), ("true", "false")))
    for kernel, stride, padding, dilation, bias in sizes:
        if dilation * (kernel - 1) < 5 + 2 * padding:
            sliders = f"kernel_size={kernel}&stride={stride}&padding={padding}&dilation={dilation}&bias={bias}"
            yield f"{PATH}?input_size=5&{sliders}&seed={next(seeds)}"


async def _rounds(targets: list[Target]) -> float:
    """Fill in the rates; the load generator's own share of a core, at its busiest."""
    busiest = 0.0
    for number in range(ROUNDS + 1):
        for target in targets:
            used, began = time.process_time(), time.perf_counter()
            rate = await _load(target)
            busiest = max(busiest, (time.process_time() - used) / (time.perf_counter() - began))
            # The first round warms up.
            if number:
                target.rates.append(rate)
    return busiest


async def _load(target: Target) -> float:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    host, port = urlsplit(target.url).netloc.split(":")
    clients = []
    for _ in range(CONNECTIONS):
        _, client = await loop.create_connection(lambda: Client(target.paths, target.encoding, done), host, int(port))
        clients.append(client)
    before, began = sum(client.answered for client in clients), time.perf_counter()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(done), SECONDS)
    rate = (sum(client.answered for client in clients) - before) / (time.perf_counter() - began)
    done.cancel()
    for client in clients:
        client.transport.abort()
    return rate


def _length(received: bytes) -> int:
    """Bytes of the whole answer, or 0 until its headers are there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    length = _CONTENT_LENGTH.search(received, 0, end)
    if length is None or not received.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(received[:end].decode("latin-1"))
    return end + 4 + int(length[1])


def _size_of(url: str) -> int:
    with urllib.request.urlopen(url) as answer:
        return len(answer.read())


def _stay_on(core: int) -> None:
    """This process, and those it starts from now on, use one core; where the system knows no such thing, any."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def _print(targets: list[Target], size: int, cores: int, busy: float) -> None:
    base = statistics.median(targets[0].rates)
    print(f"Answers of {size:,} bytes; {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s, medians.")
    print(f"{cores} cores; the load generator (asyncio, raw sockets) used {busy:.0%} of its own at most.\n")
    computed = statistics.median(targets[2].rates)
    print("| 5 × 5 trace | requests a second | of bare Starlette | of other numbers computed | rounds |")
    print("|---|---:|---:|---:|---:|")
    for target in targets:
        rate = statistics.median(target.rates)
        spread = f"{min(target.rates):,.0f} – {max(target.rates):,.0f}"
        print(f"| {target.name} | {rate:,.0f} | {rate / base:.0%} | {rate / computed:.1f} × | {spread} |")


if __name__ == "__main__":
    uvloop.run(measure())
