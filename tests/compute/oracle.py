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
