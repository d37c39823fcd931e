"""What passes through: headers, ids, frames on their way in."""

import json
import re
import tempfile
from pathlib import Path

from checks.front import hold
from checks.front.keeping import PAGE, TRACE, cached, constant, until
from tests.asking import Seen, ask, connected, standing_in
from tests.frames import png_frame
from tests.proxies import running_nginx

EXPORTS = "/api/v1/exports/"
FRAMES = 3


def headers_of_the_application_pass(app: str) -> None:
    """security policies, frame rules and CORP come from the application and pass unchanged, embeds framable anywhere"""
    with running_nginx(app) as url:
        for path in ("/", PAGE, "/embed/dilated", TRACE, "/docs", "/oembed", "/static/0/none", "/nothing"):
            direct, passed = ask(app, path), ask(url, path)
            of_nginx = {"server", "vary"}
            differing = {
                name
                for name in (constant(direct).keys() | constant(passed).keys()) - of_nginx
                if direct.headers.get(name) != passed.headers.get(name)
            }
            hold((differing, passed.body == direct.body), (set(), True), f"what differs of {path}")
        embed = ask(url, "/embed/dilated").headers
        hold("frame-ancestors *" in embed["content-security-policy"], True, "whether an embed may be framed anywhere")
        hold(embed["cross-origin-resource-policy"], "cross-origin", "CORP of an embed")
        hold("frame-ancestors 'self'" in ask(url, PAGE).headers["content-security-policy"], True, "frames of a page")


def a_request_has_one_id(_: str) -> None:
    """a request keeps the id it came with, gets one where it has none or a wrong one; a kept answer's is its own"""
    with standing_in(marked) as app, running_nginx(app.url) as url:
        given = ask(url, "/api/v1/kinds?a", headers={"X-Request-ID": "lecture-7_a.42"})
        hold(given.headers["x-request-id"], "lecture-7_a.42", "the id that came with a request")
        hold(app.seen[-1].headers["x-request-id"], "lecture-7_a.42", "the id that the application is told")
        for wrong in ("", ".first", "with space in it", "x" * 65, "<script>12345"):
            made = ask(url, "/api/v1/kinds?a=" + str(len(wrong)), headers={"X-Request-ID": wrong}).headers
            hold(bool(re.fullmatch("[0-9a-f]{32}", made["x-request-id"])), True, f"whether an id is made for {wrong!r}")
            hold(app.seen[-1].headers["x-request-id"], made["x-request-id"], "the id that the application is told")
        again = ask(url, "/api/v1/kinds?a")
        hold(
            (cached(again), again.headers["x-request-id"] == "lecture-7_a.42"), ("HIT", False), "an id of a kept answer"
        )


def the_application_is_told_who_asks(_: str) -> None:
    """the client's address is that of its connection, whatever it says itself, and few connections are opened"""
    with standing_in(marked) as app, running_nginx(app.url) as url:
        for n in range(20):
            ask(url, f"/api/v1/kinds?n={n}", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "gopher"})
        hold({one.headers["x-forwarded-for"] for one in app.seen}, {"127.0.0.1"}, "who asks")
        hold({one.headers["x-forwarded-proto"] for one in app.seen}, {"http"}, "how it is asked")
        hold({one.headers.get("connection") for one in app.seen}, {None}, "the Connection headers that pass")
        # One a worker at most, and one that nginx found closed.
        hold(app.connections < 10, True, f"whether {app.connections} connections for 20 requests are few")


def frames_are_passed_on_while_they_come(_: str) -> None:
    """frames of an export reach the application while the client still sends, and nothing of them is written to disk"""
    with standing_in(marked) as app, running_nginx(app.url) as url, connected(url) as client:
        half = b"x" * 3_000_000  # more than nginx reads of another body
        head = f"POST {EXPORTS}gif HTTP/1.1\r\nHost: x\r\nContent-Length: {2 * len(half)}\r\n\r\n"
        client.sendall(head.encode() + half)
        until("half of the frames arrive", lambda: bool(app.seen) and len(app.seen[0].body) == len(half))
        client.sendall(half)
        hold(client.recv(12), b"HTTP/1.1 200", "how the answer begins")
        hold(len(app.seen[0].body), 2 * len(half), "bytes that arrived")


def a_film_is_made_through_it(app: str) -> None:
    """a film made through it is the film, and one with a fault is refused in the application's words"""
    with running_nginx(app) as url:
        headers, body = form([png_frame(n) for n in range(FRAMES)])
        direct, passed = (ask(one, EXPORTS + "gif", "POST", headers=headers, body=body) for one in (app, url))
        hold((direct.status, passed.status), (200, 200), "the statuses of both films")
        hold(passed.body, direct.body, "the film")
        hold(passed.headers["content-disposition"], direct.headers["content-disposition"], "its name")
        headers, body = form([b"no picture"] * FRAMES)
        hold(ask(url, EXPORTS + "gif", "POST", headers=headers, body=body).error["code"], "not_a_png", "a fault")
        foreign = ask(url, EXPORTS + "gif", "POST", headers={**headers, "x-convoscope": ""}, body=body)
        hold(foreign.error["code"], "foreign_request", "a request of another site")


def the_log_says_nothing_of_contents(app: str) -> None:
    """a line of the log is JSON, with id and path, without the query and without the client's address"""
    with tempfile.TemporaryDirectory() as name:
        log = Path(name, "log")
        with running_nginx(app, access_log=f"{log} convoscope") as url:
            headers = {"X-Request-ID": "of-this-line"}
            ask(url, "/api/v1/traces/dilated?seed=4711", headers=headers)
            ask(url, "/api/v1/traces/%22quoted%0A?seed=4711")
            until("both lines are there", lambda: log.exists() and log.read_text().count("4711") + 2 <= len(lines(log)))
            hold(("4711" in log.read_text(), "127.0.0.1" in log.read_text()), (False, False), "query and address")
        line = next(one for one in lines(log) if one["id"] == "of-this-line")
        hold((line["path"], line["status"], line["cache"]), ("/api/v1/traces/dilated", 200, "MISS"), "what it says")
        hold(lines(log)[-1]["path"], '/api/v1/traces/"quoted\n', "a path that would break a line")


CLAIMS = (
    headers_of_the_application_pass,
    a_request_has_one_id,
    the_application_is_told_who_asks,
    frames_are_passed_on_while_they_come,
    a_film_is_made_through_it,
    the_log_says_nothing_of_contents,
)


# --- what the claims need ---


def marked(_: Seen) -> tuple[int, dict[str, str], bytes]:
    """An answer that may be kept, with an id as the application gives it."""
    return 200, {"Cache-Control": "public, max-age=60", "X-Request-ID": "of-the-first-request"}, b"{}"


def form(frames: list[bytes]) -> tuple[dict[str, str], bytes]:
    """Frames as a browser sends them."""
    options = {"width": 320, "height": 180, "frames": len(frames), "hold": 500, "name": "figure"}
    parts = [
        ("options", "application/json", json.dumps(options).encode()),
        *(("frame", "image/png", f) for f in frames),
    ]
    body = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
        + data
        + b"\r\n"
        for name, kind, data in parts
    )
    return {"Content-Type": "multipart/form-data; boundary=edge", "x-convoscope": "export"}, body + b"--edge--\r\n"


def lines(log: Path) -> list[dict[str, object]]:
    """The lines of a log, but for those of who asks whether nginx lives."""
    return [json.loads(line) for line in log.read_text().splitlines() if "healthz" not in line]
