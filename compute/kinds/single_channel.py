"""One channel in, one filter, one channel out: the window that slides."""

import numpy as np

from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Convolution, correlate

INPUT = "3,3,2,1,0;0,0,1,3,1;3,1,2,2,3;2,0,0,2,2;2,0,0,0,1"
KERNEL = "0,1,2;2,2,0;0,1,2"
UNEVEN_INPUT = "2,2,3,3,3;0,1,3,0,3;2,3,0,1,3;3,3,2,1,2;3,3,0,2,3"
UNEVEN_KERNEL = "2,0,1;1,0,0;0,1,1"


class SingleChannel(Convolution):
    """Parameters of `single-channel`."""


def products_add_up(trace: Document) -> bool:
    """Every value of a gathered stage is the sum of its products, plus the bias of its channel."""
    for stage in trace["stages"]:
        if stage["by"] == "output" and stage["operation"] in ("correlate", "transpose"):
            bias = 0 if stage["bias"] is None else stage["bias"][stage["steps"]["position"][:, 0]]
            if not np.allclose(stage["steps"]["products"].sum(axis=1) + bias, stage["steps"]["value"]):
                return False
    return True


def weights_do_not_depend_on_the_input(trace: Document) -> bool:
    """Parameters are the kernel's cells (and biases), however large the input is."""
    stage, kernel = trace["stages"][0], trace["tensors"]["kernel"]["values"]
    return bool(trace["facts"]["parameters"] == kernel.size + (0 if stage["bias"] is None else len(stage["bias"])))


KIND = Kind(
    slug="single-channel",
    title="Single-channel convolution",
    summary="A small grid of weights slides over a big grid of numbers.",
    group="foundations",
    number=2,
    params=SingleChannel,
    recipe=lambda params: correlate(params, "dense layer"),
    presets=(
        Preset("article", "No padding, stride 1", {"input": INPUT, "kernel": KERNEL}),
        Preset(
            "article-strided",
            "Padding 1, stride 2",
            {"stride": "2", "padding": "1", "input": INPUT, "kernel": KERNEL},
        ),
        Preset(
            "published-regression",
            "Padding 1, stride 2, other numbers",
            {"stride": "2", "padding": "1", "input": UNEVEN_INPUT, "kernel": UNEVEN_KERNEL},
        ),
        Preset("no_padding_no_strides", "4 × 4, nothing added", {"input_size": "4"}),
        Preset("arbitrary_padding_no_strides", "Kernel 4, padding 2", {"kernel_size": "4", "padding": "2"}),
        Preset("same_padding_no_strides", "Same size: half padding", {"padding": "1"}),
        Preset("full_padding_no_strides", "Full padding", {"padding": "2"}),
        Preset("no_padding_strides", "Stride 2", {"stride": "2"}),
        Preset("padding_strides", "Padding 1, stride 2, random numbers", {"stride": "2", "padding": "1"}),
        Preset(
            "padding_strides_odd",
            "6 × 6: a row is dropped",
            {"input_size": "6", "stride": "2", "padding": "1"},
        ),
        Preset("dilation", "Dilation 2", {"input_size": "7", "dilation": "2"}),
        Preset(
            "tensorflow-same",
            "TensorFlow's «same», kernel 6",
            {"input_size": "10", "kernel_size": "6", "padding": "same"},
        ),
        Preset("rectangular", "Rectangles", {"input_size": "5x7", "kernel_size": "2x3", "stride": "1x2"}),
        Preset("circular", "Circular padding", {"padding": "1", "padding_mode": "circular"}),
        Preset("flipped", "Flipped kernel", {"flip": "true", "input": INPUT, "kernel": KERNEL}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The weights do not grow with the input.", weights_do_not_depend_on_the_input),
    ),
    equals=(
        Equal(
            "This is multi-channel with one channel and one filter.",
            {},
            "multi-channel",
            {"in_channels": "1", "out_channels": "1"},
        ),
    ),
)
