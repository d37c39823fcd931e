"""Your layer: the engine's whole surface, one convolution or transposed convolution in one to three dimensions."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field as Described

from compute.errors import ParameterError
from compute.kinds.base import Claim, Kind, Preset
from compute.kinds.convolution import Grouped, Sizes, correlate
from compute.kinds.single_channel import products_add_up
from compute.kinds.transposed import counts_are_stamps_of_ones, refuse_words, stamps_add_up, transpose
from compute.parameters import MAX_SIDE, Choice, Flag, Padding, Pads, Size, Whole
from compute.recipe import Floats, Recipe


class Layer(Grouped):
    """Parameters of `layer`: those of torch.nn.Conv1d to Conv3d and ConvTranspose1d to ConvTranspose3d."""

    when: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "output_padding": {"transposed": True},
        "by": {"transposed": True},
        "padding_mode": {"transposed": False},
    }

    dims: Annotated[int, Whole(1, 3, (1, 3))] = Described(2, title="Dimensions", description="Spatial axes, 1 to 3.")
    transposed: Annotated[bool, Flag()] = Described(
        False, title="Transposed", description="ConvTranspose instead of Conv."
    )
    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16), 3)] = Described(
        (5,), title="Input size", description="Cells along each axis of the input."
    )
    kernel_size: Annotated[Sizes, Size(1, 1000, (1, 7), 3)] = Described(
        (3,), title="Kernel size", description="Taps along each axis of the kernel."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5), 3)] = Described(
        (1,), title="Stride", description="Cells that the window moves on by."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 6), 3)] = Described(
        (0,),
        title="Padding",
        description="Numbers, before:after, or valid, same (TensorFlow's rule), full; transposed, numbers that crop.",
    )
    dilation: Annotated[Sizes, Size(1, 1000, (1, 5), 3)] = Described(
        (1,), title="Dilation", description="Cells from one tap to the next."
    )
    output_padding: Annotated[Sizes, Size(0, 1000, (0, 4), 3)] = Described(
        (0,),
        title="Output padding",
        description="Only transposed: cells added at the end of each axis, and computed.",
    )
    by: Annotated[str | None, Choice(("input", "output"))] = Described(
        "input",
        title="Step through",
        description="Only transposed: a step is one input cell (stamp) or one output cell.",
    )

    def channels_of(self, kernel: Floats) -> dict[str, int]:
        """A kernel is (filter, channel of the group, …), a transposed one (channel, filter of the group, …)."""
        first, second = kernel.shape[0], kernel.shape[1] * self.groups
        return (
            {"in_channels": first, "out_channels": second}
            if self.transposed
            else {"in_channels": second, "out_channels": first}
        )

    def replaced(self, name: str, value: Any) -> Self:
        """With other dimensions, every size is spread anew from its first number, and no values are kept."""
        other = super().replaced(name, value)
        if name == "dims":
            for size in other._sizes():
                other._set(size, getattr(self, size)[:1] * value)
            other._input = other._kernel = None
        return other

    def settle(self) -> None:
        """Refuse what only the other of the two operations has; nothing is accepted and ignored."""
        if self.transposed:
            if isinstance(self.padding, str) or any(isinstance(side, tuple) for side in self.padding):
                raise refuse_words("padding")
            if self.padding_mode != "zeros":
                raise _only(
                    "padding_mode",
                    "a convolution that is not transposed",
                    "zeros",
                    "padding crops, and holds nothing",
                )
        elif any(self.output_padding):
            raise _only("output_padding", "a transposed convolution", 0, "set transposed=true")
        elif "by" in self.model_fields_set and self.by == "input":
            raise _only("by", "a transposed convolution", "output", "set transposed=true")
        super().settle()


def _only(name: str, where: str, nearest: Any, why: str) -> ParameterError:
    return ParameterError(
        "not_for_this_kind",
        name,
        f"{name} belongs to {where}.",
        f"Try {name} {nearest}, or {why}.",
        nearest=nearest,
    )


def recipe(params: Layer) -> Recipe:
    """The one stage that the layer is."""
    return transpose(params) if params.transposed else correlate(params, "standard convolution")


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
            lambda trace: trace["stages"][0]["operation"] != "transpose" or stamps_add_up(trace),
        ),
        Claim(
            "The overlap counts the stamps that meet.",
            lambda trace: trace["stages"][0]["operation"] != "transpose" or counts_are_stamps_of_ones(trace),
        ),
    ),
)
