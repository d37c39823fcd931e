"""A few processes that compute, kept alive: one that ends is replaced, whether it was idle or at work."""

from functools import partial
from threading import Event, Lock, Thread
from typing import Any

from app.process import Late, Lost, Process

__all__ = ["Late", "Lost", "Pool"]

# After so many starts in a row that failed, the pool says of itself that it is broken.
_BROKEN = 3
_LONGEST_PAUSE = 30.0  # seconds before a further start, when starts fail


class Pool:
    """At most `count` processes; to be asked from threads, by as many at once as there are processes.

    Attributes:
        open: whether it has been started and not closed.
        lost: processes that ended while the pool was open.
        killed: those of them that were ended here, because their work took longer than it may.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.open = False
        self.lost = 0
        self.killed = 0
        self._failures = 0
        self._idle: list[Process] = []
        self._all: set[Process] = set()
        self._lock = Lock()
        self._closing = Event()

    def start(self) -> None:
        """Start all processes; returns before they are warm."""
        self._closing.clear()
        with self._lock:
            self.open = True
            self._idle += [self._started() for _ in range(self.count - len(self._all))]

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        self._closing.set()
        with self._lock:
            self.open = False
            processes, idle = list(self._all), list(self._idle)
            self._all.clear()
            self._idle.clear()
        for process in processes:
            process.kill()
        for process in idle:
            process.close()

    @property
    def broken(self) -> bool:
        """Whether processes do not even start."""
        return self._failures >= _BROKEN

    @property
    def ready(self) -> int:
        """Processes that are warm."""
        with self._lock:
            return sum(process.ready for process in self._all)

    @property
    def pids(self) -> list[int]:
        """The processes by number."""
        with self._lock:
            return [process.pid for process in self._all]

    def done(self, work: "partial[Any]", seconds: float) -> Any:
        """The result of `work`, done by one of the processes; raises what it raises, Late or Lost."""
        process = self._taken()
        try:
            return process.done(work, seconds)
        except Late:
            self.killed += 1
            raise
        finally:
            self._given_back(process)

    def _taken(self) -> Process:
        with self._lock:
            if not self.open:
                raise Lost
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                process.close()
            return self._started()

    def _given_back(self, process: Process) -> None:
        with self._lock:
            if process in self._all and process.alive:
                self._idle.append(process)
                return
        process.close()

    def _started(self) -> Process:
        """A new process, to be called with the lock held."""
        process = Process()
        self._all.add(process)
        Thread(target=self._watched, args=(process,), name="convoscope-pool", daemon=True).start()
        return process

    def _watched(self, process: Process) -> None:
        """Waits for the end of one process and puts another in its place."""
        warm = process.warmed()
        if warm:
            self._failures = 0
        process.wait()
        with self._lock:
            if process not in self._all:
                return
            self._all.discard(process)
            self.lost += 1
            self._failures += not warm
            if process in self._idle:
                self._idle.remove(process)
                process.close()
        # One that starts and ends at once, again and again, would take the whole machine.
        if self._failures and self._closing.wait(min(2.0**self._failures, _LONGEST_PAUSE)):
            return
        with self._lock:
            if self.open and len(self._all) < self.count:
                self._idle.append(self._started())
