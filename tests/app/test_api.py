"""The answers of the API are what they are documented to be."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.documents import (
    CodeDocument,
    CurvesDocument,
    Document,
    FactsAnswer,
    KindsDocument,
    LimitsDocument,
    TraceDocument,
)
from compute.kinds import KINDS

FIGURES = [(slug, preset.id) for slug, kind in KINDS.items() for preset in kind.presets]


def params_of(slug: str, preset: str) -> dict[str, str]:
    return dict(next(one.params for one in KINDS[slug].presets if one.id == preset))


@pytest.mark.parametrize(("slug", "preset"), FIGURES)
def test_every_preset_is_answered_as_documented(client: TestClient, slug: str, preset: str) -> None:
    models: dict[str, type[Document]] = {
        "traces": TraceDocument,
        "facts": FactsAnswer,
        "limits": LimitsDocument,
        "curves": CurvesDocument,
        "code": CodeDocument,
    }
    for what, model in models.items():
        answer = client.get(f"/api/v1/{what}/{slug}", params=params_of(slug, preset))
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        model.model_validate_json(answer.content)


def test_the_catalogue_is_as_documented_and_in_teaching_order(client: TestClient) -> None:
    answer = client.get("/api/v1/kinds")
    KindsDocument.model_validate_json(answer.content)
    assert [kind["slug"] for kind in answer.json()["kinds"]] == list(KINDS)
    for kind in answer.json()["kinds"]:
        assert kind["schema"] == KINDS[kind["slug"]].schema()


@pytest.mark.parametrize(("slug", "preset"), FIGURES)
def test_a_json_body_asks_the_same_as_a_query(client: TestClient, slug: str, preset: str) -> None:
    params = params_of(slug, preset)
    for what in ("traces", "facts", "code"):
        path = f"/api/v1/{what}/{slug}"
        assert client.post(path, json=params).content == client.get(path, params=params).content


def test_nested_lists_ask_the_same_as_text(client: TestClient) -> None:
    path = "/api/v1/traces/single-channel"
    by_text = client.get(
        path, params={"input": "1,2;3,4", "kernel": "1,-2", "stride": "1x1", "padding": "0:1x0"}
    ).json()
    body = {"input": [[1, 2], [3, 4]], "kernel": [[1, -2]], "stride": [1, 1], "padding": [[0, 1], 0]}
    by_list = client.post(path, json=body).json()
    assert by_text["tensors"] == by_list["tensors"]


def test_a_body_is_read_as_json_whatever_it_is_called(client: TestClient) -> None:
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded", "nonsense"):
        answer = client.post(
            "/api/v1/traces/single-channel", content=b'{"stride": 2}', headers={"content-type": content_type}
        )
        assert answer.json()["params"]["stride"] == [2, 2]


def test_facts_answer_for_layers_of_any_size(client: TestClient) -> None:
    query = "input_size=224&in_channels=64&out_channels=128&padding=1"
    facts = client.get(f"/api/v1/facts/layer?{query}").json()
    assert facts["facts"]["output_shape"] == [128, 224, 224]
    assert facts["facts"]["parameters"] == 128 * 64 * 9
    assert facts["facts"]["multiplications"] == 128 * 224 * 224 * 64 * 9
    assert "steps" not in facts["stages"][0]


def test_costs_past_64_bits_stay_exact(client: TestClient) -> None:
    answer = client.get("/api/v1/facts/single-channel?input_size=65538")
    FactsAnswer.model_validate_json(answer.content)
    assert answer.json()["facts"]["baseline"]["multiplications"] == 65538**2 * 65536**2


def test_some_of_the_steps_can_be_asked_for(client: TestClient) -> None:
    path = "/api/v1/traces/single-channel?input_size=6"
    whole, part = client.get(path).json(), client.get(f"{path}&start=5&count=3").json()
    steps = whole["stages"][0]["steps"]
    assert part["stages"][0]["steps"]["value"] == steps["value"][5:8]
    assert part["tensors"]["output"]["values"] is None


@pytest.mark.parametrize("slug", KINDS)
def test_formulas_come_with_mathml_in_the_roles_colours(client: TestClient, slug: str) -> None:
    formulas = client.get(f"/api/v1/traces/{slug}").json()["facts"]["formulas"]
    assert formulas
    for formula in formulas:
        for entry in (formula, *formula["axes"]):
            assert entry["mathml"].startswith("<math ")
            assert "mathcolor" not in entry["mathml"]
            assert "marked" not in entry
    assert 'class="ink-kernel"' in formulas[0]["mathml"]


def test_a_large_figure_is_answered_as_a_small_one_is(client: TestClient) -> None:
    answer = client.get("/api/v1/traces/single-channel?input_size=100")
    assert answer.json()["facts"]["steps"] == 98 * 98


def test_the_process_says_how_it_fares(client: TestClient) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["cache-control"] == "no-store"


def test_numbers_that_json_does_not_know_never_stand_in_an_answer(client: TestClient) -> None:
    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    for slug in KINDS:
        json.loads(client.get(f"/api/v1/traces/{slug}").content, parse_constant=refuse)
