"""Finished answers are kept, bounded, and asked for before anything else runs."""

from collections.abc import Coroutine
from typing import Any

import anyio
import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app import answers
from app.cache import Answer, Cache, Store
from app.compression import Compression
from app.main import Application
from app.security import SecurityHeaders
from app.settings import Settings
from compute.kinds.base import Kind

TRACE = "/api/v1/traces/single-channel"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds for which a trace has been computed, in order."""
    slugs: list[str] = []
    made = answers.trace_bytes

    def counted(kind: Kind, params: Any) -> bytes:
        slugs.append(kind.slug)
        return made(kind, params)

    monkeypatch.setattr(answers, "trace_bytes", counted)
    return slugs


def lasting(answer: Response) -> list[tuple[str, str]]:
    """The headers but for the name of the request, which each has for itself."""
    return [header for header in answer.headers.items() if header[0] != "x-request-id"]


def test_the_same_url_is_computed_once(fresh: TestClient, computed: list[str]) -> None:
    first, second = fresh.get(TRACE), fresh.get(TRACE)
    assert first.content == second.content
    assert lasting(first) == lasting(second)
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
    assert lasting(head) == lasting(get)
    assert len(computed) == 1


@pytest.mark.parametrize(
    "path", [f"{TRACE}?stride=0", "/api/v1/traces/nope", "/learn/single-channel?stride=0", "/healthz", "/nowhere"]
)
def test_only_what_is_found_and_pure_is_kept(path: str) -> None:
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


def test_an_answer_made_without_a_route_is_the_one_of_the_route(fresh: TestClient) -> None:
    application = Application(Settings())
    around = TestClient(Compression(SecurityHeaders(application.routes)))
    for path in (TRACE, "/api/v1/facts/layer?dims=1", "/api/v1/limits/layer", "/api/v1/code/transposed"):
        for encoding in ("identity", "gzip", "br"):
            direct, routed = (one.get(path, headers={"accept-encoding": encoding}) for one in (fresh, around))
            assert direct.content == routed.content
            assert sorted(lasting(direct)) == sorted(lasting(routed))


def test_a_page_is_rendered_once_a_language_and_encoding() -> None:
    application = Application(Settings(strict_strings=True))
    client = TestClient(application)
    english = client.get("/learn/layer", headers={"accept-language": "en"})
    for accepted, size in (("en", 1), ("en-GB, en;q=0.9", 1), ("fr", 1), ("zh-CN", 2), ("zh;q=0.4, en;q=0.3", 2)):
        page = client.get("/learn/layer", headers={"accept-language": accepted})
        assert len(application.cache.store) == size
        assert (page.text == english.text) is (size == 1)
        assert page.headers["content-language"] == ("en" if size == 1 else "zh")
    client.get("/learn/layer", headers={"accept-language": "en", "accept-encoding": "identity"})
    assert len(application.cache.store) == 3


def test_an_unchanged_page_is_304(fresh: TestClient) -> None:
    for path in ("/", "/learn/layer?stride=2", "/embed/layer", "/compare", "/docs", "/docs/embed"):
        page = fresh.get(path)
        again = fresh.get(path, headers={"if-none-match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["content-security-policy"] == page.headers["content-security-policy"]


def test_a_page_of_an_error_is_sent_whole_each_time(client: TestClient) -> None:
    page = client.get("/learn/single-channel?stride=0")
    assert page.status_code == 422
    assert page.headers["cache-control"] == "no-cache"
    assert "etag" not in page.headers


def ask(cache: Cache, path: str, sent: list[Message]) -> Coroutine[Any, Any, None]:
    """A GET as a server hands it over."""
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}

    async def send(message: Message) -> None:
        sent.append(message)

    return cache(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


@pytest.mark.parametrize(("status", "made"), [(200, 1), (422, 5)])
def test_a_page_that_many_open_at_once_is_made_once_and_its_refusal_for_each(status: int, made: int) -> None:
    begun: list[str] = []
    sent: list[Message] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["path"])
        await anyio.sleep(0.01)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})

    async def hall() -> None:
        cache = Cache(slow, 100_000, {}, ["en"])
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask, cache, "/learn/layer", sent)

    anyio.run(hall)
    assert len(begun) == made
    assert [message["body"] for message in sent if "body" in message] == [b"page"] * 5


def test_a_page_whose_making_fails_is_made_by_the_next() -> None:
    attempts: list[int] = []

    async def breaks_once(scope: Scope, receive: Receive, send: Send) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise RuntimeError("once")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})

    cache = Cache(breaks_once, 100_000, {}, ["en"])
    sent: list[Message] = []
    with pytest.raises(RuntimeError, match="once"):
        anyio.run(ask, cache, "/learn/layer", sent)
    anyio.run(ask, cache, "/learn/layer", sent)
    assert sent[-1]["body"] == b"page"
