"""Hostile inputs by the hundred thousand: `python3 dev.py soak fuzz [--inputs N] [--seed S] [--area NAME …]`.

Most are asked in this process, some over a real socket, some in a real Chromium. Every input follows from seed, area
and number, so that one of them can be asked again alone. Ends with 1 where anything was wrong.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Sequence

from app.main import create_app
from app.settings import Settings
from soak.fuzzing import areas, table
from soak.fuzzing.areas import AREAS
from soak.fuzzing.running import Judge, Row

Run = Callable[[int, int], Row]

# Those that are not asked in this process by the grammar: their share of a hundred thousand, and what asks them.
ELSEWHERE: dict[str, tuple[int, Run]] = {}
NAMES = (*AREAS, *ELSEWHERE)


def judge() -> Judge:
    """One of the application as it is delivered, but that it takes no string for granted."""
    app = create_app(Settings(strict_strings=True, brotli_quality=1))
    return Judge(app, app.cache.store.clear)


def in_process(name: str, seed: int, numbers: Sequence[int], by: Judge | None = None) -> Row:
    """Inputs of an area, asked in this process."""
    return asyncio.run((by or judge()).area(AREAS[name], seed, numbers))


def run(names: Sequence[str], inputs: int, seed: int) -> list[Row]:
    """Every area named, one after another; says how each went as soon as it is known."""
    shares = {name: AREAS[name].share if name in AREAS else ELSEWHERE[name][0] for name in NAMES}
    counts = areas.counts(inputs, shares)
    by, rows = judge(), []
    for name in names:
        rows.append(
            in_process(name, seed, range(counts[name]), by) if name in AREAS else ELSEWHERE[name][1](seed, counts[name])
        )
        print(table.line(rows[-1]), file=sys.stderr, flush=True)
    return rows


def options(args: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="dev.py soak fuzz", description="Asks hostile inputs and judges the answers.")
    parser.add_argument("--inputs", type=int, default=areas.TOTAL, help="how many, in all areas together (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what they follow from (%(default)s)")
    parser.add_argument("--area", action="append", choices=NAMES, help="only this one; may stand several times")
    parser.add_argument("--number", type=int, help="only the input of this number, of one area in this process")
    given = parser.parse_args(args)
    if given.number is not None and (len(given.area or ()) != 1 or given.area[0] not in AREAS):
        parser.error(f"--number is one of an --area: {', '.join(AREAS)}")
    return given


def main(args: Sequence[str] | None = None) -> int:
    """Runs what is asked for, and prints the table."""
    given = options(args)
    began = time.monotonic()
    if given.number is not None:
        rows = [in_process(given.area[0], given.seed, [given.number])]
    else:
        rows = run(given.area or NAMES, given.inputs, given.seed)
    print(table.written(rows, given.seed, time.monotonic() - began))
    return 1 if any(row.faulty for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
