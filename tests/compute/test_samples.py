"""Named pictures and signals: what a reader recognises in them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compute.samples import INPUTS, Drawn, Together, integers, named


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("shape", [(1, 7), (2, 5, 8), (1, 3, 4, 5), (1, 1, 1)])
def test_every_named_input_fills_every_shape_with_finite_numbers(name, shape):
    found = named("input", name, shape)
    assert found.shape == shape
    assert np.isfinite(found).all()


@pytest.mark.parametrize("side", [12, 16, 32])
def test_the_landscape_has_a_sun_over_ridges_over_a_lake(side):
    picture = named("input", "landscape", (1, side, side))[0]
    assert set(np.unique(picture)) <= set(range(10))
    sun = np.argwhere(picture == 9)
    assert len(sun) > 0
    assert sun[:, 0].max() < side / 2 < sun[:, 1].min()
    assert (picture[-1] == 5).all()
    assert {1, 3} <= set(picture[side // 2 : -side // 4].ravel())


TENSORS = st.builds(
    Drawn,
    shape=st.lists(st.sampled_from([1, 2, 3, 5, 9, 300]), min_size=1, max_size=4)
    .map(tuple)
    .filter(lambda s: np.prod(s) < 5000),
    low=st.integers(-3, 0),
    high=st.integers(0, 4),
    stream=st.integers(0, 7),
)


@given(st.lists(TENSORS, max_size=4), st.integers(0, 2**32 - 1))
def test_tensors_drawn_together_have_the_numbers_that_each_has_alone(tensors: list[Drawn], seed: int) -> None:
    for one, drawn in zip(tensors, Together(tensors).draw(seed), strict=True):
        expected = integers(one.shape, seed, one.low, one.high, one.stream)
        assert drawn.dtype == expected.dtype
        assert np.array_equal(drawn, expected)
