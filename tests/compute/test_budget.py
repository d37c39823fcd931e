"""The bound that is had quickly lets through nothing that the limits would refuse."""

import pytest

from compute.budget import Budget, Window, check_exactly, surely_fits
from compute.kinds import KINDS
from compute.kinds.base import Kind
from compute.stages import Transpose

PRESETS = [
    pytest.param(kind, dict(preset.params), id=f"{kind.slug}-{preset.id}")
    for kind in KINDS.values()
    for preset in kind.presets
]
WINDOWS = (Window(), Window(count=3), Window(tensors="all", count=1), Window(tensors="none"))


@pytest.mark.parametrize(("kind", "pairs"), PRESETS)
def test_what_surely_fits_exceeds_no_limit(kind: Kind, pairs: dict[str, str]) -> None:
    recipe = kind.plan(kind.parse(pairs))
    has_reading = isinstance(recipe.stages[0], Transpose) and recipe.view != "stamp"
    for window in WINDOWS:
        budgets = [Budget(*[2**power] * 5) for power in range(30)]
        fitting = [budget for budget in budgets if surely_fits(recipe, window, budget)]
        assert bool(fitting) is not has_reading
        assert budgets[0] not in fitting
        for budget in fitting:
            check_exactly(recipe, window, budget)


def test_a_start_is_looked_at_closely() -> None:
    kind = KINDS["single-channel"]
    recipe = kind.plan(kind.parse({}))
    assert surely_fits(recipe, Window(), Budget())
    assert not surely_fits(recipe, Window(start=1), Budget())
