"""Convolution arithmetic: which size comes out, in one named relation for every combination of stride and padding."""

from dataclasses import replace
from typing import Any

import numpy as np

from compute.kinds.base import Claim, Document, Equal, Kind, Preset
from compute.kinds.either import Either
from compute.kinds.either import recipe as either
from compute.kinds.single_channel import products_add_up
from compute.recipe import Recipe
from compute.relations import document, relation


class Arithmetic(Either):
    """Parameters of `arithmetic`: those of a convolution and of its transpose, one channel."""


def recipe(params: Arithmetic) -> Recipe:
    """One stage, with the relation that gives its output size."""
    once = either(params, None)
    stage: Any = once.stages[0]
    found = relation(stage, once.shapes["input"][1:], once.shapes["kernel"][2:], once.shapes["output"][1:])
    if found is None:
        return replace(once, baseline=None)
    number, formula = found
    return replace(
        once,
        baseline=None,
        formulas=[*once.formulas[:1], formula, *once.formulas[1:]],
        extra={**once.extra, "relation": document(number)},
    )


def formulas_give_the_size(trace: Document) -> bool:
    """The general formula and the named relation both give the size that the output has."""
    size = trace["tensors"]["output"]["shape"][1:]
    said = [entry["value"] for entry in trace["facts"]["formulas"] if entry["key"] in ("output_size", "relation")]
    return len(said) >= 1 and all(list(value) == list(size) for value in said)


def dropped_cells_are_never_read(trace: Document) -> bool:
    """Cells that the floor drops are counted by no window."""
    dropped = [note["values"]["dropped"] for note in trace["facts"]["notes"] if note["code"] == "cells_dropped"]
    if not dropped:
        return True
    stage = trace["stages"][0]
    reach = [int(np.max(axis["at"])) for axis in stage["axes"]]
    ends = zip(trace["tensors"]["input"]["shape"][1:], stage["padding"], dropped[0], strict=True)
    return reach == [size + after - 1 - rest for (size, (_, after), rest) in ends]


def _figure(name: str, title: str, **params: str) -> Preset:
    return Preset(name, title, {key: value for key, value in params.items() if value})


KIND = Kind(
    slug="arithmetic",
    title="Convolution arithmetic",
    summary="Input size, kernel, stride and padding decide which size comes out.",
    group="shape",
    number=6,
    params=Arithmetic,
    recipe=recipe,
    presets=(
        _figure("same_padding_no_strides", "Half (same) padding", padding="1"),
        _figure("no_padding_no_strides", "No padding, stride 1", input_size="4"),
        _figure("arbitrary_padding_no_strides", "Padding 2, stride 1", kernel_size="4", padding="2"),
        _figure("full_padding_no_strides", "Full padding", padding="2"),
        _figure("no_padding_strides", "No padding, stride 2", stride="2"),
        _figure("padding_strides", "Padding 1, stride 2", stride="2", padding="1"),
        _figure(
            "padding_strides_odd", "Padding 1, stride 2: a row is dropped", input_size="6", stride="2", padding="1"
        ),
        _figure("dilation", "Dilation 2", input_size="7", dilation="2"),
        _figure("no_padding_no_strides_transposed", "Transposed: no padding", transposed="true", input_size="2"),
        _figure(
            "arbitrary_padding_no_strides_transposed",
            "Transposed: padding 2, kernel 4",
            transposed="true",
            input_size="6",
            kernel_size="4",
            padding="2",
        ),
        _figure("same_padding_no_strides_transposed", "Transposed: half padding", transposed="true", padding="1"),
        _figure(
            "full_padding_no_strides_transposed",
            "Transposed: full padding",
            transposed="true",
            input_size="7",
            padding="2",
        ),
        _figure("no_padding_strides_transposed", "Transposed: stride 2", transposed="true", input_size="2", stride="2"),
        _figure(
            "padding_strides_transposed",
            "Transposed: stride 2, padding 1",
            transposed="true",
            input_size="3",
            stride="2",
            padding="1",
        ),
        _figure(
            "padding_strides_odd_transposed",
            "Transposed: stride 2, output padding 1",
            transposed="true",
            input_size="3",
            stride="2",
            padding="1",
            output_padding="1",
        ),
        _figure("valid", "The word valid", padding="valid"),
        _figure("same", "The word same", padding="same"),
        _figure("full", "The word full", padding="full"),
        _figure(
            "tensorflow-same", "TensorFlow's same: 2 before, 3 after", input_size="10", kernel_size="6", padding="same"
        ),
    ),
    claims=(
        Claim("An output cell is the sum of its products.", products_add_up),
        Claim("The formulas give the size of the output.", formulas_give_the_size),
        Claim("Dropped cells are never read.", dropped_cells_are_never_read),
    ),
    equals=(
        Equal(
            "Not transposed, this is the single-channel convolution.",
            {"padding": "1", "stride": "2"},
            "single-channel",
            {"padding": "1", "stride": "2"},
        ),
        Equal(
            "Transposed, it is the transposed convolution.",
            {"transposed": "true", "input_size": "3", "stride": "2"},
            "transposed",
            {"input_size": "3", "stride": "2"},
        ),
    ),
)
