"""`dilated`: one layer, and stacks of them."""

import numpy as np
import pytest

from compute.errors import ConvError, GeometryError
from compute.kinds import KINDS
from compute.kinds.stack import Layer, cells_read, gaps, reaches

KIND = KINDS["dilated"]


def facts(**pairs):
    return KIND.facts(KIND.parse_facts(pairs))["facts"]


@pytest.mark.parametrize(("dilation", "seen"), [(1, 3), (2, 5), (4, 9)])
def test_one_layer_alone_sees_3_5_and_9(dilation, seen):
    found = facts(dilation=str(dilation), input_size="12")
    assert found["receptive_field"] == [seen, seen]
    assert found["parameters"] == 9
    assert found["layers"][0]["extent"] == seen


def test_a_stack_of_1_2_4_sees_3_7_and_15():
    found = facts(layers="3,3d2,3d4", input_size="15", dims="1")
    assert [row["receptive_field"] for row in found["layers"]] == [3, 7, 15]
    assert found["receptive_field"] == [15]
    assert found["parameters"] == 9
    assert found["gaps"] == 0


def test_taps_by_hand():
    made = KIND.trace(KIND.parse({"dims": "1", "input": "1,2,3,4,5", "kernel": "1,10,100"}))
    assert made["tensors"]["output"]["values"].tolist() == [[1 + 30 + 500]]
    assert made["stages"][0]["axes"][0]["at"].tolist() == [[0, 2, 4]]


def test_a_stack_is_its_layers_one_after_the_other():
    made = KIND.trace(KIND.parse({"dims": "1", "input_size": "9", "layers": "3s2,2d2"}))
    single = KINDS["layer"]
    x = made["tensors"]["input"]["values"]
    for kernel, output, more in (("kernel", "hidden-1", {"stride": 2}), ("kernel-2", "output", {"dilation": 2})):
        given = {"dims": 1, "input": np.asarray(x).tolist(), "kernel": made["tensors"][kernel]["values"].tolist()}
        x = single.trace(single.parse(given | more))["tensors"]["output"]["values"]
        np.testing.assert_array_equal(made["tensors"][output]["values"], x)


def test_rates_that_share_a_factor_leave_gaps():
    assert facts(layers="3d2,3d2,3d2", input_size="19", dims="1")["gaps"] == 6
    assert facts(layers="3,3d2,3d3", input_size="19", dims="1")["gaps"] == 0


@pytest.mark.parametrize("text", ["3,3,3", "3s2,3,3", "3d2,2s3,4d3", "1,5d2"])
def test_what_a_stack_sees_agrees_with_its_tables(text):
    made = KIND.trace(KIND.parse({"dims": "1", "input_size": "40", "layers": text}))
    read = {0}
    for stage in reversed(made["stages"]):
        source = np.asarray(stage["axes"][0]["source"])
        read = {int(cell) for o in read for cell in source[o]}
    layers = [Layer(row["kernel_size"], row["stride"], row["dilation"]) for row in made["facts"]["layers"]]
    assert sorted(read) == cells_read(layers).tolist()
    assert max(read) - min(read) + 1 == reaches(layers)[-1] == made["facts"]["receptive_field"][0]
    assert gaps(layers) == reaches(layers)[-1] - len(read)


def test_a_stack_that_shrinks_to_nothing_says_at_which_layer_and_size():
    with pytest.raises(GeometryError) as caught:
        KIND.trace(KIND.parse({"layers": "3,3d2,3d4", "input_size": "12"}))
    error = caught.value
    assert (error.values["layer"], error.values["left"], error.values["nearest"]) == (3, 6, 15)
    assert "Layer 3 of 3" in error.message
    KIND.trace(KIND.parse({"layers": "3,3d2,3d4", "input_size": "15"}))


@pytest.mark.parametrize(
    ("layers", "law", "numbers"),
    [
        ("3,3d2,3d4", r"r = 1 + \sum_{l} (k_{l} - 1) d_{l}", r"r = 1 + 2 \cdot 1 + 2 \cdot 2 + 2 \cdot 4 = 15"),
        (
            "3s2,3",
            r"r = 1 + \sum_{l} (k_{l} - 1) d_{l} s_{1} \cdots s_{l-1}",
            r"r = 1 + 2 \cdot 1 + 2 \cdot 1 \cdot 2 = 7",
        ),
    ],
)
def test_the_formula_of_a_stack_has_a_term_a_layer(layers, law, numbers):
    found = KIND.facts(KIND.parse({"dims": "1", "input_size": "19", "layers": layers}))["facts"]["formulas"][0]
    assert (found["latex"], found["substituted"]) == (law, numbers)


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ({"layers": ""}, "layers"),
        ({"layers": "3,,3"}, "layers"),
        ({"layers": "3d0"}, "layers"),
        ({"layers": "3d2x"}, "layers"),
        ({"layers": "3,3", "dilation": "3"}, "dilation"),
        ({"layers": "3,3", "padding": "1"}, "padding"),
        ({"layers": "3,3", "flip": "true"}, "flip"),
        ({"layers": "1,1,1,1,1,1,1"}, "layers"),
        ({"dims": "3"}, "dims"),
        ({"input_size": "15", "layers": "3,3d4", "kernel": "2,-5"}, "kernel"),
        ({"dims": "1", "input_size": "19", "layers": "3d2,3d3", "kernel": "4,59"}, "kernel"),
        ({"input_size": "15", "layers": "5", "kernel": "sobel-x"}, "kernel"),
    ],
)
def test_layers_that_cannot_be_are_refused_by_name(pairs, field):
    with pytest.raises(ConvError) as caught:
        KIND.trace(KIND.parse(pairs))
    assert caught.value.field == field


def test_the_kernel_of_a_stack_is_that_of_its_first_layer():
    found = KIND.trace(KIND.parse({"dims": "1", "input_size": "19", "layers": "3,5", "kernel": "1,2,4"}))
    assert found["tensors"]["kernel"]["values"].ravel().tolist() == [1, 2, 4]
