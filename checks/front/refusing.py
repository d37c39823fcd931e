"""What nginx refuses by itself, in words: too long, too large, too often, too slow, and what is not for outside."""

import select
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection

from checks.front import Fault, hold
from checks.front.keeping import PAGE, TRACE, until
from tests.asking import PATIENCE, Answer, Seen, ask, connected, raw, standing_in, until_closed
from tests.proxies import running_nginx

LOCAL = "127.0.0.1"
# As in deploy/nginx/convoscope: tests/tooling/test_deployment.py reads the same numbers from there.
BURST, CONNECTIONS = 600, 200
QUERY, BODY, FILM = 32 * 1024, 1024 * 1024, 256 * 1024 * 1024
MUCH = 30 * 1024 * 1024
EXPORT = "/api/v1/exports/gif"
FORM = {"Content-Type": "multipart/form-data; boundary=edge", "x-convoscope": "export"}


def long_addresses_are_refused(app: str) -> None:
    """an address as long as the application reads passes, a longer one is refused in its words, the longest in ours"""
    with running_nginx(app) as url:
        fits = "/api/v1/traces/single-channel?input_size=5&input="
        fits += ",".join(["1"] * ((QUERY - len(fits) + 15) // 2))
        hold(ask(url, fits).error["code"], ask(app, fits).error["code"], "what a query that fits is answered")
        hold(ask(url, f"{TRACE}&x={'a' * QUERY}").error["code"], "query_too_long", "a query somewhat too long")
        long = ask(url, f"{TRACE}&x={'a' * 50_000}")
        hold(
            (long.status, long.error["code"], long.error["values"]), (414, "address_too_long", {"limit": QUERY}), "414"
        )
        of_ours(ask(url, f"{PAGE}?x={'a' * 50_000}"), 414, "too long to be read")


def large_headers_are_refused(app: str) -> None:
    """headers that no browser sends are refused, one too long or too many"""
    with running_nginx(app) as url:
        for headers in ({"x-a": "a" * 50_000}, {f"x-{n}": "a" * 5000 for n in range(20)}):
            large = ask(url, TRACE, headers=headers)
            hold((large.status, large.error["code"]), (431, "headers_too_large"), "what large headers are answered")
            of_ours(ask(url, PAGE, headers=headers), 431, "too large to be read")
        hold(ask(url, TRACE, headers={"cookie": "a" * 8000}).status, 200, "the status with headers of a usual size")


def large_bodies_are_refused(app: str) -> None:
    """a body as large as the application reads passes, a larger one is refused unread; films have more room"""
    with running_nginx(app) as url:
        path = "/api/v1/traces/dilated"
        full = b'{"dilation": 1' + b" " * (BODY - 15) + b"}"
        hold((len(full), ask(url, path, "POST", body=full).status), (BODY, 200), "the status of the largest body")
        for address, limit in ((path, BODY), ("/api/v1/read", BODY), ("/api/v1/offline", BODY), (EXPORT, FILM)):
            head = f"POST {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {limit + 1}\r\n\r\n"
            answer = raw(url, head.encode())
            hold(answer.split(b"\r\n")[0], b"HTTP/1.1 413 Request Entity Too Large", f"what {address} answers")
            hold(b'"code":"body_too_large"' in answer and f'"limit":{limit}'.encode() in answer, True, "its words")
        chunks = b"POST %b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" % path.encode()
        endless = raw(
            url, chunks + b"8000\r\n" + b" " * 0x8000 + b"\r\n" + (b"8000\r\n" + b" " * 0x8000 + b"\r\n") * 40
        )
        hold(b" 413 " in endless.split(b"\r\n")[0], True, "whether a body of unknown length is measured as it comes")


def one_reader_has_a_rate(_: str) -> None:
    """who asks for hundreds of figures a second is told to wait, by JSON or a page; static files are not counted"""
    with standing_in(small) as app, running_nginx(app.url) as url:
        answers = [ask(url, "/api/v1/kinds") for _ in range(60)]
        hold({one.status for one in answers}, {200}, "what a page's requests are answered")
        flood = flooding(url, "/api/v1/kinds", 3 * BURST)
        hold((min(flood), max(flood)), (200, 429), "the statuses of a flood")
        refused = refusal(url, "/api/v1/kinds")
        hold((refused.error["code"], refused.headers["retry-after"]), ("too_many_requests", "2"), "what is told")
        of_ours(refusal(url, PAGE), 429, "More was asked from here than one reader needs")
        hold(set(flooding(url, "/static/a/b.js", 2 * BURST)), {200}, "the statuses of static files meanwhile")


def a_hall_has_its_own(_: str) -> None:
    """behind the address of a lecture hall as many requests pass, and thousands of connections"""
    with standing_in(small) as app, running_nginx(app.url, halls=[LOCAL]) as url:
        hold(set(flooding(url, "/api/v1/kinds", 6 * BURST)), {200}, "the statuses in a hall")
    with standing_in(small) as app, running_nginx(app.url, halls=["192.0.2.0/24"]) as url:
        hold(429 in flooding(url, "/api/v1/kinds", 3 * BURST), True, "whether another address is still counted")


def files_have_a_rate_of_their_own(_: str) -> None:
    """one reader has twenty files made at once, and is told to wait then, while figures go on"""
    with standing_in(small) as app, running_nginx(app.url) as url:
        films = [ask(url, EXPORT, "POST", headers=FORM, body=b"x").status for _ in range(40)]
        hold((films[:21], films[-1]), ([200] * 21, 429), "the statuses of forty films")
        hold(ask(url, "/api/v1/kinds").status, 200, "the status of a figure meanwhile")


def one_reader_has_so_many_connections(_: str) -> None:
    """one reader may wait on two hundred requests at once, not on more; a hall may"""
    for halls, expected in (([], 429), ([LOCAL], 200)):
        hold(status_beside_many(halls), expected, f"the status of one more, with halls {halls}")


def who_does_not_read_is_dropped(_: str) -> None:
    """a client that asks for much and does not read is let go"""
    with standing_in(much) as app, running_nginx(app.url, send_timeout="1s") as url, socket.socket() as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle.connect((LOCAL, int(url.rpartition(":")[2])))
        idle.sendall(b"GET /api/v1/kinds HTTP/1.1\r\nHost: x\r\n\r\n")
        dropped = select.poll()
        dropped.register(idle, select.POLLHUP | select.POLLERR)
        hold(bool(dropped.poll(1000 * PATIENCE)), True, "whether it is let go")
        hold(len(ask(url, "/api/v1/kinds").body), MUCH, "bytes of one that reads")


def slow_clients_are_dropped(app: str) -> None:
    """a client that does not end its headers, or its body, is let go, and others are served meanwhile"""
    with running_nginx(app, client_header_timeout="1s", client_body_timeout="1s") as url, ExitStack() as stack:
        begun = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "
        slow = [stack.enter_context(connected(url)) for _ in range(50)]
        for connection in slow:
            connection.sendall(begun)
        hold(ask(url, TRACE).status, 200, "the status of another client meanwhile")
        hold({until_closed(connection) for connection in slow}, {b""}, "what comes until they are let go")
        body = stack.enter_context(connected(url))
        body.sendall(b"POST /api/v1/traces/dilated HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        hold(until_closed(body)[:12] in (b"", b"HTTP/1.1 408"), True, "whether a body that stays away is waited for")


def what_is_not_for_outside_is_closed(_: str) -> None:
    """metrics and readiness are closed, however they are spelt, and the application is not asked"""
    with standing_in(small) as app, running_nginx(app.url) as url:
        for path in ("/metrics", "/metrics/", "/metrics?a=b", "//metrics", "/%6detrics", "/a/../metrics", "/readyz"):
            closed = ask(url, path)
            hold(closed.status, 404, f"the status of {path}")
            hold(b"not_public" in closed.body or b"whoever runs" in closed.body, True, f"what is said of {path}")
        hold(app.seen, [], "what the application was asked")
        hold(ask(url, "/healthz").status, 200, "the status of what is open")


def what_is_no_http_is_refused(_: str) -> None:
    """what no browser sends is refused: two lengths of one body, spaces in names, no host, other protocols"""
    requests = (
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    )
    with standing_in(small) as app, running_nginx(app.url) as url:
        for request in requests:
            answer = raw(url, request)
            hold(answer[:10] in (b"HTTP/1.1 4", b""), True, f"whether {request!r} is refused ({answer[:40]!r})")
            hold(b"<center>nginx" in answer, False, f"whether {request!r} is answered by a page that is not ours")
        hold(app.seen, [], "what the application was asked")


CLAIMS = (
    long_addresses_are_refused,
    large_headers_are_refused,
    large_bodies_are_refused,
    one_reader_has_a_rate,
    a_hall_has_its_own,
    files_have_a_rate_of_their_own,
    one_reader_has_so_many_connections,
    slow_clients_are_dropped,
    who_does_not_read_is_dropped,
    what_is_not_for_outside_is_closed,
    what_is_no_http_is_refused,
)


# --- what the claims need ---


def small(_: Seen) -> tuple[int, dict[str, str], bytes]:
    """An answer that may be kept."""
    return 200, {"Cache-Control": "public, max-age=60"}, b"{}"


def much(_: Seen) -> tuple[int, dict[str, str], bytes]:
    """An answer larger than what lies between two machines."""
    return 200, {}, b"x" * MUCH


def of_ours(answer: Answer, status: int, words: str) -> None:
    """Hold that a refusal is a page of ours that loads nothing."""
    page = answer.body.decode()
    hold(answer.status, status, f"the status of the page that says «{words}»")
    hold(answer.headers["content-type"], "text/html; charset=utf-8", "its type")
    hold(
        "default-src 'none'" in answer.headers["content-security-policy"], True, "whether its policy lets nothing load"
    )
    hold((words in page, "//" in page, "src=" in page, "<script" in page), (True, False, False, False), "its words")


def flooding(url: str, path: str, count: int) -> list[int]:
    """The statuses of requests as fast as four clients ask."""

    def client(asked: int) -> list[int]:
        with closing(HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)) as connection:
            statuses = []
            for _ in range(asked):
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
            return statuses

    with ThreadPoolExecutor(4) as clients:
        return [status for statuses in clients.map(client, [count // 4] * 4) for status in statuses]


def status_beside_many(halls: list[str]) -> int:
    """What one request more is answered while as many wait as one reader may."""
    free = threading.Event()

    def held(seen: Seen) -> tuple[int, dict[str, str], bytes]:
        if "wait" in seen.path:
            free.wait(PATIENCE)
        return small(seen)

    with standing_in(held) as app, running_nginx(app.url, halls=halls) as url, ExitStack() as waiting:
        waiting.callback(free.set)
        for n in range(CONNECTIONS):
            connection = waiting.enter_context(connected(url))
            connection.sendall(f"GET /healthz?wait={n} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        until("all of them wait", lambda: len(app.seen) >= CONNECTIONS)
        return ask(url, "/healthz").status


def refusal(url: str, path: str) -> Answer:
    """The answer to one request too many, to whoever has just asked for hundreds."""
    for _ in range(BURST):
        answer = ask(url, path)
        if answer.status == 429:
            return answer
    raise Fault(f"{path} is answered however often it is asked for")
