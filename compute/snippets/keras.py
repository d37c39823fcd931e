"""Figures in Keras: calls of keras.ops, channels last; what it has no call for is written in plain steps."""

import numpy as np
from numpy.typing import NDArray

from compute.recipe import Source
from compute.snippets.plain import axis_letters, linear, nearest
from compute.snippets.writer import Lines, Writer, array_literal, call, one_or_all, variable
from compute.stages import Activate, Correlate, Pool, Resize, Shape, Shuffle, Transpose

# Where a coordinate beyond the border is read, along an axis of n cells.
BEYOND = {
    "reflect": "{last} - abs({last} - abs(i))",
    "replicate": "min(max(i, 0), {last})",
    "circular": "i % {n}",
}


class Keras(Writer):
    """Tensors are (1, spatial axes…, channel), kernels (taps…, channel of the group, filter)."""

    def imports(self) -> Lines:
        return ["import numpy as np", "from keras import ops"]

    def literal(self, target: str, array: NDArray[np.float64]) -> Lines:
        return array_literal(target, "np.array", array, '"float32"')

    def ones(self, target: str, shape: Shape) -> Lines:
        return [f'{target} = np.ones({shape}, dtype="float32")']

    def drawn(self, target: str, source: Source, key: int) -> Lines:
        numbers = f"integers({source.low}, {source.high + 1}, {source.shape})"
        return [f'{target} = np.random.default_rng({key}).{numbers}.astype("float32")']

    def prepared(self, name: str, source: Source) -> Lines:
        target, axes = variable(name), source.axes
        if source.role == "input":
            order = (*range(1, len(axes)), 0)
            last = ", ".join(axes[1:])
            return [f"{target} = {target}.transpose{order}[None]  # Keras has the channels last: (1, {last}, channel)"]
        if source.role == "kernel":
            order = (*range(2, len(axes)), 1, 0)
            last = ", ".join((*axes[2:], axes[1], axes[0]))
            return [f"{target} = {target}.transpose{order}  # as Keras has it: ({last})"]
        return []

    def printed(self, name: str) -> Lines:
        dims = len(self.shapes[name]) - 1
        return [
            f"print(ops.transpose({variable(name)}[0], {(dims, *range(dims))}))",
            f"# {name} has the shape {self.shapes[name]} with its channels first, as in the figure, without the batch",
        ]

    def correlate(self, stage: Correlate) -> Lines:
        kernel = variable(stage.kernel)
        lines, x = self._padded(stage)
        if stage.flip:
            turn, kernel = _turned(kernel, len(stage.stride))
            lines += turn
        if stage.groups > 1:
            lines += [f"# {stage.groups} groups: Keras tells by the kernel, which has as many times fewer channels"]
        both = set(stage.stride) != {1} and set(stage.dilation) != {1}
        strides, taken = one_or_all(stage.stride), ""
        if both:
            steps = ", ".join(f"::{s}" for s in stage.stride)
            strides, taken = "1", f"[:, {steps}]"
            lines += ["# not every backend takes stride and dilation together: all positions, of which some are kept"]
        dilation = f"dilation_rate={one_or_all(stage.dilation)}"
        arguments = [x, kernel, f"strides={strides}", 'padding="valid"', dilation]
        made = call(variable(stage.output), "ops.conv", arguments)
        made[-1] += taken
        return [*lines, *made, *_biased(stage)]

    def transpose(self, stage: Transpose) -> Lines:
        kernel = variable(stage.kernel)
        inputs, taps, extents = self.shapes[stage.input][1:], self.taps(stage), self.extents(stage)
        if stage.groups == 1 and set(stage.dilation) == {1}:
            turn, kernel = _turned(kernel, len(taps)) if stage.flip else ([], kernel)
            arguments = [variable(stage.input), kernel, f"strides={one_or_all(stage.stride)}", 'padding="valid"']
            reached = [i * s + max(k - s, 0) for i, k, s in zip(inputs, taps, stage.stride, strict=True)]
            function = "ops.conv_transpose"
        else:
            turn, x = self._stuffed(stage)
            dilation = f"dilation_rate={one_or_all(stage.dilation)}"
            arguments = [x, "weights", "strides=1", 'padding="valid"', dilation]
            reached = [s * (i - 1) + e for i, s, e in zip(inputs, stage.stride, extents, strict=True)]
            function = "ops.conv"
        crop = self._cropped(stage, reached)
        target = "full" if crop else variable(stage.output)
        return [*turn, *call(target, function, arguments), *crop, *_biased(stage)]

    def pool(self, stage: Pool) -> Lines:
        x, y = variable(stage.input), variable(stage.output)
        padded = any(map(any, stage.padding))
        lines: Lines = []
        pad = ((0, 0), *stage.padding, (0, 0))
        if padded and stage.mode == "max":
            lines += [f"padded = ops.pad({x}, {pad}, constant_values=-np.inf)  # padding never wins a maximum"]
        elif padded:
            lines += [f"padded = ops.pad({x}, {pad})"]
        source = "padded" if padded else x
        if stage.mode == "max" and set(stage.dilation) != {1}:
            return [*lines, *self._dilated_maximum(stage, source)]
        name = "ops.max_pool" if stage.mode == "max" else "ops.average_pool"
        sizes = [one_or_all(stage.kernel_size), f"strides={one_or_all(stage.stride)}", 'padding="valid"']
        lines += call(y, name, [source, *sizes])
        if padded and stage.mode == "average" and not stage.count_include_pad:
            lines += [f"real = ops.pad(ops.ones_like({x}), {pad})"]
            lines += call("share", name, ["real", *sizes])
            lines += [f"{y} = {y} / share  # padding does not count in the mean"]
        return lines

    def shuffle(self, stage: Shuffle) -> Lines:
        channels, *sides = self.shapes[stage.input]
        apart = (1, *sides, stage.groups, channels // stage.groups)
        order = (*range(len(sides) + 1), len(sides) + 2, len(sides) + 1)
        return [
            f"apart = ops.reshape({variable(stage.input)}, {apart})",
            f"{variable(stage.output)} = ops.reshape(ops.transpose(apart, {order}), {(1, *sides, channels)})",
        ]

    def resize(self, stage: Resize) -> Lines:
        x, y, dims = variable(stage.input), variable(stage.output), len(stage.size)
        sides = self.shapes[stage.input][1:]
        whole = all(o % i == 0 for i, o in zip(sides, stage.size, strict=True))
        if dims == 2 and (whole or stage.mode == "bilinear"):
            sizes = [f"{stage.size}", f'interpolation="{stage.mode}"', 'data_format="channels_last"']
            return call(y, "ops.image.resize", [x, *sizes])
        step, lines = nearest if stage.mode == "nearest" else linear, []
        for axis, (i, o) in enumerate(zip(sides, stage.size, strict=True), start=1):
            lines += step(y, x, axis, i, o, dims + 2, "ops")
            x = y
        return lines

    def activate(self, stage: Activate) -> Lines:
        return [f"{variable(stage.output)} = ops.relu({variable(stage.input)})"]

    def _padded(self, stage: Correlate) -> tuple[Lines, str]:
        """The input with its padding, and what it is called."""
        x = variable(stage.input)
        if not any(map(any, stage.padding)):
            return [], x
        if stage.padding_mode == "zeros":
            return [f"padded = ops.pad({x}, {((0, 0), *stage.padding, (0, 0))})"], "padded"
        lines = ["# beyond the border: each cell reads the one that stands for it, axis by axis"]
        for axis, (n, (before, after)) in enumerate(
            zip(self.shapes[stage.input][1:], stage.padding, strict=True), start=1
        ):
            if before or after:
                read = BEYOND[stage.padding_mode].format(n=n, last=n - 1)
                lines += [f"padded = ops.take({x}, [{read} for i in range({-before}, {n + after})], axis={axis})"]
                x = "padded"
        return lines, x

    def _stuffed(self, stage: Transpose) -> tuple[Lines, str]:
        """The input with zeros between and around its cells, what it is called, and ``weights`` that slide over it."""
        ins, outs, *taps = self.shapes[stage.kernel]
        lines = [
            "# Keras has no call for this that all backends take; it is an ordinary convolution over the input with",
            "# stride − 1 zeros between its cells, the kernel turned by 180° and its two kinds of channels exchanged",
        ]
        turn, weights = _turned(variable(stage.kernel), len(taps)) if not stage.flip else ([], variable(stage.kernel))
        lines += turn
        if stage.groups == 1:
            lines += [f"weights = {weights}.swapaxes(-1, -2)"]
        else:
            dims = len(taps)
            apart = (*taps, outs, stage.groups, ins // stage.groups)
            order = (*range(dims), dims + 2, dims + 1, dims)
            together = (*taps, ins // stage.groups, stage.groups * outs)
            lines += [f"weights = {weights}.reshape{apart}.transpose{order}.reshape{together}  # group by group"]
        x, sides = variable(stage.input), list(self.shapes[stage.input][1:])
        for axis, s in enumerate(stage.stride, start=1):
            if s == 1:
                continue
            i = sides[axis - 1]
            wide = (1, *sides[: axis - 1], i * s, *sides[axis:], ins)
            kept = f"[{':, ' * axis}: {s * (i - 1) + 1}]"
            zeros = f"{s - 1} * [ops.zeros_like({x})]" if s > 2 else f"[ops.zeros_like({x})]"
            lines += [
                f"stuffed = ops.stack([{x}] + {zeros}, axis={axis + 1})",
                f"stuffed = ops.reshape(stuffed, {wide}){kept}",
            ]
            x, sides[axis - 1] = "stuffed", s * (i - 1) + 1
        pad = ((0, 0), *((e - 1, e - 1) for e in self.extents(stage)), (0, 0))
        if any(map(any, pad)):
            lines += [f"stuffed = ops.pad({x}, {pad})"]
            x = "stuffed"
        return lines, x

    def _cropped(self, stage: Transpose, reached: list[int]) -> Lines:
        """The cells of ``full``, of which ``reached`` are there, that padding and output padding make the output of."""
        starts = [before for before, _ in stage.padding]
        stops = [p + o for p, o in zip(starts, self.shapes[stage.output][1:], strict=True)]
        missing = tuple((0, max(0, stop - size)) for stop, size in zip(stops, reached, strict=True))
        lines = []
        if any(map(any, missing)):
            lines += [f"full = ops.pad(full, {((0, 0), *missing, (0, 0))})  # output padding where no stamp reaches"]
        if any(starts) or any(stop < size for stop, size in zip(stops, reached, strict=True)):
            kept = ", ".join(f"{start} : {stop}" for start, stop in zip(starts, stops, strict=True))
            return [*lines, f"{variable(stage.output)} = full[:, {kept}]  # padding crops"]
        return [*lines, f"{variable(stage.output)} = full"] if lines else []

    def _dilated_maximum(self, stage: Pool, x: str) -> Lines:
        """The largest of the cells under each tap, all positions at once."""
        letters = axis_letters(len(stage.stride))
        spans = [s * (o - 1) + 1 for s, o in zip(stage.stride, self.shapes[stage.output][1:], strict=True)]
        cells = ", ".join(
            f"{name} : {name} + {span}" + (f" : {s}" if s > 1 else "")
            for name, span, s in zip(letters, spans, stage.stride, strict=True)
        )
        taps = zip(letters, self.extents(stage), stage.dilation, strict=True)
        return [
            "# Keras has no pool with dilation: what each tap sees, at all positions, and the largest of them",
            "seen = [",
            f"    {x}[:, {cells}]",
            *(f"    for {name} in range(0, {e}, {d})" for name, e, d in taps),
            "]",
            f"{variable(stage.output)} = ops.max(ops.stack(seen), axis=0)",
        ]


def _turned(kernel: str, dims: int) -> tuple[Lines, str]:
    """The line that turns a kernel by 180°, and what it is called then; a copy, since views backwards suit not all."""
    return [f"turned = np.flip({kernel}, axis={tuple(range(dims))}).copy()"], "turned"


def _biased(stage: Correlate | Transpose) -> Lines:
    y = variable(stage.output)
    return [f"{y} = {y} + {variable(stage.bias)}"] if stage.bias else []
