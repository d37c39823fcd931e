"""What processes cost and hold, as Linux tells it in /proc: time of the processors, memory, open files, children."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of a processor and bytes in memory, summed over processes."""

    seconds: float
    resident: int

    @property
    def megabytes(self) -> float:
        """Resident memory in MiB."""
        return self.resident / _MEGABYTE


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for one in _numbers():
        if (fields := _stat(one)) is not None:
            parents.setdefault(int(fields[1]), []).append(one)
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def usage(pids: Iterable[int]) -> Usage:
    """What these processes have used so far; children that have ended count with their parent."""
    seconds, resident = 0.0, 0
    for pid in pids:
        if (fields := _stat(pid)) is not None:
            # utime, stime, cutime, cstime; a parent is told of its children when it has waited for them.
            seconds += sum(map(int, fields[11:15])) / _TICK
            resident += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return Usage(seconds, resident)


def resident(pid: int) -> float:
    """MiB in memory of a process and its descendants."""
    return usage(family(pid)).megabytes


def open_files(pid: int, but: str | None = None) -> int:
    """Handles that a process holds: files, sockets and the rest; without files that have `but` in their path."""
    paths = []
    for handle in (_PROC / str(pid) / "fd").iterdir():
        # One may be closed meanwhile.
        with suppress(FileNotFoundError):
            paths.append(str(handle.readlink()))
    return sum(but is None or but not in path for path in paths)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be asked about does not."""
    fields = _stat(pid)
    return fields is not None and fields[0] != "Z"


def name(pid: int) -> str:
    """What the system calls the process; empty where it has ended."""
    try:
        return (_PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


def command(pid: int) -> str:
    """The words that started the process; empty where it has ended."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _numbers() -> list[int]:
    return [int(one.name) for one in _PROC.iterdir() if one.name.isdigit()]


def _stat(pid: int) -> list[str] | None:
    """State, parent and so on (proc(5)); the name before them may hold blanks and brackets."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
