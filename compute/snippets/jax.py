"""Figures in JAX: one general convolution does them all, the transposed ones by dilating the input."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from compute.recipe import Source
from compute.snippets.plain import MODES
from compute.snippets.writer import Lines, Writer, array_literal, call, variable
from compute.stages import Activate, Correlate, Pool, Resize, Shape, Shuffle, Transpose


class Jax(Writer):
    """Tensors are (1, channel, spatial axes…)."""

    def imports(self) -> Lines:
        return [
            "import jax",
            "import jax.numpy as jnp",
            "",
            'jax.config.update("jax_enable_x64", True)  # float64, as in the figure; else JAX takes float32',
        ]

    def literal(self, target: str, array: NDArray[np.float64]) -> Lines:
        return array_literal(target, "jnp.array", array, "float")

    def ones(self, target: str, shape: Shape) -> Lines:
        return [f"{target} = jnp.ones({shape})"]

    def drawn(self, target: str, source: Source, key: int) -> Lines:
        drawn = f"jax.random.randint(jax.random.key({key}), {source.shape}, {source.low}, {source.high + 1})"
        return [f"{target} = {drawn}.astype(float)"]

    def prepared(self, name: str, source: Source) -> Lines:
        if source.role != "input":
            return []
        return [f"{variable(name)} = {variable(name)}[None]  # a batch of one: (1, {', '.join(source.axes)})"]

    def printed(self, name: str) -> Lines:
        return [f"print({variable(name)}[0])", f"# {name} has the shape {self.shapes[name]}, without the batch"]

    def correlate(self, stage: Correlate) -> Lines:
        x, kernel, padding, lines = variable(stage.input), variable(stage.kernel), stage.padding, []
        if stage.padding_mode != "zeros" and any(map(any, stage.padding)):
            mode = MODES[stage.padding_mode]
            lines += [f'padded = jnp.pad({x}, {((0, 0), (0, 0), *padding)}, mode="{mode}")']
            x, padding = "padded", ((0, 0),) * len(padding)
        if stage.flip:
            axes = tuple(range(2, len(padding) + 2))
            lines += [f"turned = jnp.flip({kernel}, axis={axes})  # the call itself does not reverse the kernel"]
            kernel = "turned"
        sizes = {"window_strides": stage.stride, "padding": padding, "rhs_dilation": stage.dilation}
        return [*lines, *self._call(stage, x, kernel, sizes)]

    def transpose(self, stage: Transpose) -> Lines:
        kernel, dims = variable(stage.kernel), len(stage.stride)
        ins, outs, *taps = self.shapes[stage.kernel]
        lines, axes = [], tuple(range(2, dims + 2))
        turned = kernel if stage.flip else f"jnp.flip({kernel}, axis={axes})"
        how = "as the figure's own flip cancels the turn by 180°" if stage.flip else "turned by 180°"
        if stage.groups == 1:
            lines += [f"weights = {turned}.swapaxes(0, 1)  # {how}; (filter, channel, …)"]
        else:
            apart = (stage.groups, ins // stage.groups, outs, *taps)
            together = (stage.groups * outs, ins // stage.groups, *taps)
            lines += [
                f"weights = {turned}.reshape{apart}  # {how}; the channels of each group apart",
                f"weights = weights.swapaxes(1, 2).reshape{together}  # (filter, channel of the group, …)",
            ]
        sides = zip(self.extents(stage), stage.padding, stage.output_padding, strict=True)
        padding = tuple((e - 1 - p, e - 1 - q + a) for e, (p, q), a in sides)
        sizes = {
            "window_strides": (1,) * dims,
            "padding": padding,
            "lhs_dilation": stage.stride,
            "rhs_dilation": stage.dilation,
        }
        lines += ["# stride − 1 zeros between the cells of the input, then an ordinary window of stride 1"]
        return [*lines, *self._call(stage, variable(stage.input), "weights", sizes)]

    def pool(self, stage: Pool) -> Lines:
        x, y = variable(stage.input), variable(stage.output)
        padding = ((0, 0), (0, 0), *stage.padding)
        sizes = [
            f"window_dimensions={(1, 1, *stage.kernel_size)}",
            f"window_strides={(1, 1, *stage.stride)}",
            f"padding={padding}",
            f"window_dilation={(1, 1, *stage.dilation)}",
        ]
        if stage.mode == "max":
            return call(y, "jax.lax.reduce_window", [x, "-jnp.inf", "jax.lax.max", *sizes])
        summed = call(y, "jax.lax.reduce_window", [x, "0.0", "jax.lax.add", *sizes])
        if stage.count_include_pad or not any(map(any, stage.padding)):
            return [*summed, f"{y} = {y} / {int(np.prod(stage.kernel_size))}"]
        counted = call("counts", "jax.lax.reduce_window", [f"jnp.ones_like({x})", "0.0", "jax.lax.add", *sizes])
        return [*summed, *counted, f"{y} = {y} / counts  # padding does not count in the mean"]

    def shuffle(self, stage: Shuffle) -> Lines:
        channels, *sides = self.shapes[stage.input]
        apart = (1, stage.groups, channels // stage.groups, *sides)
        dealt = f"{variable(stage.input)}.reshape{apart}.swapaxes(1, 2)"
        return [f"{variable(stage.output)} = {dealt}.reshape{(1, channels, *sides)}"]

    def resize(self, stage: Resize) -> Lines:
        x, y, shape = variable(stage.input), variable(stage.output), self.shapes[stage.output]
        if stage.mode == "nearest":
            # jax.image.resize rounds at the cells' centres, where other factors than whole ones fall elsewhere
            sizes = zip(self.shapes[stage.input][1:], stage.size, strict=True)
            taken = [(axis, f"jnp.arange({o}) * {i} // {o}") for axis, (i, o) in enumerate(sizes, start=2)]
            lines = []
            for axis, index in taken:
                lines += [f"{y} = jnp.take({x}, {index}, axis={axis})"]
                x = y
            return lines
        return call(y, "jax.image.resize", [x, str((1, *shape)), 'method="linear"', "antialias=False"])

    def activate(self, stage: Activate) -> Lines:
        return [f"{variable(stage.output)} = jax.nn.relu({variable(stage.input)})"]

    def _call(self, stage: Correlate | Transpose, x: str, kernel: str, sizes: Mapping[str, object]) -> Lines:
        y, dims = variable(stage.output), len(stage.stride)
        axes = "DHW"[3 - dims :]
        arguments = [
            x,
            kernel,
            *(f"{name}={size}" for name, size in sizes.items()),
            f'dimension_numbers=("NC{axes}", "OI{axes}", "NC{axes}")',
            f"feature_group_count={stage.groups}",
        ]
        made = call(y, "jax.lax.conv_general_dilated", arguments)
        if stage.bias:
            made += [f"{y} = {y} + {variable(stage.bias)}[:, {', '.join(['None'] * dims)}]"]
        return made
