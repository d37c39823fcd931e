"""Engine time and memory against the size of the work: whole traces, some of the steps, facts, limits."""

import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import orjson

from compute.kinds import KINDS

REPEATS = 15

# what it is, kind, parameters
FIGURES: list[tuple[str, str, dict[str, str]]] = [
    ("5 × 5, 3 × 3 taps", "single-channel", {}),
    ("16 × 16, 3 × 3 taps", "single-channel", {"input_size": "16"}),
    ("32 × 32 × 3 output, 3 × 3 taps", "multi-channel", {"input_size": "34"}),
    ("64 × 64, 3 × 3 taps", "single-channel", {"input_size": "64"}),
    ("169 × 169, 3 × 3 taps", "single-channel", {"input_size": "169"}),
    ("transposed 16 × 16, stride 2", "transposed", {"input_size": "16", "stride": "2"}),
    ("volume 10 × 10 × 10, 3 × 3 × 3 taps", "layer", {"dims": "3", "input_size": "10"}),
]
SOME: list[tuple[str, str, dict[str, str]]] = [
    (f"{side} × {side} × 3, 7 × 7, 64 filters, first 64 steps", "multi-channel", {"input_size": str(side)})
    for side in (32, 128, 256, 400)
]
PAGE = {"kernel_size": "7", "out_channels": "64", "count": "64"}


def milliseconds(work: Callable[..., Any], *args: Any) -> float:
    """The median time of a call, after one that is not counted."""
    work(*args)
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work(*args)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def peak_megabytes(work: Callable[..., Any], *args: Any) -> float:
    """The most memory that a call holds at once, as Python's allocators see it."""
    tracemalloc.start()
    work(*args)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def serialise(document: dict[str, Any]) -> bytes:
    """The document as the API sends it."""
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def traces(title: str, figures: list[tuple[str, str, dict[str, str]]], more: dict[str, str]) -> None:
    """One row a figure: parse, trace and serialise, per product where the products are many."""
    print(f"\n### {title}\n")
    print("| figure | products | parse ms | trace ms | ns a product | JSON ms | JSON kB | peak MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, slug, pairs in figures:
        kind = KINDS[slug]
        params = kind.parse(pairs | more)
        document = kind.trace(params)
        products = sum(stage["steps"]["products"].size for stage in document["stages"])
        parse, traced = milliseconds(kind.parse, pairs | more), milliseconds(kind.trace, params)
        written = milliseconds(serialise, document)
        print(
            f"| {name} | {products} | {parse:.2f} | {traced:.2f} | {traced * 1e6 / products:.0f} | {written:.2f} "
            f"| {len(serialise(document)) / 1000:.0f} | {peak_megabytes(kind.trace, params):.1f} |"
        )


def facts() -> None:
    """Facts and limits cost the sum of the sides, not their product."""
    layer = KINDS["layer"]
    print("\n### Facts and limits\n")
    print("| layer | facts ms | limits ms |")
    print("|---|---:|---:|")
    for side in (5, 56, 224, 1000, 4000):
        pairs = {"input_size": str(side), "in_channels": "64", "out_channels": "128", "padding": "1"}
        params = layer.parse_facts(pairs)
        row = milliseconds(layer.facts, params), milliseconds(layer.limits, params)
        print(f"| {side} × {side} × 64 → 128 | {row[0]:.2f} | {row[1]:.1f} |")


def main() -> None:
    """Print all tables."""
    print("## Engine")
    traces("Whole traces", FIGURES, {})
    traces("Some of the steps: the cost is theirs, and the input's own values", SOME, PAGE)
    facts()


if __name__ == "__main__":
    main()
