"""Limits: which values of each slider are impossible while everything else stays, found by trying them."""

from typing import Any

from compute.kinds.base import Kind
from compute.kinds.params import Params
from compute.parameters import Field, Padding, Size, Whole

Refused = list[dict[str, Any]]


def limits(kind: Kind, params: Params) -> dict[str, Any]:
    """An entry a numeric control: ``linked``, all axes moving together, and ``axes``, each alone.

    Trying costs shapes, not values; so every kind has limits that agree with its errors, without saying them twice.
    """
    found: dict[str, Any] = {}
    for name, field in type(params).model_fields.items():
        if not params.takes(name):
            continue
        control = next((item for item in field.metadata if isinstance(item, Field)), None)
        if isinstance(control, Size):
            found[name] = _of_size(kind, params, name, control)
        elif isinstance(control, Whole) and control.widget == "number" and control.slider:
            found[name] = {"linked": _refused(kind, params, name, control.slider, lambda value: value)}
    return found


def _of_size(kind: Kind, params: Params, name: str, control: Size) -> dict[str, Any]:
    dims = params.rank
    now = getattr(params, name)
    entry: dict[str, Any] = {"linked": _refused(kind, params, name, control.slider, lambda value: (value,) * dims)}
    if isinstance(now, str) and isinstance(control, Padding):
        return entry
    entry["axes"] = [
        _refused(
            kind,
            params,
            name,
            control.slider,
            lambda value, axis=axis: (*now[:axis], value, *now[axis + 1 :]),
        )
        for axis in range(dims)
    ]
    return entry


def _refused(kind: Kind, params: Params, name: str, slider: tuple[int, int], make: Any) -> Refused:
    refused = []
    for value in range(slider[0], slider[1] + 1):
        error = kind.refusal(params.replaced(name, make(value)))
        if error is not None:
            refused.append({"value": value, **error.document()})
    return refused
