"""What every answer says to browsers."""

import re

import pytest
from starlette.testclient import TestClient

PATHS = [
    "/",
    "/docs",
    "/learn/single-channel",
    "/learn/single-channel?stride=0",
    "/learn/nope",
    "/nowhere",
    "/healthz",
    "/static/a/b",
    "/api/v1/kinds",
    "/api/v1/traces/single-channel",
    "/api/v1/traces/single-channel?stride=0",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_every_answer_carries_the_headers(client: TestClient, path: str, again: bool) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == "'none'"
    if path.startswith("/api/"):
        assert policy["frame-ancestors"] == policy["form-action"] == "'none'"
        assert len(policy) == 4
    else:
        assert policy["script-src"] == "'self'"
        assert policy["connect-src"] == policy["font-src"] == policy["manifest-src"] == "'self'"
        assert policy["style-src"] == "'self' 'unsafe-inline'"
        assert policy["img-src"] == "'self' data: blob:"
        assert policy["frame-ancestors"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert len(headers.get_list("content-security-policy")) == 1


@pytest.mark.parametrize("path", PATHS)
def test_the_api_may_be_read_from_anywhere_and_nothing_else(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"origin": "https://slides.example"}).headers
    api = path.startswith("/api/")
    assert headers.get("access-control-allow-origin") == ("*" if api else None)
    assert headers["cross-origin-resource-policy"] == ("cross-origin" if api else "same-origin")
    assert "access-control-allow-credentials" not in headers
    assert "set-cookie" not in headers


def test_a_preflight_is_not_answered(client: TestClient) -> None:
    headers = {"origin": "https://slides.example", "access-control-request-method": "POST"}
    assert client.options("/api/v1/traces/single-channel", headers=headers).status_code == 405


@pytest.mark.parametrize("path", PATHS)
def test_the_host_of_a_request_stands_nowhere(client: TestClient, path: str) -> None:
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    answer = client.get(path, headers=headers)
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)


def test_an_embedded_figure_may_be_framed_by_any_page_and_a_lesson_only_by_its_own(client: TestClient) -> None:
    embed, lesson = (client.get(f"/{place}/single-channel?step=5") for place in ("embed", "learn"))
    assert embed.headers["content-security-policy"].endswith("frame-ancestors *")
    assert lesson.headers["content-security-policy"].endswith("frame-ancestors 'self'")
    assert embed.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path", ["/embed/dilated?step=3", "/embed/dilated?stride=0", "/embed/none", "/oembed", "/oembed?url=x"]
)
def test_what_stands_on_other_pages_has_all_headers_too(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    page = path.startswith("/embed/")
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert ("; script-src 'self';" in headers["content-security-policy"]) == page
    assert headers["content-security-policy"].endswith("; frame-ancestors *" if page else "; frame-ancestors 'none'")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


@pytest.mark.parametrize(
    "path", ["/", "/learn/transposed?step=3", "/compare", "/docs", "/docs/embed", "/embed/pooling", "/no"]
)
def test_no_script_stands_in_a_page(client: TestClient, path: str) -> None:
    page = client.get(path).text
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts
    # What is no script to a browser may hold data; a map of modules is inline, and would break the policy.
    assert [one for one in scripts if "src=" not in one and 'type="application/json"' not in one] == []
    assert not re.search(r"<[^>]*\son[a-z]+=|javascript:", page, re.IGNORECASE)
