"""`grouped`: slices that do not meet, from standard to depthwise."""

import numpy as np
import pytest

from compute.errors import GeometryError
from compute.kinds import KINDS

KIND = KINDS["grouped"]


def test_each_group_is_a_convolution_of_its_own():
    made = KIND.trace(KIND.parse({}))
    other = KINDS["multi-channel"]
    x, w, y = (made["tensors"][name]["values"] for name in ("input", "kernel", "output"))
    for half in (slice(0, 2), slice(2, 4)):
        given = {"input": x[half].tolist(), "kernel": w[half].tolist()}
        np.testing.assert_array_equal(other.trace(other.parse(given))["tensors"]["output"]["values"], y[half])


def test_two_groups_halve_weights_and_multiplications():
    facts = KIND.facts(KIND.parse_facts({}))["facts"]
    assert (facts["parameters"], facts["baseline"]["parameters"]) == (72, 144)
    assert (facts["multiplications"], facts["baseline"]["multiplications"]) == (648, 1296)


def test_the_standard_case_of_the_article():
    preset = next(preset for preset in KIND.presets if preset.id == "standard")
    facts = KIND.facts(KIND.parse_facts(preset.params))["facts"]
    assert facts["output_shape"] == [128, 5, 5]
    assert facts["multiplications"] == facts["baseline"]["multiplications"] == 86_400


def test_as_many_groups_as_channels_is_depthwise():
    made = KIND.trace(KIND.parse({"groups": "4"}))
    assert made["stages"][0]["channels"].tolist() == [[0], [1], [2], [3]]
    assert made["tensors"]["kernel"]["shape"] == [4, 1, 3, 3]


def test_more_filters_than_channels_give_each_channel_several():
    made = KIND.trace(KIND.parse({"in_channels": "2", "out_channels": "6", "groups": "2"}))
    assert made["stages"][0]["channels"].tolist() == [[0], [0], [0], [1], [1], [1]]


def test_groups_that_do_not_divide_name_those_that_do():
    with pytest.raises(GeometryError) as caught:
        KIND.trace(KIND.parse({"groups": "3"}))
    assert caught.value.values["works"] == [1, 2, 4]
    assert "3 groups do not divide 4" in caught.value.message
