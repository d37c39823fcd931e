"""Named pictures and signals: what a reader recognises in them."""

import numpy as np
import pytest

from compute.samples import INPUTS, named


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
