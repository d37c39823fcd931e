"""Hostile inputs by the hundred thousand: `python3 dev.py soak fuzz [--inputs N] [--seed S] [--area NAME …]`.

Most are asked in this process, some over a real socket, some in a real Chromium. Every input follows from seed, area
and number, so that one of them can be asked again alone. Ends with 1 where anything was wrong.
"""

import argparse
import os
import sys
import time
import warnings
from collections.abc import Iterable, Sequence
from itertools import chain

from app.main import create_app
from app.settings import Settings
from soak.fuzzing import areas, chromium, described, table, wire
from soak.fuzzing.areas import AREAS
from soak.fuzzing.running import Judge, Row

OPENAPI, WIRE, BROWSER = described.NAME, wire.NAME, "browser"
# Those that are not asked in this process by the grammar: their share of a hundred thousand.
ELSEWHERE = {OPENAPI: 360, WIRE: 500, BROWSER: 360}
SHARES = {name: area.share for name, area in AREAS.items()} | ELSEWHERE
NAMES = tuple(SHARES)


def judge() -> Judge:
    """One of the application as it is delivered, but that it takes no string for granted and no overflow lightly."""
    warnings.simplefilter("error", RuntimeWarning)
    app = create_app(Settings(strict_strings=True, brotli_quality=1))
    return Judge(app, app.cache.store.clear)


def asked(name: str, seed: int, count: int, by: Judge) -> list[Row]:
    """So many inputs of an area: in this process, to a server, or in a browser."""
    if name == WIRE:
        return [wire.run(seed, count)]
    if name == BROWSER:
        return chromium.run(seed, count)
    return [described.run(by, seed, count) if name == OPENAPI else in_process(name, seed, range(count), by)]


def in_process(name: str, seed: int, numbers: Iterable[int], by: Judge) -> Row:
    """Inputs of an area of the grammar."""
    return by.area(AREAS[name], seed, numbers)


def run(names: Sequence[str], inputs: int, seed: int) -> list[Row]:
    """Every area named, one after another; says how each went as soon as it is known."""
    counts, by = areas.counts(inputs, SHARES), judge()
    rows: list[Row] = []
    for name in names:
        found = asked(name, seed, counts[name], by)
        print("\n".join(chain.from_iterable(map(table.told, found))), file=sys.stderr, flush=True)
        rows += found
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
        rows = [in_process(given.area[0], given.seed, [given.number], judge())]
    else:
        rows = run(given.area or NAMES, given.inputs, given.seed)
    print(table.written(rows, given.seed, time.monotonic() - began))
    return 1 if any(row.faulty for row in rows) else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Threads of a loop that was lost to a hang are waited for by a plain end, for ever.
    os._exit(code)
