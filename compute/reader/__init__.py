"""The way back from code to figures: PyTorch's and Keras' layers, read as syntax and never run."""

from typing import Any

from compute.errors import ParameterError
from compute.parameters import Size, wrong_type
from compute.reader.text import MAX_CODE, parse
from compute.reader.walk import MAX_INPUT, Walk

__all__ = ["DEFAULT_SIZE", "MAX_CODE", "MAX_INPUT", "read"]

DEFAULT_SIZE = "32"


def read(code: Any, input_size: Any = DEFAULT_SIZE) -> dict[str, Any]:
    """The layers in a text, each with its facts and a figure to watch, and notes on the rest.

    ``input_size`` is what reaches the first layer where the code does not say: one number for all axes, or one an
    axis. Raises ParameterError where the text is no Python; what is no layer is pointed at in ``notes``.

    >>> read("nn.Conv2d(64, 128, 3, stride=2, padding=1)")["layers"][0]["facts"]["output_shape"]
    [128, 16, 16]
    """
    if not isinstance(code, str):
        raise wrong_type(code, "code", "text")
    sizes = Size(1, MAX_INPUT, (1, 16), 3).parse(input_size, "input_size")
    if not code.strip():
        raise ParameterError("code_empty", "code", "There is no code.", "Paste a layer, such as nn.Conv2d(3, 8, 3).")
    return Walk(parse(code), sizes).document()
