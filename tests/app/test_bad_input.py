"""Whatever is asked wrongly is refused with its status, code and field, in the one shape, by the API and in pages."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from app import bodies
from app.documents import ErrorDocument
from compute.kinds import KINDS

TRACE = "/api/v1/traces/single-channel"
LAYER = "/api/v1/traces/layer"
TRANSPOSED = "/api/v1/traces/transposed"


def refused(answer: Any, status: int, code: str, field: str | None) -> dict[str, Any]:
    """The error's details, once status, shape, code and field are as expected."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    details = ErrorDocument.model_validate_json(answer.content).error
    assert details.code == code
    if field is not None:
        assert details.field == field
    assert details.message
    return details.model_dump()


BY_QUERY = [
    ("a zero", TRACE, "stride=0", "out_of_range", "stride"),
    ("a negative number", TRACE, "kernel_size=-3", "out_of_range", "kernel_size"),
    ("a huge number", TRACE, "input_size=99999999999999999999", "out_of_range", "input_size"),
    ("a number of thousands of digits", TRACE, "stride=" + "9" * 9000, "out_of_range", "stride"),
    ("a fraction", TRACE, "stride=1.5", "not_whole", "stride"),
    ("NaN", TRACE, "stride=NaN", "not_a_number", "stride"),
    ("NaN as a value", TRACE, "input=1,2,NaN", "not_a_number", "input"),
    ("Infinity", TRACE, "stride=Infinity", "not_a_number", "stride"),
    ("1e999", TRACE, "stride=1e999", "out_of_range", "stride"),
    ("1e999 as a value", TRACE, "input=1e999,1;1,1", "out_of_range", "input"),
    ("text", TRACE, "stride=two", "not_a_number", "stride"),
    ("nothing", TRACE, "stride=", "not_a_number", "stride"),
    ("a name alone", TRACE, "stride", "not_a_number", "stride"),
    ("no values", TRACE, "input=", "empty_values", "input"),
    ("a place without a value", TRACE, "input=1,,2;1,2,3;1,2,3", "empty_values", "input"),
    ("a repeated parameter", TRACE, "stride=1&stride=1", "repeated_parameter", "stride"),
    ("a repeated unknown parameter", TRACE, "colour=1&colour=2", "repeated_parameter", "colour"),
    ("an unknown parameter", TRACE, "strid=1", "unknown_parameter", "strid"),
    ("a parameter without a name", TRACE, "=1", "unknown_parameter", ""),
    ("a parameter of another kind", TRACE, "output_padding=1", "unknown_parameter", "output_padding"),
    ("a word for an unknown mode", TRACE, "padding_mode=zero", "unknown_choice", "padding_mode"),
    ("a word for a flag", TRACE, "flip=maybe", "unknown_choice", "flip"),
    ("a kernel larger than the padded input", TRACE, "input_size=5&kernel_size=7", "kernel_exceeds_input", None),
    ("a kernel spread too far", TRACE, "input_size=7&dilation=4", "kernel_exceeds_input", None),
    (
        "reflect padding as wide as the input",
        TRACE,
        "input_size=3&padding=3&padding_mode=reflect",
        "padding_exceeds_input",
        "padding",
    ),
    ("groups that do not divide", LAYER, "in_channels=4&out_channels=4&groups=3", "groups_do_not_divide", "groups"),
    (
        "output_padding as large as the stride",
        TRANSPOSED,
        "stride=2&output_padding=2",
        "output_padding_too_large",
        "output_padding",
    ),
    ("ragged values", TRACE, "input=1,2,3;1,2", "ragged_values", "input"),
    ("a size that the values contradict", TRACE, "input=1,2;3,4&input_size=3", "size_mismatch", "input_size"),
    ("channels that the values contradict", TRACE, "input=1,2;3,4|1,2;3,4", "channel_mismatch", "input"),
    ("more axes than the figure has", TRACE, "stride=1x1x1", "wrong_length", "stride"),
    ("a word where padding crops", LAYER, "transposed=true&padding=same", "not_for_this_kind", "padding"),
    ("a step behind the last", TRACE, "start=9", "steps_out_of_range", "start"),
    ("no steps", TRACE, "count=0", "out_of_range", "count"),
    ("more than one answer may hold", TRACE, "input_size=900", "budget_exceeded", None),
    ("products that overflow", TRACE, "input=1e300,1e300;1e300,1e300&kernel=1e300", "overflow", None),
    ("sums that overflow", TRACE, "input=9e307,9e307;9e307,9e307&kernel=1,1;1,1", "overflow", None),
    ("malformed UTF-8 in a value", TRACE, "padding_mode=%ff", "malformed_query", "padding_mode"),
    ("malformed UTF-8 in a name", TRACE, "%c3%28=1", "malformed_query", ""),
    ("half a character", TRACE, "padding_mode=%ed%a0%80", "malformed_query", "padding_mode"),
    ("too many fields", TRACE, "&".join(f"p{n}=1" for n in range(101)), "malformed_query", ""),
]


