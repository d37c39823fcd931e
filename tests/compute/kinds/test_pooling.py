"""`pooling` by hand, and recorded answers."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS
from tests.compute.golden import load

KIND = KINDS["pooling"]
GOLDEN = [case for case in load("numerical") if case["kind"] == "pooling"]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_recorded_answers(case):
    pairs = {"input": case["input"], "mode": case["mode"], "kernel_size": case["kernel_size"]}
    found = KIND.trace(KIND.parse(pairs))["tensors"]["output"]["values"][0]
    np.testing.assert_allclose(found, case["output"], rtol=1e-15)


def test_the_maximum_and_the_mean_by_hand():
    pairs = {"input": "1,2;3,6", "kernel_size": "2"}
    assert KIND.trace(KIND.parse(pairs))["tensors"]["output"]["values"].tolist() == [[[6]]]
    assert KIND.trace(KIND.parse(pairs | {"mode": "average"}))["tensors"]["output"]["values"].tolist() == [[[3]]]


def test_padding_never_wins_even_among_negative_numbers():
    made = KIND.trace(KIND.parse({"input": "-1,-2;-3,-4", "kernel_size": "2", "padding": "1"}))
    assert made["tensors"]["output"]["values"].max() == -1
    assert np.isnan(made["stages"][0]["steps"]["products"][0]).sum() == 3


def test_padding_counts_in_the_mean_unless_told_otherwise():
    pairs = {"input": "4", "mode": "average", "kernel_size": "3", "padding": "1"}
    assert KIND.trace(KIND.parse(pairs))["tensors"]["output"]["values"].item() == pytest.approx(4 / 9)
    inside = KIND.trace(KIND.parse(pairs | {"count_include_pad": "false"}))
    assert inside["tensors"]["output"]["values"].item() == 4


def test_costs_are_comparisons_or_additions():
    most = KIND.facts(KIND.parse_facts({}))["facts"]
    mean = KIND.facts(KIND.parse_facts({"mode": "average"}))["facts"]
    assert (most["comparisons"], most["multiplications"], most["parameters"]) == (72, 0, 0)
    assert (mean["additions"], mean["multiplications"], mean["parameters"]) == (72, 9, 0)


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ({"kernel": "1,2;3,4"}, "kernel"),
        ({"bias": "true"}, "bias"),
        ({"padding": "2"}, "padding"),
        ({"mode": "median"}, "mode"),
        ({"mode": "average", "dilation": "2"}, "dilation"),
        ({"count_include_pad": "false"}, "count_include_pad"),
        ({"kernel_size": "6"}, "kernel_size"),
    ],
)
def test_what_a_pool_has_not_is_refused(pairs, field):
    with pytest.raises(ConvError) as caught:
        KIND.trace(KIND.parse(pairs))
    assert caught.value.field == field
