"""`3d` by hand: a filter of eight taps in a volume of 27 cells."""

import numpy as np
import pytest

from compute.errors import BudgetError, GeometryError
from compute.kinds import KINDS

KIND = KINDS["3d"]


def test_a_small_volume_by_hand():
    made = KIND.trace(KIND.parse({"input": "1,2;3,4/5,6;7,8", "kernel": "1,0;0,0/0,0;0,10"}))
    assert made["tensors"]["output"]["values"].tolist() == [[[[81]]]]
    assert made["stages"][0]["steps"]["products"].tolist() == [[1, 0, 0, 0, 0, 0, 0, 80]]


def test_a_filter_as_deep_as_the_volume_leaves_one_slice():
    assert KIND.facts(KIND.parse_facts({"kernel_size": "4x3x3"}))["facts"]["output_shape"] == [1, 1, 2, 2]


def test_one_slice_thick_it_is_the_ordinary_window_on_every_slice():
    made = KIND.trace(KIND.parse({"kernel_size": "1x3x3"}))
    flat = KINDS["single-channel"]
    kernel = made["tensors"]["kernel"]["values"][0, 0, 0].tolist()
    for n, values in enumerate(made["tensors"]["input"]["values"][0]):
        expected = flat.trace(flat.parse({"input": values.tolist(), "kernel": kernel}))["tensors"]["output"]["values"]
        np.testing.assert_array_equal(made["tensors"]["output"]["values"][0, n], expected[0])


def test_a_volume_past_the_budget_is_refused_with_one_that_fits():
    with pytest.raises(BudgetError) as caught:
        KIND.trace(KIND.parse({"input_size": "300"}))
    assert caught.value.field == "input_size"
    KIND.trace(KIND.parse({"input_size": str(caught.value.values["nearest"])}))


def test_a_filter_deeper_than_the_volume_names_the_axis():
    with pytest.raises(GeometryError) as caught:
        KIND.trace(KIND.parse({"kernel_size": "9x3x3"}))
    assert caught.value.values["axis"] == "slice"
    assert caught.value.values["nearest"] == "4x3x3"


def test_facts_of_a_film_need_no_values():
    facts = KIND.facts(
        KIND.parse_facts({"input_size": "16x112x112", "in_channels": "3", "out_channels": "64", "padding": "1"})
    )
    assert facts["facts"]["output_shape"] == [64, 16, 112, 112]
    assert facts["facts"]["parameters"] == 64 * 3 * 27