@pytest.mark.parametrize(
    ("path", "query", "code", "field"), [row[1:] for row in BY_QUERY], ids=[r[0] for r in BY_QUERY]
)
def test_a_bad_query_is_refused_by_name(
    client: TestClient, path: str, query: str, code: str, field: str | None
) -> None:
    refused(client.get(f"{path}?{query}"), 422, code, field)


@pytest.mark.parametrize(("path", "query"), [row[1:3] for row in BY_QUERY], ids=[row[0] for row in BY_QUERY])
def test_facts_and_limits_never_fail_on_a_bad_query(client: TestClient, path: str, query: str) -> None:
    for other in ("facts", "limits", "curves", "code"):
        answer = client.get(path.replace("traces", other) + f"?{query}")
        assert answer.status_code in (200, 422)
        if answer.status_code == 422:
            ErrorDocument.model_validate_json(answer.content)


BY_BODY = [
    ("a boolean where a number is meant", {"stride": True}, "wrong_type", "stride"),
    ("a boolean among values", {"input": [[True, 1], [1, 1]]}, "wrong_type", "input"),
    ("null where a number is meant", {"stride": None}, "wrong_type", "stride"),
    ("an object where a number is meant", {"stride": {"row": 1}}, "wrong_type", "stride"),
    ("a fraction", {"stride": 1.5}, "not_whole", "stride"),
    ("a zero in a list", {"stride": [1, 0]}, "out_of_range", "stride"),
    ("too long a list", {"stride": [1, 1, 1]}, "wrong_length", "stride"),
    ("an empty list", {"stride": []}, "wrong_length", "stride"),
    ("ragged values", {"input": [[1, 2], [3]]}, "ragged_values", "input"),
    ("values of unequal depth", {"input": [[1, 2], 3]}, "ragged_values", "input"),
    ("no values", {"input": []}, "empty_values", "input"),
    ("an empty row", {"input": [[], []]}, "empty_values", "input"),
    ("values nested too deep", {"input": [[[[[[1]]]]]]}, "wrong_length", "input"),
    ("an unknown parameter", {"strides": 1}, "unknown_parameter", "strides"),
    ("a number where a flag is meant", {"flip": 1}, "wrong_type", "flip"),
    ("a number where a word is meant", {"padding_mode": 1}, "wrong_type", "padding_mode"),
]


@pytest.mark.parametrize(("body", "code", "field"), [row[1:] for row in BY_BODY], ids=[row[0] for row in BY_BODY])
def test_a_bad_body_is_refused_by_name(client: TestClient, body: Any, code: str, field: str) -> None:
    refused(client.post(TRACE, json=body), 422, code, field)


