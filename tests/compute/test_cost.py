"""Costs and receptive fields against counting, for small figures, and against published layers, for large ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from compute.cost import cost, receptive_field
from compute.kinds import KINDS
from compute.stages import Activate, Correlate, Pool, Resize, Shuffle, Sum, Transpose
from tests.compute.strategies import directs, transposes

X = {"x": (2, 8, 8), "y": (2, 4, 4)}


@given(directs())
def test_a_convolution_costs_its_taps_times_its_values(case):
    made = case.run()
    spent = cost(case.stage, made.shapes)
    values, taps = made.whole("output").size, case.w[0].size
    assert (spent.multiplications, spent.additions) == (values * taps, values * (taps - 1))
    assert spent.parameters == case.w.size


@given(transposes())
def test_a_transposed_convolution_costs_its_stamps_and_adds_where_they_meet(case):
    """Counted on the uncropped output: each cell takes one addition fewer than products."""
    uncropped = replace(case.stage, padding=((0, 0),) * (case.x.ndim - 1), output_padding=(0,) * (case.x.ndim - 1))
    ones = replace(case, stage=uncropped).run(np.ones_like(case.x), np.ones_like(case.w)).whole("output")
    spent = cost(case.stage, case.run().shapes)
    assert spent.multiplications == ones.sum()
    assert spent.additions == ones.sum() - (ones > 0).sum()


def test_other_stages_cost_what_frameworks_count():
    pool = Pool("", "x", "y", (2, 2), (2, 2), ((0, 0), (0, 0)), (1, 1))
    assert cost(pool, X).document() == {"multiplications": 0, "additions": 0, "parameters": 0, "comparisons": 96}
    assert cost(replace(pool, mode="average"), X).document() == {
        "multiplications": 32,
        "additions": 96,
        "parameters": 0,
    }
    for free in (Shuffle("", "x", "y", 2), Activate("", "x", "y"), Resize("", "x", "y", (4, 4))):
        assert not any(cost(free, X).document().values())
    assert cost(Sum("", ("a", "b", "c"), "y"), X).additions == 64
    assert cost(Resize("", "x", "y", (4, 4), "bilinear"), X).multiplications == 32 * 4


def chain(*layers):
    """Direct layers (k, s, d) in one dimension, one after the other, and their shapes."""
    stages, shapes = [], {"t0": (1, 99)}
    for n, (k, s, d) in enumerate(layers):
        stages.append(Correlate(str(n), f"t{n}", f"w{n}", f"t{n + 1}", (s,), ((0, 0),), (d,)))
        shapes |= {f"w{n}": (1, 1, k), f"t{n + 1}": (1, 1)}
    return stages, shapes


@pytest.mark.parametrize(
    ("layers", "field"),
    [
        ([(3, 1, 1)], 3),
        ([(3, 1, 2)], 5),
        ([(3, 1, 4)], 9),
        ([(3, 1, 1), (3, 1, 2)], 7),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 4)], 15),
        ([(3, 2, 1), (3, 2, 1)], 7),
        ([(7, 2, 1), (3, 2, 1), (3, 1, 1)], 19),
    ],
)
def test_the_receptive_field_grows_through_stacked_layers(layers, field):
    stages, shapes = chain(*layers)
    assert receptive_field(stages, shapes, "t0", f"t{len(layers)}") == (field,)


def test_the_receptive_field_of_a_transposed_layer_is_the_largest_over_its_phases():
    stage = Transpose("t", "x", "w", "y", (2,), ((0, 0),), (1,), (0,))
    assert receptive_field([stage], {"x": (1, 9), "w": (1, 1, 3), "y": (1, 19)}, "x", "y") == (2,)


def test_a_branch_that_sees_further_decides_the_receptive_field():
    stages = [
        Correlate("a", "x", "w", "a", (1,), ((1, 1),), (1,)),
        Correlate("b", "x", "v", "b", (1,), ((4, 4),), (2,)),
        Sum("s", ("a", "b"), "y"),
    ]
    shapes = {"x": (1, 9), "w": (1, 1, 3), "v": (1, 1, 5), "a": (1, 9), "b": (1, 9), "y": (1, 9)}
    assert receptive_field(stages, shapes, "x", "y") == (9,)


# (name, parameters of `layer`, output shape, weights, multiplications), counted from the papers' tables
PUBLISHED = [
    ("VGG-16 conv1_2", "224 64 64 3 1 1 1", [64, 224, 224], 36_864, 1_849_688_064),
    ("VGG-16 conv2_1", "112 64 128 3 1 1 1", [128, 112, 112], 73_728, 924_844_032),
    ("VGG-16 conv5_3", "14 512 512 3 1 1 1", [512, 14, 14], 2_359_296, 462_422_016),
    ("ResNet-50 conv1", "224 3 64 7 2 3 1", [64, 112, 112], 9_408, 118_013_952),
    ("ResNet-50 res5 1x1", "7 512 2048 1 1 0 1", [2048, 7, 7], 1_048_576, 51_380_224),
    ("MobileNet dw 112", "112 32 32 3 1 1 32", [32, 112, 112], 288, 3_612_672),
    ("MobileNet dw s2", "112 64 64 3 2 1 64", [64, 56, 56], 576, 1_806_336),
    ("MobileNet pw last", "7 1024 1024 1 1 0 1", [1024, 7, 7], 1_048_576, 51_380_224),
    ("ShuffleNet g3 1x1", "28 240 60 1 1 0 3", [60, 28, 28], 4_800, 3_763_200),
    ("224 x 64 to 128", "224 64 128 3 1 1 1", [128, 224, 224], 73_728, 3_699_376_128),
]


@pytest.mark.parametrize(
    ("numbers", "shape", "weights", "products"), [row[1:] for row in PUBLISHED], ids=[row[0] for row in PUBLISHED]
)
def test_facts_answer_for_layers_of_published_networks(numbers, shape, weights, products):
    names = ("input_size", "in_channels", "out_channels", "kernel_size", "stride", "padding", "groups")
    layer = KINDS["layer"]
    facts = layer.facts(layer.parse_facts(dict(zip(names, numbers.split(), strict=True))))["facts"]
    assert (facts["output_shape"], facts["parameters"], facts["multiplications"]) == (shape, weights, products)
