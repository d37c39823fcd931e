"""Finished answers are kept, bounded, and asked for before anything else runs."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.cache import Answer, Store
from app.main import Application
from app.settings import Settings
from compute.kinds.base import Kind

TRACE = "/api/v1/traces/single-channel"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds for which a trace has been computed, in order."""
    slugs: list[str] = []
    trace = Kind.trace

    def counted(kind: Kind, params: Any) -> Any:
        slugs.append(kind.slug)
        return trace(kind, params)

    monkeypatch.setattr(Kind, "trace", counted)
    return slugs


def test_the_same_url_is_computed_once(fresh: TestClient, computed: list[str]) -> None:
    first, second = fresh.get(TRACE), fresh.get(TRACE)
    assert first.content == second.content
    # Each request has a name of its own.
    assert first.headers.pop("x-request-id") != second.headers.pop("x-request-id")
    assert first.headers == second.headers
    assert computed == ["single-channel"]


def test_another_query_or_encoding_is_another_answer(fresh: TestClient, computed: list[str]) -> None:
    fresh.get(f"{TRACE}?seed=1")
    fresh.get(f"{TRACE}?seed=2")
    fresh.get(f"{TRACE}?seed=2", headers={"accept-encoding": "br"})
    assert len(computed) == 3
    fresh.get(f"{TRACE}?seed=2", headers={"accept-encoding": "br;q=0.3"})
    assert len(computed) == 3


def test_head_and_get_share_an_answer(fresh: TestClient, computed: list[str]) -> None:
    head, get = fresh.head(TRACE), fresh.get(TRACE)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    # Each request has a name of its own.
    assert head.headers.pop("x-request-id") != get.headers.pop("x-request-id")
    assert head.headers == get.headers
    assert len(computed) == 1


@pytest.mark.parametrize("path", [f"{TRACE}?stride=0", "/api/v1/traces/nope", "/learn/single-channel", "/healthz"])
def test_only_finished_figures_are_kept(path: str) -> None:
    application = Application(Settings(strict_strings=True))
    TestClient(application).get(path)
    assert len(application.cache.store) == 0


def test_a_post_is_computed_anew_and_not_kept(fresh: TestClient, computed: list[str]) -> None:
    for _ in range(2):
        answer = fresh.post(TRACE, json={})
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
    assert len(computed) == 2


def test_an_unchanged_answer_is_304_without_a_body(fresh: TestClient) -> None:
    full = fresh.get(TRACE, headers={"accept-encoding": "br"})
    for _ in range(2):
        for path in (TRACE, f"{TRACE}?"):
            answer = fresh.get(path, headers={"if-none-match": full.headers["etag"], "accept-encoding": "br"})
            assert (answer.status_code, answer.content) == (304, b"")
            for name in ("etag", "cache-control", "vary", "access-control-allow-origin"):
                assert answer.headers[name] == full.headers[name]
            for name in ("content-type", "content-encoding", "content-length"):
                assert name not in answer.headers


def test_the_first_question_may_be_conditional_too(fresh: TestClient, client: TestClient) -> None:
    etag = client.get(TRACE).headers["etag"]
    assert fresh.get(TRACE, headers={"if-none-match": etag}).status_code == 304
    assert fresh.get(TRACE, headers={"if-none-match": '"another"'}).status_code == 200
    assert fresh.head(TRACE, headers={"if-none-match": etag}).status_code == 304


def test_an_error_is_never_304(fresh: TestClient) -> None:
    assert fresh.get(f"{TRACE}?stride=0", headers={"if-none-match": "*"}).status_code == 422


def test_answers_may_be_kept_for_a_day_and_are_then_asked_for_again(client: TestClient) -> None:
    for path in (TRACE, "/api/v1/kinds", "/api/v1/facts/layer", "/api/v1/limits/layer", "/api/v1/openapi.json"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "public, max-age=86400, stale-while-revalidate=604800"
        assert headers["etag"].startswith('W/"')


def test_errors_are_not_kept_by_anyone(client: TestClient) -> None:
    for path in (f"{TRACE}?stride=0", "/api/v1/traces/nope", "/nowhere", "/static/a/b"):
        assert client.get(path).headers["cache-control"] == "no-store"


def test_the_etag_is_of_the_answer_not_of_the_address(client: TestClient) -> None:
    assert client.get(TRACE).headers["etag"] == client.get(f"{TRACE}?seed=0").headers["etag"]
    assert client.get(TRACE).headers["etag"] != client.get(f"{TRACE}?seed=1").headers["etag"]


def answer_of(size: int) -> Answer:
    return Answer.of([(b"etag", b'"x"')], b"x" * size)


def test_the_store_forgets_what_was_longest_unused() -> None:
    store = Store(limit=44_000)
    keys = [("/", b"%d" % number, "identity") for number in range(5)]
    for key in keys[:4]:
        store.put(key, answer_of(7_000))
    assert store.get(keys[0])
    store.put(keys[4], answer_of(7_000))
    assert [store.get(key) is not None for key in keys] == [True, False, True, True, True]
    assert store.size <= store.limit


def test_the_store_never_outgrows_its_limit() -> None:
    store = Store(limit=100_000)
    for number in range(500):
        store.put(("/", b"%d" % (number % 90), "br"), answer_of(number * 50))
        assert store.size <= store.limit
    assert len(store) > 1


def test_an_answer_of_more_than_a_quarter_of_the_limit_is_not_kept() -> None:
    store = Store(limit=100_000)
    store.put(("/", b"", "br"), answer_of(30_000))
    assert (len(store), store.size) == (0, 0)


def test_an_answer_put_twice_is_weighed_once() -> None:
    store = Store(limit=100_000)
    store.put(("/", b"", "br"), answer_of(10_000))
    size = store.size
    store.put(("/", b"", "br"), answer_of(10_000))
    assert store.size == size


def test_without_a_cache_everything_works() -> None:
    client = TestClient(Application(Settings(cache_bytes=0, strict_strings=True)))
    first, second = client.get(TRACE), client.get(TRACE)
    assert first.content == second.content
    assert client.get(TRACE, headers={"if-none-match": first.headers["etag"]}).status_code == 304
