"""Processes that end: killed at once, or told to, while they are asked."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

from soak.faulting.findings import Finding, listed
from soak.faulting.load import Load
from soak.faulting.scale import Scale, named, place
from soak.loading import processes
from soak.loading.line import Line, request

_WITHIN = 180.0  # seconds for a process to come or go, on a machine at work


async def kill_a_worker(scale: Scale, behind: bool = False) -> Finding:
    """kill -9 of one of two workers under load; what it had begun is cut off, and nothing else."""
    with place(behind=behind, workers=2) as where:
        app = where.app
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            await load.answers(scale.answers)
            victim, *_ = app.workers()
            before = load.seen.copy()
            os.kill(victim, signal.SIGKILL)
            await until(lambda: victim not in app.workers() and len(app.workers()) == 2)
            await load.answers(scale.answers)
        after = load.seen - before
        # Each client had one question under way at most, and the dead worker at most all of them.
        lost = after["cut"] + after["closed"] + after["dropped"]
        errors = load.errors("cut", "closed", "dropped") + max(lost - scale.clients, 0)
        seen = f"{listed(load.seen)}; another worker came"
        return Finding(
            named("A worker is killed", behind),
            f"`kill -9` of one of two, {scale.clients} clients asking",
            seen,
            errors,
            len(load.wrong),
            app.left_behind(),
        )


async def kill_one_of_two_servers(scale: Scale) -> Finding:
    """kill -9 of one of two servers behind nginx: clients are to notice nothing."""
    return await _one_of_two(scale, signal.SIGKILL, "A server is killed", "`kill -9` of one of two")


async def end_one_of_two_servers(scale: Scale) -> Finding:
    """SIGTERM to one of two servers behind nginx, as in a rolling update: clients are to notice nothing."""
    return await _one_of_two(scale, signal.SIGTERM, "A server is replaced", "SIGTERM to one of two")


async def _one_of_two(scale: Scale, how: signal.Signals, fault: str, done: str) -> Finding:
    # Nothing is kept by nginx, so that every question goes through to a server.
    with place(behind=True, apps=2, changes={"proxy_cache": "off"}) as where:
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            await load.answers(scale.answers)
            os.kill(where.app.pid, how)
            await until(lambda: where.app.process.poll() is not None)
            await load.answers(scale.answers)
        return Finding(
            f"{fault}, behind nginx",
            f"{done}, {scale.clients} clients asking, nothing kept by nginx",
            f"{load.told()}; exit status {where.app.process.returncode}",
            load.errors(),
            len(load.wrong),
            where.app.left_behind(),
        )


async def kill_heavy_workers(scale: Scale) -> Finding:
    """kill -9 of the process that computes large figures: its one request is told to come again, nobody else's."""
    targets = [f"/api/v1/traces/single-channel?input_size=150&seed={number}" for number in range(scale.flood)]
    await scale.rights.learn(targets)
    with place(CONVOSCOPE_QUEUE=str(4 * scale.flood)) as where:
        app = where.app
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            await load.answers(scale.answers)
            async with Load(where.url, scale.rights, targets, clients=min(scale.flood, 8)) as heavy:
                await heavy.answers(2)
                victims = app.computing()
                for victim in victims:
                    os.kill(victim, signal.SIGKILL)
                await until(lambda: bool(app.computing()) and not set(victims) & set(app.computing()))
                await heavy.answers(scale.flood // 2)
        cut = "503 interrupted"
        return Finding(
            "A process that computes is killed",
            f"`kill -9` of {len(victims)}; {heavy.clients} clients asking for heavy figures, {scale.clients} for light",
            f"heavy ones: {listed(heavy.seen)}; another came; others: {load.told()}",
            load.errors() + heavy.errors(cut) + max(heavy.seen[cut] - len(victims), 0) + (not victims),
            len(load.wrong) + len(heavy.wrong),
            app.left_behind(),
        )


async def tell_to_end(scale: Scale, workers: int = 1) -> Finding:
    """SIGTERM under load: what was begun is finished, what comes later is not taken, and nothing stays."""
    with place(workers=workers) as where:
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            await load.answers(scale.answers)
            lines = [await Line.to(where.url) for _ in range(2)]
            heavy = [asyncio.create_task(_heavy(line, number)) for number, line in enumerate(lines)]
            # When these have come, the heavy ones have been read.
            await load.answers(4 * scale.clients)
            family = processes.family(where.app.pid)
            os.kill(where.app.pid, signal.SIGTERM)
            await until(lambda: where.app.process.poll() is not None)
        finished = await asyncio.gather(*heavy)
        remaining = await _remaining(family)
        return Finding(
            "A server is told to end" + (f", {workers} workers" if workers > 1 else ""),
            f"SIGTERM, {scale.clients} clients asking, 2 heavy figures under way",
            f"{listed(load.seen)}; heavy ones: {', '.join(map(str, finished))}; "
            f"exit status {where.app.process.returncode}",
            load.errors("closed", "dropped", "refused") + sum(status != 200 for status in finished),
            len(load.wrong),
            [*where.app.left_behind(), *remaining],
        )


async def leave_while_nothing_is_there(scale: Scale) -> Finding:
    """All servers gone: nginx answers with what it has, and says so of the rest."""
    known, unknown = scale.targets[: len(scale.targets) // 2], scale.targets[len(scale.targets) // 2 :]
    with place(behind=True) as where:
        async with Load(where.url, scale.rights, known, clients=1) as first:
            await first.answers(len(known))
        async with Load(where.url, scale.rights, known, scale.clients) as load:
            await load.answers(len(known))
            os.kill(where.app.pid, signal.SIGKILL)
            await until(lambda: where.app.process.poll() is not None)
            await load.answers(scale.answers)
        async with Load(where.url, scale.rights, unknown, 2) as other:
            await other.answers(20)
        away = sum(count for name, count in other.seen.items() if name[:3] in ("502", "503", "504"))
        return Finding(
            "No server is left, behind nginx",
            "`kill -9` of the only one",
            f"what nginx had kept: {listed(load.seen)}; what it had not: {listed(other.seen)}",
            load.errors() + sum(other.seen.values()) - away,
            len(load.wrong) + len(other.wrong),
            where.app.left_behind(),
        )


async def _heavy(line: Line, number: int) -> int:
    """The status of an answer that takes a good part of a second; 0 where none came."""
    try:
        return (await line.ask(request(f"/api/v1/traces/single-channel?input_size=150&seed={number}"))).status
    except ConnectionError:
        return 0
    finally:
        line.close()


async def until(true: Callable[[], bool]) -> None:
    """Returns when this has come true; TimeoutError when it does not."""
    async with asyncio.timeout(_WITHIN):
        while not true():
            await asyncio.sleep(0.02)


async def _remaining(pids: list[int]) -> list[str]:
    """Processes that are still there when they should have ended; helpers take a moment to see that they are alone."""
    with contextlib.suppress(TimeoutError):
        await until(lambda: not any(map(processes.alive, pids)))
    return [f"process {processes.name(pid)}" for pid in pids if processes.alive(pid)]
