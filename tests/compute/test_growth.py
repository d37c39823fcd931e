"""What an answer costs grows with what is asked for: in bytes held, as ratios of one run, never in time."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from compute.kinds import KINDS
from tests.compute.alone import alone

Document = dict[str, Any]


def measured(make: Callable[[], Document]) -> tuple[int, Document]:
    """The most bytes that were held at a time while a document was made; what is remembered for ever is made before."""
    make()
    tracemalloc.start()
    document = make()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, document


def numbers(value: Any) -> int:
    """The numbers in a document."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(map(numbers, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(numbers, value))
    return int(isinstance(value, int | float))


@pytest.mark.parametrize("slug", KINDS)
def test_facts_cost_the_sum_of_the_sides(slug):
    """Ten times the side is ten times the cells along an axis; a map of them would be a hundred times."""
    kind = KINDS[slug]
    small, large = (alone(kind, {"input_size": side}) for side in ("1000", "10000"))
    before, few = measured(lambda: kind.facts(small))
    after, many = measured(lambda: kind.facts(large))
    assert numbers(many) < 10.5 * numbers(few)
    assert after < 12 * before


def test_overlap_is_told_along_each_axis_and_never_over_the_map():
    params = alone(KINDS["transposed"], {"input_size": "20000x30", "stride": "2", "kernel_size": "3"})
    most, document = measured(lambda: KINDS["transposed"].facts(params))
    (overlap,) = (stage["overlap"] for stage in document["stages"])
    sides = document["tensors"]["output"]["shape"][1:]
    assert [len(axis) for axis in overlap["per_axis"]] == sides
    assert most < 200 * sum(sides) < 8 * sides[0] * sides[1]


def layer(side: int, filters: int, count: int) -> tuple[int, Document]:
    """A page of the steps of a layer whose kernels are 7 × 7 and see three channels."""
    asked = {"input_size": side, "in_channels": 3, "out_channels": filters, "kernel_size": 7}
    params = alone(KINDS["layer"], {name: str(value) for name, value in {**asked, "count": count}.items()})
    return measured(lambda: KINDS["layer"].trace(params))


def test_a_page_of_steps_costs_what_it_holds_whatever_the_layer():
    """Four million cells are never computed for the sake of 64: bytes a number of the answer stay the same."""
    small, few = layer(64, 16, 64)
    large, many = layer(256, 64, 64)
    for document, filters in ((few, 16), (many, 64)):
        steps = document["stages"][0]["steps"]
        assert steps["products"].size == 64 * 3 * 7 * 7
        assert document["tensors"]["output"]["values"] is None
        assert document["facts"]["steps"] == filters * np.prod(document["tensors"]["output"]["shape"][1:])
    assert many["facts"]["steps"] > 70 * few["facts"]["steps"]
    assert large / numbers(many) < 2 * small / numbers(few)


def test_more_steps_cost_what_they_add():
    """From 16 steps to 256, beside what the tensors cost that both show."""
    held = [layer(128, 16, count) for count in (16, 256)]
    (few, _), (many, document) = held
    products = document["stages"][0]["steps"]["products"]
    assert products.size == 256 * 3 * 7 * 7
    assert many - few < 6 * products.nbytes
