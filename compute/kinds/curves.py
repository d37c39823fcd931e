"""Curves: what a figure and its baseline cost while one parameter moves and all others stay; no value is computed."""

from typing import Any

from compute.cost import Cost, cost
from compute.errors import ConvError
from compute.kinds.base import Kind
from compute.kinds.params import Params
from compute.parameters import Field, Size, Whole

MOVING = ("kernel_size", "out_channels", "in_channels", "groups")
# Points of a curve; more could not be told apart on a page.
MOST = 33

Costs = dict[str, list[int]]


def curves(kind: Kind, params: Params) -> list[dict[str, Any]]:
    """A curve a parameter that is one number for all axes; none where the figure is compared with nothing.

    Each: ``parameter``, ``now``, ``values`` (those of its slider, and up to what it is, that work), and for ``figure``
    and ``baseline`` the ``multiplications`` and ``parameters`` at each value. Raises GeometryError.
    """
    if kind.plan(params).baseline is None:
        return []
    found = []
    for name in MOVING:
        field = type(params).model_fields.get(name)
        if field is None or not params.takes(name):
            continue
        control = next(item for item in field.metadata if isinstance(item, Field))
        now = getattr(params, name)
        sides = set(now) if isinstance(now, tuple) else {now}
        if len(sides) == 1 and isinstance(control, Size | Whole) and control.slider:
            found.append(_curve(kind, params, name, sides.pop(), control.slider))
    return found


def _curve(kind: Kind, params: Params, name: str, now: int, slider: tuple[int, int]) -> dict[str, Any]:
    least, most = slider[0], max(slider[1], now)
    step = -(-(most - least + 1) // MOST)
    figure: Costs = {"multiplications": [], "parameters": []}
    baseline: Costs = {"multiplications": [], "parameters": []}
    values = []
    for value in sorted({*range(least, most + 1, step), now, most}):
        moved = params.replaced(name, (value,) * params.rank if isinstance(getattr(params, name), tuple) else value)
        try:
            recipe = kind.plan(moved)
        except ConvError:
            continue  # what cannot be built costs nothing, and has no place on the curve
        if recipe.baseline is None:
            continue
        spent = sum((cost(stage, recipe.shapes) for stage in recipe.stages), Cost())
        values.append(value)
        for key, costs in figure.items():
            costs.append(getattr(spent, key))
        for key, costs in baseline.items():
            costs.append(recipe.baseline[key])
    return {"parameter": name, "now": now, "values": values, "figure": figure, "baseline": baseline}
