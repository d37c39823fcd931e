"""Clients that behave badly: they never finish a request, hardly read, leave in the middle, or send what is no form."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterable

from soak.faulting.findings import Finding, listed
from soak.faulting.forms import MALFORMED, PNG_FORM, export
from soak.faulting.load import Load, told
from soak.faulting.scale import Place, Scale, named, place
from soak.loading import processes
from soak.loading.line import Answer, Line, address, request

HALF = b"GET /api/v1/traces/dilated HTTP/1.1\r\nHost: localhost\r\nX-Unfinished: "
# 4.5 MB as they are; a client takes a few kB of them.
LARGE = "/api/v1/traces/single-channel?input_size=120&seed={}"
_TIMES = {"client_header_timeout": "2s", "client_body_timeout": "2s", "send_timeout": "2s"}
_LET_GO = 20.0  # seconds within which nginx lets go of such clients
_GROWTH = 64  # MiB by which a server may be larger afterwards


async def half_open(scale: Scale, behind: bool = False) -> Finding:
    """Connections that begin a request and never finish it, each holding a place."""
    with place(behind=behind, changes=_TIMES if behind else None) as where:
        await _warm(where, scale)
        before = where.sockets()
        lines = [await Line.to(where.url) for _ in range(scale.half_open)]
        for line in lines:
            line.send(HALF)
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            await load.answers(scale.answers)
            if behind:
                await _closed(lines)
        dropped = sum(not line.open for line in lines)
        for line in lines:
            line.close()
        left = await _given_back(where, before)
        held = f"nginx let go of {dropped:,}" if behind else f"{len(lines) - dropped:,} held until they left"
        return Finding(
            named("Requests never finished", behind),
            f"{scale.half_open:,} connections with half a header",
            f"{load.told()}; {held}",
            load.errors() + (len(lines) - dropped if behind else 0),
            len(load.wrong),
            left,
        )


async def slow_readers(scale: Scale, behind: bool = False) -> Finding:
    """Clients that ask for a large answer and take a byte of it a second."""
    with place(behind=behind, changes=_TIMES if behind else None) as where:
        await _warm(where, scale)
        before, memory = where.sockets(), processes.resident(where.app.pid)
        readers = [await _slow_reader(where.url, number) for number in range(scale.crowd)]
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            for _ in range(3):
                await load.answers(max(scale.answers // 3, 1))
                await asyncio.sleep(1)
                for reader in readers:
                    await _a_byte(reader)
            grown = processes.resident(where.app.pid) - memory
        for reader in readers:
            reader.close()
        left = await _given_back(where, before)
        return Finding(
            named("Slow readers", behind),
            f"{scale.crowd:,} clients take a byte a second of 1 MB each",
            f"{load.told()}; the application held {grown:,.0f} MiB more meanwhile",
            load.errors(),
            len(load.wrong),
            left,
        )


async def leaving(scale: Scale, behind: bool = False) -> Finding:
    """Clients that leave before an answer, in the middle of one, and in the middle of what they send."""
    with place(behind=behind) as where:
        await _warm(where, scale)
        before = where.sockets()
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            for number in range(scale.crowd):
                line = await Line.to(where.url)
                line.send((request(LARGE.format(number % 20), "identity"), PNG_FORM[: len(PNG_FORM) // 2])[number % 2])
                # Some leave at once, others when they are being answered.
                await asyncio.sleep((0, 0.002, 0.02)[number % 3])
                line.close()
            await load.answers(scale.answers)
        status = await export(where.url)
        left = await _given_back(where, before)
        return Finding(
            named("Clients leave", behind),
            f"{scale.crowd:,}, before or during an answer of 1 MB or an upload",
            f"{load.told()}; then an export: {status}",
            load.errors() + (status != 200),
            len(load.wrong),
            left,
        )


async def malformed_uploads(scale: Scale, behind: bool = False) -> Finding:
    """Forms that are none, or say other than they hold: each is refused in words, and the next good one is taken."""
    with place(behind=behind) as where:
        await _warm(where, scale)
        before = where.sockets()
        seen: Counter[str] = Counter()
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            for form in MALFORMED.values():
                seen[await _refusal(where.url, form)] += 1
            await load.answers(scale.answers)
        status = await export(where.url)
        left = await _given_back(where, before)
        refused = sum(count for name, count in seen.items() if name.startswith("4"))
        return Finding(
            named("Malformed uploads", behind),
            f"{len(MALFORMED)} kinds of them",
            f"{listed(seen)}; others: {load.told()}; then a good one: {status}",
            load.errors() + len(MALFORMED) - refused + (status != 200),
            len(load.wrong),
            left,
        )


async def _refusal(url: str, form: bytes) -> str:
    """What a form is answered with; a server may end the connection behind the answer."""
    host, port = address(url)
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(form)
    try:
        async with asyncio.timeout(30):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(min(_length(head), 65536))
            answer = Answer(int(head[9:12]), head, body)
            # A server that reads no request answers in its own words.
            return "4xx with a code" if 400 <= answer.status < 500 and " " in told(answer) else told(answer)
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
        return type(error).__name__
    finally:
        writer.transport.abort()


def _length(head: bytes) -> int:
    return int(Answer(0, head, b"").header("content-length") or 0)


async def _slow_reader(url: str, number: int) -> socket.socket:
    reader = socket.socket()
    # What the system takes in advance counts as read.
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(reader, address(url))
    await loop.sock_sendall(reader, request(LARGE.format(number % 4), "identity"))
    return reader


async def _a_byte(reader: socket.socket) -> None:
    try:
        async with asyncio.timeout(0.001):
            await asyncio.get_running_loop().sock_recv(reader, 1)
    except (TimeoutError, ConnectionError):
        pass


async def _warm(where: Place, scale: Scale) -> None:
    """Everything asked for once, so that what is counted before is what a server at work holds."""
    async with Load(where.url, scale.rights, scale.targets, clients=2) as load:
        await load.answers(len(scale.targets))
    await export(where.url)


async def _closed(lines: Iterable[Line]) -> None:
    """Returns when the other side has closed all of them, or should have."""
    try:
        async with asyncio.timeout(_LET_GO):
            while any(line.open for line in lines):
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass


async def _given_back(where: Place, before: int) -> list[str]:
    """What a server still holds of clients that have gone: handles, files, and what it complained of."""
    try:
        async with asyncio.timeout(_LET_GO):
            while where.sockets() > before:
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass
    handles = where.sockets() - before
    left = [f"{handles} handles"] if handles > 0 else []
    return [*left, *where.app.left_behind(), *where.app.complaints()]
