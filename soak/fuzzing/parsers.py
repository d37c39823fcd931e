"""What reads texts and bodies, called by itself: whatever is given, it reads it or raises a ConvError."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from app import bodies, query
from app.compression import negotiate
from app.offline import ranges
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import Kind
from compute.parameters import Field
from compute.reader import read
from soak.fuzzing import codes, grammar
from soak.fuzzing.addresses import span
from soak.fuzzing.asking import Answer
from soak.fuzzing.bodies import anything
from soak.fuzzing.grammar import SLUGS, chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One call: which parser, of READERS, and what it is given."""

    reader: str
    raw: Any


def _fields() -> dict[str, Field]:
    """The fields of all kinds, one for each way of writing."""
    found: dict[str, Field] = {}
    for kind in KINDS.values():
        for name, info in kind.params.model_fields.items():
            for one in info.metadata:
                if isinstance(one, Field):
                    found.setdefault(f"{name} {one!r}", one)
    return {f"{spelt.split()[0]} {n}": one for n, (spelt, one) in enumerate(found.items())}


FIELDS = _fields()
Reader = Callable[[Any], object]


def _of_one(name: str, field: Field) -> Reader:
    return lambda raw: field.parse(raw, name.split()[0])


def _of_ranges(kind: Kind) -> Reader:
    return lambda raw: ranges.read(kind, raw)


READERS: dict[str, Reader] = {
    **{name: _of_one(name, field) for name, field in FIELDS.items()},
    "query": query.parse,
    "typed": query.typed,
    "body": bodies.parse,
    "code": read,
    "encoding": negotiate,
    **{f"ranges of {slug}": _of_ranges(kind) for slug, kind in KINDS.items()},
}
_NAMES = tuple(FIELDS)


def reading(rng: Random) -> Reading:
    """A call of one of them."""
    if chance(rng, 75):
        return _of_field(rng)
    raw = grammar.query(rng, KINDS[rng.choice(SLUGS)], 40)
    which = rng.choice(("query", "typed", "body", "code", "encoding", "ranges"))
    if which == "ranges":
        slug = rng.choice(SLUGS)
        parts = [f"{rng.choice(sorted(grammar.PROPERTIES[slug]))}:{span(rng)}" for _ in range(rng.randint(0, 3))]
        return Reading(
            reader=f"ranges of {slug}", raw=",".join([*parts, grammar.text(rng)] if chance(rng, 30) else parts)
        )
    given: dict[str, Callable[[], Any]] = {
        "code": lambda: codes.code(rng),
        "encoding": lambda: ",".join(f"{rng.choice(('br', 'gzip', '*'))};q={grammar.text(rng)}" for _ in range(3)),
        "body": lambda: b'{"a":' + raw.replace(b"=", b":").replace(b"&", b",") + b"}",
    }
    return Reading(reader=which, raw=given.get(which, lambda: raw)())


def _of_field(rng: Random) -> Reading:
    name = rng.choice(_NAMES)
    shape = rng.randint(0, 9)
    if shape < 3:
        return Reading(reader=name, raw=grammar.text(rng))
    if shape < 5:
        return Reading(reader=name, raw=anything(rng))
    text = rng.choice((grammar.size, grammar.values, grammar.number))(rng)
    if shape < 8:
        text = grammar.mangled(rng, text.encode()).decode("utf-8", "replace")
    return Reading(reader=name, raw=text)


async def called(case: Reading) -> int:
    """200 where it was read, 422 where it was refused."""
    try:
        READERS[case.reader](case.raw)
    except ConvError:
        return 422
    return 200


def faults(answer: Answer, limit: float) -> list[str]:
    """What is wrong with an outcome."""
    found = [f"exception: {answer.error}"] if answer.error else []
    return [*found, f"slow: {answer.cpu:.2f} s of CPU"] if answer.cpu > limit else found
