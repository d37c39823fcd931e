"""Cross-correlation and convolution side by side: the same two signals, the second one reversed or not."""

from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field as Described

from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Sizes, correlate
from compute.kinds.params import Weighted
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Choice, Padding, Pads, Size
from compute.recipe import Recipe, infer
from compute.stages import Correlate

VIEWS = ("stems", "curve")


class CrossCorrelation(Weighted):
    """Parameters of `cross-correlation`: two signals f (the input) and g (the kernel), and how far they may part."""

    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 32), 1)] = Described(
        (12,), title="Samples of f", description="How many samples the input f has."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 16), 1)] = Described(
        (5,), title="Samples of g", description="How many samples the kernel g has."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 16), 1)] = Described(
        "full",
        title="Padding",
        description="Zeros around f: a number, before:after, or valid, same, full (all places where they meet).",
    )
    view: Annotated[str, Choice(VIEWS)] = Described(
        "stems", title="View", description="stems: every sample; curve: for signals of many samples."
    )

    @property
    def rank(self) -> int:
        """Signals have one axis."""
        return 1

    @property
    def stride(self) -> Sizes:
        """g moves on by one sample."""
        return (1,)

    @property
    def dilation(self) -> Sizes:
        """The samples of g are neighbours."""
        return (1,)


def recipe(params: CrossCorrelation) -> Recipe:
    """Two stages over the same signals; the second reads g backwards."""
    once = correlate(params)
    (stage,) = once.stages
    assert isinstance(stage, Correlate)
    slid = replace(stage, id="correlation", output="correlation")
    turned = replace(stage, id="convolution", output="convolution", flip=True)
    g = once.sources["kernel"].array()
    return replace(
        once,
        stages=(slid, turned),
        shapes=infer(once.sources, (slid, turned)),
        formulas=once.formulas[:1],
        compared=("correlation", "convolution"),
        extra={"symmetric": bool((g == np.flip(g)).all())},
        of_values=True,
    )


def they_agree_exactly_where_g_is_symmetric(trace: Document) -> bool:
    """A symmetric g gives equal outputs; for an asymmetric one some input tells them apart, if not always this one."""
    tensors = trace["tensors"]
    equal = bool(np.array_equal(tensors["correlation"]["values"], tensors["convolution"]["values"]))
    return equal if trace["facts"]["symmetric"] else True


def convolution_reads_g_from_its_end(trace: Document) -> bool:
    """Tap t of the convolution stands where tap k − 1 − t of the correlation does."""
    slid, turned = (np.asarray(stage["axes"][0]["at"]) for stage in trace["stages"])
    return bool((slid == turned[:, ::-1]).all())


KIND = Kind(
    slug="cross-correlation",
    title="Convolution and cross-correlation",
    summary="Convolution reverses g before it slides; cross-correlation does not.",
    group="foundations",
    number=1,
    params=CrossCorrelation,
    recipe=recipe,
    presets=(
        Preset("article", "A box and a decaying exponential", {"input": "box", "kernel": "exponential"}),
        Preset("symmetric", "A symmetric g: no difference", {"input": "box", "kernel": "gaussian"}),
        Preset("boxes", "Two boxes", {"input": "box", "kernel": "ones"}),
        Preset("triangle", "A triangle and a ramp", {"input": "triangle", "kernel": "ramp"}),
        Preset("ramp", "A ramp and a triangle", {"input": "ramp", "kernel": "triangle"}),
        Preset("impulse", "An impulse draws g itself", {"input": "impulse", "kernel": "exponential"}),
        Preset("edge", "An edge is found", {"input": "step", "kernel": "-1,0,1"}),
        Preset("own", "Values of one's own", {"input": "0,1,3,-2,0,2", "kernel": "1,2,-1"}),
        Preset(
            "fine",
            "Finely sampled: curves",
            {"input_size": "65", "kernel_size": "33", "input": "box", "kernel": "exponential", "view": "curve"},
        ),
        Preset("valid", "Only where g lies wholly on f", {"input": "box", "kernel": "exponential", "padding": "valid"}),
    ),
    claims=(
        Claim("A value is the sum of the products.", products_add_up),
        Claim("With a symmetric g the two agree.", they_agree_exactly_where_g_is_symmetric),
        Claim("Convolution reads g from its end.", convolution_reads_g_from_its_end),
    ),
    equals=(
        Equal(
            "Correlation of one signal is a one-dimensional layer: what frameworks call Conv1d.",
            {"padding": "valid", "input_size": "9", "kernel_size": "3", "input": "ramp", "kernel": "exponential"},
            "layer",
            {"dims": "1", "input_size": "9", "input": "ramp", "kernel": "exponential"},
            tensor="correlation",
        ),
    ),
)
