"""Drags as readers make them: a preset, chosen as popular things are, and one of its sliders moved step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, count
from random import Random
from urllib.parse import urlencode

from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import Kind, Preset

SLIDERS = ("kernel_size", "stride", "padding", "dilation", "input_size")
# Sliders of the page begin and end here; a figure of 16 × 16 is the largest that most readers drag to.
_SPANS = {"kernel_size": (1, 7), "stride": (1, 5), "padding": (0, 6), "dilation": (1, 5), "input_size": (3, 16)}
# One reader in twenty has drawn numbers of their own: such figures are nobody else's.
_OWN_NUMBERS = 0.05
_POSITIONS = (8, 30)  # how many positions one drag visits


@dataclass(frozen=True, slots=True)
class Stroke:
    """One slider of one figure: the addresses of its traces, in the order of its positions."""

    slug: str
    targets: tuple[str, ...]


class Drags:
    """All strokes there are, and how often each is made."""

    def __init__(self) -> None:
        presets = [(kind, preset) for kind in KINDS.values() for preset in kind.presets]
        # Zipf: the second most popular is asked for half as often as the first. What teaches first is asked for most.
        self._ranked = sorted(presets, key=lambda pair: pair[0].presets.index(pair[1]))
        self._weights = list(accumulate(1 / rank for rank in range(1, len(presets) + 1)))
        self._strokes: dict[tuple[str, str, int | None], list[Stroke]] = {}

    def of(self, student: int) -> Iterator[Stroke]:
        """The drags of a student, without end; the same number is the same student in every run."""
        chance = Random(student)
        seed = chance.randrange(1, 100) if chance.random() < _OWN_NUMBERS else None
        while True:
            (found,) = chance.choices(self._ranked, cum_weights=self._weights)
            if strokes := self._of_preset(*found, seed):
                yield _walk(chance.choice(strokes), chance)

    def _of_preset(self, kind: Kind, preset: Preset, seed: int | None) -> list[Stroke]:
        key = (kind.slug, preset.id, seed)
        if key not in self._strokes:
            self._strokes[key] = list(_strokes(kind, preset, seed))
        return self._strokes[key]


def every(kind: Kind) -> Iterator[str]:
    """Addresses of a kind's traces without end, no two alike: all sliders of all presets, one seed after the other."""
    for seed in count(100):
        strokes = (stroke for preset in kind.presets for stroke in _strokes(kind, preset, seed))
        yield from dict.fromkeys(target for stroke in strokes for target in stroke.targets)


def _strokes(kind: Kind, preset: Preset, seed: int | None) -> Iterator[Stroke]:
    """Every slider that has at least three positions which work; the page greys the others out."""
    for name in SLIDERS:
        if name not in kind.params.model_fields:
            continue
        queries = ({**preset.params, name: str(value)} for value in range(_SPANS[name][0], _SPANS[name][1] + 1))
        if seed is not None:
            queries = (query | {"seed": str(seed)} for query in queries)
        targets = tuple(f"/api/v1/traces/{kind.slug}?{urlencode(one)}" for one in queries if _works(kind, one))
        if len(targets) >= 3:
            yield Stroke(kind.slug, targets)


def _works(kind: Kind, query: dict[str, str]) -> bool:
    try:
        return kind.refusal(kind.parse(query)) is None
    except ConvError:
        return False


def _walk(stroke: Stroke, chance: Random) -> Stroke:
    """From somewhere along the slider, to its ends and back."""
    positions = chance.randint(*_POSITIONS)
    there_and_back = (*stroke.targets, *reversed(stroke.targets[1:-1]))
    start = chance.randrange(len(there_and_back))
    return Stroke(stroke.slug, tuple(there_and_back[(start + n) % len(there_and_back)] for n in range(positions)))
