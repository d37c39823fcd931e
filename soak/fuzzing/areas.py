"""The areas that are asked in this process: what makes their inputs, and how many of a hundred thousand they get."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from app.settings import Settings
from soak.fuzzing import addresses, bodies, oracle, parsers
from soak.fuzzing.asking import Ask
from soak.fuzzing.parsers import Reading

Case = Ask | Reading
TOTAL = 100_000
# Seconds of CPU in processes for heavy work, which end what takes longer; in this process all of it is done in threads.
HEAVY = Settings().heavy_seconds


@dataclass(frozen=True, slots=True)
class Area:
    """One kind of input.

    Attributes:
        share: inputs of a hundred thousand.
        make: the input that a seeded generator leads to.
        limit: seconds of CPU that an answer may take.
    """

    name: str
    share: int
    make: Callable[[Random], Case]
    limit: float = oracle.CPU_LIMIT

    def case(self, seed: int, index: int) -> Case:
        """One input: always the same for its area, seed and number."""
        return self.make(Random(f"{seed}/{self.name}/{index}"))


def _offline(rng: Random) -> Ask:
    return addresses.offline(rng) if rng.random() < 0.7 else bodies.offline(rng)


AREAS = {
    area.name: area
    for area in (
        Area("parsers", 25_000, parsers.reading),
        Area("queries", 33_000, addresses.of_kind),
        Area("JSON bodies", 20_000, bodies.json_body),
        Area("code", 8_000, bodies.code),
        Area("headers", 4_500, addresses.headers),
        Area("paths and methods", 4_000, addresses.path),
        Area("oEmbed", 2_000, addresses.oembed),
        Area("pages", 1_500, addresses.page),
        Area("large figures", 150, addresses.large, HEAVY),
        Area("pictures", 200, addresses.picture, HEAVY),
        Area("exports", 600, bodies.upload),
        Area("offline files", 100, _offline),
    )
}


def counts(inputs: int, shares: dict[str, int]) -> dict[str, int]:
    """How many inputs each gets, one at least.

    >>> counts(1000, {"a": 90_000, "b": 10_000, "c": 10})
    {'a': 900, 'b': 100, 'c': 1}
    """
    return {name: max(round(inputs * share / TOTAL), 1) for name, share in shares.items()}
