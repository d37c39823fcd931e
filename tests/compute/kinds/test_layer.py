"""`layer` against the recorded answers of an independent library, and what only it has to refuse."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS
from tests.compute.golden import layer, load

KIND = KINDS["layer"]


@pytest.mark.parametrize("n", range(len(load("random"))))
def test_layers_agree_with_recorded_answers(n):
    case = load("random")[n]
    made = KIND.trace(KIND.parse(layer(case)))
    np.testing.assert_array_equal(made["tensors"]["output"]["values"], case["output"])
    for claim in KIND.claims:
        assert claim.holds(made), claim.says


def test_sizes_take_as_many_numbers_as_there_are_dimensions():
    assert KIND.parse({"dims": "3", "kernel_size": "1x2x3"}).document()["kernel_size"] == [1, 2, 3]
    with pytest.raises(ConvError) as error:
        KIND.parse({"dims": "1", "kernel_size": "2x3"})
    assert (error.value.code, error.value.field) == ("wrong_length", "kernel_size")


def test_steps_of_a_transposed_layer_go_by_input_cell_unless_asked_otherwise():
    by = [KIND.trace(KIND.parse({"transposed": "true", **more}))["stages"][0]["by"] for more in ({}, {"by": "output"})]
    assert by == ["input", "output"]


def test_a_grouped_transposed_kernel_implies_its_channels():
    kernel = np.ones((4, 3, 2)).tolist()
    params = KIND.parse({"dims": 1, "transposed": True, "groups": 2, "kernel": kernel})
    assert (params.in_channels, params.out_channels) == (4, 6)


def test_facts_of_a_million_samples_cost_no_values():
    facts = KIND.facts(KIND.parse_facts({"dims": "1", "input_size": "1000000", "kernel_size": "1000"}))
    assert facts["facts"]["output_shape"] == [1, 999_001]
    assert facts["facts"]["multiplications"] == 999_001 * 1000
    assert facts["stages"][0]["axes"] is None
    assert len(facts["stages"][0]["overlap"]["per_axis"][0]) == 1_000_000


def test_facts_of_a_billion_cells_are_refused_with_the_largest_input_that_works():
    pairs = {"transposed": "true", "input_size": "1000000", "kernel_size": "1000", "stride": "1000"}
    with pytest.raises(ConvError) as error:
        KIND.facts(KIND.parse_facts(pairs))
    assert (error.value.code, error.value.field) == ("budget_exceeded", "input_size")
    smaller = pairs | {"input_size": str(error.value.values["nearest"])}
    assert max(KIND.facts(KIND.parse_facts(smaller))["facts"]["output_shape"]) > 1_000_000
