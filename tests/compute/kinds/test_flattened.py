"""`flattened`: three thin filters in a row, and when they are one filter."""

import numpy as np
import pytest

from compute.kinds import KINDS

KIND = KINDS["flattened"]


def test_three_filters_are_a_standard_filter_of_rank_one():
    made = KIND.trace(KIND.parse({"out_channels": "2", "in_channels": "4"}))
    thin = [np.asarray(made["tensors"][name]["values"]) for name in ("lateral", "vertical", "horizontal")]
    whole = thin[0] * thin[1] * thin[2]  # (filter, channel, 1, 1) · (filter, 1, k, 1) · (filter, 1, 1, k)
    other = KINDS["multi-channel"]
    given = {"input": made["tensors"]["input"]["values"].tolist(), "kernel": whole.tolist()}
    expected = other.trace(other.parse(given))["tensors"]["output"]["values"]
    np.testing.assert_array_equal(made["tensors"]["output"]["values"], expected)


def test_a_filter_of_higher_rank_is_no_product_of_three():
    """Its unfolding along the channels has rank two; that of a product of three has rank one."""
    made = KIND.trace(KIND.parse({}))
    thin = [np.asarray(made["tensors"][name]["values"]) for name in ("lateral", "vertical", "horizontal")]
    product = (thin[0] * thin[1] * thin[2])[0]
    assert np.linalg.matrix_rank(product.reshape(len(product), -1)) <= 1
    other = np.array([[[1, 0], [0, 0]], [[0, 0], [0, 1]]])
    assert np.linalg.matrix_rank(other.reshape(2, -1)) == 2


def test_weights_by_hand():
    facts = KIND.facts(
        KIND.parse_facts({"in_channels": "3", "out_channels": "2", "kernel_size": "3x5", "input_size": "7"})
    )
    assert facts["facts"]["parameters"] == 2 * (3 + 3 + 5)
    assert facts["facts"]["baseline"]["parameters"] == 2 * 3 * 3 * 5
    # lateral on 7 × 7, vertical on 5 × 7, horizontal on 5 × 3
    assert [stage["cost"]["multiplications"] for stage in facts["stages"]] == [2 * 49 * 3, 2 * 35 * 3, 2 * 15 * 5]


@pytest.mark.parametrize("padding", ["0", "1", "same", "full", "1:2x0"])
def test_padding_and_stride_reach_the_sizes_of_the_standard_convolution(padding):
    pairs = {"padding": padding, "stride": "2x1", "input_size": "8"}
    standard = KINDS["multi-channel"]
    expected = standard.facts(standard.parse_facts(pairs))["facts"]["output_shape"]
    assert KIND.facts(KIND.parse_facts(pairs))["facts"]["output_shape"] == expected
