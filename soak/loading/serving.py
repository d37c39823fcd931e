"""Servers for the soaks: one process or several, with a temporary folder of their own that can be looked into."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from soak.loading import processes
from tests.servers import HOST, ROOT, free_port, wait_until_healthy

_END_WITHIN = 30  # seconds
# Several workers on a machine at work take longer to start than one; each try has its own time.
_TRIES = 4


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes:
        folder: where its temporary files lie.
        log: what it printed.
    """

    url: str
    process: "subprocess.Popen[bytes]"
    folder: Path
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def workers(self) -> list[int]:
        """The processes that answer: those that the first one started, itself where there are none."""
        others = [pid for pid in processes.family(self.pid) if pid != self.pid and _answers(pid)]
        return others or [self.pid]

    def computing(self) -> list[int]:
        """The processes that do its heavy work."""
        return [pid for pid in processes.family(self.pid) if "app.computing" in processes.command(pid)]

    def left_behind(self) -> list[str]:
        """Names of temporary files."""
        return sorted(one.name for one in self.folder.iterdir())

    def complaints(self) -> list[str]:
        """Lines of its log that tell of an exception."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if "Traceback" in line or line.startswith("ERROR")]


@contextmanager
def serving(
    application: str = "app.main:app", *, workers: int = 1, prefix: Sequence[str] = (), **variables: str
) -> Iterator[Served]:
    """An application on a free port of this machine, for as long as the block lasts.

    `prefix` is the beginning of a command that starts it; `variables` are those of its environment.
    """
    port = free_port()
    command = [*prefix, sys.executable, "-m", "uvicorn", application, "--host", HOST, "--port", str(port)]
    command += ["--log-level", "warning", "--workers", str(workers)]
    # By itself it kills workers that do not answer it within five seconds; on a busy machine that is all, for ever.
    command += ["--timeout-worker-healthcheck", "60"]
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        folder, log = Path(place, "temporary"), Path(place, "log")
        folder.mkdir()
        environment = {**os.environ, "TMPDIR": str(folder), **variables}
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            if not any(wait_until_healthy(process, port) for _ in range(_TRIES)):
                raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')}")
            yield Served(f"http://{HOST}:{port}", process, folder, log)
        finally:
            _end(process)


def limited(file_bytes: int) -> list[str]:
    """The beginning of a command whose processes may write no longer files than this, pipes and sockets apart."""
    set_limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({file_bytes}, {file_bytes}))"
    return [sys.executable, "-c", f"import os, resource, sys; {set_limit}; os.execv(sys.argv[1], sys.argv[1:])"]


def end_in_order() -> None:
    """Let SIGTERM end a script as Ctrl+C does, so that the servers it started end with it."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the server to end; what remains of it and its children is ended."""
    family = processes.family(process.pid)
    process.terminate()
    try:
        process.wait(timeout=_END_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in filter(processes.alive, family):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + _END_WITHIN
    while any(map(processes.alive, family)) and time.monotonic() < deadline:
        time.sleep(0.05)


def _answers(pid: int) -> bool:
    """Whether a child is one that serves; Python's tracker of shared memory is another."""
    return "spawn_main" in processes.command(pid)
