"""Two further readings of a transposed convolution: an ordinary window over stuffed zeros, and the matrix Cᵀ."""

from math import prod
from typing import Any

import numpy as np

from compute.engine import Floats, Run, positions
from compute.geometry import axis_names, extent
from compute.stages import Transpose, group_channels


def zero_stuffed(stage: Transpose, run: Run) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tensors ``stuffed`` and ``turned``, and the tables of the stride-1 window that reads them.

    ``stuffed`` holds all that the window ever touches: the input with s − 1 zeros between its cells, and d(k−1) − p
    around them (output_padding more at the end). ``turned`` is the kernel turned by 180° with its channels exchanged:
    tap t of it is tap k − 1 − t of the kernel. Source: Dumoulin & Visin 2016, chapter 4.
    """
    channels, *sides = run.shapes[stage.input]
    outs = run.shapes[stage.output][1:]
    taps = run.shapes[stage.kernel][2:]
    origins, tables = [], []
    for i, o, k, s, p, d in zip(sides, outs, taps, stage.stride, stage.padding, stage.dilation, strict=True):
        before = extent(k, d) - 1 - p[0]
        whole, rest = np.divmod(np.arange(o + extent(k, d) - 1) - before, s)
        origins.append(np.where((rest == 0) & (whole >= 0) & (whole < i), whole, -1))
        tables.append({"at": np.add.outer(np.arange(o), np.arange(k) * d)})
    padded = np.pad(run.whole(stage.input), [(0, 0), *[(0, 1)] * len(sides)])  # index −1 reads the zero appended here
    stuffed = padded[np.ix_(np.arange(channels), *origins)]
    kernel = run.filters(stage)
    turned = kernel if stage.flip else np.flip(kernel, axis=tuple(range(2, kernel.ndim)))
    names = axis_names(len(sides))
    tensors = {
        "stuffed": {
            "role": "padded",
            "axes": ["channel", *names],
            "shape": list(stuffed.shape),
            "values": stuffed,
            "of": stage.input,
            "from": origins,
        },
        "turned": {
            "role": "kernel",
            "axes": ["filter", "channel", *names],
            "shape": list(turned.shape),
            "values": turned,
            "of": stage.kernel,
        },
    }
    return tensors, {"input": "stuffed", "kernel": "turned", "axes": tables}


def matrix(stage: Transpose, run: Run) -> Floats:
    """C (input cells, output cells), both flattened over (channel, spatial axes…); the stage computes y = Cᵀx.

    C is the matrix of the direct convolution whose shape the stage undoes. CᵀC is not the identity. A row of C is the
    stamp of one input cell of value one.
    """
    inputs, outputs = run.shapes[stage.input], run.shapes[stage.output]
    rows = np.arange(prod(inputs))
    cells = positions(0, prod(inputs), inputs)
    written = group_channels(inputs[0], outputs[0], stage.groups)[cells[:, 0]]
    index = written * prod(outputs[1:])
    cropped = np.zeros_like(index, dtype=bool)
    for axis, table in enumerate(run.relation(stage).axes):
        assert table.targets is not None
        targets = table.targets[cells[:, axis + 1]]
        index = (index[:, :, None] + targets[:, None] * prod(outputs[axis + 2 :])).reshape(len(rows), -1)
        cropped = (cropped[:, :, None] | (targets < 0)[:, None]).reshape(len(rows), -1)
    weights = run.whole(stage.kernel).reshape(inputs[0], -1)[cells[:, 0]]
    found = np.zeros((len(rows), prod(outputs)))
    kept = ~cropped
    found[np.broadcast_to(rows[:, None], index.shape)[kept], index[kept]] = weights[kept]
    return found
