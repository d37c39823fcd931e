"""Light requests alone and beside heavy ones: how long a reader at a slider waits while others ask for large figures.

Light requests come at a steady rate, whatever became of those before (an open loop: a server that stalls meets all that
came meanwhile). Heavy ones are asked by a few clients without a pause. Both on loopback, keep-alive; one application.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import uvloop

from tests.servers import running_app

RATE = 100  # light requests a second
SECONDS = 10.0
ROUNDS = 3
HEAVY_CLIENTS = 4
CONNECTIONS = 32

LIGHT = (
    "/api/v1/traces/single-channel?input_size=7&seed={n}",
    "/api/v1/traces/single-channel?input_size=5&seed=1",
    "/api/v1/facts/layer?input_size={size}",
    "/api/v1/traces/transposed?stride=2&seed={n}",
    "/healthz",
)
HEAVY = (
    "/api/v1/traces/single-channel?input_size=169&seed={n}",
    "/api/v1/traces/multi-channel?input_size=34&out_channels=16&seed={n}",
    "/api/v1/limits/layer?input_size={size}&seed={n}",
    "/api/v1/traces/layer?dims=3&input_size=24&seed={n}",
)

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def ask(connection: Connection, path: str) -> tuple[int, int]:
    """Status and bytes of one answer."""
    reader, writer = connection
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length: ")[1].split(b"\r")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1]), length


async def light(host: str, port: int, paths: Iterator[str]) -> list[float]:
    """Milliseconds from when each was due until its answer was there."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(host, port))
    waited: list[float] = []

    async def one(due: float) -> None:
        connection = await free.get()
        status, _ = await ask(connection, next(paths))
        if status != 200:
            raise ConnectionError(f"a light request was answered {status}")
        waited.append((time.perf_counter() - due) * 1000)
        free.put_nowait(connection)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(RATE * SECONDS)):
            due = began + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    while not free.empty():
        free.get_nowait()[1].close()
    return waited


async def heavy(host: str, port: int, paths: Iterator[str], answers: dict[int, int]) -> None:
    """Asks until it is told to end; a full queue is an answer too."""
    connection = await asyncio.open_connection(host, port)
    try:
        while True:
            status, _ = await ask(connection, next(paths))
            answers[status] = answers.get(status, 0) + 1
    finally:
        connection[1].close()


def addresses(forms: tuple[str, ...]) -> Iterator[str]:
    """Addresses of these forms in turn, each another one."""
    return (form.format(n=n, size=10 + n % 1000) for n, form in enumerate(itertools.cycle(forms)))


async def measure() -> None:
    """Run the rounds in turn and print the table."""
    with running_app() as url:
        host, port = urlsplit(url).hostname or "", urlsplit(url).port or 0
        small, large = addresses(LIGHT), addresses(HEAVY)
        alone: list[list[float]] = []
        beside: list[list[float]] = []
        answers: dict[int, int] = {}
        await light(host, port, small)  # warms up
        for _ in range(ROUNDS):
            alone.append(await light(host, port, small))
            crowd = [asyncio.create_task(heavy(host, port, large, answers)) for _ in range(HEAVY_CLIENTS)]
            beside.append(await light(host, port, small))
            for task in crowd:
                task.cancel()
            await asyncio.gather(*crowd, return_exceptions=True)
    print(
        f"{RATE} light requests a second; {HEAVY_CLIENTS} clients with heavy ones; {ROUNDS} rounds of {SECONDS:.0f} s."
    )
    print(f"Heavy answers by status: {dict(sorted(answers.items()))}.\n")
    print("| light requests | p50 ms | p95 ms | p99 ms | p99 against alone |")
    print("|---|---:|---:|---:|---:|")
    base = statistics.median(percentile(one, 99) for one in alone)
    for name, rounds in (("alone", alone), ("beside heavy ones", beside)):
        p50, p95, p99 = (statistics.median(percentile(one, part) for one in rounds) for part in (50, 95, 99))
        print(f"| {name} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {p99 / base:.1f} × |")


def percentile(values: list[float], part: int) -> float:
    """The value that so many in a hundred do not pass."""
    return sorted(values)[min(len(values) - 1, len(values) * part // 100)]


if __name__ == "__main__":
    uvloop.run(measure())
