"""Plain nested loops, written from the definitions and not from the engine: what tests hold the engine against."""

from itertools import product

import numpy as np

NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def cells(shape):
    """All index tuples of a shape."""
    return product(*map(range, shape))


def correlate(x, w, stride, padding, dilation, groups=1, mode="zeros", flip=False):
    """x (channel, axes…), w (filter, channel of the group, taps…), padding (before, after) an axis."""
    x = np.pad(x, [(0, 0), *padding], mode=NUMPY_MODES[mode])
    if flip:
        w = np.flip(w, axis=tuple(range(2, w.ndim)))
    filters, depth, *taps = w.shape
    sides = [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(x.shape[1:], taps, stride, dilation, strict=True)]
    y = np.zeros((filters, *sides))
    for f, *at in cells(y.shape):
        group = f // (filters // groups)
        for c, *tap in cells((depth, *taps)):
            place = [o * s + t * d for o, s, t, d in zip(at, stride, tap, dilation, strict=True)]
            y[(f, *at)] += x[(group * depth + c, *place)] * w[(f, c, *tap)]
    return y


def transpose(x, w, stride, padding, dilation, output_padding, groups=1):
    """x (channel, axes…), w (channel, output channel of the group, taps…); padding crops, one number an axis."""
    ins, per_group, *taps = w.shape
    sizes = zip(x.shape[1:], taps, stride, dilation, output_padding, strict=True)
    full = np.zeros((per_group * groups, *(s * (i - 1) + d * (k - 1) + 1 + a for i, k, s, d, a in sizes)))
    for c, *at in cells(x.shape):
        group = c // (ins // groups)
        for f, *tap in cells((per_group, *taps)):
            place = [o * s + t * d for o, s, t, d in zip(at, stride, tap, dilation, strict=True)]
            full[(group * per_group + f, *place)] += x[(c, *at)] * w[(c, f, *tap)]
    crop = [slice(p, size - p) for p, size in zip(padding, full.shape[1:], strict=True)]
    return full[(slice(None), *crop)]


def stage(made, stage):
    """What a stage of a trace must write, from the tensors that it reads."""
    read = [np.asarray(made["tensors"][name]["values"], float) for name in stage.get("inputs") or [stage["input"]]]
    return STAGES[stage["operation"]](*read, stage=stage, tensors=made["tensors"])


def _correlate_stage(x, stage, tensors):
    w = np.asarray(tensors[stage["kernel"]]["values"], float)
    loops = {name: stage[name] for name in ("stride", "padding", "dilation", "groups", "flip")}
    return _biased(correlate(x, w, mode=stage["padding_mode"], **loops), stage)


def _transpose_stage(x, stage, tensors):
    w = np.asarray(tensors[stage["kernel"]]["values"], float)
    loops = {name: stage[name] for name in ("stride", "dilation", "groups", "output_padding")}
    return _biased(transpose(x, w, padding=[before for before, _ in stage["padding"]], **loops), stage)


def _biased(y, stage):
    return y if stage["bias"] is None else y + np.reshape(stage["bias"], (-1, *[1] * (y.ndim - 1)))


def _pool_stage(x, stage, tensors):
    names = ("stride", "padding", "dilation", "mode", "count_include_pad")
    return pool(x, stage["kernel_size"], **{name: stage[name] for name in names})


def _resize_stage(x, stage, tensors):
    return (nearest if stage["mode"] == "nearest" else linear)(x, stage["size"])


def _shuffle_stage(x, stage, tensors):
    channels, groups = len(x), stage["groups"]
    y = np.zeros_like(x)
    for c in range(channels):
        group, place = divmod(c, channels // groups)
        y[place * groups + group] = x[c]
    return y


STAGES = {
    "correlate": _correlate_stage,
    "transpose": _transpose_stage,
    "pool": _pool_stage,
    "resize": _resize_stage,
    "shuffle": _shuffle_stage,
    "activate": lambda x, stage, tensors: np.where(x > 0, x, 0),
    "sum": lambda *read, stage, tensors: sum(read),
}


def nearest(x, size):
    """Each cell of the enlarged grid copies the cell that it lies in."""
    y = np.zeros((x.shape[0], *size))
    for c, *at in cells(y.shape):
        y[(c, *at)] = x[(c, *(o * i // n for o, i, n in zip(at, x.shape[1:], size, strict=True)))]
    return y


def linear(x, size):
    """Each cell's centre lies between the centres of two cells an axis, and takes of each by how near it is."""
    y = np.zeros((x.shape[0], *size))
    for c, *at in cells(y.shape):
        pairs = []
        for o, i, n in zip(at, x.shape[1:], size, strict=True):
            centre = min(max((o + 0.5) * i / n - 0.5, 0), i - 1)
            low = int(centre)
            pairs.append([(low, 1 - (centre - low)), (min(low + 1, i - 1), centre - low)])
        for corner in product(*pairs):
            share = np.prod([part for _, part in corner])
            y[(c, *at)] += share * x[(c, *(place for place, _ in corner))]
    return y


def pool(x, size, stride, padding, dilation, mode, count_include_pad=True):
    """Windows of each channel by themselves."""
    padded = np.pad(x, [(0, 0), *padding], constant_values=np.nan)
    sides = [
        (n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(padded.shape[1:], size, stride, dilation, strict=True)
    ]
    y = np.zeros((x.shape[0], *sides))
    for c, *at in cells(y.shape):
        read = [
            padded[(c, *(o * s + t * d for o, s, t, d in zip(at, stride, tap, dilation, strict=True)))]
            for tap in cells(size)
        ]
        real = [value for value in read if not np.isnan(value)]
        divisor = len(read) if count_include_pad else len(real)
        y[(c, *at)] = max(real) if mode == "max" else sum(real) / divisor
    return y
