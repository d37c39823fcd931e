"""What is kept of a figure for other seeds is right for all of them, and changes nothing that was answered before."""

import tracemalloc

import pytest

from app.answers import dumped, facts_document, trace_bytes, trace_document
from compute.kinds import KINDS
from compute.kinds.base import Kind
from compute.plan import MOST_KEPT
from tests.compute.alone import alone

PRESETS = [
    pytest.param(kind, dict(preset.params), id=f"{kind.slug}-{preset.id}")
    for kind in KINDS.values()
    for preset in kind.presets
]


@pytest.mark.parametrize(("kind", "pairs"), PRESETS)
def test_other_seeds_of_a_figure_have_the_answers_that_they_have_alone(kind: Kind, pairs: dict[str, str]) -> None:
    expected = [dumped(trace_document(kind, alone(kind, {**pairs, "seed": str(seed)}))) for seed in (1, 2)]
    facts = [dumped(facts_document(kind, alone(kind, {**pairs, "seed": str(seed)}))) for seed in (1, 2)]
    # Twice each: made, then made from what was kept; and in turn, so that neither has the other's numbers.
    for seed in (1, 2, 1, 2):
        params = kind.parse({**pairs, "seed": str(seed)})
        assert trace_bytes(kind, params) == expected[seed - 1]
        assert dumped(trace_document(kind, params)) == expected[seed - 1]
        assert dumped(facts_document(kind, params)) == facts[seed - 1]


def test_a_seed_tells_figures_apart() -> None:
    kind = KINDS["single-channel"]
    first, second = (trace_bytes(kind, kind.parse({"seed": seed})) for seed in ("1", "2"))
    assert first != second


def test_facts_read_off_the_numbers_are_those_of_their_seed() -> None:
    kind = KINDS["cross-correlation"]
    told = [kind.trace(kind.parse({"kernel_size": "2", "seed": str(seed)}))["facts"]["symmetric"] for seed in range(20)]
    assert set(told) == {True, False}


def test_large_figures_and_long_queries_are_not_kept() -> None:
    kind = KINDS["single-channel"]
    for pairs in ({"input_size": "60", "kernel_size": "7"}, {"input_size": "400", "stride": "300"}):
        large = kind.parse(pairs)
        kind.trace(large)
        assert large.kept is not None
        assert large.kept.plan is None
    long = kind.parse({"input_size": "500000", "stride": "1000"})
    kind.facts(long)
    assert long.kept is not None
    assert long.kept.facts is None
    assert kind.parse({"input": ";".join([",".join("1" * 20)] * 20)}).kept is None
    small = kind.parse({"input_size": "5"})
    kind.trace(small)
    assert small.kept is not None
    assert small.kept.plan is not None
    assert sum(index.size for _, index in small.kept.plan.cells.values()) <= MOST_KEPT


def test_parameters_that_are_changed_keep_nothing_of_the_figure_that_they_were() -> None:
    kind = KINDS["single-channel"]
    params = kind.parse({"input_size": "5"})
    kind.trace(params)
    assert params.replaced("stride", (2, 2)).kept is None


@pytest.mark.parametrize(("kind", "pairs"), PRESETS)
def test_steps_are_the_same_without_the_tensors(kind: Kind, pairs: dict[str, str]) -> None:
    for paging in ({}, {"start": "1", "count": "5"}):
        full, bare = (kind.trace(kind.parse({**pairs, **paging, "tensors": which})) for which in ("auto", "none"))
        for ours, theirs in zip(bare["stages"], full["stages"], strict=True):
            assert dumped(ours["steps"]) == dumped(theirs["steps"])
            assert dumped(ours["axes"]) == dumped(theirs["axes"])
        readings = {name for name in bare["tensors"] if "of" in bare["tensors"][name]}
        assert all(tensor["values"] is None for name, tensor in bare["tensors"].items() if name not in readings)


def peak(kind: Kind, **pairs: str) -> int:
    """Bytes that a trace holds at once."""
    params = alone(kind, pairs)
    kind.trace(params)
    tracemalloc.start()
    kind.trace(params)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


PAGES = {
    "multi-channel": {"out_channels": "64", "kernel_size": "7", "start": "1000"},
    "depthwise-separable": {"out_channels": "32", "start": "1000"},
    "transposed": {"stride": "2", "kernel_size": "3", "start": "100"},
}


@pytest.mark.parametrize("slug", PAGES)
def test_a_page_of_steps_costs_its_own_size_whatever_the_layers(slug: str) -> None:
    kind, page = KINDS[slug], {**PAGES[slug], "count": "20", "tensors": "none"}
    small, large = (peak(kind, input_size=side, **page) for side in ("200", "3200"))
    # The area is 256 times as large; what may grow are the tables of the sides, 16 times as long.
    assert large < 16 * small
    assert large > 0
