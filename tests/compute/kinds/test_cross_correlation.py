"""`cross-correlation` by hand: two short signals, the second one reversed and not."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS

KIND = KINDS["cross-correlation"]


def outputs(**pairs):
    made = KIND.trace(KIND.parse(pairs))
    return [made["tensors"][name]["values"].ravel().tolist() for name in ("correlation", "convolution")]


def test_both_operations_by_hand():
    # Convolution: 1, 2 + 10, 3 + 20, 30; correlation starts with the last sample of g on the first of f.
    assert outputs(input="1,2,3", kernel="1,10") == [[10, 21, 32, 3], [1, 12, 23, 30]]


def test_convolution_is_that_of_numpy_and_correlation_too():
    f, g = [0, 1, 3, -2, 0, 2], [1, 2, -1]
    slid, turned = outputs(input=",".join(map(str, f)), kernel=",".join(map(str, g)))
    assert slid == np.correlate(f, g, "full").tolist()
    assert turned == np.convolve(f, g, "full").tolist()


@pytest.mark.parametrize("g", ["box", "ones", "gaussian", "triangle"])
@pytest.mark.parametrize("f", ["box", "triangle", "ramp", "exponential", "gaussian"])
def test_with_a_symmetric_g_the_two_agree(f, g):
    slid, turned = outputs(input=f, kernel=g)
    np.testing.assert_allclose(slid, turned)


@pytest.mark.parametrize("g", ["ramp", "exponential"])
@pytest.mark.parametrize("f", ["box", "triangle", "ramp", "gaussian"])
def test_with_an_asymmetric_g_they_do_not(f, g):
    slid, turned = outputs(input=f, kernel=g)
    assert slid != turned


def test_reversed_weights_are_all_that_tells_them_apart():
    """A network that learns by correlation learns the flipped weights of a convolution."""
    slid, _ = outputs(input="1,2,3,0", kernel="3,2,1")
    _, turned = outputs(input="1,2,3,0", kernel="1,2,3")
    assert slid == turned


def test_whether_g_is_symmetric_is_a_fact():
    assert KIND.facts(KIND.parse_facts({"kernel": "1,2,1"}))["facts"]["symmetric"] is True
    assert KIND.facts(KIND.parse_facts({"kernel": "1,2,2"}))["facts"]["symmetric"] is False


def test_signals_of_unequal_length_slide_along_each_other():
    made = KIND.trace(KIND.parse({"input_size": "3", "kernel_size": "7"}))
    assert made["facts"]["output_shape"] == [1, 9]


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ({"input": ""}, "input"),
        ({"kernel": ","}, "kernel"),
        ({"input_size": "0"}, "input_size"),
        ({"kernel_size": "0"}, "kernel_size"),
        ({"input": "1,2;3,4"}, "input"),
        ({"input_size": "3x3"}, "input_size"),
        ({"input_size": "3", "padding": "valid"}, "kernel_size"),
        ({"stride": "2"}, "stride"),
        ({"view": "bars"}, "view"),
    ],
)
def test_signals_that_cannot_be_are_refused_by_name(pairs, field):
    with pytest.raises(ConvError) as caught:
        KIND.trace(KIND.parse(pairs))
    assert caught.value.field == field
    assert caught.value.message
