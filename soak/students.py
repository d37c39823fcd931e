"""`python3 dev.py soak students [--students N] [--seconds S]`: a lecture hall opens lessons and drags sliders.

Every student has a connection of their own, opens a lesson with all files that it names, and then moves a slider five
times a second without a pause. A wait counts from the moment a position was due, so that a server that stalls is not
asked less. Every body is compared with the right one, which is worked out before. nginx with the configuration of
`deploy/` stands before one process of the application; `--direct` asks the application itself.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from soak.loading import processes
from soak.loading.line import Line, request
from soak.loading.right import Rights
from soak.loading.serving import end_in_order, serving
from soak.loading.students import PARTS, RATE, Plan, Tally, attend, quantile
from tests.proxies import command, running_nginx
from tests.servers import HOST, free_port, running

GOAL = 150  # milliseconds that 95 of 100 answers stay under
ARRIVING = 30.0
_SEARCH_SECONDS = 15.0
_FILE_BYTES = 2048


@dataclass(frozen=True)
class Stand:
    """The servers of one run: where they are asked, and which processes they are."""

    url: str
    app: list[int]
    nginx: list[int]


@dataclass(frozen=True)
class Costs:
    """Seconds of a processor a second, and MiB in memory at the end, by who used them."""

    cores: dict[str, float]
    megabytes: dict[str, float]


@contextlib.contextmanager
def stand(direct: bool) -> Iterator[Stand]:
    """One process of the application, behind nginx unless it is asked directly."""
    with contextlib.ExitStack() as held:
        served = held.enter_context(serving())
        url = served.url if direct else held.enter_context(running_nginx(served.url, halls=[HOST]))
        nginx = [pid for pid in processes.family(os.getpid()) if processes.name(pid) == "nginx"]
        yield Stand(url, served.workers(), nginx)


async def measured(
    where: Stand, plan: Plan, students: int, seconds: float, how: argparse.Namespace
) -> tuple[Tally, Costs]:
    """One class, and what it cost."""
    groups = {"app": where.app, "nginx": where.nginx, "students": [os.getpid()]}
    before = {name: processes.usage(pids) for name, pids in groups.items()}
    tally, took = await attend(where.url, plan, students, seconds, how.arriving, how.thinking)
    after = {name: processes.usage(pids) for name, pids in groups.items()}
    cores = {name: (after[name].seconds - before[name].seconds) / took for name in groups}
    return tally, Costs(cores, {name: one.megabytes for name, one in after.items()})


async def run(options: argparse.Namespace) -> int:
    """Hold one class, or look for the largest; 1 where a class saw an error or a wrong answer."""
    plan = Plan(Rights())
    seconds = _SEARCH_SECONDS if options.search else options.seconds
    await plan.prepare(options.students, int((options.arriving + seconds) * RATE) + 1)
    print(f"{os.cpu_count()} cores; {len(plan.rights):,} different addresses, each with its right answer.\n")
    if options.search:
        return await search(plan, options)
    with stand(options.direct) as where:
        tally, costs = await measured(where, plan, options.students, seconds, options)
    table(tally, options.students, seconds)
    price(costs)
    await alone(options.students)
    return 1 if tally.errors or tally.wrong else 0


async def search(plan: Plan, options: argparse.Namespace) -> int:
    """The largest class, to a twentieth, for which all goes well; each has servers of its own, so none is warm."""
    low, high = 0, options.students
    print("| students | errors | wrong | p95, ms | answers a second | app, cores | nginx | students |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    trying = high
    while True:
        with stand(options.direct) as where:
            tally, costs = await measured(where, plan, trying, _SEARCH_SECONDS, options)
        waits, cores = tally.all(), costs.cores
        p95 = quantile(waits, 0.95)
        well = not tally.errors and not tally.wrong and p95 < GOAL
        rate = len(waits) / (_SEARCH_SECONDS + options.arriving)
        print(
            f"| {trying:,} | {sum(tally.errors.values())} | {len(tally.wrong)} | {p95:,.0f} | {rate:,.0f} "
            f"| {cores['app']:.2f} | {cores['nginx']:.2f} | {cores['students']:.2f} |",
            flush=True,
        )
        low, high = (trying, high) if well else (low, trying)
        if high - low <= max(high // 20, 1) or low == options.students:
            break
        trying = (low + high) // 2
    print(f"\nThe largest class that is served well: {low:,} students.")
    return 0


def table(tally: Tally, students: int, seconds: float) -> None:
    """What the students saw, by part."""
    print(f"{students:,} students, {seconds:.0f} seconds of dragging after the last has come.\n")
    print("| part | answers | p50, ms | p95 | p99 | longest |")
    print("|---|---:|---:|---:|---:|---:|")
    for part, waits in [*((part, sorted(tally.waited[part])) for part in PARTS), ("all", tally.all())]:
        marks = " | ".join(f"{quantile(waits, share):,.1f}" for share in (0.5, 0.95, 0.99, 1))
        print(f"| {part} | {len(waits):,} | {marks} |")
    print(f"\nErrors: {sum(tally.errors.values())} {dict(tally.errors) or ''}; wrong answers: {len(tally.wrong)}.")
    print(f"Asked again on a new connection: {tally.again}; traces the page had let go of: {tally.late()}.")
    print(f"Bodies: {tally.bytes / 1e6:,.0f} MB.")


def price(costs: Costs) -> None:
    """What it cost, by who used it."""
    print("\n| process | cores | memory, MiB |\n|---|---:|---:|")
    for name, cores in costs.cores.items():
        print(f"| {name} | {cores:.2f} | {costs.megabytes[name]:,.0f} |")


async def alone(students: int, seconds: float = 4.0) -> None:
    """What the students cost by themselves: the same asking of nginx, which sends one small file from its disk."""
    with plain_file() as (url, target):
        asking, answers = request(target), 0
        # uvloop's clock stands still between two rounds of the loop, and the table before took seconds.
        until = time.perf_counter() + seconds

        async def one(number: int) -> None:
            nonlocal answers
            await asyncio.sleep(number / students / RATE)
            line, due = await Line.to(url), time.perf_counter()
            while due < until:
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                # Not in one expression: the sum would be read before the others' answers come, and lose them.
                answer = await line.ask(asking)
                answers += answer.status == 200
                due += 1 / RATE
            line.close()

        before = processes.usage([os.getpid()]).seconds
        await asyncio.wait_for(asyncio.gather(*map(one, range(students))), seconds + 30)
        used = processes.usage([os.getpid()]).seconds - before
    each = used / max(answers, 1) * 1e6
    print(f"\nThe students alone, asking nginx for a file of {_FILE_BYTES:,} bytes: {answers / seconds:,.0f} answers a")
    print(f"second for {used / seconds:.2f} cores, {each:,.0f} µs an answer.")


@contextlib.contextmanager
def plain_file() -> Iterator[tuple[str, str]]:
    """An nginx that knows one file and nothing else."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="soak-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "file.bin").write_bytes(b"x" * _FILE_BYTES)
        (folder / "healthz").write_text("ok")
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"pid {folder}/pid; events {{ worker_connections 8192; }}"
            f"http {{ access_log off; sendfile on; open_file_cache max=10; keepalive_requests 100000; {temporary}"
            f"server {{ listen {HOST}:{port} backlog=4096; root {folder}; }} }}"
        )
        with running(command(folder), port, cwd=folder) as url:
            yield url, "/file.bin"


def main(words: list[str]) -> int:
    end_in_order()
    parser = argparse.ArgumentParser(prog="dev.py soak students", description=__doc__)
    parser.add_argument("--students", type=int, default=1000, help="how many (%(default)s)")
    parser.add_argument("--seconds", type=float, default=60.0, help="of dragging after the last has come (%(default)s)")
    parser.add_argument("--arriving", type=float, default=ARRIVING, help="seconds in which they come (%(default)s)")
    parser.add_argument("--thinking", type=float, default=0.0, help="seconds between drags, in the mean (%(default)s)")
    parser.add_argument("--search", action="store_true", help="look for the largest class up to --students")
    parser.add_argument("--direct", action="store_true", help="ask the application without nginx")
    return uvloop.run(run(parser.parse_args(words)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