AS_BYTES = [
    ("NaN", b'{"stride": NaN}', "not_a_number", "stride"),
    ("Infinity", b'{"stride": Infinity}', "not_a_number", "stride"),
    ("minus Infinity as a value", b'{"input": [[-Infinity]]}', "out_of_range", "input"),
    ("1e999", b'{"stride": 1e999}', "not_a_number", "stride"),
    ("1e999 as a value", b'{"input": [[1e999]]}', "out_of_range", "input"),
    ("an integer of thousands of digits", b'{"stride": ' + b"9" * 9000 + b"}", "not_a_number", "stride"),
    ("an integer past 64 bits", b'{"stride": 100000000000000000000}', "out_of_range", "stride"),
    ("a key twice", b'{"stride": 1, "stride": 1}', "duplicate_key", "stride"),
    ("a key twice inside a value", b'{"stride": {"a": 1, "a": 2}}', "duplicate_key", "a"),
    ("a key twice that is half a character", rb'{"\ud800": 1, "\ud800": 1}', "duplicate_key", "?"),
    ("an array", b"[1, 2]", "not_an_object", ""),
    ("a string", b'"stride"', "not_an_object", ""),
    ("null", b"null", "not_an_object", ""),
    ("a number", b"5", "not_an_object", ""),
    ("nothing", b"", "malformed_json", ""),
    ("half an object", b'{"stride": 1', "malformed_json", ""),
    ("two objects", b"{}{}", "malformed_json", ""),
    ("a comma too many", b'{"stride": 1,}', "malformed_json", ""),
    ("a form", b"stride=1", "malformed_json", ""),
    ("malformed UTF-8", b'{"padding_mode": "\xff"}', "malformed_json", ""),
    ("another encoding", '{"stride": 1}'.encode("utf-16"), "malformed_json", ""),
    ("half a character", rb'{"padding_mode": "\ud800"}', "malformed_json", ""),
    ("half a character as a name", rb'{"\udfff": 1}', "malformed_json", ""),
    ("arrays nested thousands deep", b'{"input": ' + b"[" * 5000 + b"]" * 5000 + b"}", "malformed_json", ""),
    ("arrays nested dozens deep", b'{"input": ' + b"[" * 50 + b"1" + b"]" * 50 + b"}", "malformed_json", ""),
    ("arrays opened half a million times", b"[" * 500_000, "malformed_json", ""),
    ("objects nested thousands deep", b'{"a":' * 5000 + b"1" + b"}" * 5000, "malformed_json", ""),
    ("quotation marks without end", b'{"input": "' + b'\\"' * 400_000, "malformed_json", ""),
    ("digits by the hundred thousand", b'{"bias": "' + b"1" * 900_000 + b'x"}', "not_a_number", "bias"),
    ("decimals by the hundred thousand", b'{"input": "1.' + b"1" * 900_000 + b'x"}', "not_a_number", "input"),
    ("spaces by the hundred thousand", b'{"input": "' + b" " * 900_000 + b'x"}', "not_a_number", "input"),
    ("control characters", b'{"stride": "1\x00"}', "malformed_json", ""),
]


@pytest.mark.parametrize(("body", "code", "field"), [row[1:] for row in AS_BYTES], ids=[row[0] for row in AS_BYTES])
def test_a_body_that_is_no_honest_json_is_refused(client: TestClient, body: bytes, code: str, field: str) -> None:
    refused(client.post(TRACE, content=body), 422, code, field)
    refused(client.post(TRACE.replace("traces", "facts"), content=body), 422, code, field)


def test_a_body_over_the_limit_is_refused(client: TestClient) -> None:
    body = json.dumps({"input": [[1] * 600_000]}).encode()
    details = refused(client.post(TRACE, content=body), 413, "body_too_large", "")
    assert details["values"]["limit"] == 1024 * 1024


def test_more_values_than_one_answer_may_hold_are_refused(client: TestClient) -> None:
    answer = client.post(LAYER, json={"dims": 1, "input": [0] * 250_001})
    refused(answer, 422, "too_many_values", "input")


def test_a_body_that_does_not_tell_its_length_is_bounded_too(client: TestClient) -> None:
    chunks = (b" " * 65536 for _ in range(40))
    refused(client.post(TRACE, content=chunks), 413, "body_too_large", "")


def test_a_query_over_the_limit_is_refused(client: TestClient) -> None:
    query = "input=" + "1," * 20_000
    for path in (TRACE, "/api/v1/facts/layer", "/api/v1/limits/layer", "/api/v1/kinds"):
        refused(client.get(f"{path}?{query}"), 413, "query_too_long", "")


@pytest.mark.parametrize("path", ["/api/v1/kinds", "/api/v1/openapi.json"])
def test_what_takes_no_parameters_refuses_them(client: TestClient, path: str) -> None:
    refused(client.get(f"{path}?stride=1"), 422, "unknown_parameter", "stride")


def test_a_post_takes_its_parameters_from_the_body_alone(client: TestClient) -> None:
    refused(client.post(f"{TRACE}?stride=1", json={}), 422, "unknown_parameter", "stride")


@pytest.mark.parametrize("what", ["traces", "facts", "limits", "curves", "code"])
def test_an_unknown_kind_names_the_kinds_and_the_nearest(client: TestClient, what: str) -> None:
    details = refused(client.get(f"/api/v1/{what}/single-chanel"), 404, "unknown_kind", "slug")
    assert details["values"]["nearest"] == "single-channel"
    assert details["values"]["known"] == list(KINDS)
    assert "single-channel" in details["hint"]


