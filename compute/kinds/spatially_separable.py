"""Spatially separable convolution: a kernel that is column times row, run as two thin ones."""

from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from pydantic import Field as Described

from compute import formulas
from compute.cost import Cost, cost
from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.convolution import Sizes
from compute.kinds.params import Weighted
from compute.kinds.pipeline import chain, ratio, resolved, standard
from compute.kinds.single_channel import products_add_up
from compute.parameters import MAX_SIDE, Padding, Pads, Size
from compute.recipe import Recipe, filters
from compute.samples import FIXED, KERNELS
from compute.separability import Separation, separate
from compute.stages import Correlate
from compute.values import Block, Values


class SpatiallySeparable(Weighted):
    """Parameters of `spatially-separable`."""

    input_size: Annotated[Sizes, Size(1, MAX_SIDE, (1, 16))] = Described(
        (5,), title="Input size", description="Cells along each axis of the input."
    )
    kernel: Annotated[Block | str | None, Values(tuple(KERNELS), FIXED)] = Described(
        "sobel-x", title="Kernel", description="Weights, rows by «;», or a name; any kernel, separable or not."
    )
    kernel_size: Annotated[Sizes, Size(1, 64, (1, 7))] = Described(
        (3,), title="Kernel size", description="Taps along each axis of the kernel."
    )
    stride: Annotated[Sizes, Size(1, 1000, (1, 5))] = Described(
        (1,), title="Stride", description="Cells that the window moves on by."
    )
    padding: Annotated[Pads, Padding(0, 10_000, (0, 6))] = Described(
        (0,), title="Padding", description="Cells added around the input: numbers, before:after, or valid, same, full."
    )

    @property
    def dilation(self) -> Sizes:
        """Taps are neighbours."""
        return (1, 1)

    def settle(self) -> None:
        """Sobel has one size; for any other that was asked for, the kernel that nobody chose is a Gaussian."""
        sized = "kernel_size" in self.model_fields_set and set(self.kernel_size) != {3}
        if "kernel" not in self.model_fields_set and sized:
            self._set("kernel", "gaussian")
        super().settle()


def recipe(params: SpatiallySeparable) -> Recipe:
    """A column of weights, then a row of them; compared with the kernel that they make."""
    (rows, columns), (down, right) = params.kernel_size, params.stride
    above, beside = resolved(params, params.padding)
    given = filters((1, 1, rows, columns), params._kernel, params.seed)
    found = separate(given.array()[0, 0])
    kernels = {
        "kernel": given,
        "column": filters((1, 1, rows, 1), found.column.reshape(1, 1, -1, 1), params.seed),
        "row": filters((1, 1, 1, columns), found.row.reshape(1, 1, 1, -1), params.seed),
    }
    stages = (
        Correlate("vertical", "input", "column", "between", (down, 1), (above, (0, 0)), (1, 1)),
        Correlate("horizontal", "between", "row", "output", (1, right), ((0, 0), beside), (1, 1)),
    )
    once = chain(params, kernels, stages)
    spent = sum((cost(stage, once.shapes) for stage in stages), Cost()).multiplications
    baseline = standard(1, 1, params.kernel_size, once.shapes["output"][1:])
    sizes = (params.input_size, params.kernel_size, params.stride, (above, beside), params.dilation)
    return replace(
        once,
        formulas=[
            *_shares(params, once, spent / baseline["multiplications"]),
            formulas.output_size(*sizes, once.shapes["output"][1:]),
        ],
        baseline=baseline,
        extra={"separability": found.document()},
        notes=[] if found.separable else [_not_separable(found)],
        of_values=True,
    )


