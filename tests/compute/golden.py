"""The recorded answers of an independent library (PyTorch), from tests/golden."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "golden"


@cache
def load(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    cases: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())
    return cases


def recorded(name: str) -> dict[str, Any]:
    """A file that is one document."""
    document: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return document


def layer(case: dict[str, Any]) -> dict[str, Any]:
    """A random case as the JSON body of a `layer`."""
    names = ("dims", "stride", "padding", "padding_mode", "output_padding", "dilation", "groups", "input", "kernel")
    return {name: case[name] for name in names if name in case} | {"transposed": case["op"] == "conv_transpose"}
