"""POST /api/v1/read: code in, layers out, strict as all bodies are."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.documents import ErrorDocument, ReadDocument

READ = "/api/v1/read"
LAYER = "nn.Conv2d(64, 128, 3, stride=2, padding=1)"


def test_layers_are_answered_as_documented(client: TestClient) -> None:
    answer = client.post(READ, json={"code": f"nn.Sequential({LAYER}, nn.ReLU(), nn.MaxPool2d(2), foo())"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    ReadDocument.model_validate_json(answer.content)
    first, second = answer.json()["layers"]
    assert first["facts"]["parameters"] == 73_856
    assert second["input_shape"] == [128, 16, 16]
    assert [note["code"] for note in answer.json()["notes"]] == ["unchanged", "unknown_layer"]


@pytest.mark.parametrize("size", ["24", 24, [24, 24], "24x24"], ids=repr)
def test_the_size_may_be_a_number_a_text_or_a_list(client: TestClient, size: object) -> None:
    (layer,) = client.post(READ, json={"code": LAYER, "input_size": size}).json()["layers"]
    assert layer["facts"]["output_shape"] == [128, 12, 12]


def test_the_figure_that_is_named_draws_and_has_a_page(client: TestClient) -> None:
    (layer,) = client.post(READ, json={"code": LAYER}).json()["layers"]
    figure = layer["figure"]
    for path in (f"/api/v1/traces/{figure['slug']}", f"/learn/{figure['slug']}"):
        assert client.get(path, params=figure["params"]).status_code == 200


REFUSED: list[tuple[Any, int, str, str]] = [
    ({}, 422, "code_empty", "code"),
    ({"code": " "}, 422, "code_empty", "code"),
    ({"code": None}, 422, "wrong_type", "code"),
    ({"code": [LAYER]}, 422, "wrong_type", "code"),
    ({"code": LAYER, "input_size": 0}, 422, "out_of_range", "input_size"),
    ({"code": LAYER, "input_size": None}, 422, "wrong_type", "input_size"),
    ({"code": LAYER, "input_size": [1, 2, 3, 4]}, 422, "wrong_length", "input_size"),
    ({"code": LAYER, "inputsize": 3}, 422, "unknown_parameter", "inputsize"),
    ({"code": "nn.Conv2d(3,"}, 422, "code_not_python", "code"),
    ({"code": "-" * 19_000 + "1"}, 422, "code_too_deep", "code"),
    ({"code": "x" * 20_001}, 422, "code_too_long", "code"),
    ({"code": "x" * 2_000_000}, 413, "body_too_large", ""),
    ([LAYER], 422, "not_an_object", ""),
]


@pytest.mark.parametrize(("body", "status", "code", "field"), REFUSED, ids=[str(r[0])[:30] + r[2] for r in REFUSED])
def test_what_cannot_be_read_is_refused_in_the_one_shape(
    client: TestClient, body: Any, status: int, code: str, field: str
) -> None:
    answer = client.post(READ, json=body)
    details = ErrorDocument.model_validate_json(answer.content).error
    assert (answer.status_code, details.code, details.field) == (status, code, field)


def test_parameters_in_the_address_are_refused(client: TestClient) -> None:
    answer = client.post(f"{READ}?input_size=3", json={"code": LAYER})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown_parameter")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_told_which_one_is_answered(client: TestClient, method: str) -> None:
    answer = client.request(method, READ)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
