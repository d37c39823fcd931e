"""One process that computes, as the server sees it: started, asked for one thing after the other, ended."""

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event, Lock, Timer
from typing import IO, Any

from app.pipes import receive, send
from compute.errors import ConvError

# Seconds that a process may take to be warm: about one, and many where a machine is as good as overloaded, which
# ending it and starting it anew would only make worse.
_START_WITHIN = 300.0
_ROOT = Path(__file__).resolve().parent.parent


class Lost(Exception):
    """The process ended before it answered."""


class Late(Exception):
    """It took longer than it may, and was ended."""


class Fault(Exception):
    """The work failed in a way that no one foresaw; the text is the stack of the other process.

    Attributes:
        kind: the name of the exception's type.
        places: where it came from, without what it says.
    """

    def __init__(self, text: str, kind: str, places: list[str]) -> None:
        super().__init__(text)
        self.kind = kind
        self.places = places


class Process:
    """A process of `app.computing`; a thread at a time asks it.

    Attributes:
        ready: whether it is warm.
    """

    def __init__(self) -> None:
        # A program of its own instead of a fork: forks take over locks that threads hold. What it writes to its
        # standard error goes where ours goes.
        self._program = subprocess.Popen(
            # Not from the folder that it is started in, where another `app` may lie (-P).
            [sys.executable, "-P", "-m", "app.computing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(_search())},
        )
        self.ready = False
        self._settled = Event()
        self._lock = Lock()
        self._piece = 0
        self._late = False
        # Its pipes end a moment before the system tells that it has.
        self._spent = False

    @property
    def pid(self) -> int:
        return self._program.pid

    @property
    def alive(self) -> bool:
        return not self._spent and self._program.poll() is None

    def warmed(self) -> bool:
        """Waits until it is warm, or has ended before; to be called once, before anything is asked."""
        try:
            self.ready = receive(self._output) is not None
        except (OSError, ValueError):
            self.ready = False
        self._settled.set()
        return self.ready

    def done(self, work: "partial[Any]", seconds: float) -> Any:
        """The result of `work`; raises what it raises, or Late, Lost or Fault."""
        self._settled.wait(_START_WITHIN)
        if not self.ready:
            self._spent = True
            self.kill()
            raise Lost
        order = pickle.dumps(work)
        timer = Timer(seconds, self._overtaken, (self._piece,))
        timer.daemon = True
        timer.start()
        answer = None
        try:
            answer = self._exchanged(order)
        finally:
            timer.cancel()
            with self._lock:  # a timer that fires now finds that its piece is over
                self._piece += 1
                self._spent = answer is None or self._late
        if answer is None:
            raise Late if self._late else Lost
        return _told(*pickle.loads(answer))

    def kill(self) -> None:
        """End it, whatever it does."""
        self._program.kill()

    def wait(self) -> None:
        """Returns when it has ended."""
        self._program.wait()

    def close(self) -> None:
        """End it and let go of its pipes; nobody may be asking it."""
        self.kill()
        self.wait()
        self._settled.wait()
        for pipe in (self._input, self._output):
            with suppress(OSError):  # what could not be written any more
                pipe.close()

    def _exchanged(self, order: bytes) -> bytes | None:
        try:
            send(self._input, order)
            return receive(self._output)
        except (OSError, ValueError):
            return None

    def _overtaken(self, piece: int) -> None:
        with self._lock:
            if piece == self._piece:
                self._late = True
                self.kill()

    @property
    def _input(self) -> IO[bytes]:
        assert self._program.stdin
        return self._program.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._program.stdout
        return self._program.stdout


def _told(outcome: str, value: Any) -> Any:
    if outcome == "refused":
        raise ConvError(value["code"], value["field"], value["message"], value["hint"], **value["values"])
    if outcome == "failed":
        raise Fault(*value)
    return value


def _search() -> list[str]:
    """Where the other process finds our packages, whatever folder and way this one was started from."""
    return [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
