"""Answers are kept, by address and encoding, and told though the application is away."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product

from checks.front import Fault, hold
from tests.asking import Answer, Seen, ask, standing_in
from tests.proxies import running_nginx
from tests.servers import running_app

TRACE = "/api/v1/traces/dilated?dilation=2"
PAGE = "/learn/dilated"
WITHIN = 20  # seconds in which what has to come has come
BROTLI = {"Accept-Encoding": "br"}


def an_answer_is_asked_for_once(app: str) -> None:
    """an answer of the API, a page, a static file: asked for once, then the same from the cache"""
    with running_nginx(app) as url:
        static = ask(url, PAGE).body.decode().split('<link rel="stylesheet" href="')[1].split('"')[0]
        for path in (TRACE, "/api/v1/facts/dilated", "/learn/arithmetic", "/embed/pooling", "/", static):
            first, second = ask(url, path, headers=BROTLI), ask(url, path, headers=BROTLI)
            hold((first.status, second.status), (200, 200), f"the statuses of {path}")
            hold((cached(first), cached(second)), ("MISS", "HIT"), f"what the cache had of {path}")
            hold(second.body, first.body, f"the second answer of {path}")
            hold(constant(second), constant(first), f"the headers of the second answer of {path}")


def what_may_not_be_kept_is_not(app: str) -> None:
    """errors, POST and what says no-store are asked for each time, and a page in each language"""
    with running_nginx(app) as url:
        for path in ("/api/v1/traces/none", "/healthz", "/api/v1/exports"):
            hold(cached(ask(url, path)) in ("", "MISS"), True, f"whether {path} is new at first")
            hold(cached(ask(url, path)) in ("", "MISS"), True, f"whether {path} is new again")
        posts = [ask(url, "/api/v1/traces/dilated", "POST", body=b'{"dilation": %d}' % n) for n in (1, 2)]
        hold(posts[0].body == posts[1].body, False, "whether two bodies get one answer")
        for language in ("zh", "en", "zh"):
            page = ask(url, PAGE, headers={"Accept-Language": language})
            hold(page.headers["content-language"], language, "the language of a page")


def encodings_are_kept_apart(app: str) -> None:
    """brotli, gzip and plain bytes are kept apart, however a client spells what it takes, and pass unchanged"""
    spellings = {
        "br": ("br", "gzip, deflate, br, zstd", "BR;q=1.0", "gzip;q=0.8,br;q=0.9"),
        "gzip": ("gzip", "gzip, br;q=0", "deflate, gzip;q=0.5", "br;q=0.0,x-gzip"),
        "": ("identity", "deflate", "gzip;q=0, br;q=0.000", "brotli"),
    }
    with running_nginx(app) as url:
        for path, (encoding, asked) in product((PAGE, TRACE), spellings.items()):
            direct = ask(app, path, headers={"Accept-Encoding": asked[0]})
            answers = [ask(url, path, headers={"Accept-Encoding": one}) for one in asked]
            what = f"{path} in {asked}"
            hold([one.headers.get("content-encoding", "") for one in answers], [encoding] * 4, f"encodings of {what}")
            hold({one.body for one in answers}, {direct.body}, f"bytes of {what}")
            hold([cached(one) for one in answers], ["MISS", "HIT", "HIT", "HIT"], f"what the cache had of {what}")


def head_is_get_without_its_body(app: str) -> None:
    """HEAD has the headers of GET, from the application and from the cache"""
    with running_nginx(app) as url:
        for path in (TRACE, PAGE, "/nothing", "/healthz"):
            new, got, kept = ask(url, path, "HEAD"), ask(url, path), ask(url, path, "HEAD")
            hold((new.body, kept.body), (b"", b""), f"the body of HEAD {path}")
            hold((new.status, kept.status), (got.status, got.status), f"the statuses of HEAD {path}")
            hold((constant(new), constant(kept)), (constant(got), constant(got)), f"the headers of HEAD {path}")


def what_is_kept_is_told_though_the_application_is_gone(_: str) -> None:
    """with the application gone, pages that were kept, traces and 304s go on, and all else is said in words"""
    with ExitStack() as running:
        application = running.enter_context(ExitStack())
        app = application.enter_context(running_app())
        url = running.enter_context(running_nginx(app, proxy_cache_valid="200 1s"))
        tag, page = ask(url, TRACE).headers["etag"], ask(url, PAGE)
        application.close()
        until("a page past its time is told", lambda: cached(ask(url, PAGE)) == "STALE")
        hold(ask(url, PAGE).body, page.body, "a page past its time")
        hold((ask(url, TRACE).status, cached(ask(url, TRACE))), (200, "HIT"), "a trace that is kept")
        hold(ask(url, TRACE, headers={"If-None-Match": f'"other", {tag}'}).status, 304, "a trace that the client has")
        for path, headers in (("/api/v1/traces/pooling", {}), ("/learn/pooling", {"Accept-Language": "zh-CN,zh"})):
            away = ask(url, path, headers=headers)
            hold((away.status, away.headers["retry-after"]), (502, "5"), f"the status and Retry-After of {path}")
        hold(ask(url, "/api/v1/traces/pooling").error["code"], "server_away", "what a program is told")
        hold("服务器目前没有应答" in away.body.decode(), True, "whether a reader of Chinese is told in Chinese")


def what_is_past_its_time_is_asked_for_by_its_tag(_: str) -> None:
    """an answer past its time is told at once, asked for again beside that by its ETag, and fresh after a 304"""
    with standing_in(tagged) as app, running_nginx(app.url) as url:
        first = ask(url, "/api/v1/kinds")
        hold(cached(first), "MISS", "what the cache had at first")
        until("it is told past its time", lambda: cached(ask(url, "/api/v1/kinds")) in ("STALE", "UPDATING"))
        until("it is asked for again", lambda: len(app.seen) > 1)
        hold(app.seen[1].headers.get("if-none-match"), 'W/"one"', "the tag by which it is asked for again")
        until("it is fresh again", lambda: cached(ask(url, "/api/v1/kinds")) == "HIT")
        hold(ask(url, "/api/v1/kinds").body, first.body, "the answer after a 304")


def a_new_answer_is_asked_for_once_by_many(_: str) -> None:
    """a hundred readers who open the same figure at once ask the application once"""
    with standing_in(slow) as app, running_nginx(app.url) as url, ThreadPoolExecutor(100) as readers:
        answers = list(readers.map(lambda _: ask(url, TRACE), range(100)))
        hold({(one.status, one.body) for one in answers}, {(200, b"late")}, "what the hundred got")
        hold(len(app.seen), 1, "how often the application was asked")


def one_of_two_applications_may_be_gone(app: str) -> None:
    """with one of two applications gone no request fails"""
    with ExitStack() as running:
        other = running.enter_context(ExitStack())
        second = other.enter_context(running_app())
        url = running.enter_context(running_nginx(app, second))
        paths = [f"/api/v1/traces/dilated?seed={n}" for n in range(40)]
        hold({ask(url, path).status for path in paths[:10]}, {200}, "statuses with both")
        other.close()
        hold({ask(url, path).status for path in paths[10:]}, {200}, "statuses with one")


def an_application_may_end_while_it_is_asked(app: str) -> None:
    """with one of two applications told to end while hundreds of requests are under way, none of them fails"""
    with ExitStack() as running:
        other = running.enter_context(ExitStack())
        url = running.enter_context(running_nginx(app, other.enter_context(running_app())))
        with ThreadPoolExecutor(16) as readers:
            asked = [readers.submit(ask, url, f"/api/v1/traces/dilated?seed={n}") for n in range(400)]
            until("some are answered", lambda: asked[40].done())
            under_way = sum(not one.done() for one in asked)
            other.close()
        hold(under_way > 100, True, f"whether {under_way} requests under way are many")
        hold({one.result().status for one in asked}, {200}, "statuses of all")


CLAIMS = (
    an_answer_is_asked_for_once,
    what_may_not_be_kept_is_not,
    encodings_are_kept_apart,
    head_is_get_without_its_body,
    what_is_kept_is_told_though_the_application_is_gone,
    what_is_past_its_time_is_asked_for_by_its_tag,
    a_new_answer_is_asked_for_once_by_many,
    one_of_two_applications_may_be_gone,
    an_application_may_end_while_it_is_asked,
)


# --- what the claims need ---


def cached(answer: Answer) -> str:
    """What nginx says of its cache; empty where it was not asked."""
    return answer.headers.get("x-cache", "")


def constant(answer: Answer) -> dict[str, str]:
    """The headers that depend neither on the time nor on the request."""
    changing = {"date", "x-request-id", "x-cache", "connection"}
    return {name: value for name, value in answer.headers.items() if name not in changing}


def tagged(seen: Seen) -> tuple[int, dict[str, str], bytes]:
    """An answer that is fresh for a second, and never changes."""
    headers = {"Cache-Control": "public, max-age=1, stale-while-revalidate=600", "ETag": 'W/"one"'}
    return (304, headers, b"") if "if-none-match" in seen.headers else (200, headers, b"the same")


def slow(_: Seen) -> tuple[int, dict[str, str], bytes]:
    """An answer that comes when all have asked."""
    time.sleep(1)
    return 200, {"Cache-Control": "public, max-age=60"}, b"late"


def until(what: str, holds: Callable[[], bool]) -> None:
    """Wait for something that comes by itself; Fault where it does not."""
    deadline = time.monotonic() + WITHIN
    while not holds():
        if time.monotonic() > deadline:
            raise Fault(f"in {WITHIN} seconds it does not happen that {what}")
        time.sleep(0.1)
