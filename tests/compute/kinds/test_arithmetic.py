"""`arithmetic`: the named figures, and the relation that gives each its size."""

import pytest

from compute.kinds import KINDS
from tests.compute.golden import load

KIND = KINDS["arithmetic"]
FIGURES = load("figures")
RELATIONS = {
    "no_padding_no_strides": 1,
    "arbitrary_padding_no_strides": 2,
    "same_padding_no_strides": 3,
    "full_padding_no_strides": 4,
    "no_padding_strides": 5,
    "padding_strides": 6,
    "padding_strides_odd": 6,
    "no_padding_no_strides_transposed": 8,
    "arbitrary_padding_no_strides_transposed": 9,
    "same_padding_no_strides_transposed": 10,
    "full_padding_no_strides_transposed": 11,
    "no_padding_strides_transposed": 12,
    "padding_strides_transposed": 13,
    "padding_strides_odd_transposed": 14,
    "dilation": 15,
}


def facts(**pairs):
    return KIND.facts(KIND.parse_facts(pairs))["facts"]


def value(found, key):
    return next(formula["value"] for formula in found["formulas"] if formula["key"] == key)


@pytest.mark.parametrize("case", FIGURES, ids=lambda case: case["name"])
def test_every_named_figure_is_a_preset_with_its_size_and_relation(case):
    preset = next(preset for preset in KIND.presets if preset.id == case["name"])
    found = facts(**preset.params)
    assert found["output_shape"] == [1, case["output_size"], case["output_size"]]
    assert found["relation"]["number"] == RELATIONS[case["name"]]
    assert value(found, "relation") == [case["output_size"]] * 2


@pytest.mark.parametrize("word", ["valid", "same", "full"])
@pytest.mark.parametrize("k", [1, 2, 3, 6])
@pytest.mark.parametrize("i", [7, 10])
def test_words_for_padding_give_the_sizes_that_they_promise(i, k, word):
    found = facts(input_size=str(i), kernel_size=str(k), padding=word)
    assert found["output_shape"][1] == {"valid": i - k + 1, "same": i, "full": i + k - 1}[word]


def test_tensorflows_same_adds_two_before_and_three_after():
    made = KIND.trace(KIND.parse({"input_size": "10", "kernel_size": "6", "padding": "same"}))
    assert made["stages"][0]["padding"] == [[2, 3], [2, 3]]
    assert "relation" not in made["facts"]  # the guide has none for one-sided padding


def test_cells_that_the_floor_drops_are_counted():
    note = next(note for note in facts(input_size="6", stride="2", padding="1")["notes"])
    assert (note["code"], note["values"]["dropped"]) == ("cells_dropped", [1, 1])


@pytest.mark.parametrize("i", range(1, 9))
@pytest.mark.parametrize("s", [1, 2, 3])
@pytest.mark.parametrize("p", [0, 1, 2])
@pytest.mark.parametrize("transposed", ["false", "true"])
def test_the_relation_agrees_with_the_size_whatever_the_numbers(i, s, p, transposed):
    params = KIND.parse({"input_size": str(i), "stride": str(s), "padding": str(p), "transposed": transposed})
    if KIND.refusal(params) is None:
        found = KIND.facts(params)["facts"]
        assert value(found, "relation") == value(found, "output_size") == found["output_shape"][1:]
        substituted = next(entry for entry in found["formulas"] if entry["key"] == "relation")["substituted"]
        assert substituted.endswith(f"= {found['output_shape'][1]}")
