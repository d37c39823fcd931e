"""`pointwise` by hand: every pixel's channels mixed, then perhaps ReLU."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS

KIND = KINDS["pointwise"]


def test_each_pixel_is_the_weighted_sum_of_its_channels():
    made = KIND.trace(KIND.parse({"input": "1,2;3,4|5,6;7,8", "kernel": "1|10||2|-1"}))
    assert made["tensors"]["output"]["values"].tolist() == [[[51, 62], [73, 84]], [[-3, -2], [-1, 0]]]


def test_relu_makes_negative_values_zero():
    made = KIND.trace(KIND.parse({"input": "1,2;3,4|5,6;7,8", "kernel": "1|10||2|-1", "activation": "relu"}))
    assert made["tensors"]["output"]["values"][1].tolist() == [[0, 0], [0, 0]]
    assert made["tensors"]["mapped"]["values"][1].tolist() == [[-3, -2], [-1, 0]]
    assert [stage["id"] for stage in made["stages"]] == ["pointwise", "relu"]
    assert made["facts"]["multiplications"] == 2 * 2 * 2 * 2


def test_two_hundred_channels_become_one():
    made = KIND.trace(KIND.parse(next(p for p in KIND.presets if p.id == "two-hundred").params))
    assert made["tensors"]["input"]["shape"] == [200, 3, 3]
    assert made["facts"]["output_shape"] == [1, 3, 3]
    assert made["facts"]["parameters"] == 200


def test_it_is_a_matrix_times_the_channels():
    made = KIND.trace(KIND.parse({"in_channels": "5", "out_channels": "4"}))
    x, w = (np.asarray(made["tensors"][name]["values"]) for name in ("input", "kernel"))
    expected = (w.reshape(4, 5) @ x.reshape(5, -1)).reshape(4, 4, 4)
    np.testing.assert_array_equal(made["tensors"]["output"]["values"], expected)


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ({"kernel": "1,2"}, "kernel"),
        ({"kernel_size": "3"}, "kernel_size"),
        ({"padding": "1"}, "padding"),
        ({"activation": "tanh"}, "activation"),
        ({"in_channels": "2", "kernel": "1|2|3"}, "in_channels"),
    ],
)
def test_what_a_single_tap_has_not_is_refused(pairs, field):
    with pytest.raises(ConvError) as caught:
        KIND.trace(KIND.parse(pairs))
    assert caught.value.field == field
