"""Kinds that are a convolution or a transposed one, as the reader says."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field as Described

from compute.errors import ParameterError
from compute.kinds.convolution import Convolution, Sizes, correlate
from compute.kinds.transposed import refuse_words, transpose
from compute.parameters import Choice, Flag, Size
from compute.recipe import Floats, Recipe


class Either(Convolution):
    """Parameters of a convolution that may be transposed."""

    when: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "output_padding": {"transposed": True},
        "by": {"transposed": True},
        "padding_mode": {"transposed": False},
    }

    transposed: Annotated[bool, Flag()] = Described(
        False, title="Transposed", description="ConvTranspose instead of Conv."
    )
    output_padding: Annotated[Sizes, Size(0, 1000, (0, 4))] = Described(
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
        first, second = kernel.shape[0], kernel.shape[1] * self.get("groups", 1)
        return (
            {"in_channels": first, "out_channels": second}
            if self.transposed
            else {"in_channels": second, "out_channels": first}
        )

    def settle(self) -> None:
        """Refuse what only the other of the two operations has; nothing is accepted and ignored."""
        if self.transposed:
            if isinstance(self.padding, str) or any(isinstance(side, tuple) for side in self.padding):
                raise refuse_words("padding")
            if self.padding_mode != "zeros":
                raise only(
                    "padding_mode",
                    "a convolution that is not transposed",
                    "zeros",
                    "padding crops, and holds nothing",
                )
        elif any(self.output_padding):
            raise only("output_padding", "a transposed convolution", 0, "set transposed=true")
        elif "by" in self.model_fields_set and self.by == "input":
            raise only("by", "a transposed convolution", "output", "set transposed=true")
        super().settle()


def only(name: str, where: str, nearest: Any, why: str) -> ParameterError:
    """The error for a parameter that has a meaning only elsewhere."""
    return ParameterError(
        "not_for_this_kind",
        name,
        f"{name} belongs to {where}.",
        f"Try {name} {nearest}, or {why}.",
        nearest=nearest,
    )


def recipe(params: Either, baseline: str | None = "standard convolution") -> Recipe:
    """The one stage that the figure is."""
    return transpose(params) if params.transposed else correlate(params, baseline)
