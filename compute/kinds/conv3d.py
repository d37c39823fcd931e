"""3-D convolution: a filter shallower than its input also moves along the third axis, and the output is a volume."""

from typing import Annotated

from pydantic import Field as Described

from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Channelled, Sizes, Volumetric, correlate
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Choice, Size

VIEWS = ("both", "volume", "slices")


class Conv3d(Volumetric, Channelled):
    """Parameters of `3d`."""

    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 8), 3)] = Described(
        (4,), title="Input size", description="Cells along slices, rows and columns of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 5), 3)] = Described(
        (3,), title="Kernel size", description="Taps along slices, rows and columns of the kernel."
    )
    view: Annotated[str, Choice(VIEWS)] = Described(
        "both", title="View", description="volume: blocks in space; slices: flat, with all numbers; or both."
    )

    @property
    def rank(self) -> int:
        """Volumes have three axes."""
        return 3


def output_is_a_volume(trace: Document) -> bool:
    """The output has a slice axis of its own, one slice a place along it."""
    return len(trace["tensors"]["output"]["shape"]) == 4 and "slice" in trace["tensors"]["output"]["axes"]


def filter_moves_along_the_slices(trace: Document) -> bool:
    """There are as many places along the slices as the output has slices."""
    places = trace["stages"][0]["axes"][0]["at"]
    return len(places) == int(trace["tensors"]["output"]["shape"][1])


KIND = Kind(
    slug="3d",
    title="3-D convolution",
    summary="The filter is shallower than the volume, so it moves along three axes.",
    group="foundations",
    number=4,
    params=Conv3d,
    recipe=correlate,
    presets=(
        Preset("article", "A 3 × 3 × 3 filter in a 4 × 4 × 4 volume", {}),
        Preset("shallow", "A shallow filter in a deep volume", {"input_size": "6x4x4", "kernel_size": "2x3x3"}),
        Preset("film", "Two frames of a film", {"input_size": "5x4x4", "kernel_size": "2x1x1"}),
        Preset("flat", "One slice thick: an ordinary 2-D window", {"kernel_size": "1x3x3"}),
        Preset("as-deep", "As deep as the volume: one slice is left", {"kernel_size": "4x3x3"}),
        Preset("strided", "Stride 2, padding 1", {"stride": "2", "padding": "1"}),
        Preset("channels", "Two channels, two filters", {"in_channels": "2", "out_channels": "2", "input_size": "3"}),
        Preset("dilated", "Dilation 2", {"input_size": "5", "kernel_size": "2", "dilation": "2"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The output is a volume.", output_is_a_volume),
        Claim("The filter moves along the slices too.", filter_moves_along_the_slices),
    ),
    equals=(
        Equal(
            "This is a layer of three dimensions: Conv3d.",
            {"input_size": "4"},
            "layer",
            {"dims": "3", "in_channels": "1", "out_channels": "1", "input_size": "4"},
        ),
    ),
)
