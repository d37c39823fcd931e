"""A server that is told to end says so, drains, finishes what it serves, and leaves nothing behind."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.app.test_heavy import alive, within_a_minute
from tests.servers import HOST, ROOT, free_port, wait_until_healthy

HEAVY = "/api/v1/traces/single-channel?input_size=190"
LIGHT = "/api/v1/traces/single-channel"


class Running:
    """A server as the container starts it, and what it does when it is told to end."""

    def __init__(self, program: "subprocess.Popen[bytes]", port: int) -> None:
        self.program = program
        self.port = port

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, self.port, timeout=60)

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


def test_readiness_says_why_it_is_not() -> None:
    application = create_app(Settings(strict_strings=True, processes=0))
    client = TestClient(application)
    early = client.get("/readyz")
    assert (early.status_code, early.json()["error"]["code"]) == (503, "not_ready")
    assert early.json()["error"]["values"]["reasons"] == ["starting"]
    assert early.headers["retry-after"] == "1"
    assert client.get("/healthz").status_code == 200
    with client:
        assert client.get("/readyz").json() == {"status": "ok"}
        application.life.state = "stopping"
        late = client.get("/readyz")
        assert (late.status_code, late.json()["error"]["code"]) == (503, "stopping")
        assert late.json()["error"]["values"]["reasons"] == ["stopping"]
        # It serves on, and lets no connection stay.
        served = client.get(LIGHT)
        assert (served.status_code, served.headers["connection"]) == (200, "close")


def test_a_broken_pool_is_not_ready() -> None:
    application = create_app(Settings(strict_strings=True, brotli_quality=1, processes=1))
    assert application.heavy.pool
    with TestClient(application) as client:
        assert client.get("/readyz").status_code == 200
        application.heavy.pool._failures = 3
        refused = client.get("/readyz")
        assert refused.json()["error"]["values"]["reasons"] == ["pool broken"]
        assert client.get("/healthz").status_code == 200


def test_a_server_drains_before_it_ends() -> None:
    with running(CONVOSCOPE_DRAIN_SECONDS="2") as server:
        assert server.ask("/readyz")[0] == 200
        children = server.children()
        assert children
        server.program.send_signal(signal.SIGTERM)
        assert within_a_minute(lambda: server.ask("/readyz")[0] == 503)
        # A new connection is still served while it drains.
        status, body = server.ask(LIGHT)
        assert (status, "tensors" in json.loads(body)) == (200, True)
        assert server.program.wait(60) == 0
        assert not server.listens()
        assert not [pid for pid in children if alive(pid)]


def test_it_finishes_what_it_serves_and_leaves_with_zero() -> None:
    with running(CONVOSCOPE_METRICS="1") as server, contextlib.closing(server.connection()) as connection:
        connection.request("GET", HEAVY)
        assert within_a_minute(lambda: server.reads("heavy_running") == 1)
        server.program.send_signal(signal.SIGTERM)
        answer = connection.getresponse()
        assert (answer.status, len(json.loads(answer.read())["stages"])) == (200, 1)
        assert server.program.wait(60) == 0


def test_who_is_impatient_does_not_wait_for_the_drain() -> None:
    with running(CONVOSCOPE_DRAIN_SECONDS="600") as server:
        server.program.send_signal(signal.SIGTERM)
        assert within_a_minute(lambda: server.ask("/readyz")[0] == 503)
        server.program.send_signal(signal.SIGTERM)
        assert server.program.wait(60) == 0


def test_nobody_at_a_terminal_waits_for_the_drain() -> None:
    with running(CONVOSCOPE_DRAIN_SECONDS="600") as server:
        server.program.send_signal(signal.SIGINT)
        assert server.program.wait(60) == 0


FORM = (
    "POST /api/v1/exports/zip HTTP/1.1",
    "Host: x",
    "X-Convoscope: export",
    "Content-Type: multipart/form-data; boundary=b",
    "Content-Length: 100000",
    "",
    "--b",
    "",
)


def test_what_takes_too_long_is_cut_and_nothing_is_left(tmp_path: Path) -> None:
    """An export whose frames never come to an end."""
    variables = {"CONVOSCOPE_SHUTDOWN_SECONDS": "1", "CONVOSCOPE_METRICS": "1", "TMPDIR": str(tmp_path)}
    with running(**variables) as server, socket.create_connection((HOST, server.port), timeout=60) as connection:
        connection.sendall("\r\n".join(FORM).encode())
        assert within_a_minute(lambda: server.reads("requests_in_flight") == 2)
        children = server.children()
        server.program.send_signal(signal.SIGTERM)
        assert server.program.wait(60) == 0
    assert list(tmp_path.iterdir()) == []
    assert not [pid for pid in children if alive(pid)]