def _shares(params: SpatiallySeparable, once: Recipe, share: float) -> list[formulas.Formula]:
    """The cost as a share of the standard one, and what it tends to for a large input: 2/m for m × m weights."""
    (i, *others), (k, *more) = params.input_size, params.kernel_size
    o = once.shapes["output"][1]
    plain = set(params.stride) == {1} and not any(map(any, resolved(params, params.padding)))
    if others != [i] or more != [k] or not plain:
        return []
    exact = r"q = \frac{<i>·<o>·<k> + <o>·<o>·<k>}{<o>·<o>·<k>·<k>}"
    return [
        ratio(exact, share, i=i, o=o, k=k),
        formulas.Formula("limit", r"q = \frac{2}{<k>}", [{"k": k}], [round(2 / k, 4)]),
    ]


def _not_separable(found: Separation) -> dict[str, Any]:
    lost = float(np.abs(found.rest).max())
    message = (
        f"This kernel has rank {found.rank}: a column times a row is only near it. "
        f"Weights are up to {lost:.3g} off, {100 * found.share:.3g} % of the kernel's norm is lost."
    )
    return {
        "code": "not_separable",
        "message": message,
        "values": {"rank": found.rank, "error": lost, "share": found.share},
    }


def column_times_row_is_the_kernel(trace: Document) -> bool:
    """Column times row plus the rest is the kernel; the rest is zero where the kernel is separable."""
    found = trace["facts"]["separability"]
    kernel = np.asarray(trace["tensors"]["kernel"]["values"], float)[0, 0]
    sums = np.allclose(found["first"] + found["rest"], kernel)
    return bool(sums and (not found["separable"] or (found["rest"] == 0).all()))


def two_thin_kernels_do_what_one_does(trace: Document) -> bool:
    """Where the kernel is separable, the output is that of the kernel itself."""
    found = trace["facts"]["separability"]
    if not found["separable"]:
        return True
    tables = [stage["axes"][axis]["source"] for axis, stage in enumerate(trace["stages"])]
    x = np.pad(np.asarray(trace["tensors"]["input"]["values"], float)[0], ((0, 1), (0, 1)))
    kernel = np.asarray(trace["tensors"]["kernel"]["values"], float)[0, 0]
    read = x[np.asarray(tables[0])[:, None, :, None], np.asarray(tables[1])[None, :, None, :]]
    return bool(np.allclose((read * kernel).sum(axis=(2, 3)), trace["tensors"]["output"]["values"][0]))


def weights_are_the_sides_not_the_area(trace: Document) -> bool:
    """k₁ + k₂ parameters in place of k₁·k₂."""
    rows, columns = trace["tensors"]["kernel"]["shape"][2:]
    return bool(trace["facts"]["parameters"] == rows + columns)


KIND = Kind(
    slug="spatially-separable",
    title="Spatially separable convolution",
    summary="A kernel that is a column times a row runs as two thin ones.",
    group="efficiency",
    number=10,
    params=SpatiallySeparable,
    recipe=recipe,
    presets=(
        Preset("article", "Sobel: 72 multiplications for 81", {}),
        Preset("gaussian", "A Gaussian of 3 × 3", {"kernel": "gaussian"}),
        Preset("five", "A Gaussian of 5 × 5 on 9 × 9", {"kernel": "gaussian", "kernel_size": "5", "input_size": "9"}),
        Preset(
            "seven", "A Gaussian of 7 × 7 on 15 × 15", {"kernel": "gaussian", "kernel_size": "7", "input_size": "15"}
        ),
        Preset("box", "A box", {"kernel": "box", "input_size": "7"}),
        Preset("laplacian", "Not separable: Laplacian", {"kernel": "laplacian"}),
        Preset("emboss", "Not separable: emboss", {"kernel": "emboss", "input_size": "6"}),
        Preset("same", "Same size: padding 1", {"padding": "1"}),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("Column times row, plus the rest, is the kernel.", column_times_row_is_the_kernel),
        Claim("Two thin kernels do what one does.", two_thin_kernels_do_what_one_does),
        Claim("Weights are the sides, not the area.", weights_are_the_sides_not_the_area),
    ),
    equals=(
        Equal(
            "A kernel of rank 1 does the same whole: Sobel.",
            {"kernel": "sobel-x"},
            "single-channel",
            {"kernel": "sobel-x"},
        ),
    ),
)
