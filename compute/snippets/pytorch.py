"""Figures in PyTorch, whose names the parameters of the figures bear: one call of torch.nn.functional a stage."""

import numpy as np
from numpy.typing import NDArray

from compute.recipe import Source
from compute.snippets.writer import Lines, Writer, array_literal, call, one_or_all, variable
from compute.stages import Activate, Correlate, Pool, Resize, Shape, Shuffle, Transpose


class PyTorch(Writer):
    """Tensors are (1, channel, spatial axes…)."""

    def imports(self) -> Lines:
        return ["import torch", "import torch.nn.functional as F"]

    def literal(self, target: str, array: NDArray[np.float64]) -> Lines:
        return array_literal(target, "torch.tensor", array, "torch.float64")

    def ones(self, target: str, shape: Shape) -> Lines:
        return [f"{target} = torch.ones({shape}, dtype=torch.float64)"]

    def drawn(self, target: str, source: Source, key: int) -> Lines:
        return [f"{target} = torch.randint({source.low}, {source.high + 1}, {source.shape}).double()"]

    def prepared(self, name: str, source: Source) -> Lines:
        if source.role != "input":
            return []
        return [f"{variable(name)} = {variable(name)}.unsqueeze(0)  # a batch of one: (1, {', '.join(source.axes)})"]

    def printed(self, name: str) -> Lines:
        return [f"print({variable(name)}[0])", f"# {name} has the shape {self.shapes[name]}, without the batch"]

    def correlate(self, stage: Correlate) -> Lines:
        x, lines = variable(stage.input), []
        symmetric = all(before == after for before, after in stage.padding)
        inside = stage.padding_mode == "zeros" and symmetric
        if not inside and any(map(any, stage.padding)):
            # F.pad counts from the last axis
            pad = tuple(side for pair in reversed(stage.padding) for side in pair)
            mode = "" if stage.padding_mode == "zeros" else f', mode="{stage.padding_mode}"'
            lines += [f"padded = F.pad({x}, {pad}{mode})  # last axis first, before and after"]
            x = "padded"
        turn, kernel = self._turned(stage)
        padding = [before for before, _ in stage.padding] if inside else [0]
        sizes = {
            "stride": one_or_all(stage.stride),
            "padding": one_or_all(padding),
            "dilation": one_or_all(stage.dilation),
            "groups": str(stage.groups),
        }
        arguments = [x, kernel, *_bias(stage), *(f"{name}={size}" for name, size in sizes.items())]
        return [*lines, *turn, *call(variable(stage.output), f"F.conv{len(stage.stride)}d", arguments)]

    def transpose(self, stage: Transpose) -> Lines:
        y, dims = variable(stage.output), len(stage.stride)
        turn, kernel = self._turned(stage)
        symmetric = all(before == after for before, after in stage.padding)
        sizes = {
            "stride": one_or_all(stage.stride),
            "padding": one_or_all([before for before, _ in stage.padding] if symmetric else [0]),
            "output_padding": one_or_all(stage.output_padding),
            "groups": str(stage.groups),
            "dilation": one_or_all(stage.dilation),
        }
        arguments = [variable(stage.input), kernel, *_bias(stage), *(f"{name}={size}" for name, size in sizes.items())]
        made = [*turn, *call(y, f"F.conv_transpose{dims}d", arguments)]
        if symmetric:
            return made
        sides = zip(stage.padding, self.shapes[stage.output][1:], strict=True)
        crop = ", ".join(f"{before} : {before + size}" for (before, _), size in sides)
        return [*made, f"{y} = {y}[:, :, {crop}]  # one-sided padding crops, which the call cannot"]

    def pool(self, stage: Pool) -> Lines:
        x, padding = variable(stage.input), [before for before, _ in stage.padding]
        lines: Lines = []
        if any(p > k // 2 for p, k in zip(padding, stage.kernel_size, strict=True)):
            pad = tuple(p for p in reversed(padding) for _ in (0, 1))
            lines += [f'padded = F.pad({x}, {pad}, value=float("-inf"))  # wider than the call itself allows']
            x, padding = "padded", [0]
        sizes = {
            "kernel_size": one_or_all(stage.kernel_size),
            "stride": one_or_all(stage.stride),
            "padding": one_or_all(padding),
        }
        if stage.mode == "max":
            name, sizes["dilation"] = "max", one_or_all(stage.dilation)
        else:
            name, sizes["count_include_pad"] = "avg", str(stage.count_include_pad)
        arguments = [x, *(f"{key}={size}" for key, size in sizes.items())]
        return lines + call(variable(stage.output), f"F.{name}_pool{len(stage.stride)}d", arguments)

    def shuffle(self, stage: Shuffle) -> Lines:
        channels, *sides = self.shapes[stage.input]
        apart = (1, stage.groups, channels // stage.groups, *sides)
        dealt = f"{variable(stage.input)}.reshape{apart}.transpose(1, 2)"
        return [f"{variable(stage.output)} = {dealt}.reshape{(1, channels, *sides)}"]

    def resize(self, stage: Resize) -> Lines:
        linear = {1: "linear", 2: "bilinear", 3: "trilinear"}[len(stage.size)]
        how = 'mode="nearest"' if stage.mode == "nearest" else f'mode="{linear}", align_corners=False'
        return call(variable(stage.output), "F.interpolate", [variable(stage.input), f"size={stage.size}", how])

    def activate(self, stage: Activate) -> Lines:
        return [f"{variable(stage.output)} = F.relu({variable(stage.input)})"]

    def _turned(self, stage: Correlate | Transpose) -> tuple[Lines, str]:
        """The kernel as the call takes it, and the line that turns it where the figure does."""
        kernel = variable(stage.kernel)
        if not stage.flip:
            return [], kernel
        axes = tuple(range(2, len(stage.stride) + 2))
        return [f"turned = torch.flip({kernel}, dims={axes})  # the call itself does not reverse the kernel"], "turned"


def _bias(stage: Correlate | Transpose) -> Lines:
    return [variable(stage.bias)] if stage.bias else []
