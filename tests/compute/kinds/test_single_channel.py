"""`single-channel` by hand: the article's figure, and a regression seen in a published one."""

import numpy as np
import pytest

from compute.kinds import KINDS
from compute.kinds.single_channel import INPUT, KERNEL

KIND = KINDS["single-channel"]


def trace(**pairs):
    return KIND.trace(KIND.parse(pairs))


def preset(name):
    return KIND.trace(KIND.parse(next(preset.params for preset in KIND.presets if preset.id == name)))


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("article", [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
        ("article-strided", [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
        ("published-regression", [[1, 5, 6], [7, 8, 3], [3, 10, 4]]),
    ],
)
def test_the_presets_show_the_published_numbers(name, output):
    assert preset(name)["tensors"]["output"]["values"].tolist() == [output]


def test_the_fifth_step_of_the_articles_figure_is_the_one_in_the_middle():
    steps = preset("article")["stages"][0]["steps"]
    assert steps["position"][4].tolist() == [0, 1, 1]
    assert steps["products"][4].tolist() == [0, 1, 6, 2, 4, 0, 0, 0, 4]
    assert steps["value"][4] == 17


def test_costs_are_those_of_nine_windows_against_a_dense_layer():
    facts = preset("article")["facts"]
    assert (facts["multiplications"], facts["additions"], facts["parameters"]) == (81, 72, 9)
    assert facts["baseline"] == {"name": "dense layer", "multiplications": 225, "parameters": 225}


def test_a_flipped_kernel_is_the_convolution_of_signal_processing():
    flipped = trace(input=INPUT, kernel=KERNEL, flip="true")
    x, w = (np.squeeze(flipped["tensors"][name]["values"]) for name in ("input", "kernel"))
    turned = np.array([[(x[r : r + 3, c : c + 3] * w[::-1, ::-1]).sum() for c in range(3)] for r in range(3)])
    np.testing.assert_array_equal(flipped["tensors"]["output"]["values"][0], turned)
    assert flipped["stages"][0]["axes"][0]["at"][0].tolist() == [2, 1, 0]
    assert (
        flipped["tensors"]["kernel"]["values"].tolist() == trace(kernel=KERNEL)["tensors"]["kernel"]["values"].tolist()
    )


def test_formulas_carry_the_readers_numbers():
    formulas = {
        formula["key"]: formula for formula in trace(input_size="7", stride="2", padding="1")["facts"]["formulas"]
    }
    assert formulas["output_size"]["value"] == [4, 4]
    assert formulas["output_size"]["substituted"] == (
        r"o = \left\lfloor\frac{7 + 2 \cdot 1 - 1 \cdot (3 - 1) - 1}{2}\right\rfloor + 1 = 4"
    )
    assert "p" in formulas["output_size"]["latex"]


def test_axes_that_differ_have_a_line_each_in_the_formula():
    formula = trace(input_size="5x7")["facts"]["formulas"][0]
    assert [axis["value"] for axis in formula["axes"]] == [3, 5]


def test_same_with_a_stride_says_that_it_follows_tensorflow():
    made = trace(padding="same", stride="2", input_size="6", kernel_size="3")
    assert made["stages"][0]["padding"] == [[0, 1], [0, 1]]
    assert made["params"]["padding"] == "same"
    assert "same_follows_tensorflow" in [note["code"] for note in made["facts"]["notes"]]


def test_cells_that_the_floor_drops_are_counted():
    notes = trace(input_size="6x5", stride="2")["facts"]["notes"]
    assert [(note["code"], note["values"]["dropped"]) for note in notes] == [("cells_dropped", [1, 0])]


def test_growing_the_input_keeps_the_numbers_that_were_there():
    small, large = (trace(input_size=size)["tensors"]["input"]["values"] for size in ("5", "9"))
    np.testing.assert_array_equal(large[:, :5, :5], small)


def test_another_seed_draws_other_numbers_from_zero_to_three():
    one, two = (trace(seed=seed, input_size="16")["tensors"]["input"]["values"] for seed in ("1", "2"))
    assert (one != two).any()
    assert set(one.ravel().tolist()) == {0, 1, 2, 3}
    assert not np.array_equal(one[0, :3, :3], trace(seed="1")["tensors"]["kernel"]["values"][0, 0])


def test_whole_numbers_stay_integers_and_others_do_not():
    values = trace(input="1,2;3,4.5", kernel="2")["tensors"]
    assert values["kernel"]["values"].dtype == np.int64
    assert values["output"]["values"].tolist() == [[[2.0, 4.0], [6.0, 9.0]]]


def test_a_page_of_steps_has_no_values_of_written_tensors_unless_asked_for():
    some = trace(start="2", count="3")
    assert some["tensors"]["output"]["values"] is None
    assert some["tensors"]["input"]["values"].shape == (1, 5, 5)
    assert some["stages"][0]["steps"]["start"] == 2
    assert some["stages"][0]["steps"]["value"].tolist() == trace()["stages"][0]["steps"]["value"][2:5].tolist()
    assert trace(start="2", count="3", tensors="all")["tensors"]["output"]["values"].shape == (1, 3, 3)


def test_a_count_beyond_the_last_step_gives_the_steps_that_there_are():
    assert trace(start="7", count="100")["stages"][0]["steps"]["count"] == 2


def test_a_quarter_of_a_million_products_are_answered():
    assert trace(input_size="169")["stages"][0]["steps"]["products"].size >= 250_000
