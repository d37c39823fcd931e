"""Metrics count what happens, by routes and never by figures; without the setting there are none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from app import extra
from app.main import create_app
from app.settings import Settings, SettingsError

TRACE = "/api/v1/traces/single-channel"
DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def counted() -> Iterator[TestClient]:
    settings = Settings(strict_strings=True, brotli_quality=1, processes=0, metrics=True)
    with TestClient(create_app(settings)) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


def samples(client: TestClient) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def one(found: Samples, name: str, **labels: str) -> float:
    return found[f"convoscope_{name}", tuple(sorted(labels.items()))]


def test_without_the_setting_there_is_nothing(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_requests_are_counted_by_route_method_and_status(counted: TestClient) -> None:
    sizes = [len(counted.get(path).content) for path in (TRACE, TRACE, f"{TRACE}?stride=2", f"{TRACE}?stride=0")]
    counted.get("/nowhere")
    found = samples(counted)
    route = "/api/v1/traces/{slug}"
    assert one(found, "requests_total", route=route, method="GET", status="200") == 3
    assert one(found, "requests_total", route=route, method="GET", status="422") == 1
    assert one(found, "requests_total", route="other", method="GET", status="404") == 1
    assert one(found, "request_seconds_count", route=route) == 4
    assert one(found, "response_bytes_total", route=route) == sum(sizes)
    assert one(found, "errors_total", code="out_of_range") == 1
    assert one(found, "errors_total", code="not_found") == 1


def test_the_cache_and_what_is_under_way_are_told(counted: TestClient) -> None:
    for path in (TRACE, TRACE, f"{TRACE}?stride=2"):
        counted.get(path)
    found = samples(counted)
    assert (one(found, "cache_hits_total"), one(found, "cache_misses_total"), one(found, "cache_answers")) == (1, 2, 2)
    assert 10_000 < one(found, "cache_bytes") < one(found, "cache_limit_bytes") == 64 * 1024 * 1024
    # The request that reads them is the one that is under way.
    assert one(found, "requests_in_flight") == 1
    assert [one(found, f"heavy_{name}") for name in ("running", "waiting", "queue")] == [0, 0, Settings().queue]


def test_exceptions_and_foreign_methods_are_one_label_each(
    counted: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compute.kinds.base import Kind

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Kind, "facts", fail)
    with pytest.raises(ZeroDivisionError):
        counted.get("/api/v1/facts/layer")
    counted.request("BREW", TRACE)
    found = samples(counted)
    assert one(found, "errors_total", code="exception") == 1
    assert one(found, "requests_total", route="/api/v1/traces/{slug}", method="other", status="405") == 1


def test_labels_do_not_grow_with_what_readers_ask(counted: TestClient) -> None:
    counted.get("/learn/one"), counted.get("/a"), samples(counted)
    before = len(samples(counted))
    for number in range(30):
        counted.get(f"/learn/{number}")
        counted.get(f"/{number}?{number}")
    assert len(samples(counted)) == before


def test_every_metric_is_documented_and_nothing_else_is(counted: TestClient) -> None:
    counted.get(f"{TRACE}?stride=0")
    named = {re.sub(r"_(bucket|count|sum)$", "", name) for name, _ in samples(counted)}
    documented = set(re.findall(r"^\| `(convoscope_\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    # When a counter began is told beside it, by the library.
    ours = {name for name in named if name.startswith("convoscope_") and not name.endswith("_created")}
    assert ours == documented


def test_a_library_that_is_missing_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"CONVOSCOPE_METRICS.*pip install 'convoscope\[metrics\]'"):
        create_app(Settings(metrics=True))
