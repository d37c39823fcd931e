"""`python3 dev.py soak figures [--figures N]`: ten thousand different figures of one server, whose memory stays flat.

The cache is so small that it is full long before the first mark, so that what grows afterwards would grow for ever.
Figures come from all kinds and all their sliders, each with numbers of its own; facts, limits, code and pages are among
them. Every body is compared with the right one.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

import uvloop

from compute.kinds import KINDS
from soak.faulting.findings import listed
from soak.loading import processes
from soak.loading.drags import every
from soak.loading.line import Line, request
from soak.loading.right import Rights
from soak.loading.serving import end_in_order, serving

MARKS = (500, 2000, 5000, 10_000)
CACHE = 2 * 1024 * 1024
GROWTH = 1.1  # from the second mark to the last
_CLIENTS = 4
# Of ten figures one each is asked for otherwise than as a trace.
_OTHERWISE = {1: "/learn", 3: "/api/v1/facts", 5: "/api/v1/limits", 7: "/api/v1/code"}
_OF_TEN = 10


@dataclass
class Memory:
    """What was seen.

    Attributes:
        at: MiB in memory after so many figures.
    """

    at: dict[int, float] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """How much larger the process was at the end than at the second mark, or at the first where there are two."""
        marks = list(self.at.values())
        return marks[-1] / marks[min(1, len(marks) - 2)]


def figures() -> Iterator[str]:
    """Addresses of figures, no two alike, kinds in turn."""
    targets = {slug: every(kind) for slug, kind in KINDS.items()}
    for number, slug in enumerate(cycle(targets)):
        yield next(targets[slug]).replace("/api/v1/traces", _OTHERWISE.get(number % _OF_TEN, "/api/v1/traces"))


async def run(count: int) -> int:
    """Print the table; 1 where memory grew, or an answer was wrong."""
    targets = list(islice(figures(), count))
    rights = Rights()
    await rights.learn(targets)
    with serving(CONVOSCOPE_CACHE_BYTES=str(CACHE)) as served:
        marks = [mark for mark in MARKS if mark < count] + [count]
        memory = await remembered(served.url, served.pid, rights, targets, marks)
    print(f"{count:,} different figures, a cache of {CACHE // 1024 // 1024} MiB.\n")
    print("| figures | memory, MiB |\n|---:|---:|")
    for mark, megabytes in memory.at.items():
        print(f"| {mark:,} | {megabytes:,.1f} |")
    print(f"\nAnswers: {listed(memory.seen)}; wrong: {len(memory.wrong)}. ", end="")
    print(f"From {marks[min(1, len(marks) - 2)]:,} to {marks[-1]:,}: × {memory.growth:.3f}.")
    return 1 if memory.wrong or set(memory.seen) != {"200"} or memory.growth > GROWTH else 0


async def remembered(url: str, pid: int, rights: Rights, targets: list[str], marks: list[int]) -> Memory:
    """Ask for all of them, a few at a time; how large the process is at each mark."""
    memory = Memory()
    waiting = iter(targets)

    async def ask(many: int) -> None:
        line = await Line.to(url)
        for target in islice(waiting, many):
            answer = await line.ask(request(target))
            memory.seen[str(answer.status)] += 1
            if answer.status == 200 and not rights.holds(target, answer):
                memory.wrong.append(target)
        line.close()

    done = 0
    for mark in marks:
        shares = [(mark - done) // _CLIENTS + (n < (mark - done) % _CLIENTS) for n in range(_CLIENTS)]
        async with asyncio.timeout(600):
            await asyncio.gather(*map(ask, shares))
        memory.at[mark] = processes.resident(pid)
        done = mark
    return memory


def main(words: list[str]) -> int:
    end_in_order()
    parser = argparse.ArgumentParser(prog="dev.py soak figures", description=__doc__)
    parser.add_argument("--figures", type=int, default=MARKS[-1], help="how many, over 500 (%(default)s)")
    return uvloop.run(run(parser.parse_args(words).figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
