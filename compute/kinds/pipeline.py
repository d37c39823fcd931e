"""What kinds of several stages share: a chain of stages, and the standard convolution that it is compared with."""

from collections.abc import Sequence
from math import prod
from typing import Any

from compute import formulas
from compute.geometry import Pad, resolve_padding
from compute.kinds.params import Params
from compute.recipe import Recipe, Source, infer, signal
from compute.stages import Shape, Stage

BASELINE = "standard convolution"


def resolved(params: Params, padding: Any) -> tuple[Pad, ...]:
    """Padding (before, after) an axis, words and one-sided pairs resolved with the sizes of the parameters."""
    asked = [padding] * params.rank if isinstance(padding, str) else padding
    pairs = [side if isinstance(side, str | tuple) else (side, side) for side in asked]
    axes = (params.get(name, ()) for name in ("input_size", "kernel_size", "stride", "dilation"))
    return tuple(resolve_padding(*axis) for axis in zip(pairs, *axes, strict=True))


def chain(params: Params, kernels: dict[str, Source], stages: Sequence[Stage], **more: Any) -> Recipe:
    """The recipe of stages that run one after the other over ``input``."""
    size: Shape = params.get("input_size", ())
    sources = {"input": signal((params.get("in_channels", 1), *size), params._input, params.seed), **kernels}
    return Recipe(sources, tuple(stages), infer(sources, stages), **more)


def standard(filters: int, depth: int, taps: Shape, outputs: Shape) -> dict[str, Any]:
    """The one convolution of the same shapes: every filter as deep as the input."""
    weights = filters * depth * prod(taps)
    return {"name": BASELINE, "multiplications": weights * prod(outputs), "parameters": weights}


def together(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Two standard convolutions one after the other."""
    sums = {name: first[name] + second[name] for name in ("multiplications", "parameters")}
    return {"name": BASELINE, **sums}


def ratio(template: str, value: float, **numbers: int) -> formulas.Formula:
    """What is left of the standard convolution's multiplications, with the reader's numbers, to four digits."""
    return formulas.Formula("ratio", template, [numbers], [round(value, 4)])
