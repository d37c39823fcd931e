"""Keras' layers: their names, the order of their arguments, and what they mean in PyTorch's words."""

from collections.abc import Callable
from typing import Any

from compute.errors import ParameterError
from compute.geometry import extent
from compute.parameters import whole
from compute.reader.arguments import Bound, Signature, signature
from compute.reader.layers import Between, Language, Layer, Reader, count, flag, per_axis, word

# Of no consequence for sizes, costs and figure.
_ELSEWHERE = """name dtype trainable batch_size input_dim autocast activity_regularizer
kernel_initializer bias_initializer kernel_regularizer bias_regularizer kernel_constraint bias_constraint
depthwise_initializer pointwise_initializer depthwise_regularizer pointwise_regularizer
depthwise_constraint pointwise_constraint"""
_OPEN = {"input_shape": None, "batch_input_shape": None}

_CONV = signature(
    "filters",
    "kernel_size",
    strides=1,
    padding="valid",
    data_format=None,
    dilation_rate=1,
    groups=1,
    activation=None,
    use_bias=True,
    ignored=_ELSEWHERE + " activation",
    **_OPEN,
)
_TRANSPOSE = signature(
    "filters",
    "kernel_size",
    strides=1,
    padding="valid",
    output_padding=None,
    data_format=None,
    dilation_rate=1,
    activation=None,
    use_bias=True,
    ignored=_ELSEWHERE + " activation",
    **_OPEN,
)
_DEPTHWISE = signature(
    "kernel_size",
    strides=1,
    padding="valid",
    depth_multiplier=1,
    data_format=None,
    dilation_rate=1,
    activation=None,
    use_bias=True,
    ignored=_ELSEWHERE + " activation",
    **_OPEN,
)
_SEPARABLE = signature(
    "filters",
    "kernel_size",
    strides=1,
    padding="valid",
    data_format=None,
    dilation_rate=1,
    depth_multiplier=1,
    activation=None,
    use_bias=True,
    ignored=_ELSEWHERE + " activation",
    **_OPEN,
)
_POOL = signature(pool_size=2, strides=None, padding="valid", data_format=None, ignored=_ELSEWHERE, **_OPEN)


def _conv(bound: Bound, dims: int) -> Layer:
    params = _sizes(bound, dims) | {"out_channels": count(bound, "filters"), "groups": count(bound, "groups")}
    return _layer("convolution", bound, dims, params | _padding(bound, dims, params, causal=dims == 1))


def _depthwise(bound: Bound, dims: int) -> Layer:
    params = _sizes(bound, dims)
    multiplier = count(bound, "depth_multiplier")
    return _layer("convolution", bound, dims, params | _padding(bound, dims, params), multiplier)


def _separable(bound: Bound, dims: int) -> Layer:
    params = _sizes(bound, dims) | {"out_channels": count(bound, "filters")}
    multiplier = count(bound, "depth_multiplier")
    return _layer("separable", bound, dims, params | _padding(bound, dims, params), multiplier)


def _transpose(bound: Bound, dims: int) -> Layer:
    """Keras gives the size and leaves the crop to follow; PyTorch gives the crop. The same kernel, the same cells."""
    params = _sizes(bound, dims) | {"out_channels": count(bound, "filters"), "groups": 1}
    how = word(bound, "padding", ("valid", "same"))
    asked = [None] * dims if bound.values["output_padding"] is None else per_axis(bound, "output_padding", dims)
    _whole(params, asked)
    taps, stride, dilation = (params[name] for name in ("kernel_size", "stride", "dilation"))
    crops = [crop(k, s, d, how, a) for k, s, d, a in zip(taps, stride, dilation, asked, strict=True)]
    params |= {"padding": [p for p, _, _ in crops], "output_padding": [a for _, a, _ in crops]}
    shifted = any(moved for _, _, moved in crops)
    said = (
        "Keras crops the odd cell at the end, and the figure at the start: the same shape, one cell aside."
        if shifted
        else ""
    )
    remarks: Any = (("crop_shifted", said, {}),) if shifted else ()
    return _layer("transposed", bound, dims, params, remarks=remarks)


