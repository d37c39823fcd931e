"""Engine time and memory against the size of the work and the memory's bandwidth: traces, some steps, facts, limits."""

import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson

from compute.kinds import KINDS
from tests.compute.alone import alone

REPEATS = 15
BYTES = 32  # moved for a product at least

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


def copied() -> float:
    """Bytes a second that this machine copies from memory to memory, in billions: read and written ones."""
    source = np.ones(16_000_000)
    target = np.empty_like(source)
    return 2 * source.nbytes / milliseconds(np.copyto, target, source) / 1e6


def serialise(document: dict[str, Any]) -> bytes:
    """The document as the API sends it."""
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def traces(title: str, figures: list[tuple[str, str, dict[str, str]]], more: dict[str, str], bandwidth: float) -> None:
    """One row a figure: parse, trace and serialise; «other seed» is what another seed of the same figure costs.

    A product reads an index, a value and a weight, and writes itself: 32 bytes at least. The last column says how many
    such products the memory could have carried in the time that one took.
    """
    print(f"\n### {title}\n")
    print("| figure | products | parse ms | trace ms | other seed | JSON ms | kB | peak MB | ns a product | × bound |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, slug, pairs in figures:
        kind = KINDS[slug]
        params, kept = alone(kind, pairs | more), kind.parse(pairs | more)
        document = kind.trace(params)
        products = sum(stage["steps"]["products"].size for stage in document["stages"])
        parse, traced = milliseconds(alone, kind, pairs | more), milliseconds(kind.trace, params)
        again, written = milliseconds(kind.trace, kept), milliseconds(serialise, document)
        each = traced * 1e6 / products
        print(
            f"| {name} | {products:,} | {parse:.2f} | {traced:.2f} | {again:.2f} | {written:.2f} "
            f"| {len(serialise(document)) / 1000:.0f} | {peak_megabytes(kind.trace, params):.1f} "
            f"| {each:.0f} | {each * bandwidth / BYTES:.0f} |"
        )


def facts() -> None:
    """Facts and limits cost the sum of the sides, not their product."""
    layer = KINDS["layer"]
    print("\n### Facts and limits\n")
    print("| layer | facts ms | limits ms | peak MB |")
    print("|---|---:|---:|---:|")
    for side in (5, 56, 224, 1000, 4000, 16000):
        pairs = {"input_size": str(side), "in_channels": "64", "out_channels": "128", "padding": "1"}
        params = alone(layer, pairs)
        row = milliseconds(layer.facts, params), milliseconds(layer.limits, params)
        peak = peak_megabytes(layer.facts, params)
        print(f"| {side} × {side} × 64 → 128 | {row[0]:.2f} | {row[1]:.1f} | {peak:.1f} |")


def main() -> None:
    """Print all tables."""
    bandwidth = copied()
    print("## Engine")
    print(f"\nThe memory copies {bandwidth:.1f} GB a second.")
    traces("Whole traces", FIGURES, {}, bandwidth)
    traces("Some of the steps: the cost is theirs, and the input's own values", SOME, PAGE, bandwidth)
    facts()


if __name__ == "__main__":
    main()
