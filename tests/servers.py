"""Starts the application as a process of its own, for tests and benchmarks that need a real server."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
READY_WITHIN = 60  # seconds


@contextlib.contextmanager
def running_app(application: str = "app.main:app", **variables: str) -> Iterator[str]:
    """The base URL of the application on a free port, for as long as the block lasts."""
    port = free_port()
    uvicorn = [sys.executable, "-m", "uvicorn", application, "--host", HOST, "--port", str(port)]
    with running([*uvicorn, "--log-level", "warning"], port, cwd=ROOT, environment=variables) as url:
        yield url


@contextlib.contextmanager
def running(
    command: Sequence[str],
    port: int,
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    health: str = "/healthz",
) -> Iterator[str]:
    """The base URL of a server that listens on that port, started and ended with the block."""
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(environment or {})}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            if not wait_until_healthy(server, port, health):
                log.seek(0)
                raise RuntimeError(f"The server did not start:\n{log.read().decode(errors='replace')}")
            yield f"http://{HOST}:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(server: subprocess.Popen[bytes], port: int, health: str = "/healthz") -> bool:
    deadline = time.monotonic() + READY_WITHIN
    while server.poll() is None and time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection,
        ):
            connection.request("GET", health)
            if connection.getresponse().status == 200:
                return True
        time.sleep(0.05)
    return False
