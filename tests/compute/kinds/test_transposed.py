"""`transposed` by hand: the published 5 × 5, its three readings, and that it is no inverse."""

import numpy as np
import pytest

from compute.errors import BudgetError
from compute.kinds import KINDS
from compute.kinds.transposed import PAPER_INPUT, PAPER_KERNEL

KIND = KINDS["transposed"]
STRIDED = {"stride": "2", "input": PAPER_INPUT, "kernel": PAPER_KERNEL}


def trace(**pairs):
    return KIND.trace(KIND.parse(pairs))


def test_two_by_two_stamped_two_apart_gives_the_published_five_by_five():
    assert trace(**STRIDED)["tensors"]["output"]["values"][0].tolist() == [
        [0, 0, 0, 1, 2],
        [0, 0, 3, 4, 5],
        [0, 2, 10, 10, 14],
        [6, 8, 19, 12, 15],
        [12, 14, 34, 21, 24],
    ]


def test_four_stamps_meet_in_the_middle():
    overlap = trace(**STRIDED)["stages"][0]["overlap"]
    assert overlap["tensor"] == "output"
    assert [list(axis) for axis in overlap["per_axis"]] == [[1, 1, 2, 1, 1]] * 2
    assert (overlap["counts"][2, 2], overlap["min"], overlap["max"], overlap["even"]) == (4, 1, 4, False)


def test_the_thirteenth_output_cell_reads_all_four_inputs_at_whole_places():
    stage = trace(**STRIDED)["stages"][0]
    assert stage["by"] == "output"
    assert stage["steps"]["products"][12].tolist() == [3 * 0, 0, 2 * 2, 0, 0, 0, 1 * 6, 0, 0 * 8]
    assert stage["axes"][0]["at"][2].tolist() == [1.0, 0.5, 0.0]
    assert stage["axes"][0]["source"][2].tolist() == [1, -1, 0]


def test_a_stamp_is_one_input_cell_times_the_kernel_and_where_it_goes():
    stage = trace(by="input", **STRIDED)["stages"][0]
    assert stage["steps"]["total"] == 4
    assert stage["steps"]["value"].tolist() == [0, 1, 2, 3]
    assert stage["steps"]["products"][3].tolist() == [3 * n for n in range(9)]
    assert stage["axes"][0]["targets"].tolist() == [[0, 1, 2], [2, 3, 4]]
    assert stage["channels"].tolist() == [[0]]


def test_cropped_taps_keep_their_products_and_lose_their_targets():
    stage = trace(by="input", padding="1", **STRIDED)["stages"][0]
    assert stage["steps"]["products"].shape == (4, 9)
    assert stage["axes"][0]["targets"].tolist() == [[-1, 0, 1], [1, 2, -1]]


def test_stuffed_zeros_lie_between_and_around_the_input():
    made = trace(view="zero-stuffed", **STRIDED)
    stuffed = made["tensors"]["stuffed"]
    assert stuffed["role"] == "padded"
    assert stuffed["shape"] == [1, 7, 7]
    rows = stuffed["values"][0]
    assert rows[2].tolist() == [0, 0, 0, 0, 1, 0, 0]
    assert rows[4].tolist() == [0, 0, 2, 0, 3, 0, 0]
    assert rows.sum() == 6
    assert made["tensors"]["turned"]["values"][0, 0].tolist() == [[8, 7, 6], [5, 4, 3], [2, 1, 0]]
    assert made["facts"]["equivalent"] == {"stuffed_size": [3, 3], "padding": [[2, 2], [2, 2]], "stride": 1}


def test_c_is_four_by_sixteen_and_its_transpose_leads_back_to_the_shape_but_not_the_values():
    made = trace(view="matrix", input=PAPER_INPUT, kernel=PAPER_KERNEL)
    c = made["stages"][0]["matrix"]
    assert c["shape"] == [4, 16]
    x = np.array([0, 1, 2, 3])
    np.testing.assert_array_equal(c["values"].T @ x, made["tensors"]["output"]["values"].ravel())
    assert c["values"][0].tolist() == [0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 0, 0, 0, 0]
    back = c["values"] @ c["values"].T @ x
    assert back.shape == x.shape
    assert not np.array_equal(back, x)


def test_output_padding_is_computed_and_not_zero_filled():
    made = trace(input=PAPER_INPUT, kernel=PAPER_KERNEL, stride="2", padding="1", output_padding="1")
    whole = trace(**STRIDED)["tensors"]["output"]["values"][0]
    output = made["tensors"]["output"]["values"][0]
    np.testing.assert_array_equal(output, whole[1:, 1:])
    assert output[-1].any()


def test_stamping_costs_less_than_the_zero_stuffed_window():
    facts = trace(**STRIDED)["facts"]
    assert facts["multiplications"] == 36
    assert facts["additions"] == 36 - 25
    assert facts["baseline"]["multiplications"] == 225


def test_a_flipped_transposed_kernel_is_stamped_turned():
    flipped = trace(flip="true", **STRIDED)["tensors"]["output"]["values"]
    turned = trace(stride="2", input=PAPER_INPUT, kernel="8,7,6;5,4,3;2,1,0")["tensors"]["output"]["values"]
    np.testing.assert_array_equal(flipped, turned)
    readings = trace(flip="true", view="zero-stuffed", **STRIDED)["tensors"]["turned"]["values"][0, 0]
    assert readings.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_the_size_formula_leaves_dilation_out_where_there_is_none():
    plain, dilated = (trace(stride="2", dilation=d)["facts"]["formulas"][0] for d in ("1", "2"))
    assert plain["substituted"] == r"o = 2 \cdot (2 - 1) + 3 - 2 \cdot 0 + 0 = 5"
    assert dilated["substituted"] == r"o = 2 \cdot (2 - 1) + 2 \cdot (3 - 1) + 1 - 2 \cdot 0 + 0 = 7"


def test_seven_and_eight_shrink_to_three_and_output_padding_says_which_to_go_back_to():
    for added, size in (("0", 7), ("1", 8)):
        assert trace(input_size="3", stride="2", output_padding=added)["facts"]["output_shape"] == [1, size, size]
        direct = KINDS["single-channel"]
        assert direct.facts(direct.parse_facts({"input_size": str(size), "stride": "2"}))["facts"]["output_shape"] == [
            1,
            3,
            3,
        ]


@pytest.mark.parametrize(
    "pairs",
    [
        {"view": "matrix", "input_size": "40", "count": "1"},
        {"view": "matrix", "input_size": "17", "kernel_size": "400", "padding": "207", "count": "1", "by": "input"},
        {
            "view": "zero-stuffed",
            "input_size": "1",
            "kernel_size": "20",
            "dilation": "1000",
            "padding": "9499",
            "count": "1",
        },
        {"view": "zero-stuffed", "input_size": "500", "stride": "2", "count": "1"},
    ],
    ids=str,
)
def test_a_reading_that_would_not_fit_is_refused_even_for_one_step(pairs):
    with pytest.raises(BudgetError, match=f"values of the {pairs['view']} view") as error:
        trace(**pairs)
    assert error.value.values["asked"] > error.value.values["limit"]


def test_a_wide_stamp_has_a_matrix_of_as_many_cells_as_it_needs():
    made = trace(view="matrix", input_size="1", kernel_size="400", count="1")
    assert made["stages"][0]["matrix"]["shape"] == [1, 160_000]
    kernel = made["tensors"]["kernel"]["values"]
    np.testing.assert_array_equal(made["stages"][0]["matrix"]["values"].ravel(), kernel.ravel())
