"""Errors have one shape for programs and one page for readers; a fault of ours tells nothing of itself."""

import pytest
from starlette.testclient import TestClient

from app import pages
from app.documents import ErrorDocument
from app.errors import STATUS, document_of, status_of
from app.main import create_app
from app.settings import Settings
from compute.errors import ConvError
from compute.kinds.base import Kind


def test_codes_decide_the_status() -> None:
    assert {status_of(ConvError(code, "", "")) for code in STATUS} == {
        *(400, 403, 404, 405, 413, 414, 429, 431),
        *(500, 501, 503, 507),
    }
    assert status_of(ConvError("anything_else", "", "")) == 422


def test_what_json_cannot_hold_is_said_as_text() -> None:
    error = ConvError("x", "half \ud800", "m", given=10**30, huge=10**5000, list=[2**64, (1, "\udfff")], small=-(2**63))
    document = document_of(error)
    assert document["field"] == "half ?"
    assert document["values"] == {
        "given": "1.000e+30",
        "huge": "huge",
        "list": ["1.845e+19", [1, "?"]],
        "small": -(2**63),
    }


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """An application in which every trace and every home page fails."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(Kind, "trace", fail)
    monkeypatch.setattr(Kind, "changing", fail)
    monkeypatch.setattr(pages.Pages, "home", fail)
    return TestClient(create_app(Settings(strict_strings=True)), raise_server_exceptions=False)


def test_a_bug_is_a_500_of_the_one_shape(faulty: TestClient) -> None:
    answer = faulty.get("/api/v1/traces/single-channel")
    assert answer.status_code == 500
    assert ErrorDocument.model_validate_json(answer.content).error.code == "internal"
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


def test_a_bug_in_a_page_is_a_page(faulty: TestClient) -> None:
    for path in ("/", "/learn/single-channel"):
        answer = faulty.get(path)
        assert answer.status_code == 500
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h1>" in answer.text
        assert "secret" not in answer.text


def test_a_bug_reaches_the_server_which_logs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Kind, "facts", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        TestClient(create_app(Settings(strict_strings=True))).get("/api/v1/facts/layer")


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/learn", "/learn/", "/learn/nope", "/learn/layer/", "/docs/", "/%2e%2e/%2e%2e/etc/passwd", "/%ff"],
)
def test_what_is_not_there_is_a_page_for_readers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="/learn/single-channel"' in answer.text


def test_the_page_of_a_kind_misspelt_leads_to_the_nearest(client: TestClient) -> None:
    assert 'href="/learn/transposed"' in client.get("/learn/transpsed").text


def test_a_page_that_is_posted_to_refuses_as_a_page(client: TestClient) -> None:
    answer = client.post("/learn/layer", json={})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/<script>alert(1)</script>", "/learn/<script>alert(1)<", "/learn/%22onload=%22x"])
def test_addresses_are_escaped_in_pages(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert "<script>alert" not in text
    assert '"onload="' not in text
