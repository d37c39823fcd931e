"""Figures that can exist, for Hypothesis: sizes, values and parameters of convolutions small enough for loops."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from compute.engine import Run
from compute.recipe import Source, infer
from compute.stages import Correlate, Stage, Transpose


@dataclass
class Case:
    """One stage with its tensors, and the same parameters as loops take them."""

    stage: Stage
    x: Any
    w: Any
    loops: dict[str, Any] = field(default_factory=dict)

    def run(self, x: Any = None, w: Any = None) -> Run:
        """The engine over these tensors, or others of the same shapes."""
        return run(self.stage, input=self.x if x is None else x, kernel=self.w if w is None else w)


def run(stage: Stage, **arrays: Any) -> Run:
    """The engine over one stage and the given tensors."""
    sources = {name: Source("input", (), array.shape, array) for name, array in arrays.items()}
    return Run([stage], infer(sources, [stage]), {name: np.asarray(array, float) for name, array in arrays.items()})


def tensors(draw: Any, shape: tuple[int, ...]) -> Any:
    """Small integers, drawn as one seed: shrinking them one by one teaches nothing about geometry."""
    return np.random.default_rng(draw(st.integers(0, 10_000))).integers(-4, 5, shape).astype(float)


@st.composite
def directs(draw: Any) -> Case:
    """A convolution that fits, in one to three dimensions."""
    dims = draw(st.integers(1, 3))
    groups, per_in, per_out = draw(st.sampled_from([(1, 1, 1), (1, 2, 3), (2, 1, 1), (2, 2, 1), (3, 1, 2)]))
    mode = draw(st.sampled_from(["zeros", "zeros", "reflect", "replicate", "circular"]))
    sides: list[int] = []
    taps: list[int] = []
    stride: list[int] = []
    padding: list[tuple[int, int]] = []
    dilation: list[int] = []
    for _ in range(dims):
        k, d, s = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
        p = (draw(st.integers(0, 3)), draw(st.integers(0, 3)))
        least = max(1, d * (k - 1) + 1 - sum(p), max(p) + 1 if mode != "zeros" else 1)
        sides.append(draw(st.integers(least, least + 4)))
        taps.append(k)
        stride.append(s)
        padding.append(p)
        dilation.append(d)
    flip = draw(st.booleans())
    stage = Correlate(
        "c", "input", "kernel", "output", tuple(stride), tuple(padding), tuple(dilation), groups, mode, flip
    )
    x = tensors(draw, (groups * per_in, *sides))
    w = tensors(draw, (groups * per_out, per_in, *taps))
    loops = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "mode": mode, "flip": flip}
    return Case(stage, x, w, loops)


@st.composite
def transposes(draw: Any, by: str = "output") -> Case:
    """A transposed convolution that leaves something, in one to three dimensions."""
    dims = draw(st.integers(1, 3))
    groups, per_in, per_out = draw(st.sampled_from([(1, 1, 1), (1, 2, 3), (2, 1, 1), (2, 2, 1), (3, 1, 2)]))
    chosen: dict[str, list[int]] = {name: [] for name in ("i", "k", "s", "p", "d", "a")}
    for _ in range(dims):
        i, k, d, s = (draw(st.integers(1, 4)) for _ in range(4))
        a = draw(st.integers(0, max(s, d) - 1))
        p = draw(st.integers(0, (s * (i - 1) + d * (k - 1) + a) // 2))
        for name, value in zip(chosen, (i, k, s, p, d, a), strict=True):
            chosen[name].append(value)
    sides, taps, stride, padding, dilation, added = chosen.values()
    stage = Transpose(
        "t",
        "input",
        "kernel",
        "output",
        tuple(stride),
        tuple((p, p) for p in padding),
        tuple(dilation),
        tuple(added),
        groups,
        by=by,  # type: ignore[arg-type]
    )
    x = tensors(draw, (groups * per_in, *sides))
    w = tensors(draw, (groups * per_in, per_out, *taps))
    loops = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "output_padding": added,
        "groups": groups,
    }
    return Case(stage, x, w, loops)
