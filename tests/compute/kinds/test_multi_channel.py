"""`multi-channel` by hand: three kernels of one filter, summed to one map."""

import numpy as np

from compute.kinds import KINDS

KIND = KINDS["multi-channel"]


def test_one_filter_over_three_channels_gives_one_map_of_three_summed():
    made = KIND.trace(KIND.parse({}))
    assert made["tensors"]["input"]["shape"] == [3, 5, 5]
    assert made["tensors"]["kernel"]["shape"] == [1, 3, 3, 3]
    assert made["tensors"]["output"]["shape"] == [1, 3, 3]
    single = KINDS["single-channel"]
    maps = []
    for channel in range(3):
        values = {
            "input": made["tensors"]["input"]["values"][channel].tolist(),
            "kernel": made["tensors"]["kernel"]["values"][0, channel].tolist(),
        }
        maps.append(single.trace(single.parse(values))["tensors"]["output"]["values"][0])
    np.testing.assert_array_equal(made["tensors"]["output"]["values"][0], sum(maps))


def test_a_bias_is_one_number_a_filter():
    pairs = {"input": [[[1.0]]], "kernel": [[[[2.0]]], [[[3.0]]]], "bias": "10,-1"}
    made = KIND.trace(KIND.parse(pairs))
    assert made["tensors"]["output"]["values"].ravel().tolist() == [12, 2]
    assert made["stages"][0]["bias"].tolist() == [10, -1]
    assert made["facts"]["parameters"] == 4


def test_a_kernel_of_three_axes_is_one_filter_of_three_channels():
    made = KIND.trace(KIND.parse({"kernel": np.ones((3, 2, 2)).tolist()}))
    assert made["params"]["out_channels"] == 1
    assert made["params"]["in_channels"] == 3
    assert made["params"]["kernel_size"] == [2, 2]
