"""The figures that readers look for, type by type, asked for through the API as a page asks for them."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.main import app

CLIENT = TestClient(app)


def get(what: str, slug: str, **pairs: Any) -> dict[str, Any]:
    answer = CLIENT.get(f"/api/v1/{what}/{slug}", params=pairs)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def trace(slug: str, **pairs: Any) -> dict[str, Any]:
    return get("traces", slug, **pairs)


def facts(slug: str, **pairs: Any) -> dict[str, Any]:
    found: dict[str, Any] = get("facts", slug, **pairs)["facts"]
    return found


def preset(slug: str, name: str) -> dict[str, Any]:
    kinds = {kind["slug"]: kind for kind in CLIENT.get("/api/v1/kinds").json()["kinds"]}
    return trace(slug, **next(one["params"] for one in kinds[slug]["presets"] if one["id"] == name))


def values(document: dict[str, Any], name: str = "output") -> Any:
    return np.array(document["tensors"][name]["values"])


def test_an_asymmetric_g_tells_the_two_operations_apart_and_a_symmetric_one_does_not():
    apart, alike = preset("cross-correlation", "article"), preset("cross-correlation", "symmetric")
    assert (values(apart, "correlation") != values(apart, "convolution")).any()
    assert (values(alike, "correlation") == values(alike, "convolution")).all()
    assert apart["facts"]["symmetric"] is False
    assert alike["facts"]["symmetric"] is True


def test_convolution_is_correlation_with_g_reversed():
    g = "5,2,-1"
    turned = trace("cross-correlation", input="1,4,2,0,3", kernel=",".join(reversed(g.split(","))))
    plain = trace("cross-correlation", input="1,4,2,0,3", kernel=g)
    assert (values(plain, "convolution") == values(turned, "correlation")).all()
    assert values(plain, "convolution")[0].tolist() == np.convolve([1, 4, 2, 0, 3], [5, 2, -1]).tolist()


def test_three_channels_become_one_and_two_filters_make_two_maps():
    one, two = preset("multi-channel", "article"), preset("multi-channel", "two-filters")
    assert one["tensors"]["kernel"]["shape"] == [1, 3, 3, 3]
    assert one["facts"]["output_shape"] == [1, 3, 3]
    assert two["facts"]["output_shape"] == [2, 3, 3]
    assert two["facts"]["parameters"] == 2 * one["facts"]["parameters"] == 54


def test_a_shallow_filter_moves_along_three_axes():
    found = preset("3d", "article")
    assert found["tensors"]["kernel"]["shape"][2:] == [3, 3, 3]
    assert found["facts"]["output_shape"] == [1, 2, 2, 2]


def test_one_by_one_filters_change_the_channels_alone():
    assert preset("pointwise", "article")["facts"]["output_shape"] == [1, 4, 4]
    assert preset("pointwise", "four-filters")["facts"]["output_shape"] == [4, 4, 4]
    deep = preset("pointwise", "two-hundred")
    assert deep["tensors"]["input"]["shape"][0] == 200
    assert deep["facts"]["output_shape"][0] == 1
    assert (values(preset("pointwise", "relu")) >= 0).all()


@pytest.mark.parametrize(("word", "size", "number"), [("valid", 3, 1), ("same", 5, 3), ("full", 7, 4)])
def test_the_words_for_padding_name_their_relation(word, size, number):
    found = facts("arithmetic", padding=word)
    assert found["output_shape"] == [1, size, size]
    assert found["relation"]["number"] == number


def test_cells_that_the_floor_drops_are_counted():
    found = preset("arithmetic", "padding_strides_odd")["facts"]
    assert found["notes"][0]["values"] == {"dropped": [1, 1]}


def test_the_extra_cell_of_same_stands_at_the_end():
    stage = preset("arithmetic", "tensorflow-same")["stages"][0]
    assert stage["padding"] == [[2, 3], [2, 3]]


def test_two_by_two_becomes_four_by_four_or_five_by_five():
    assert preset("transposed", "article")["facts"]["output_shape"] == [1, 4, 4]
    assert values(preset("transposed", "stride-2"))[0].tolist() == [
        [0, 0, 0, 1, 2],
        [0, 0, 3, 4, 5],
        [0, 2, 10, 10, 14],
        [6, 8, 19, 12, 15],
        [12, 14, 34, 21, 24],
    ]


def test_the_matrix_leads_there_and_its_transpose_back():
    matrix = preset("transposed", "matrix")["stages"][0]["matrix"]
    assert matrix["shape"] == [4, 16]
    c = np.array(matrix["values"])
    assert not np.allclose(c.T @ c, np.eye(16))


def test_all_three_readings_come_together():
    stage = preset("transposed", "stride-2")["stages"][0]
    assert stage["zero_stuffed"]["input"] == "stuffed"
    assert stage["matrix"]["shape"] == [4, 25]


def test_there_and_back_the_shape_returns_and_the_values_do_not():
    found = preset("transposed", "round-trip-strided")
    assert found["tensors"]["output"]["shape"] == found["tensors"]["input"]["shape"] == [1, 8, 8]
    assert found["stages"][1]["output_padding"] == [1, 1]
    assert (values(found) != values(found, "input")).any()


def test_output_padding_is_computed_and_at_the_end():
    plain, padded = (trace("transposed", input_size=3, stride=2, output_padding=a, padding=1) for a in (0, 1))
    assert padded["facts"]["output_shape"] == [1, 6, 6]
    assert (values(padded)[:, :5, :5] == values(plain)).all()
    assert values(padded)[:, 5].any()
    assert {note["code"] for note in padded["facts"]["notes"]} == {"padding_crops", "output_padding_computed"}


@pytest.mark.parametrize(
    ("k", "s", "even"), [(2, 1, True), (3, 1, True), (2, 2, True), (4, 2, True), (3, 2, False), (5, 2, False)]
)
def test_overlap_is_even_exactly_when_the_stride_divides_the_kernel(k, s, even):
    found = trace("checkerboard", kernel_size=k, stride=s)
    assert found["stages"][0]["overlap"]["even"] is even
    assert found["facts"]["remainder"] == [k % s] * 2
    assert (found["facts"]["strength"] == 0) is even


def test_the_axes_multiply_to_one_two_and_four():
    counts = np.array(preset("checkerboard", "article")["stages"][0]["overlap"]["counts"])
    assert set(counts.ravel().tolist()) == {1, 2, 4}


def test_resizing_first_leaves_no_pattern():
    found = preset("checkerboard", "resize")
    assert found["facts"]["strengths"] == {"transposed": 0.75, "convolution": 0.0}
    assert set(values(found, "smoothed")[0][1:-1, 1:-1].ravel().tolist()) == {9}


@pytest.mark.parametrize(("rate", "extent"), [(1, 3), (2, 5), (4, 9)])
def test_one_dilated_layer_sees_its_extent_at_the_same_cost(rate, extent):
    found = facts("dilated", input_size=11, dilation=rate)
    assert found["receptive_field"] == [extent, extent]
    assert found["parameters"] == 9


def test_a_stack_sees_3_7_15():
    found = preset("dilated", "stack")["facts"]
    assert [layer["receptive_field"] for layer in found["layers"]] == [3, 7, 15]
    assert found["gaps"] == 0
    assert preset("dilated", "gridding")["facts"]["gaps"] > 0


def test_sobel_is_a_column_times_a_row_for_72_multiplications_instead_of_81():
    found = preset("spatially-separable", "article")
    assert found["facts"]["multiplications"] == 72
    assert found["facts"]["baseline"]["multiplications"] == 81
    assert found["facts"]["parameters"] == 6
    assert found["facts"]["separability"]["rank"] == 1
    whole = trace("single-channel", kernel="-1,0,1;-2,0,2;-1,0,1")
    assert np.allclose(values(found), values(whole))


@pytest.mark.parametrize("m", [3, 5, 7])
def test_the_share_of_a_separable_kernel_tends_to_two_over_m(m):
    found = facts("spatially-separable", input_size=2000, kernel_size=m, kernel="gaussian")
    share = Fraction(found["multiplications"], found["baseline"]["multiplications"])
    assert abs(share - Fraction(2, m)) < Fraction(1, 500)


def test_depthwise_separable_takes_10275_multiplications_for_86400():
    found = preset("depthwise-separable", "article")
    assert [stage["cost"]["multiplications"] for stage in found["stages"]] == [675, 9600]
    assert found["facts"]["multiplications"] == 10_275
    assert found["facts"]["baseline"]["multiplications"] == 86_400
    assert found["facts"]["output_shape"] == [128, 5, 5]


@pytest.mark.parametrize(("h", "times"), [(3, 9), (5, 25)])
def test_with_many_filters_depthwise_separable_is_as_many_times_cheaper_as_the_kernel_has_taps(h, times):
    found = facts("depthwise-separable", input_size=9, kernel_size=h, out_channels=1024)
    share = Fraction(found["multiplications"], found["baseline"]["multiplications"])
    assert share == Fraction(1, 1024) + Fraction(1, times)


def test_a_flattened_filter_is_three_thin_ones():
    found = preset("flattened", "article")
    assert [stage["id"] for stage in found["stages"]] == ["lateral", "vertical", "horizontal"]
    assert found["facts"]["parameters"] == 9 < found["facts"]["baseline"]["parameters"] == 27


def test_two_groups_halve_the_parameters_and_as_many_groups_as_channels_are_depthwise():
    standard, halved = facts("grouped", groups=1), facts("grouped", groups=2)
    assert standard["parameters"] == 2 * halved["parameters"]
    found = preset("grouped", "depthwise")
    assert found["tensors"]["kernel"]["shape"] == [4, 1, 3, 3]
    assert found["stages"][0]["channels"] == [[0], [1], [2], [3]]
    assert preset("grouped", "multiplier")["stages"][0]["channels"] == [[0], [0], [1], [1]]


def test_without_the_shuffle_an_output_sees_a_third_of_the_inputs_and_with_it_all():
    seen, blind = preset("shuffled-grouped", "article"), preset("shuffled-grouped", "unshuffled")
    assert {len(row) for row in seen["facts"]["sees"]} == {9}
    assert {len(row) for row in blind["facts"]["sees"]} == {3}
    shuffle = preset("shuffled-grouped", "four")["stages"][1]
    assert [row[0] + 1 for row in shuffle["channels"]] == [1, 3, 2, 4]


def test_groups_divide_the_cost_of_a_pointwise_convolution():
    whole = facts("pointwise-grouped", groups=1)
    for groups in (2, 4):
        assert facts("pointwise-grouped", groups=groups)["multiplications"] * groups == whole["multiplications"]


def test_pooling_learns_nothing():
    found = preset("pooling", "numerical_max_pooling")["facts"]
    assert (found["parameters"], found["multiplications"]) == (0, 0)
    assert found["comparisons"] == 72
