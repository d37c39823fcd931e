"""Figures in NumPy: the window as a slice and the sliding as a loop, so that nothing is hidden in a call."""

from math import prod

import numpy as np
from numpy.typing import NDArray

from compute.geometry import Pad
from compute.recipe import Source
from compute.snippets.writer import Lines, Writer, array_literal, variable
from compute.stages import Activate, Correlate, Pool, Resize, Shape, Shuffle, Transpose

MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
# From so many positions on, a reader is told that loops of Python take their time.
SLOW = 50_000


class NumPy(Writer):
    """Tensors are arrays (channel, spatial axes…), as in the figure."""

    def imports(self) -> Lines:
        return ["import numpy as np"]

    def literal(self, target: str, array: NDArray[np.float64]) -> Lines:
        return array_literal(target, "np.array", array, "float")

    def ones(self, target: str, shape: Shape) -> Lines:
        return [f"{target} = np.ones({shape})"]

    def drawn(self, target: str, source: Source, key: int) -> Lines:
        numbers = f"integers({source.low}, {source.high + 1}, {source.shape})"
        return [f"{target} = np.random.default_rng({key}).{numbers}.astype(float)"]

    def printed(self, name: str) -> Lines:
        return [f"print({variable(name)})", f"# {name} has the shape {self.shapes[name]}"]

    def correlate(self, stage: Correlate) -> Lines:
        x, y, kernel = variable(stage.input), variable(stage.output), variable(stage.kernel)
        shape, letters = self.shapes[stage.output], axis_letters(len(stage.stride))
        channels, start = self._channels(stage)
        at, lines = ", ".join(letters), []
        if any(map(any, stage.padding)):
            mode = "" if stage.padding_mode == "zeros" else f', mode="{MODES[stage.padding_mode]}"'
            lines += [f"padded = np.pad({x}, {pads(stage.padding)}{mode})"]
            x = "padded"
        if stage.flip:
            turned = ", ".join(["::-1"] * len(letters))
            lines += [f"turned = {kernel}[:, :, {turned}]  # convolution in the strict sense: the kernel is reversed"]
            kernel = "turned"
        return [
            *lines,
            *_loop(y, shape, f"f, {at}"),
            *start,
            f"    window = {x}[{channels}, {self._window(stage)}]",
            f"    {y}[f, {at}] = np.sum(window * {kernel}[f])" + (f" + {stage.bias}[f]" if stage.bias else ""),
        ]

    def transpose(self, stage: Transpose) -> Lines:
        x, y, kernel = variable(stage.input), variable(stage.output), variable(stage.kernel)
        ins, outs, letters = self.shapes[stage.input][0], self.shapes[stage.kernel][1], axis_letters(len(stage.stride))
        sides = zip(self.shapes[stage.input][1:], self.extents(stage), stage.stride, stage.output_padding, strict=True)
        reached = tuple(s * (i - 1) + e + a for i, e, s, a in sides)
        cropped = any(map(any, stage.padding))
        full = "full" if cropped else y
        lines: Lines = []
        if stage.flip:
            turned = ", ".join(["::-1"] * len(letters))
            lines += [f"turned = {kernel}[:, :, {turned}]  # taps are written backwards"]
            kernel = "turned"
        start, channels = [], ":"
        if stage.groups > 1:
            start = [f"    start = ch // {ins // stage.groups} * {outs}  # the first output channel of its group"]
            channels = f"start : start + {outs}"
        at = ", ".join(letters)
        lines += [
            *_slow(prod(self.shapes[stage.input])),
            f"{full} = np.zeros({(outs * stage.groups, *reached)})"
            + ("  # with output padding at the end" if any(stage.output_padding) else ""),
            f"for ch, {at} in np.ndindex({x}.shape):",
            *start,
            f"    {full}[{channels}, {self._window(stage)}] += {x}[ch, {at}] * {kernel}[ch]",
        ]
        if cropped:
            crop = ", ".join(f"{p} : {size - q}" for (p, q), size in zip(stage.padding, reached, strict=True))
            lines += [f"{y} = full[:, {crop}]  # padding crops"]
        if stage.bias:
            lines += [f"{y} = {y} + {stage.bias}[:, {', '.join(['None'] * len(letters))}]"]
        return lines

    def pool(self, stage: Pool) -> Lines:
        x, y, letters = variable(stage.input), variable(stage.output), ", ".join(axis_letters(len(stage.stride)))
        lines, function = [], "np.max" if stage.mode == "max" else "np.mean"
        if any(map(any, stage.padding)):
            filled, why = ", constant_values=-np.inf", "padding never wins a maximum"
            if stage.mode == "average" and stage.count_include_pad:
                filled, why = "", "padding counts in the mean"
            elif stage.mode == "average":
                filled, why, function = ", constant_values=np.nan", "padding does not count in the mean", "np.nanmean"
            lines += [f"padded = np.pad({x}, {pads(stage.padding)}{filled})  # {why}"]
            x = "padded"
        return [
            *lines,
            *_loop(y, self.shapes[stage.output], f"ch, {letters}"),
            f"    {y}[ch, {letters}] = {function}({x}[ch, {self._window(stage)}])",
        ]

    def shuffle(self, stage: Shuffle) -> Lines:
        channels, *sides = self.shapes[stage.input]
        apart = (stage.groups, channels // stage.groups, *sides)
        dealt = f"{variable(stage.input)}.reshape{apart}.swapaxes(0, 1)"
        return [f"{variable(stage.output)} = {dealt}.reshape{(channels, *sides)}"]

    def resize(self, stage: Resize) -> Lines:
        sizes = zip(self.shapes[stage.input][1:], stage.size, strict=True)
        x, y = variable(stage.input), variable(stage.output)
        lines = []
        for axis, (i, o) in enumerate(sizes, start=1):
            step = nearest if stage.mode == "nearest" else linear
            lines += step(y, x, axis, i, o, len(stage.size) + 1)
            x = y
        return lines

    def activate(self, stage: Activate) -> Lines:
        return [f"{variable(stage.output)} = np.maximum({variable(stage.input)}, 0)"]

    def _channels(self, stage: Correlate) -> tuple[str, Lines]:
        """The slice of channels that filter ``f`` reads, and the line that finds where it begins."""
        filters, depth = self.shapes[stage.kernel][:2]
        if stage.groups == 1:
            return ":", []
        first = f"    start = f // {filters // stage.groups} * {depth}  # the first input channel of its group"
        return f"start : start + {depth}", [first]

    def _window(self, stage: Correlate | Transpose | Pool) -> str:
        """The cells under the window at the loop's position, a slice an axis."""
        letters = axis_letters(len(stage.stride))
        sides = zip(letters, stage.stride, self.extents(stage), stage.dilation, self.taps(stage), strict=True)
        return ", ".join(window(*side) for side in sides)


def _loop(filled: str, shape: Shape, names: str) -> Lines:
    """Zeros to be filled, and the head of the loop over all of them."""
    return [*_slow(prod(shape)), f"{filled} = np.zeros({shape})", f"for {names} in np.ndindex({filled}.shape):"]


def _slow(positions: int) -> Lines:
    return [f"# {positions} positions: in a loop of Python they take a while"] if positions > SLOW else []


def window(letter: str, s: int, extent: int, d: int, k: int) -> str:
    """One axis of a window.

    >>> window("r", 1, 3, 1, 3), window("c", 2, 5, 2, 3)
    ('r : r + 3', '2 * c : 2 * c + 5 : 2')
    """
    at = letter if s == 1 else f"{s} * {letter}"
    return f"{at} : {at} + {extent}" + (f" : {d}" if d > 1 and k > 1 else "")


def pads(padding: tuple[Pad, ...]) -> str:
    """Padding an axis, none along the channels."""
    return str(((0, 0), *padding))


def axis_letters(dims: int) -> list[str]:
    """Names for slice, row and column in a loop."""
    return ["s", "r", "c"][3 - dims :]


def nearest(y: str, x: str, axis: int, i: int, o: int, axes: int, module: str = "np") -> Lines:
    """Enlarges one axis by copying."""
    return [f"{y} = {module}.take({x}, np.arange({o}) * {i} // {o}, axis={axis})"]


def linear(y: str, x: str, axis: int, i: int, o: int, axes: int, module: str = "np") -> Lines:
    """Enlarges one axis by mixing two cells; ``axes`` is how many the tensor has."""
    shape = tuple(-1 if n == axis else 1 for n in range(axes))
    return [
        f"at = np.clip((np.arange({o}) + 0.5) * {i} / {o} - 0.5, 0, {i - 1})  # centres of the new cells, in old ones",
        "low = np.floor(at).astype(int)",
        f"share = (at - low).reshape{shape}",
        f"below = {module}.take({x}, low, axis={axis})",
        f"above = {module}.take({x}, np.minimum(low + 1, {i - 1}), axis={axis})",
        f"{y} = (1 - share) * below + share * above",
    ]
