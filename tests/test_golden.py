"""All recorded answers of tests/golden, asked for through the API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import app
from tests.compute.golden import layer, load

CLIENT = TestClient(app)
FIGURES = load("figures")
NUMERICAL = load("numerical")
RANDOM = load("random")


def name(case: dict[str, Any]) -> str:
    return str(case["name"])


def get(slug: str, **pairs: Any) -> dict[str, Any]:
    answer = CLIENT.get(f"/api/v1/traces/{slug}", params=pairs)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def text(rows: list[list[float]]) -> str:
    """A table as a query string has it."""
    return ";".join(",".join(map(str, row)) for row in rows)


@pytest.mark.parametrize("case", FIGURES, ids=name)
def test_the_named_figures_of_the_arithmetic_guide_have_their_sizes(case):
    sizes = ("input_size", "kernel_size", "stride", "padding", "dilation", "output_padding")
    found = get(case["kind"], **{size: case[size] for size in sizes if size in case})
    assert found["facts"]["output_shape"] == [1, case["output_size"], case["output_size"]]
    if "stuffed_size" in case:
        equivalent = found["facts"]["equivalent"]
        before = case["equivalent_padding"]
        assert equivalent["stuffed_size"] == [case["stuffed_size"]] * 2
        assert equivalent["padding"] == [[before, before + case["output_padding"]]] * 2


@pytest.mark.parametrize("case", FIGURES, ids=name)
def test_the_named_figures_are_presets_by_those_names(case):
    kinds = {kind["slug"]: kind for kind in CLIENT.get("/api/v1/kinds").json()["kinds"]}
    preset = next(preset for preset in kinds[case["kind"]]["presets"] if preset["id"] == case["name"])
    params = get(case["kind"], **preset["params"])["params"]
    for size in ("input_size", "kernel_size", "stride", "padding", "dilation", "output_padding"):
        if size in case:
            assert params[size] == [case[size]] * 2


@pytest.mark.parametrize("case", FIGURES, ids=name)
def test_arithmetic_has_the_named_figures_too(case):
    transposed = case["kind"] == "transposed"
    sizes = ("input_size", "kernel_size", "stride", "padding", "dilation", "output_padding")
    given = {size: case[size] for size in sizes if size in case}
    found = get("arithmetic", transposed=str(transposed).lower(), **given)
    assert found["facts"]["output_shape"] == [1, case["output_size"], case["output_size"]]
    assert found["tensors"]["output"]["shape"] == [1, case["output_size"], case["output_size"]]


@pytest.mark.parametrize("case", NUMERICAL, ids=name)
def test_the_numerical_figures_have_their_values(case):
    pairs = {name: text(case[name]) for name in ("input", "kernel") if name in case}
    pairs |= {name: case[name] for name in ("stride", "padding", "mode", "kernel_size") if name in case}
    found = get(case["kind"], **pairs)
    assert found["tensors"]["output"]["values"] == [case["output"]]


@pytest.mark.parametrize("n", range(len(RANDOM)))
def test_random_layers_have_their_values(n):
    answer = CLIENT.post("/api/v1/traces/layer", json=layer(RANDOM[n]))
    assert answer.status_code == 200, answer.text
    assert answer.json()["tensors"]["output"]["values"] == RANDOM[n]["output"]


@pytest.mark.parametrize("case", load("overlap"), ids=lambda case: f"k{case['kernel_size']}s{case['stride']}")
def test_overlap_counts_are_those_of_ones_transposed(case):
    pairs = {size: case[size] for size in ("input_size", "kernel_size", "stride")}
    for document in (
        get("transposed", **pairs),
        get("checkerboard", **pairs),
        get("layer", dims=1, transposed="true", **pairs),
        CLIENT.get("/api/v1/facts/transposed", params=pairs).json(),
    ):
        overlap = document["stages"][0]["overlap"]
        assert overlap["per_axis"] == [case["counts"]] * len(overlap["per_axis"])
        assert overlap["even"] is case["even"]
