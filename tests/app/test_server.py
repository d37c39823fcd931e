"""What only a real server shows: long addresses, bodies cut short, and a port that answers while it computes."""

import http.client
import json
import socket
import threading
from urllib.parse import urlsplit

import pytest

TRACE = "/api/v1/traces/single-channel"


def ask(server: str, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    address = urlsplit(server)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    connection.request(method, path, body=body)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def raw(server: str, request: bytes) -> bytes:
    """What a server answers to these bytes, until it closes."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize("kilobytes", [33, 60])
def test_a_long_address_is_refused_in_the_one_shape(server: str, kilobytes: int) -> None:
    status, body = ask(server, "GET", f"{TRACE}?input=" + "1" * 1024 * kilobytes)
    assert status == 413
    assert json.loads(body)["error"]["code"] == "query_too_long"


def test_an_address_too_long_for_the_server_is_refused_by_it(server: str) -> None:
    # Past 64 KiB httptools reads no address; nothing of ours is asked.
    assert ask(server, "GET", f"{TRACE}?input=" + "1" * 1024 * 200)[0] in (400, 413, 414)


def test_a_long_path_is_not_found_in_the_one_shape(server: str) -> None:
    status, body = ask(server, "GET", "/api/v1/traces/" + "x" * 60_000)
    assert status == 404
    assert json.loads(body)["error"]["code"] == "unknown_kind"


def test_a_large_body_is_refused_before_it_has_come(server: str) -> None:
    request = f"POST {TRACE} HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\nConnection: close\r\n\r\n"
    answer = raw(server, request.encode() + b"{")
    assert b" 413 " in answer.split(b"\r\n")[0]
    assert b"body_too_large" in answer


def test_bytes_that_are_not_utf8_are_refused_in_the_one_shape(server: str) -> None:
    for query in (b"padding_mode=%ff", b"padding_mode=\xc3\x28"):
        answer = raw(
            server, b"GET " + TRACE.encode() + b"?" + query + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        # A server may refuse raw bytes itself, before they reach us.
        assert b" 422 " in answer.split(b"\r\n")[0] or b" 400 " in answer.split(b"\r\n")[0]


def test_a_page_answers_while_large_figures_are_computed(server: str) -> None:
    def ask_for_much(number: int) -> None:
        status, _ = ask(server, "GET", f"{TRACE}?input_size=200&seed={number}")
        assert status == 200

    threads = [threading.Thread(target=ask_for_much, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    status, _ = ask(server, "GET", "/healthz")
    still_asking = [thread.is_alive() for thread in threads]
    for thread in threads:
        thread.join()
    assert status == 200
    assert any(still_asking)
