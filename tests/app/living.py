"""Servers and processes that tests end: a server as the container starts it, and whether a process still lives."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.servers import HOST, ROOT, free_port, wait_until_healthy


def in_time(true: Callable[[], bool]) -> bool:
    """Whether it becomes true before five minutes are over; how soon is not asked."""
    for _ in range(30_000):
        if true():
            return True
        time.sleep(0.01)
    return False


def alive(pid: int) -> bool:
    """Whether a process computes or waits; one that has ended and is not yet taken note of does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1].split()[0] != "Z"


class Running:
    """A server as the container starts it, and what it does when it is told to end."""

    def __init__(self, program: "subprocess.Popen[bytes]", port: int) -> None:
        self.program = program
        self.port = port

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, self.port, timeout=300)

    def ask(self, path: str, connection: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
        with contextlib.closing(connection or self.connection()) as own:
            own.request("GET", path)
            answer = own.getresponse()
            return answer.status, answer.read()

    def reads(self, metric: str) -> float:
        """One figure of the server's metrics."""
        lines = self.ask("/metrics")[1].decode().splitlines()
        (value,) = (line.split()[1] for line in lines if line.startswith(f"convoscope_{metric} "))
        return float(value)

    def listens(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=10):
                return True
        except OSError:
            return False

    def children(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.program.pid)], stdout=subprocess.PIPE, text=True
        )
        return [int(pid) for pid in listed.stdout.split()]


@contextlib.contextmanager
def running(**variables: str) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    environment = {**os.environ, "CONVOSCOPE_BROTLI_QUALITY": "1", "CONVOSCOPE_LOG": "json", **variables}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT) as program,
    ):
        try:
            assert wait_until_healthy(program, port)
            yield Running(program, port)
        finally:
            program.kill()
