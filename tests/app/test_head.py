"""HEAD works wherever GET does."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/docs",
        "/learn/single-channel",
        "/learn/single-channel?stride=0",
        "/nowhere",
        "/healthz",
        "/readyz",
        "/api/v1/kinds",
        "/api/v1/openapi.json",
        "/api/v1/facts/layer",
        "/api/v1/traces/nope",
        "/api/v1/traces/single-channel?stride=0",
    ],
)
def test_head_has_the_status_and_headers_of_get_and_no_body(client: TestClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    # Each request has a name of its own.
    assert head.headers.pop("x-request-id") != get.headers.pop("x-request-id")
    assert head.headers == get.headers
    assert head.content == b""
    assert int(get.headers["content-length"]) == len(get.content) > 0
