"""`depthwise-separable`: its costs, and that it is a grouped convolution and a 1×1."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS

KIND = KINDS["depthwise-separable"]


def test_the_articles_figure_costs_10_275_in_place_of_86_400():
    found = KIND.facts(KIND.parse_facts({"input_size": "7", "out_channels": "128"}))
    assert [stage["cost"]["multiplications"] for stage in found["stages"]] == [675, 9600]
    facts = found["facts"]
    assert (facts["multiplications"], facts["parameters"]) == (10_275, 411)
    assert facts["baseline"] == {"name": "standard convolution", "multiplications": 86_400, "parameters": 3_456}
    assert facts["multiplications"] / facts["baseline"]["multiplications"] == pytest.approx(0.119, abs=5e-4)


@pytest.mark.parametrize(("k", "times"), [(3, 9), (5, 25)])
def test_for_many_filters_it_is_nine_and_twenty_five_times_cheaper(k, times):
    facts = KIND.facts(KIND.parse_facts({"kernel_size": str(k), "input_size": "9", "out_channels": "65536"}))["facts"]
    assert facts["baseline"]["multiplications"] / facts["multiplications"] == pytest.approx(times, rel=1e-3)


def test_both_stages_by_hand():
    pairs = {"input": "1,2;3,4|5,6;7,8", "kernel": "1,0;0,1||0,1;1,0", "pointwise_kernel": "1|10||2|-1"}
    made = KIND.trace(KIND.parse(pairs))
    assert made["tensors"]["filtered"]["values"].ravel().tolist() == [5, 13]
    assert made["tensors"]["output"]["values"].ravel().tolist() == [135, -3]


def test_the_first_stage_is_grouped_with_groups_equal_to_channels():
    made = KIND.trace(KIND.parse({}))
    grouped = KINDS["grouped"]
    given = {
        "input": made["tensors"]["input"]["values"].tolist(),
        "kernel": made["tensors"]["kernel"]["values"].tolist(),
    }
    other = grouped.trace(grouped.parse(given | {"groups": 3}))
    np.testing.assert_array_equal(made["tensors"]["filtered"]["values"], other["tensors"]["output"]["values"])


def test_the_second_stage_is_pointwise():
    made = KIND.trace(KIND.parse({}))
    pointwise = KINDS["pointwise"]
    given = {
        "input": made["tensors"]["filtered"]["values"].tolist(),
        "kernel": made["tensors"]["pointwise"]["values"].tolist(),
    }
    other = pointwise.trace(pointwise.parse(given))
    np.testing.assert_array_equal(made["tensors"]["output"]["values"], other["tensors"]["output"]["values"])


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ({"pointwise_kernel": "1,2|3,4"}, "pointwise_kernel"),
        ({"pointwise_kernel": "1|2", "in_channels": "3"}, "in_channels"),
        ({"pointwise_kernel": "1|2|3", "out_channels": "2"}, "out_channels"),
        ({"pointwise_kernel": "1|2", "kernel": "1||2||3"}, "pointwise_kernel"),
        ({"groups": "3"}, "groups"),
    ],
)
def test_weights_that_contradict_are_refused_by_name(pairs, field):
    with pytest.raises(ConvError) as caught:
        KIND.trace(KIND.parse(pairs))
    assert caught.value.field == field
