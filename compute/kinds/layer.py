"""Your layer: the engine's whole surface, one convolution or transposed convolution in one to three dimensions."""

from typing import Annotated

from pydantic import Field as Described

from compute.kinds.base import Claim, Equal, Kind, Preset
from compute.kinds.convolution import Grouped, Sizes, Volumetric
from compute.kinds.either import Either, recipe
from compute.kinds.single_channel import products_add_up
from compute.kinds.transposed import counts_are_stamps_of_ones, stamps_add_up
from compute.parameters import Size, Whole


class Layer(Volumetric, Either, Grouped):
    """Parameters of `layer`: those of torch.nn.Conv1d to Conv3d and ConvTranspose1d to ConvTranspose3d."""

    dims: Annotated[int, Whole(1, 3, (1, 3))] = Described(2, title="Dimensions", description="Spatial axes, 1 to 3.")
    output_padding: Annotated[Sizes, Size(0, 1000, (0, 4), 3)] = Described(
        (0,),
        title="Output padding",
        description="Only transposed: cells added at the end of each axis, and computed.",
    )


KIND = Kind(
    slug="layer",
    title="Your layer",
    summary="Any Conv or ConvTranspose layer, in one, two or three dimensions.",
    group="tools",
    number=None,
    params=Layer,
    recipe=recipe,
    presets=(
        Preset("two-groups", "Conv2d, two groups", {"in_channels": "4", "out_channels": "4", "groups": "2"}),
        Preset("conv1d", "Conv1d", {"dims": "1", "input_size": "9", "in_channels": "2", "out_channels": "2"}),
        Preset("conv3d", "Conv3d", {"dims": "3", "input_size": "4", "kernel_size": "2"}),
        Preset("depthwise", "Conv2d, depthwise", {"in_channels": "3", "out_channels": "3", "groups": "3"}),
        Preset(
            "conv-transpose2d",
            "ConvTranspose2d",
            {"transposed": "true", "input_size": "3", "stride": "2", "padding": "1", "output_padding": "1"},
        ),
        Preset(
            "conv-transpose1d",
            "ConvTranspose1d",
            {"dims": "1", "transposed": "true", "input_size": "4", "stride": "2"},
        ),
        Preset("reflect", "Reflected padding", {"padding": "2", "padding_mode": "reflect"}),
        Preset("one-sided", "One-sided padding", {"padding": "0:2x1:1"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim(
            "The stamps of a transposed layer add up to its output.",
            stamps_add_up,
        ),
        Claim(
            "The overlap counts the stamps that meet.",
            counts_are_stamps_of_ones,
        ),
    ),
    equals=(
        Equal(
            "With one channel and one group this is the single-channel convolution.",
            {"in_channels": "1", "out_channels": "1", "groups": "1"},
            "single-channel",
            {},
        ),
    ),
)