def crop(k: int, s: int, d: int, how: str, added: int | None) -> tuple[int, int, bool]:
    """Padding and output_padding of the same size, and whether Keras' cells lie one aside; raises ParameterError.

    Keras makes ``valid`` s·(i−1) + max(reach, s) long, and ``same`` s·i.

    >>> crop(4, 2, 1, "same", None), crop(3, 2, 1, "same", None), crop(2, 3, 1, "valid", None)
    ((1, 0, False), (1, 1, True), (0, 1, False))
    """
    reach = extent(k, d)
    if how == "valid":
        return 0, max(reach, s) - reach if added is None else added, False
    kept = s + reach - 2 if added is None else reach + reach % 2 - 2 + added
    before = reach - 1 - min(kept - kept // 2, reach - 1)
    after = 2 * (reach - 1) - kept - before
    if before >= after:
        return before, before - after, False
    if 2 * after - before - after < s:
        return after, after - before, True
    raise ParameterError(
        "not_for_this_kind",
        "padding",
        f"padding 'same' of a kernel of {reach} with stride {s} crops the end alone; the figure crops both sides.",
        "Try an odd kernel_size.",
    )


def _whole(params: dict[str, Any], asked: list[Any]) -> None:
    """The crop is calculated before the kind looks at the numbers, so they must be numbers."""
    for name in ("kernel_size", "stride", "dilation"):
        for value in params[name]:
            whole(value, name, 1, 1000)
    for value in asked:
        if value is not None:
            whole(value, "output_padding", 0, 1000)


def _pool(bound: Bound, dims: int, mode: str) -> Layer:
    how = word(bound, "padding", ("valid", "same"))
    taps = per_axis(bound, "pool_size", dims)
    params = {
        "mode": mode,
        "kernel_size": taps,
        "stride": taps if bound.values["strides"] is None else per_axis(bound, "strides", dims),
        "padding": how if how == "same" else [0] * dims,
        "dilation": [1] * dims,
        "count_include_pad": mode == "max",
    }
    return _layer("pooling", bound, dims, params)


def _sizes(bound: Bound, dims: int) -> dict[str, Any]:
    names = {"kernel_size": "kernel_size", "strides": "stride", "dilation_rate": "dilation"}
    sizes = {ours: per_axis(bound, theirs, dims) for theirs, ours in names.items()}
    return sizes | {"bias": flag(bound, "use_bias")}


def _padding(bound: Bound, dims: int, params: dict[str, Any], causal: bool = False) -> dict[str, Any]:
    """The words as they are; ``causal`` pads before the first cell alone."""
    if any(s != 1 for s in params["stride"]) and any(d != 1 for d in params["dilation"]):
        raise ParameterError(
            "not_for_this_kind",
            "dilation_rate",
            "Keras takes strides above 1 or dilation_rate above 1, and not both.",
            "Try dilation_rate 1.",
        )
    how = word(bound, "padding", ("valid", "same", "causal") if causal else ("valid", "same"))
    if how != "causal":
        return {"padding": how if how == "same" else [0] * dims}
    _whole(params, [])
    return {"padding": [[extent(params["kernel_size"][0], params["dilation"][0]) - 1, 0]]}


def _layer(operation: Any, bound: Bound, dims: int, params: Any, multiplier: Any = None, remarks: Any = ()) -> Layer:
    first = bound.values["data_format"] is not None and (
        word(bound, "data_format", ("channels_last", "channels_first")) == "channels_first"
    )
    shape, batched = bound.values["input_shape"], bound.values["batch_input_shape"]
    if shape is None and isinstance(batched, list):
        shape = batched[1:]
    named = bound.skipped.get("activation")
    said = getattr(named, "value", None)
    activation = said if isinstance(said, str) else getattr(named, "attr", "")
    return Layer(operation, dims, params, None, multiplier, first, shape, activation[:40], remarks)


def _layers() -> dict[str, Reader]:
    found: dict[str, Reader] = {}

    def add(names: list[str], sign: Signature, make: Callable[..., Layer], *more: Any) -> None:
        for name in names:
            found[name] = Reader("keras", sign, lambda bound: make(bound, *more))

    for dims in (1, 2, 3):
        add([f"Conv{dims}D", f"Convolution{dims}D"], _CONV, _conv, dims)
        add([f"Conv{dims}DTranspose", f"Convolution{dims}DTranspose"], _TRANSPOSE, _transpose, dims)
        add([f"MaxPooling{dims}D", f"MaxPool{dims}D"], _POOL, _pool, dims, "max")
        add([f"AveragePooling{dims}D", f"AvgPool{dims}D"], _POOL, _pool, dims, "average")
    for dims in (1, 2):
        add([f"DepthwiseConv{dims}D"], _DEPTHWISE, _depthwise, dims)
        add([f"SeparableConv{dims}D", f"SeparableConvolution{dims}D"], _SEPARABLE, _separable, dims)
    return found


_KEEPING = """ReLU LeakyReLU PReLU ELU Softmax Activation ThresholdedReLU BatchNormalization LayerNormalization
GroupNormalization UnitNormalization SpatialDropout1D SpatialDropout2D SpatialDropout3D
GaussianNoise GaussianDropout AlphaDropout Dropout Identity Rescaling ActivityRegularization"""
_ENDING = "Flatten Dense GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D \
GlobalMaxPooling2D GlobalMaxPooling3D Reshape"

KERAS = Language(
    modules=frozenset({"", "layers", "keras", "keras.layers", "tf.keras", "tf.keras.layers", "tensorflow.keras"})
    | {"tensorflow.keras.layers", "models", "keras.models", "tf.keras.models", "tensorflow.keras.models"},
    layers=_layers(),
    between={
        **{name: Between("keras") for name in _KEEPING.split()},
        **{name: Between("keras", keeps=False) for name in _ENDING.split()},
    },
)
