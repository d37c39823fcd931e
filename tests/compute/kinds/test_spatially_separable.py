"""`spatially-separable`: Sobel as column times row, its cost, and kernels that do not separate."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS
from compute.separability import separate

KIND = KINDS["spatially-separable"]


def facts(**pairs):
    return KIND.facts(KIND.parse_facts(pairs))["facts"]


def test_sobel_is_one_two_one_times_minus_one_zero_one():
    made = KIND.trace(KIND.parse({}))
    assert made["tensors"]["column"]["values"].ravel().tolist() == [1, 2, 1]
    assert made["tensors"]["row"]["values"].ravel().tolist() == [-1, 0, 1]
    assert made["facts"]["separability"]["rank"] == 1
    assert made["facts"]["parameters"] == 6


def test_on_five_cells_it_takes_72_multiplications_in_place_of_81():
    found = KIND.facts(KIND.parse_facts({}))
    assert [stage["cost"]["multiplications"] for stage in found["stages"]] == [45, 27]
    assert found["facts"]["multiplications"] == 72
    assert found["facts"]["baseline"]["multiplications"] == 81


@pytest.mark.parametrize(("m", "limit"), [(3, 2 / 3), (5, 2 / 5), (7, 2 / 7)])
def test_the_share_tends_to_two_over_m(m, limit):
    found = facts(kernel="gaussian", kernel_size=str(m), input_size="100000")
    assert found["multiplications"] / found["baseline"]["multiplications"] == pytest.approx(limit, rel=1e-3)


@pytest.mark.parametrize(("n", "m"), [(5, 3), (9, 5), (12, 4)])
def test_the_cost_formula_with_n_minus_m_plus_1(n, m):
    found = facts(kernel="gaussian", kernel_size=str(m), input_size=str(n))
    o = n - m + 1
    assert found["multiplications"] == n * o * m + o * o * m
    assert found["baseline"]["multiplications"] == o * o * m * m


def test_a_kernel_that_does_not_separate_is_shown_with_what_is_lost():
    made = KIND.trace(KIND.parse({"kernel": "laplacian"}))
    found = made["facts"]["separability"]
    assert (found["rank"], found["separable"]) == (2, False)
    kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    np.testing.assert_allclose(found["first"] + found["rest"], kernel, atol=1e-12)
    singular = np.linalg.svd(kernel, compute_uv=False)
    np.testing.assert_allclose(found["singular_values"][:2], singular[:2])
    assert found["share"] == pytest.approx(singular[1] / np.linalg.norm(singular))
    assert [note["code"] for note in made["facts"]["notes"]] == ["not_separable"]


@pytest.mark.parametrize("seed", range(6))
def test_column_times_row_is_the_nearest_kernel_of_rank_one(seed):
    kernel = np.random.default_rng(seed).integers(-3, 4, (4, 5)).astype(float)
    found = separate(kernel)
    lost = np.linalg.norm(kernel - np.multiply.outer(found.column, found.row))
    assert lost == pytest.approx(np.linalg.norm(np.linalg.svd(kernel, compute_uv=False)[1:]), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_whole_kernels_of_rank_one_come_apart_into_whole_numbers(seed):
    random = np.random.default_rng(seed)
    kernel = np.multiply.outer(random.integers(-3, 4, 3), random.integers(1, 5, 4)).astype(float)
    found = separate(kernel)
    np.testing.assert_array_equal(np.multiply.outer(found.column, found.row), kernel)
    assert (found.column == np.rint(found.column)).all()
    assert (found.row == np.rint(found.row)).all()


def test_a_kernel_of_zeros_is_separable():
    made = KIND.trace(KIND.parse({"kernel": "0,0;0,0"}))
    assert made["facts"]["separability"]["rank"] == 0
    assert not made["tensors"]["output"]["values"].any()


def test_another_size_takes_a_gaussian_where_no_kernel_was_chosen():
    made = KIND.trace(KIND.parse({"kernel_size": "5"}))
    assert made["params"]["kernel"] == "gaussian"
    with pytest.raises(ConvError) as caught:
        KIND.parse({"kernel_size": "5", "kernel": "sobel-x"})
    assert caught.value.field == "kernel_size"


@pytest.mark.parametrize("size", [1e300, 1.0, 1e-300])
def test_the_part_left_out_depends_on_no_unit(size):
    found = separate(np.array([[3.0, 0.0], [0.0, 4.0]]) * size)
    assert (found.rank, found.share) == (2, pytest.approx(0.6))
