"""Whatever the numbers, an answer or a refusal comes within bounded memory, in a process of its own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEMORY = 2 * 2**30  # bytes
PATIENCE = 600  # seconds; a refusal takes milliseconds, an answer that grows with the numbers would never end

SWEEP = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.parameters import Choice, Flag, Size, Whole

def figures(kind):
    large, words = {{}}, {{}}
    for name, field in kind.params.model_fields.items():
        for item in field.metadata:
            if name in ("start", "count", "seed"):
                continue
            if isinstance(item, (Size, Whole)):
                large[name] = str(item.most)
            elif isinstance(item, Choice):
                words[name] = item.options
            elif isinstance(item, Flag):
                words[name] = ("true", "false")
    asks = (kind.facts, {{}}), (kind.limits, {{}}), (kind.trace, {{"count": "1"}})
    yield from ((asks, {{name: value}}) for name, value in large.items())
    yield asks, large
    # Facts and limits depend on words little: a trace does, and large sizes alone keep it from being made.
    chosen = [{{name: option}} for name, options in words.items() for option in options]
    yield from ((asks[:1], large | option) for option in chosen)
    yield from ((asks[2:], {{"input_size": "700"}} | option) for option in chosen)

for kind in KINDS.values():
    answers = 0
    for asks, figure in figures(kind):
        for ask, more in asks:
            print(kind.slug, figure, more, file=sys.stderr)  # the last one is what went wrong
            try:
                ask(kind.parse(figure | more))
                answers += 1
            except ConvError as error:
                assert error.message
    assert answers, kind.slug
"""


def test_huge_numbers_are_answered_or_refused_within_bounded_memory():
    script = SWEEP.format(memory=MEMORY)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={"OPENBLAS_NUM_THREADS": "1"},  # each thread would reserve memory of its own
    )
    assert done.returncode == 0, done.stderr[-2000:]
