"""PyTorch's layers: their names, the order of their arguments, and what they mean."""

from collections.abc import Callable
from typing import Any

from compute.errors import ParameterError
from compute.reader.arguments import Bound, Signature, signature
from compute.reader.layers import Between, Language, Layer, Reader, count, flag, per_axis, refuse, word, wrong

_ELSEWHERE = "device dtype"
_CONV = signature(
    "in_channels",
    "out_channels",
    "kernel_size",
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    bias=True,
    padding_mode="zeros",
    device=None,
    dtype=None,
    ignored=_ELSEWHERE,
)
# Not the order of Conv: output_padding, groups and bias stand before dilation.
_TRANSPOSE = signature(
    "in_channels",
    "out_channels",
    "kernel_size",
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    bias=True,
    dilation=1,
    padding_mode="zeros",
    device=None,
    dtype=None,
    ignored=_ELSEWHERE,
)
_MAX = signature("kernel_size", stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)
_AVERAGE = signature(
    "kernel_size", stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
)


def _conv(bound: Bound, dims: int) -> Layer:
    params = _shared(bound, dims)
    padding = bound.values["padding"]
    params["padding"] = (
        word(bound, "padding", ("valid", "same")) if isinstance(padding, str) else per_axis(bound, "padding", dims)
    )
    params["padding_mode"] = bound.values["padding_mode"]
    if params["padding"] == "same" and any(side != 1 for side in params["stride"]):
        raise ParameterError(
            "not_for_this_kind",
            "padding",
            f"PyTorch has no padding 'same' with stride {bound.values['stride']}: it pads for stride 1 alone.",
            "Give numbers.",
        )
    return Layer("convolution", dims, params, count(bound, "in_channels"))


def _transpose(bound: Bound, dims: int) -> Layer:
    refuse(bound, "padding_mode", "zeros", "PyTorch's transposed layers take zeros alone")
    if isinstance(bound.values["padding"], str):
        raise wrong("padding", "one number an axis: it crops")
    sizes = {name: per_axis(bound, name, dims) for name in ("padding", "output_padding")}
    return Layer("transposed", dims, _shared(bound, dims) | sizes, count(bound, "in_channels"))


def _shared(bound: Bound, dims: int) -> dict[str, Any]:
    sizes = {name: per_axis(bound, name, dims) for name in ("kernel_size", "stride", "dilation")}
    return {
        "out_channels": count(bound, "out_channels"),
        **sizes,
        "groups": count(bound, "groups"),
        "bias": flag(bound, "bias"),
    }


def _pool(bound: Bound, dims: int, mode: str) -> Layer:
    refuse(bound, "ceil_mode", False, "the last window would overhang the input")
    if mode == "average":
        refuse(bound, "divisor_override", None, "the mean divides by the window")
    kernel = per_axis(bound, "kernel_size", dims)
    params = {
        "mode": mode,
        "kernel_size": kernel,
        "stride": kernel if bound.values["stride"] is None else per_axis(bound, "stride", dims),
        "padding": per_axis(bound, "padding", dims),
        "dilation": per_axis(bound, "dilation", dims) if mode == "max" else [1] * dims,
        "count_include_pad": mode == "max" or flag(bound, "count_include_pad"),
    }
    return Layer("pooling", dims, params)


def _layers() -> dict[str, Reader]:
    found: dict[str, Reader] = {}

    def add(name: str, sign: Signature, make: Callable[..., Layer], *more: Any) -> None:
        found[name] = Reader("pytorch", sign, lambda bound: make(bound, *more))

    for dims in (1, 2, 3):
        add(f"Conv{dims}d", _CONV, _conv, dims)
        add(f"ConvTranspose{dims}d", _TRANSPOSE, _transpose, dims)
        add(f"MaxPool{dims}d", _MAX, _pool, dims, "max")
        add(f"AvgPool{dims}d", _AVERAGE, _pool, dims, "average")
    return found


_KEEPING = """ReLU ReLU6 LeakyReLU PReLU ELU CELU SELU GELU SiLU Mish Sigmoid Tanh Hardswish Hardsigmoid Hardtanh
Softplus Softsign Softmax LogSoftmax Softmax2d LogSigmoid Threshold RReLU Softmin Softshrink Hardshrink Tanhshrink
Identity Dropout Dropout1d Dropout2d Dropout3d AlphaDropout GroupNorm LayerNorm LocalResponseNorm
InstanceNorm1d InstanceNorm2d InstanceNorm3d"""
_ENDING = """Flatten Linear LazyLinear Unflatten AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d
AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d"""

PYTORCH = Language(
    modules=frozenset({"", "nn", "torch.nn"}),
    layers=_layers(),
    between={
        **{name: Between("pytorch") for name in _KEEPING.split()},
        **{name: Between("pytorch", channels="num_features") for name in ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")},
        "SyncBatchNorm": Between("pytorch", channels="num_features"),
        **{name: Between("pytorch", keeps=False) for name in _ENDING.split()},
    },
)