def test_an_unknown_kind_far_from_all_names_them(client: TestClient) -> None:
    details = refused(client.get("/api/v1/traces/" + quote("卷积" * 1000)), 404, "unknown_kind", "slug")
    assert "nearest" not in details["values"]
    assert all(slug in details["hint"] for slug in KINDS)


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/kinds",
        "/api/v1/kinds/",
        "/api/v1/traces",
        "/api/v1/traces/",
        "/api/v1/traces/single-channel/",
        "/api/v1/traces//single-channel",
        "/api/v1/traces/single-channel/x",
        "/api/v1/traces/%2e%2e/kinds",
        "/healthz/",
        "/static/x",
    ],
)
def test_odd_paths_of_programs_are_not_found_in_the_one_shape(client: TestClient, path: str) -> None:
    refused(client.get(path), 404, "not_found", "")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (TRACE, "GET, HEAD, POST"),
        ("/api/v1/facts/layer", "GET, HEAD, POST"),
        ("/api/v1/limits/layer", "GET, HEAD"),
        ("/api/v1/kinds", "GET, HEAD"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_other_methods_are_refused_and_the_right_ones_listed(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = client.request(method, path)
    details = refused(answer, 405, "method_not_allowed", "")
    assert answer.headers["allow"] == allowed
    assert ", ".join(details["values"]["allowed"]) == allowed


def test_a_post_where_only_get_is_answered_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/kinds", json={})
    refused(answer, 405, "method_not_allowed", "")
    assert answer.headers["allow"] == "GET, HEAD"


def test_same_with_a_stride_is_answered_and_says_whose_rule_it_follows(client: TestClient) -> None:
    trace = client.get(f"{TRACE}?input_size=10&kernel_size=6&padding=same&stride=2").json()
    assert [note["code"] for note in trace["facts"]["notes"]].count("same_follows_tensorflow") == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stride=0", "stride"),
        ("kernel_size=9", "kernel_size"),
        ("input_size=3&padding=3&padding_mode=reflect", "padding"),
        ("padding_mode=zero", "padding_mode"),
        ("input_size=900", "input_size"),
        ("start=99", "start"),
        ("input_size=5x4&kernel_size=3x9", "kernel_size"),
    ],
)
def test_the_nearest_value_can_be_put_in_as_it_stands(client: TestClient, query: str, field: str) -> None:
    pairs = dict(pair.split("=") for pair in query.split("&"))
    # An error speaks of one axis; the nearest value mends that one.
    for _ in range(2):
        answer = client.get(TRACE, params=pairs)
        if answer.status_code == 422:
            details = answer.json()["error"]
            assert details["field"] == field
            pairs[field] = str(details["values"]["nearest"])
    assert client.get(TRACE, params=pairs).status_code == 200, pairs


# Pages show all steps: they do not take the parameters that choose some.
IN_PAGES = [row for row in BY_QUERY if not row[2].startswith(("start", "count"))]


@pytest.mark.parametrize(("path", "query", "code"), [row[1:4] for row in IN_PAGES], ids=[row[0] for row in IN_PAGES])
def test_a_page_says_the_same_and_stays_a_page(client: TestClient, path: str, query: str, code: str) -> None:
    answer = client.get(path.replace("/api/v1/traces/", "/learn/") + f"?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    data = json.loads(answer.text.split('id="page-data">')[1].split("</script>")[0])
    assert data["error"]["code"] == code
    assert data["trace"]["facts"]["steps"] > 0


def test_a_query_of_bytes_that_are_no_text_is_refused_in_words(client: TestClient) -> None:
    for path in ("/api/v1/traces/dilated", "/learn/dilated", "/embed/dilated", "/nowhere"):
        answer = asyncio.run(asked(client.app, path, b"\x80live=1"))
        assert answer in (404, 422), path


async def asked(app: Any, path: str, query: bytes) -> int:
    """The status of an answer to a query that no client would send."""
    scope: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET"}
    scope |= {
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [],
    }
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {}}
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

    await app(scope, receive, send)
    return statuses[0]


def test_no_link_leads_to_a_host_that_stands_in_the_path(client: TestClient) -> None:
    answer = client.get("http://testserver//example.org/x")
    assert answer.status_code == 404
    assert 'href="//example.org' not in answer.text


def test_a_length_that_is_a_digit_to_python_alone_counts_as_none() -> None:
    request = Request({"type": "http", "headers": [(b"content-length", b"\xb2")]})
    assert bodies.declared_length(request) == 0
    assert bodies.declared_length(Request({"type": "http", "headers": [(b"content-length", b"12")]})) == 12
