"""A server that is told to end says so, drains, finishes what it serves, and leaves nothing behind."""

import contextlib
import json
import signal
import socket
from pathlib import Path

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.app.living import alive, in_time, running
from tests.servers import HOST

HEAVY = "/api/v1/traces/single-channel?input_size=190"
LIGHT = "/api/v1/traces/single-channel"


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
        assert in_time(lambda: server.ask("/readyz")[0] == 503)
        # A new connection is still served while it drains.
        status, body = server.ask(LIGHT)
        assert (status, "tensors" in json.loads(body)) == (200, True)
        assert server.program.wait(300) == 0
        assert not server.listens()
        assert not [pid for pid in children if alive(pid)]


def test_it_finishes_what_it_serves_and_leaves_with_zero() -> None:
    with running(CONVOSCOPE_METRICS="1") as server, contextlib.closing(server.connection()) as connection:
        connection.request("GET", HEAVY)
        assert in_time(lambda: server.reads("heavy_running") == 1)
        server.program.send_signal(signal.SIGTERM)
        answer = connection.getresponse()
        assert (answer.status, len(json.loads(answer.read())["stages"])) == (200, 1)
        assert server.program.wait(300) == 0


def test_who_is_impatient_does_not_wait_for_the_drain() -> None:
    with running(CONVOSCOPE_DRAIN_SECONDS="600") as server:
        server.program.send_signal(signal.SIGTERM)
        assert in_time(lambda: server.ask("/readyz")[0] == 503)
        server.program.send_signal(signal.SIGTERM)
        assert server.program.wait(300) == 0


def test_nobody_at_a_terminal_waits_for_the_drain() -> None:
    with running(CONVOSCOPE_DRAIN_SECONDS="600") as server:
        server.program.send_signal(signal.SIGINT)
        assert server.program.wait(300) == 0


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
    with running(**variables) as server, socket.create_connection((HOST, server.port), timeout=300) as connection:
        connection.sendall("\r\n".join(FORM).encode())
        assert in_time(lambda: server.reads("requests_in_flight") == 2)
        children = server.children()
        server.program.send_signal(signal.SIGTERM)
        assert server.program.wait(300) == 0
    assert list(tmp_path.iterdir()) == []
    assert not [pid for pid in children if alive(pid)]
