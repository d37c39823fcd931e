"""No room: a full disk, every place for heavy work taken."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from soak.faulting.findings import Finding, listed
from soak.faulting.forms import PNG_FORM, exported
from soak.faulting.load import Load, told
from soak.faulting.scale import Place, Scale, place
from soak.loading.line import Answer, Broken, Line, request
from soak.loading.serving import limited

_DISK = 4 * 2**20
# As compose.yaml gives nginx.
OWN_DISK = 832 * 2**20
# A file size that the limits of a process allow; a frame of ours has more.
_FILE = 1000
# 19 kB each, sent plain.
_LARGE = "/api/v1/traces/single-channel?input_size=20&seed={}"
_HEAVY = "/api/v1/traces/single-channel?input_size=200&seed={}"


async def full_disk(scale: Scale) -> Finding:
    """A disk of 4 MB of its own, filled to the brim, for temporary files; a limit of the process where none can be
    mounted."""
    with small_disk() as disk:
        if disk is None:
            return await full_by_limit(scale)
        with place(TMPDIR=str(disk)) as where:
            fill(disk)
            async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
                await load.answers(scale.answers // 2)
                refused = [await exported(where.url) for _ in range(5)]
                await load.answers(scale.answers // 2)
            (disk / "filler").unlink()
            after = await exported(where.url)
            left = [one.name for one in disk.iterdir()]
        return _finding("A disk of 4 MB, filled", load, refused, after.status, left)


async def full_by_limit(scale: Scale) -> Finding:
    """The same by a limit of the process: no file may be longer than 1,000 bytes."""
    with place(prefix=limited(_FILE)) as where:
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            await load.answers(scale.answers // 2)
            refused = [await exported(where.url) for _ in range(5)]
            await load.answers(scale.answers // 2)
        left = where.app.left_behind()
    return _finding("No file may pass 1,000 bytes", load, refused, 200, left)


async def full_disk_behind(scale: Scale) -> Finding:
    """The disk on which nginx keeps answers, filled to the brim by others: what it has it answers, what it cannot write
    it cuts off."""
    with small_disk() as disk:
        if disk is None:
            return await full_by_limit(scale)
        known, unknown = scale.targets[: len(scale.targets) // 2], scale.targets[len(scale.targets) // 2 :]
        # Others fill it, however much nginx leaves.
        with place(behind=True, changes={"min_free": "0"}, written=disk) as where:
            async with Load(where.url, scale.rights, known, clients=1) as first:
                await first.answers(len(known))
            fill(disk)
            async with Load(where.url, scale.rights, known, scale.clients) as load:
                await load.answers(scale.answers // 2)
            refused = [await _tried(where, target) for target in unknown[:20]]
            (disk / "filler").unlink()
            async with Load(where.url, scale.rights, unknown, clients=1) as after:
                await after.answers(len(unknown))
            left = where.app.left_behind()
        errors = first.errors() + load.errors() + after.errors() + len(refused) - refused.count("closed")
        return Finding(
            "A full disk, where nginx keeps answers",
            "A disk of 4 MB, filled when half of the figures were kept",
            f"the kept ones: {load.told()}; others: {listed(Counter(refused))}, with room again {listed(after.seen)}",
            errors,
            len(load.wrong) + len(first.wrong) + len(after.wrong),
            left,
        )


async def new_figures_behind(scale: Scale) -> Finding:
    """Nothing but new figures, nearly as large as nginx keeps them, on a disk like that of its container: what is kept
    longest unused makes room in time."""
    with small_disk(OWN_DISK) as disk:
        if disk is None:
            return await full_by_limit(scale)
        targets = [_LARGE.format(number) for number in range(scale.new)]
        await scale.rights.learn(targets)
        with place(behind=True, written=disk) as where:
            most = 0
            async with Load(where.url, scale.rights, targets, scale.clients, encoding="identity") as load:
                for _ in range(scale.new // 10):
                    await load.answers(10)
                    most = max(most, shutil.disk_usage(disk).used)
            left = where.app.left_behind()
        return Finding(
            "New figures without end, where nginx keeps answers",
            f"{scale.new:,} of 19 kB, on a disk of {OWN_DISK // 2**20} MiB",
            f"{load.told()}; at most {most / 2**20:,.0f} MiB of the disk used",
            load.errors(),
            len(load.wrong),
            left,
        )


async def _tried(where: Place, target: str) -> str:
    """The status of an answer, or that the connection was closed in its stead."""
    line = await Line.to(where.url)
    try:
        return told(await line.ask(request(target)))
    except Broken:
        return "closed"
    finally:
        line.close()


def _finding(done: str, load: Load, refused: list[Answer], after: int, left: list[str]) -> Finding:
    answered = Counter(map(told, refused))
    return Finding(
        "A full disk",
        done,
        f"exports: {listed(answered)}, with room again {after}; others: {load.told()}",
        load.errors() + len(refused) - answered["507 disk_full"] + (after != 200),
        len(load.wrong),
        left,
    )


async def full_exports(scale: Scale) -> Finding:
    """Both places for exports held by uploads that do not end; a third is told at once when to come again."""
    with place(CONVOSCOPE_EXPORTS="2") as where:
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            holders = [await Line.to(where.url) for _ in range(2)]
            for line in holders:
                line.send(PNG_FORM[: len(PNG_FORM) // 2])
            await load.answers(scale.answers // 2)
            refused = [await exported(where.url) for _ in range(10)]
            await load.answers(scale.answers // 2)
            for line in holders:
                line.close()
            after = await _when_free(where)
        left = where.app.left_behind()
    answered = Counter(map(told, refused))
    dated = sum(bool(one.header("retry-after")) for one in refused)
    return Finding(
        "Every place for exports taken",
        "two uploads that stop in the middle, then ten more",
        f"the ten: {listed(answered)}, {dated} with Retry-After; when the two left {after}; others: {load.told()}",
        load.errors() + len(refused) - min(dated, answered["503 exports_busy"]) + (after != 200),
        len(load.wrong),
        left,
    )


async def full_pool(scale: Scale) -> Finding:
    """Many heavy figures at once: those beyond the queue are told to come again, light ones are answered as before."""
    targets = [_HEAVY.format(number) for number in range(scale.flood)]
    await scale.rights.learn(targets)
    with place(CONVOSCOPE_QUEUE="8") as where:
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as calm:
            await calm.answers(scale.answers)
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            seen, wrong, refusals = await _flood(where, scale, targets)
        left = where.app.left_behind()
    waited = f"light ones: {load.told()} ({max(calm.waits) * 1000:,.0f} ms without heavy ones)"
    unexpected = seen.total() - seen["200"] - len(refusals)
    slowest = f", the last refusal after {max(refusals) * 1000:,.0f} ms" if refusals else ""
    return Finding(
        "More heavy figures than the queue takes",
        f"{scale.flood} of 200 × 200 at once",
        f"heavy ones: {listed(seen)}{slowest}; {waited}",
        load.errors() + unexpected,
        len(load.wrong) + wrong,
        left,
    )


async def _flood(where: Place, scale: Scale, targets: list[str]) -> tuple[Counter[str], int, list[float]]:
    """Statuses of all heavy ones, how many bodies were wrong, and how long refusals took."""
    seen: Counter[str] = Counter()
    wrong, refusals = 0, []

    async def one(target: str) -> None:
        nonlocal wrong
        line, began = await Line.to(where.url), time.perf_counter()
        answer = await line.ask(request(target))
        line.close()
        name = told(answer)
        if answer.status == 503 and answer.header("retry-after"):
            refusals.append(time.perf_counter() - began)
        seen[name] += 1
        wrong += answer.status == 200 and not scale.rights.holds(target, answer)

    async with asyncio.timeout(300):
        await asyncio.gather(*map(one, targets))
    return seen, wrong, refusals


async def _when_free(where: Place) -> int:
    """The status of an export once the server has seen that its clients have left."""
    for _ in range(200):
        if (status := (await exported(where.url)).status) != 503:
            break
        await asyncio.sleep(0.02)
    return status


def fill(disk: Path) -> None:
    """Write until nothing more goes."""
    with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)


@contextlib.contextmanager
def small_disk(size: int = _DISK) -> Iterator[Path | None]:
    """A file system of so many bytes in memory, or None where this user may not mount one."""
    with tempfile.TemporaryDirectory(prefix="soak-disk-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", name]
        if os.name != "posix" or not sys.platform.startswith("linux") or _fails(mount):
            yield None
            return
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def _fails(command: list[str]) -> bool:
    try:
        return bool(subprocess.run(command, capture_output=True).returncode)
    except OSError:
        return True
