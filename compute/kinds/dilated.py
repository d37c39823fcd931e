"""Dilated (atrous) convolution: gaps between the taps, so that the window sees further at the same cost; and stacks."""

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field as Described

from compute.errors import ParameterError
from compute.geometry import extent
from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Convolution, Sizes, correlate
from compute.kinds.params import join
from compute.kinds.single_channel import products_add_up
from compute.kinds.stack import Layer, Layers, described, gaps, reaches, stack
from compute.parameters import MAX_SIDE, Size, Whole
from compute.recipe import Recipe
from compute.samples import kernel_side

OF_ONE_LAYER = ("kernel_size", "stride", "padding", "dilation", "padding_mode", "flip", "bias")


class Dilated(Convolution):
    """Parameters of `dilated`: one layer, or a stack of them."""

    when: ClassVar[Mapping[str, Mapping[str, Any]]] = {name: {"layers": None} for name in OF_ONE_LAYER}

    dims: Annotated[int, Whole(1, 2, (1, 2))] = Described(2, title="Dimensions", description="Spatial axes, 1 or 2.")
    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 24))] = Described(
        (7,), title="Input size", description="Cells along each axis of the input."
    )
    dilation: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (2,), title="Dilation", description="Cells from one tap to the next; dilation − 1 are skipped."
    )
    layers: Annotated[tuple[Layer, ...] | None, Layers()] = Described(
        None,
        title="Layers",
        description="A stack in place of one layer: 3d1,3d2,3d4, each kernel size, s stride, d dilation.",
    )

    def settle(self) -> None:
        """A stack says the sizes of its layers itself; nothing that it would not use is accepted."""
        if self.layers is not None:
            for name in OF_ONE_LAYER:
                if name in self.model_fields_set and getattr(self, name) != type(self).model_fields[name].default:
                    raise ParameterError(
                        "not_for_this_kind",
                        name,
                        f"{name} is that of a single layer; layers says {', '.join(map(str, self.layers))}.",
                        f"Leave {name} out, or layers.",
                        nearest=_text(type(self).model_fields[name].default),
                    )
            self._set("kernel_size", (self.layers[0].kernel_size,))
            self._set("dilation", (self.layers[0].dilation,))
            self._set("stride", (self.layers[0].stride,))
        super().settle()
        self._check_first_kernel()

    def _check_first_kernel(self) -> None:
        """A kernel that was given is that of a stack's first layer, which says how large it is."""
        if self.layers is None or self._kernel is None:
            return
        expected = (self.layers[0].kernel_size,) * self.rank
        if isinstance(self._kernel, str):
            found = (kernel_side(self._kernel) or expected[0],) * self.rank
        else:
            found = self._kernel.shape[2:]
        if found != expected:
            raise ParameterError(
                "size_mismatch",
                "kernel",
                f"kernel has kernel_size {join(found)}; the first layer, {self.layers[0]}, has {join(expected)}.",
                f"Leave kernel out, or give it values for {join(expected)}.",
                parameter="kernel_size",
                found=join(found),
                expected=join(expected),
            )

    def document(self) -> Document:
        """Layers as text; what belongs to a single layer has no value beside a stack."""
        found = super().document()
        if self.layers is not None:
            found |= dict.fromkeys(OF_ONE_LAYER) | {"layers": ",".join(map(str, self.layers))}
        return found


def _text(default: Any) -> str:
    value = default[0] if isinstance(default, tuple) else default
    return str(value).lower()


def recipe(params: Dilated) -> Recipe:
    """One dilated layer, compared with the dense kernel that covers as much; or a stack."""
    if params.layers is not None:
        return stack(params, params.layers)
    once = correlate(params)
    covered = prod(extent(k, d) for k, d in zip(params.kernel_size, params.dilation, strict=True))
    outputs, biases = prod(once.shapes["output"]), int(once.stages[0].bias is not None)  # type: ignore[union-attr]
    dense = {
        "name": "dense kernel of the same extent",
        "multiplications": outputs * covered,
        "parameters": covered + biases,
    }
    alike = len(set(params.kernel_size)) == len(set(params.stride)) == len(set(params.dilation)) == 1
    layer = [Layer(params.kernel_size[0], params.stride[0], params.dilation[0])]
    extra = {"layers": None, "gaps": gaps(layer) if alike else None}
    if alike:
        rows = described(layer, params.input_size[-1])
        extra["layers"] = [row | {"size": once.shapes["output"][-1]} for row in rows]  # type: ignore[assignment]
    return replace(once, baseline=dense, extra=extra)


def dilation_adds_no_weights(trace: Document) -> bool:
    """The parameters are the taps (and the bias), whatever the dilation."""
    kernels = [tensor for tensor in trace["tensors"].values() if tensor["role"] == "kernel"]
    biases = sum(len(stage["bias"]) for stage in trace["stages"] if stage["bias"] is not None)
    return bool(trace["facts"]["parameters"] == sum(np.size(tensor["values"]) for tensor in kernels) + biases)


def windows_spread_as_far_as_the_formula_says(trace: Document) -> bool:
    """First and last tap of every layer stand d(k − 1) cells apart."""
    return all(
        bool((np.ptp(np.asarray(axis["at"]), axis=1) == d * (k - 1)).all())
        for stage in trace["stages"]
        for axis, k, d in zip(stage["axes"], stage["kernel_size"], stage["dilation"], strict=True)
    )


def field_grows_layer_by_layer(trace: Document) -> bool:
    """The receptive field of the facts is that of the last layer."""
    layers = trace["facts"]["layers"]
    if layers is None:
        return True
    rows = [Layer(row["kernel_size"], row["stride"], row["dilation"]) for row in layers]
    return set(trace["facts"]["receptive_field"]) == {layers[-1]["receptive_field"]} == {reaches(rows)[-1]}


KIND = Kind(
    slug="dilated",
    title="Dilated convolution",
    summary="Gaps between the taps: the window sees further, and costs no more.",
    group="shape",
    number=7,
    params=Dilated,
    recipe=recipe,
    presets=(
        Preset("article", "Dilation 2 sees 5 × 5", {}),
        Preset("dilation-1", "Dilation 1: an ordinary window", {"dilation": "1"}),
        Preset("dilation-4", "Dilation 4 sees 9 × 9", {"input_size": "11", "dilation": "4"}),
        Preset("stack", "Stack 1, 2, 4 sees 15", {"dims": "1", "input_size": "19", "layers": "3,3d2,3d4"}),
        Preset("stack-plain", "Three ordinary layers see 7", {"dims": "1", "input_size": "19", "layers": "3,3,3"}),
        Preset("gridding", "Rates 2, 2, 2 leave gaps", {"dims": "1", "input_size": "19", "layers": "3d2,3d2,3d2"}),
        Preset("hybrid", "Rates 1, 2, 3 leave none", {"dims": "1", "input_size": "19", "layers": "3,3d2,3d3"}),
        Preset("strided", "A stride doubles what follows", {"dims": "1", "input_size": "19", "layers": "3s2,3,3"}),
        Preset("plane", "Stack 1, 2, 4 on a plane", {"input_size": "15", "layers": "3,3d2,3d4"}),
        Preset("padded", "Same size: padding 2", {"padding": "2"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("Dilation adds no weights.", dilation_adds_no_weights),
        Claim("Windows spread d(k − 1) cells.", windows_spread_as_far_as_the_formula_says),
        Claim("The receptive field is that of the last layer.", field_grows_layer_by_layer),
    ),
    equals=(
        Equal(
            "With dilation 1 this is an ordinary convolution.", {"dilation": "1"}, "single-channel", {"input_size": "7"}
        ),
    ),
)
