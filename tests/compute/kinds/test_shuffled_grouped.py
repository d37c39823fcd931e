"""`shuffled-grouped`: what the shuffle lets an output see."""

import numpy as np
import pytest

from compute.errors import GeometryError
from compute.kinds import KINDS

KIND = KINDS["shuffled-grouped"]


def facts(**pairs):
    return KIND.facts(KIND.parse_facts(pairs))["facts"]


def test_without_the_shuffle_an_output_sees_one_third_and_with_it_all():
    assert all(row == list(range(9)) for row in facts()["sees"])
    without = facts(shuffle="false")["sees"]
    assert [len(row) for row in without] == [3] * 9
    assert without[0] == [0, 1, 2]
    assert without[8] == [6, 7, 8]


def test_the_shuffle_of_1_2_3_4_in_two_groups_is_1_3_2_4():
    made = KIND.trace(KIND.parse({"in_channels": "4", "out_channels": "4", "groups": "2"}))
    shuffle = next(stage for stage in made["stages"] if stage["operation"] == "shuffle")
    assert [channel + 1 for channel in shuffle["permutation"].tolist()] == [1, 3, 2, 4]
    grouped, shuffled = (made["tensors"][name]["values"] for name in ("grouped", "shuffled"))
    np.testing.assert_array_equal(shuffled, grouped[[0, 2, 1, 3]])


def test_switched_off_the_second_convolution_reads_the_first():
    made = KIND.trace(KIND.parse({"shuffle": "false"}))
    assert [stage["id"] for stage in made["stages"]] == ["first", "second"]
    assert made["stages"][1]["input"] == "grouped"
    assert "shuffled" not in made["tensors"]


def test_by_hand():
    made = KIND.trace(
        KIND.parse(
            {"input_size": "1", "input": "1|2|3|4", "kernel": "1|0||0|1||1|0||0|1", "groups": "2", "out_channels": "4"}
        )
    )
    assert made["tensors"]["shuffled"]["values"].ravel().tolist() == [1, 3, 2, 4]


def test_with_fewer_channels_than_groups_not_all_of_them_meet():
    assert {len(row) for row in facts(in_channels="6", out_channels="6")["sees"]} == {4}


@pytest.mark.parametrize("pairs", [{"groups": "2"}, {"groups": "4"}, {"out_channels": "4"}, {"in_channels": "8"}])
def test_a_shuffle_whose_groups_do_not_divide_is_refused(pairs):
    with pytest.raises(GeometryError) as caught:
        KIND.trace(KIND.parse(pairs))
    assert caught.value.field == "groups"
    assert "nearest" in caught.value.values
