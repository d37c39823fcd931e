"""Answers are compressed as the client can take them, small ones not at all."""

import gzip

import brotli  # type: ignore[import-untyped]
import pytest
from starlette.testclient import TestClient

from app.compression import negotiate

TRACE = "/api/v1/traces/single-channel?seed=1"


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP, BR", "br"),
        ("deflate", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0,gzip;q=0", "identity"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br; q=0.9 , gzip ; q=0.5", "br"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=0.000", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0", "identity"),
        ("gzip;q=x", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;q=-1", "identity"),
        ("gzip;q=nan", "identity"),
        (",,;;q=1,gzip", "gzip"),
        ("gzipped, brotli", "identity"),
    ],
)
def test_the_encoding_is_the_one_the_client_likes_best(header: str | None, encoding: str) -> None:
    assert negotiate(header) == encoding


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("path", [TRACE, "/docs", "/learn/single-channel"])
def test_each_encoding_holds_the_same_answer(client: TestClient, path: str, encoding: str) -> None:
    plain = client.get(path, headers={"accept-encoding": "identity"})
    with client.stream("GET", path, headers={"accept-encoding": encoding}) as answer:
        raw = b"".join(answer.iter_raw())
    unpack = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    assert unpack(raw) == plain.content
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert int(answer.headers["content-length"]) == len(raw)
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers.get("etag") == plain.headers.get("etag")
    assert encoding == "identity" or len(raw) < len(plain.content)


def test_a_small_answer_stays_as_it_is(client: TestClient) -> None:
    answer = client.get("/api/v1/traces/nope", headers={"accept-encoding": "br"})
    assert len(answer.content) < 1024
    assert "content-encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["vary"]


def test_a_large_answer_is_compressed_too(client: TestClient) -> None:
    answer = client.get("/api/v1/traces/single-channel?input_size=60", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.content) > 128 * 1024


def test_a_header_given_twice_counts_as_one(client: TestClient) -> None:
    headers = [("accept-encoding", "br;q=0"), ("accept-encoding", "gzip")]
    assert client.get(TRACE, headers=headers).headers["content-encoding"] == "gzip"
