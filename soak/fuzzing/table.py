"""What came of it, as Markdown: a line an area, and every sort of fault with an input that shows it."""

from collections.abc import Sequence
from itertools import chain

from soak.fuzzing.running import Fault, Row

_HEAD = ("area", "inputs", "answers", "slowest, ms", "faults")


def written(rows: Sequence[Row], seed: int, seconds: float) -> str:
    """The table and what is below it."""
    total = sum(row.inputs for row in rows)
    faulty = sum(row.faulty for row in rows)
    lines = [_line(_HEAD), "|---|---:|---|---:|---:|", *(line(row) for row in rows)]
    slowest = max((row.slowest for row in rows), default=0)
    lines.append(_line(("**all**", f"{total:,}", f"seed {seed}, {seconds:.0f} s", f"{slowest:.0f}", f"{faulty:,}")))
    faults = [_fault(one) for one in chain.from_iterable(row.faults for row in rows)]
    return "\n".join([*lines, *(["", *faults] if faults else [])])


def told(row: Row) -> list[str]:
    """An area and its faults, as soon as they are known."""
    return [line(row), *map(_fault, row.faults)]


def line(row: Row) -> str:
    """One area."""
    said = ", ".join(f"{status} × {count:,}" for status, count in sorted(row.statuses.items()))
    return _line((row.area, f"{row.inputs:,}", said, f"{row.slowest:.0f}", f"{row.faulty:,}"))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _fault(fault: Fault) -> str:
    what = fault.what.replace("\n", "\n    ")
    return f"- {fault.where}\n    {what}\n    smallest: {fault.smallest}"
