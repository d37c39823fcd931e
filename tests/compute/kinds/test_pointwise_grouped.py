"""`pointwise-grouped`: groups on the 1×1 convolution."""

import numpy as np
import pytest

from compute.kinds import KINDS

KIND = KINDS["pointwise-grouped"]


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_the_cost_falls_by_the_number_of_groups(groups):
    facts = KIND.facts(KIND.parse_facts({"groups": str(groups)}))["facts"]
    assert facts["multiplications"] * groups == 16 * 4 * 4 == facts["baseline"]["multiplications"]
    assert facts["parameters"] * groups == 16


def test_it_is_grouped_with_a_kernel_of_one():
    made = KIND.trace(KIND.parse({}))
    grouped = KINDS["grouped"]
    given = {
        "input": made["tensors"]["input"]["values"].tolist(),
        "kernel": made["tensors"]["kernel"]["values"].tolist(),
    }
    other = grouped.trace(grouped.parse(given))
    np.testing.assert_array_equal(made["tensors"]["output"]["values"], other["tensors"]["output"]["values"])


def test_by_hand():
    made = KIND.trace(KIND.parse({"input": "1|2|3|4", "kernel": "1|10||2|20||3|30||4|40"}))
    assert made["tensors"]["output"]["values"].ravel().tolist() == [21, 42, 129, 172]
