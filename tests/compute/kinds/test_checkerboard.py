"""`checkerboard`: which kernels and strides overlap evenly, and how strong the pattern is where they do not."""

import numpy as np
import pytest

from compute.kinds import KINDS
from compute.kinds.checkerboard import strength, taps_by_phase
from tests.compute.golden import load

KIND = KINDS["checkerboard"]


def facts(**pairs):
    return KIND.facts(KIND.parse_facts(pairs))


@pytest.mark.parametrize(
    ("k", "s", "even", "inside"),
    [
        (2, 1, True, {2}),
        (3, 1, True, {3}),
        (2, 2, True, {1}),
        (4, 2, True, {2}),
        (3, 2, False, {1, 2}),
        (5, 2, False, {2, 3}),
    ],
)
def test_kernels_of_the_article_far_from_the_borders(k, s, even, inside):
    found = facts(kernel_size=str(k), stride=str(s), input_size="12")
    assert found["stages"][0]["overlap"]["even"] is even
    assert set(found["stages"][0]["overlap"]["per_axis"][0][k:-k].tolist()) == inside
    assert (found["facts"]["strength"] == 0) is even


@pytest.mark.parametrize("case", load("overlap"), ids=lambda case: f"k{case['kernel_size']}s{case['stride']}")
def test_recorded_overlaps(case):
    pairs = {size: str(case[size]) for size in ("input_size", "kernel_size", "stride")}
    found = facts(**pairs)
    for line in (found["stages"][0]["overlap"]["per_axis"], found["facts"]["stacked"][0]["per_axis"]):
        assert [axis.tolist() for axis in line] == [case["counts"]] * 2
    assert found["facts"]["stacked"][0]["even"] is case["even"]


def test_in_two_dimensions_the_axes_multiply():
    made = KIND.trace(KIND.parse({}))
    assert set(np.unique(made["stages"][0]["overlap"]["counts"])) == {1, 2, 4}
    assert made["facts"]["remainder"] == [1, 1]
    assert made["facts"]["strength"] == 0.75


def test_strength_by_hand():
    assert taps_by_phase(5, 3, 1) == [2, 2, 1]
    assert strength([[2, 2, 1]], 1) == 0.5
    assert strength([[2, 1], [2, 1]], 2) == 1 - 1 / 16
    assert strength([[1, 0]], 1) == 1


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize(("k", "s", "p"), [(3, 2, 0), (4, 2, 1), (2, 3, 0), (5, 3, 2)])
def test_counts_of_a_stack_are_what_ones_become(depth, k, s, p):
    pairs = {"kernel_size": str(k), "stride": str(s), "padding": str(p), "depth": str(depth), "input_size": "3"}
    made = KIND.trace(KIND.parse(pairs | {"input": "ones", "kernel": "ones"}))
    lines = made["facts"]["stacked"][-1]["per_axis"]
    np.testing.assert_array_equal(made["tensors"]["output"]["values"][0], np.multiply.outer(*lines))
    assert len(made["facts"]["stacked"]) == depth


def test_resizing_first_leaves_no_pattern_inside():
    made = KIND.trace(KIND.parse({"input": "ones", "kernel": "ones", "remedy": "nearest", "input_size": "8"}))
    smoothed = made["tensors"]["smoothed"]["values"][0]
    assert set(np.unique(smoothed[2:-2, 2:-2])) == {9}
    assert set(np.unique(made["tensors"]["output"]["values"][0, 2:-2, 2:-2])) == {1, 2, 4}
    assert made["facts"]["compared"] == ["transposed", "convolution"]


def test_a_real_picture_shows_the_pattern_in_one_and_not_in_the_other():
    preset = next(preset for preset in KIND.presets if preset.id == "picture")
    made = KIND.trace(KIND.parse(preset.params))
    rough, smooth = (made["tensors"][name]["values"][0] for name in ("output", "smoothed"))
    lake = slice(28, 31), slice(4, 28)  # wholly inside the lake, where the picture itself is flat
    assert set(np.unique(rough[lake])) == {5, 10, 20}
    assert set(np.unique(smooth[lake])) == {45}
