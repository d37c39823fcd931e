"""The steps as CSV: what is written can be read again, and adds up."""

import csv
import itertools
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.answers import dumped
from compute import table
from compute.kinds import KINDS
from compute.table import COLUMNS, ROWS, csv_pieces

# Four channels on either side, two groups, and a bias, read and stamped.
FIGURES = [
    ("layer", {"transposed": "true", "in_channels": "4", "out_channels": "4", "groups": "2", "by": "input"}),
    ("layer", {"transposed": "true", "in_channels": "4", "out_channels": "4", "groups": "2", "by": "output"}),
    ("transposed", {"by": "input", "bias": "3", "padding": "1", "stride": "3", "kernel_size": "2"}),
    ("multi-channel", {"in_channels": "2", "out_channels": "3", "bias": "1,-2,0.5", "padding": "1"}),
    ("single-channel", {"padding": "2", "padding_mode": "reflect", "flip": "true", "stride": "2"}),
    ("pooling", {"mode": "average", "padding": "1", "count_include_pad": "false"}),
]


def asked(client: TestClient, slug: str, params: Any) -> tuple[list[dict[str, str]], dict[str, Any]]:
    answer = client.get(f"/api/v1/steps/{slug}", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == f'attachment; filename="convoscope-{slug}.csv"'
    assert answer.text.endswith("\r\n")
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    return rows, client.get(f"/api/v1/traces/{slug}", params=params).json()


def made(rows: list[dict[str, str]]) -> float:
    """The value that the rows of one output cell come to."""
    products = [float(row["product"]) for row in rows if row["product"]]
    match rows[0]["how"]:
        case "sum":
            return sum(products)
        case "max":
            return max(products)
        case "relu":
            return max(0.0, products[0])
    return sum(products) / len(products)


def holds(slug: str, rows: list[dict[str, str]], trace: dict[str, Any]) -> None:
    """Every output of every stage is what its rows come to; every row names cells that hold what it says."""
    grouped = defaultdict(list)
    for row in rows:
        assert set(row) == set(COLUMNS)
        grouped[row["stage"], row["output"]].append(row)
    for stage in trace["stages"]:
        tensors = {role: trace["tensors"].get(stage.get(role) or "") for role in ("input", "kernel", "output")}
        inside = stage["operation"] == "pool" and stage["mode"] != "max" and not stage["count_include_pad"]
        output = np.array(tensors["output"]["values"])
        for cell in itertools.product(*map(range, output.shape)):
            found = grouped[stage["id"], " ".join(map(str, cell))]
            counted = [row for row in found if row["input"]] if inside else found
            # A cell that no stamp reaches, and that has no bias, has no rows.
            assert (made(counted) if found else 0) == pytest.approx(output[cell], rel=1e-9, abs=1e-9), (slug, cell)
            assert all(float(row["value"]) == output[cell] for row in found)
        for row in (row for row in rows if row["stage"] == stage["id"]):
            for role, value in (("input", "input_value"), ("kernel", "weight")):
                if row[role]:
                    place = tuple(map(int, row[role].split()))
                    assert np.array(tensors[role]["values"])[place] == float(row[value])
            if row["weight"] and row["input_value"]:
                assert float(row["product"]) == pytest.approx(float(row["input_value"]) * float(row["weight"]))


@pytest.mark.parametrize(("slug", "params"), FIGURES)
def test_every_output_is_what_its_rows_come_to(client: TestClient, slug: str, params: dict[str, str]) -> None:
    rows, trace = asked(client, slug, params)
    holds(slug, rows, trace)


@pytest.mark.parametrize("slug", KINDS)
def test_the_presets_of_every_kind_add_up(client: TestClient, slug: str) -> None:
    for preset in KINDS[slug].presets:
        if sum(stage["count"] for stage in steps_of(slug, preset.params)) > 400:
            continue
        rows, trace = asked(client, slug, preset.params)
        holds(slug, rows, trace)


def steps_of(slug: str, params: Any) -> list[dict[str, Any]]:
    kind = KINDS[slug]
    return [stage["steps"] for stage in kind.trace(kind.parse(params))["stages"]]


def test_the_first_rows_are_those_of_the_article(client: TestClient) -> None:
    [preset] = [one for one in KINDS["single-channel"].presets if one.id == "article"]
    rows, _ = asked(client, "single-channel", preset.params)
    assert len(rows) == 81
    assert list(rows[1].values()) == ["convolution", "0", "sum", "0 0 0", "1", "0 0 1", "0 0 0 1", "3", "1", "3", "12"]


def test_some_of_the_steps_can_be_asked_for(client: TestClient) -> None:
    rows, _ = asked(client, "single-channel", {"start": "4", "count": "2"})
    assert {row["step"] for row in rows} == {"4", "5"}


def test_long_values_come_by_post_and_give_the_same(client: TestClient) -> None:
    body = {"input": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "kernel": [[1, 0], [0, 2]]}
    posted = client.post("/api/v1/steps/single-channel", json=body)
    got = client.get("/api/v1/steps/single-channel", params={"input": "1,2,3;4,5,6;7,8,9", "kernel": "1,0;0,2"})
    assert posted.content == got.content


def test_what_a_trace_refuses_is_refused_in_the_same_words(client: TestClient) -> None:
    for slug, params in (("single-channel", {"stride": "0"}), ("single-channel", {"input_size": "999"}), ("none", {})):
        table, trace = (client.get(f"/api/v1/{what}/{slug}", params=params) for what in ("steps", "traces"))
        assert table.status_code == trace.status_code in (404, 422)
        assert table.json() == trace.json()
    assert client.get("/api/v1/steps/single-channel?strde=1").json()["error"]["code"] == "unknown_parameter"


def pieces_of(slug: str, params: Any) -> Iterator[bytes]:
    kind = KINDS[slug]
    return csv_pieces(kind.trace(kind.parse(params)), dumped)


def test_the_table_comes_in_pieces() -> None:
    pieces = [piece.count(b"\r\n") for piece in pieces_of("single-channel", {"input_size": "42"})]
    assert pieces == [1, ROWS, 1600 * 9 - ROWS]


def test_the_head_comes_before_any_number_is_written() -> None:
    written: list[Any] = []

    def write(array: Any) -> bytes:
        written.append(array)
        return dumped(array)

    kind = KINDS["single-channel"]
    pieces = csv_pieces(kind.trace(kind.parse({"input_size": "60", "kernel": "0.1,0.2;0.3,0.4"})), write)
    assert next(pieces) == b"stage,step,how,output,tap,input,kernel,input_value,weight,product,value\r\n"
    assert not written
    next(pieces)
    assert 0 < sum(array.size for array in written) < 4 * ROWS  # of this piece alone, four columns of numbers


@pytest.mark.parametrize(("slug", "params"), [*FIGURES, ("pooling", {"padding": "1"})])
def test_a_piece_may_end_in_the_middle_of_a_step(
    slug: str, params: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = b"".join(pieces_of(slug, params))
    for rows in (1, 7):
        monkeypatch.setattr(table, "ROWS", rows)
        assert b"".join(pieces_of(slug, params)) == whole


def test_large_and_broken_numbers_are_written_as_the_trace_has_them(client: TestClient) -> None:
    values = "12345678901234,-98765.4321,1e20,0.1,-7,9999,10000,-10000"
    rows, trace = asked(client, "layer", {"dims": "1", "input": values, "kernel": "0.3"})
    holds("layer", rows, trace)
    rows, _ = asked(client, "layer", {"dims": "1", "input_size": "20102", "start": "20099"})
    assert [row["input"] for row in rows] == ["0 20099", "0 20100", "0 20101"]
    assert {(row["step"], row["output"]) for row in rows} == {("20099", "0 20099")}


def test_some_steps_of_a_stamp_bring_no_more_than_their_own_rows(client: TestClient) -> None:
    # The output has five thousand million cells, and each has a bias.
    huge = {"input_size": "500", "stride": "150", "by": "input", "bias": "3", "count": "2"}
    answer = client.get("/api/v1/steps/transposed", params=huge)
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert [row["step"] for row in rows] == ["0"] * 9 + ["1"] * 9
    rows, _ = asked(client, "transposed", {"by": "input", "bias": "3", "count": "2"})
    assert {row["step"] for row in rows} == {"0", "1"}
    # Where the answer carries the output, its bias is there too.
    rows, trace = asked(client, "transposed", {"by": "input", "bias": "3", "count": "2", "tensors": "all"})
    assert sum(row["tap"] == "bias" for row in rows) == np.size(trace["tensors"]["output"]["values"])
