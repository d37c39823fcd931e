"""Axis geometry against counting by hand and by brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compute import geometry
from compute.errors import GeometryError
from tests.compute.golden import load

SMALL = st.integers(1, 7)


@given(SMALL, SMALL, SMALL, SMALL)
def test_meetings_count_every_pair_once(n, k, s, d):
    sums = np.add.outer(np.arange(n) * s, np.arange(k) * d).ravel()
    counts = np.bincount(sums)
    np.testing.assert_array_equal(geometry.meetings(n, k, s, d), counts)
    assert geometry.reached(n, k, s, d) == (counts > 0).sum()


@given(SMALL, SMALL, SMALL, SMALL, st.integers(0, 3), st.sampled_from(geometry.PADDING_MODES))
def test_the_overlap_of_a_convolution_counts_its_source_table(i, k, s, d, p, mode):
    p = min(p, i - 1)
    if i + 2 * p < geometry.extent(k, d):
        return
    o = geometry.output_size(i, k, s, (p, p), d)
    source = geometry.direct_axis(i, o, k, s, (p, p), d, mode).source
    expected = np.bincount(source[source >= 0], minlength=i)
    np.testing.assert_array_equal(geometry.direct_overlap(i, o, k, s, (p, p), d, mode), expected)


@given(SMALL, SMALL, SMALL, SMALL, st.integers(0, 3), st.integers(0, 3))
def test_the_overlap_of_a_transposed_convolution_counts_its_source_table(i, k, s, d, p, a):
    o = geometry.transposed_size(i, k, s, (p, p), d, a)
    if o < 1:
        return
    table = geometry.transposed_axis(i, o, k, s, (p, p), d)
    expected = (table.source >= 0).sum(axis=1)
    np.testing.assert_array_equal(geometry.transposed_overlap(i, o, k, s, (p, p), d), expected)
    written = table.targets[table.targets >= 0]
    np.testing.assert_array_equal(np.bincount(written, minlength=o), expected)


@pytest.mark.parametrize("case", load("overlap"), ids=lambda case: f"k{case['kernel_size']}s{case['stride']}")
def test_overlap_agrees_with_recorded_transposed_convolutions_of_ones(case):
    i, k, s = case["input_size"], case["kernel_size"], case["stride"]
    o = geometry.transposed_size(i, k, s, (0, 0), 1, 0)
    assert geometry.transposed_overlap(i, o, k, s, (0, 0), 1).tolist() == case["counts"]
    assert geometry.is_even(k, s, 1) is case["even"]


@given(SMALL, SMALL, SMALL)
def test_even_means_that_every_inner_cell_meets_as_many_taps(k, s, d):
    i = 4 * (k + s + d)
    counts = geometry.meetings(i, k, s, d)
    middle = counts[len(counts) // 2 - s * d : len(counts) // 2 + s * d]
    assert geometry.is_even(k, s, d) == (len(set(middle.tolist())) == 1)


@pytest.mark.parametrize("mode", geometry.PADDING_MODES)
@given(SMALL, st.integers(0, 6), st.integers(0, 6))
def test_padding_reads_what_numpy_pads_with(mode, i, before, after):
    names = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    before, after = min(before, i - 1), min(after, i - 1)
    padded = np.pad(np.arange(1, i + 1), (before, after), mode=names[mode])
    source = geometry.fold(np.arange(-before, i + after), i, mode)
    np.testing.assert_array_equal(np.where(source < 0, 0, source + 1), padded)


@given(SMALL, SMALL, SMALL, SMALL)
def test_same_padding_keeps_the_size_divided_by_the_stride_and_puts_the_odd_cell_at_the_end(i, k, s, d):
    before, after = geometry.resolve_padding("same", i, k, s, d)
    assert after - before in (0, 1)
    assert geometry.output_size(i, k, s, (before, after), d) == -(-i // s)


def test_tensorflow_pads_a_ten_wide_input_under_a_six_wide_kernel_with_two_and_three():
    assert geometry.resolve_padding("same", 10, 6, 1, 1) == (2, 3)


@given(SMALL, SMALL, SMALL, SMALL)
def test_full_padding_lets_every_tap_meet_every_cell(i, k, s, d):
    p = geometry.resolve_padding("full", i, k, 1, d)
    o = geometry.output_size(i, k, 1, p, d)
    assert geometry.direct_overlap(i, o, k, 1, p, d).tolist() == [k] * i


@given(SMALL, SMALL, SMALL, st.integers(0, 3))
def test_the_transposed_size_undoes_the_direct_one(i, k, s, p):
    if i + 2 * p < k:
        return
    o = geometry.output_size(i, k, s, (p, p), 1)
    rest = (i + 2 * p - k) % s
    assert geometry.transposed_size(o, k, s, (p, p), 1, rest) == i


def test_seven_and_eight_both_shrink_to_three_and_output_padding_tells_them_apart():
    assert [geometry.output_size(i, 3, 2, (0, 0), 1) for i in (7, 8)] == [3, 3]
    assert [geometry.transposed_size(3, 3, 2, (0, 0), 1, a) for a in (0, 1)] == [7, 8]


def test_flipping_turns_the_coordinates_and_leaves_the_tap_columns():
    plain, turned = (geometry.direct_axis(5, 3, 3, 1, (0, 0), 1, flip=flip).at for flip in (False, True))
    np.testing.assert_array_equal(turned, plain[:, ::-1])


REFUSED = {
    "a dilated kernel that is too wide": ((7, 3, 1, (0, 0), 4, "zeros"), "dilation", 3),
    "a kernel larger than the padded input": ((3, 6, 1, (1, 1), 1, "zeros"), "kernel_size", 5),
    "reflection as wide as the input": ((4, 3, 1, (4, 4), 1, "reflect"), "padding", 3),
    "wrapping wider than the input": ((4, 3, 1, (5, 5), 1, "circular"), "padding", 4),
}


@pytest.mark.parametrize(("axis", "field", "nearest"), REFUSED.values(), ids=list(REFUSED))
def test_what_does_not_fit_is_refused_with_the_nearest_value_that_works(axis, field, nearest):
    with pytest.raises(GeometryError) as error:
        geometry.check_direct(*axis, "row")
    assert (error.value.field, error.value.values["nearest"]) == (field, nearest)
    assert str(nearest) in error.value.hint


def test_the_error_of_a_dilated_kernel_says_the_numbers_in_conflict():
    with pytest.raises(GeometryError, match="dilation 4 spreads a 3-wide kernel over 9 cells; the padded input has 7"):
        geometry.check_direct(7, 3, 1, (0, 0), 4, "zeros", "row")


def test_output_padding_is_smaller_than_the_larger_of_stride_and_dilation():
    assert geometry.check_transposed(3, 3, 2, (0, 0), 3, 2, "row") == 13
    with pytest.raises(GeometryError) as error:
        geometry.check_transposed(3, 3, 2, (0, 0), 3, 3, "row")
    assert error.value.values["nearest"] == 2


def test_padding_may_exceed_the_kernel_as_long_as_something_is_left():
    assert geometry.check_transposed(5, 2, 2, (4, 4), 1, 0, "row") == 2
    with pytest.raises(GeometryError) as error:
        geometry.check_transposed(2, 2, 1, (2, 2), 1, 0, "row")
    assert (error.value.code, error.value.values["nearest"]) == ("nothing_left", 1)
