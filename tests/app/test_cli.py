"""The `convoscope` command says where it listens, and why it cannot."""

import subprocess
import sys
import urllib.request

import pytest

from app import cli
from tests.servers import ROOT, free_port

COMMAND = [sys.executable, "-m", "app.cli"]


def test_it_serves_and_prints_its_address() -> None:
    port = free_port()
    command = [*COMMAND, "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout
            line = server.stdout.readline()
            assert f"http://127.0.0.1:{port}/" in line
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/docs", timeout=20) as answer:
                assert f"http://127.0.0.1:{port}/api/v1/traces/" in answer.read().decode()
                assert "uvicorn" not in (answer.headers["server"] or "")
        finally:
            server.terminate()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "８０"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--port", port])
    assert caught.value.code == 2
    assert "port" in capsys.readouterr().err


def test_a_setting_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONVOSCOPE_THREADS", "many")
    assert cli.main([]) == 2
    assert "CONVOSCOPE_THREADS" in capsys.readouterr().err
