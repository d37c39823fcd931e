"""Structured logs say what happened and how long it took, and nothing of what a reader typed."""

import json
import logging
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.logs import structured
from app.main import create_app
from app.settings import Settings
from compute.errors import ConvError
from compute.kinds.base import Kind

TRACE = "/api/v1/traces/single-channel"
Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What the application logs of some requests: lines(lambda client: …, log="json")."""

    def run(ask: Callable[[TestClient], object], **settings: Any) -> list[dict[str, Any]]:
        chosen = Settings(**{"strict_strings": True, "brotli_quality": 1, "processes": 0, "log": "json", **settings})
        with TestClient(create_app(chosen), raise_server_exceptions=False) as client:
            client.headers["accept-encoding"] = "identity"
            capsys.readouterr()
            ask(client)
            written = capsys.readouterr().out.splitlines()
        read = json.loads if chosen.log == "json" else logfmt
        return [read(line) for line in written]

    return run


def logfmt(line: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(line))


def test_a_request_is_one_line_of_json(lines: Lines) -> None:
    sizes: list[int] = []

    def ask(client: TestClient) -> None:
        sizes.append(len(client.get(f"{TRACE}?stride=2", headers={"x-request-id": "mine"}).content))

    (line,) = lines(ask)
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "event": "request",
        "request": "mine",
        "method": "GET",
        "route": "/api/v1/traces/{slug}",
        "kind": "single-channel",
        "status": 200,
        "bytes": sizes[0],
    }


def test_logfmt_says_the_same(lines: Lines) -> None:
    (line,) = lines(lambda client: client.head("/learn/dilated"), log="logfmt")
    assert (line["method"], line["route"], line["status"], line["bytes"]) == ("HEAD", "/learn/{slug}", "200", "0")


@pytest.mark.parametrize("form", ["json", "logfmt"])
def test_nothing_that_was_typed_and_no_address_is_logged(
    lines: Lines, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("it quotes SECRET")

    monkeypatch.setattr(Kind, "facts", fail)

    def ask(client: TestClient) -> None:
        client.get(f"{TRACE}?stride=SECRET&input=SECRET")
        client.get("/SECRET/SECRET?SECRET")
        client.get("/learn/SECRET")
        client.post(TRACE, json={"input": "SECRET"}, headers={"user-agent": "SECRET", "referer": "https://SECRET/"})
        client.get("/api/v1/facts/layer?note=1")
        client.get("/api/v1/facts/layer")
        logging.getLogger("uvicorn.access").info("SECRET")

    found = lines(ask, log=form)
    assert len(found) == 6
    assert "SECRET" not in str(found)
    assert "testclient" not in str(found)
    assert [one["route"] for one in found[:3]] == ["/api/v1/traces/{slug}", "other", "/learn/{slug}"]


def test_addresses_are_logged_where_a_setting_says_so(lines: Lines) -> None:
    (line,) = lines(lambda client: client.get(TRACE), log_addresses=True)
    assert line["client"] == "testclient"


def test_a_refusal_is_told_by_its_code_and_a_fault_by_its_type(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no one foresaw it")

    monkeypatch.setattr(Kind, "facts", fail)
    refused, fault = lines(lambda client: (client.get(f"{TRACE}?stride=0"), client.get("/api/v1/facts/layer")))
    assert (refused["level"], refused["status"], refused["error"]) == ("info", 422, "out_of_range")
    assert (fault["level"], fault["status"], fault["error"]) == ("error", 500, "RuntimeError")


def test_probes_that_find_all_well_are_not_logged(lines: Lines) -> None:
    def ask(client: TestClient) -> None:
        for path in ("/healthz", "/readyz"):
            client.get(path)
        client.post("/readyz")

    assert [(one["route"], one["status"]) for one in lines(ask)] == [("/readyz", 405)]


def test_without_the_setting_nothing_is_logged(lines: Lines) -> None:
    assert lines(lambda client: client.get(TRACE), log="") == []


@pytest.fixture
def talkative() -> Iterator[None]:
    """The server's logger tells what it is told, whatever server was quieted in this process before."""
    logger = logging.getLogger("uvicorn.error")
    level = logger.level
    logger.setLevel(logging.NOTSET)
    yield
    logger.setLevel(level)


@pytest.mark.usefixtures("talkative")
def test_an_exception_is_told_by_its_places_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with structured("json"):
        try:
            raise ConvError("x", "y", "what was typed: SECRET")
        except ConvError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    (line,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (line["level"], line["event"], line["error"]) == ("error", "Exception in ASGI application", "ConvError")
    assert len(line["where"]) == 1
    assert line["where"][0].startswith("tests/app/test_logging.py:")
    assert "SECRET" not in str(line)


def test_loggers_are_afterwards_as_they_were() -> None:
    logger = logging.getLogger("uvicorn")
    before = logger.handlers, logger.propagate, logger.level
    with structured("logfmt"):
        assert logger.handlers != before[0]
    assert (logger.handlers, logger.propagate, logger.level) == before
    assert not logging.getLogger("uvicorn.access").disabled
