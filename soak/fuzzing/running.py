"""Asks one input after another, judges the answers, and makes what fails as small as it still fails."""

import asyncio
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from starlette.types import ASGIApp

from soak.fuzzing import oracle, parsers
from soak.fuzzing.areas import Area, Case
from soak.fuzzing.asking import PATIENCE, Answer, Ask, Stuck, ask, timed
from soak.fuzzing.parsers import Reading

# Tries to make one failing input smaller, and seconds that they take together.
_TRIES = 150
_SHRINKING = 20.0
# Seconds of CPU after which an answer is not waited for any longer.
_HANG = 20.0
# Faults of one sort that are told in full.
TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What was wrong with an answer, and the smallest input found that brings it about."""

    where: str
    sort: str
    what: str
    smallest: str


@dataclass(slots=True, kw_only=True)
class Row:
    """A line of the table: what an area came to."""

    area: str
    inputs: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # milliseconds
    seconds: float = 0.0
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, status: str, milliseconds: float) -> None:
        """One more answer."""
        self.inputs += 1
        self.statuses[status] += 1
        self.slowest = max(self.slowest, milliseconds)

    def blame(self, fault: Fault) -> None:
        """One more fault; of each sort the first ones are kept."""
        self.faulty += 1
        if sum(one.sort == fault.sort for one in self.faults) < TOLD:
            self.faults.append(fault)


Forget = Callable[[], None]
Text = TypeVar("Text", str, bytes)


def nothing() -> None:
    """For applications that keep no answers."""


class Judge:
    """Asks an application and finds faults with it.

    Attributes:
        forget: empties what the application keeps, so that what is asked again is computed again.
        limit: seconds of CPU that an answer may take.
        patience, hang: seconds, and seconds of CPU, until an answer counts as never coming.
    """

    def __init__(
        self,
        app: ASGIApp,
        forget: Forget = nothing,
        limit: float = oracle.CPU_LIMIT,
        patience: float = PATIENCE,
        hang: float = _HANG,
    ) -> None:
        self.app = app
        self.hang = hang
        self.forget = forget
        self.limit = limit
        self.patience = patience

    def area(self, area: Area, seed: int, numbers: Iterable[int]) -> Row:
        """Every input of an area by its number."""
        row = Row(area=area.name)
        began = time.monotonic()
        waiting = iter(numbers)
        while True:
            try:
                asyncio.run(self._area(area, seed, waiting, row))
                break
            except Stuck as error:
                # The loop itself was held up, and is lost: the next number goes on in a new one.
                where = f"--seed {seed} --area {area.name!r}, around number {row.inputs}"
                row.blame(Fault(where=where, sort="hang", what=f"hang: {error}", smallest="not looked for"))
        row.seconds = time.monotonic() - began
        return row

    async def _area(self, area: Area, seed: int, waiting: Iterator[int], row: Row) -> None:
        for number in waiting:
            case = area.case(seed, number)
            answer, found = await self.judged(case, max(self.limit, area.limit))
            row.add(str(answer.status), answer.cpu * 1000)
            if not found:
                continue
            known = sum(one.sort == sort_of(found) for one in row.faults) >= TOLD
            smallest = case if known else await self.smaller(case, sort_of(found))
            where = f"--seed {seed} --area {area.name!r} --number {number}"
            row.blame(Fault(where=where, sort=sort_of(found), what="; ".join(found), smallest=shown(smallest)))

    async def judged(self, case: Case, limit: float | None = None) -> tuple[Answer, list[str]]:
        """The answer and its faults, by the limit given or by that of all.

        A slow one is asked twice more: something else may have held up the machine.
        """
        answer, found = await self._once(case, limit or self.limit)
        for _ in range(2):
            if not any(one.startswith("slow") for one in found):
                break
            self.forget()
            answer, found = await self._once(case, limit or self.limit)
        return answer, found

    async def _once(self, case: Case, limit: float) -> tuple[Answer, list[str]]:
        try:
            with _alarm(self.hang):
                if isinstance(case, Reading):
                    answer = await self._read(case)
                    return answer, parsers.faults(answer, limit)
                answer = await ask(self.app, case, self.patience)
        except Stuck as error:
            answer = Answer(error=str(error), cpu=self.hang)
        return answer, oracle.faults(case, answer, limit) if isinstance(case, Ask) else [f"hang: {answer.error}"]

    async def _read(self, case: Reading) -> Answer:
        statuses: list[int] = []

        async def work() -> None:
            statuses.append(await parsers.called(case))

        def answered(error: str, cpu: float, wall: float) -> Answer:
            return Answer(status=sum(statuses), error=error, cpu=cpu, wall=wall)

        return await timed(work, answered, self.patience)

    async def smaller(self, case: Case, sort: str) -> Case:
        """The smallest input found that fails in the same way."""
        left = _TRIES
        until = time.monotonic() + _SHRINKING
        shrunk = True
        while shrunk:
            shrunk = False
            for other in _smaller(case):
                left -= 1
                self.forget()
                if left <= 0 or time.monotonic() > until:
                    return case
                if sort_of((await self._once(other, self.limit))[1]) == sort:
                    case, shrunk = other, True
                    break
        return case


def sort_of(found: list[str]) -> str:
    """What a fault has in common with others of its sort: how it begins, and how an exception ends."""
    if not found:
        return ""
    first = found[0]
    if not first.startswith("exception"):
        return first.partition(":")[0]
    # The same mistake with other numbers is the same.
    return re.sub(r"[0-9]+", "0", first.splitlines()[-1])[:120]


def shown(case: Case) -> str:
    """An input as Python writes it; of very long ones both ends."""
    text = repr(case)
    return text if len(text) < 4_000 else f"{text[:2_000]} … {text[-1_500:]}"


def _smaller(case: Case) -> Iterator[Case]:
    if isinstance(case, Reading):
        raws: Iterator[object] = iter(())
        if isinstance(case.raw, str):
            raws = _shorter(case.raw)
        if isinstance(case.raw, bytes):
            raws = _shorter(case.raw)
        yield from (replace(case, raw=one) for one in raws)
        return
    if case.headers:
        yield replace(case, headers=())
        yield from (replace(case, headers=case.headers[:n] + case.headers[n + 1 :]) for n in range(len(case.headers)))
    if len(case.body) > 1:
        yield replace(case, body=(b"".join(case.body),))
    fields = case.query.split(b"&")
    if len(fields) > 1:
        yield from (replace(case, query=b"&".join(fields[:n] + fields[n + 1 :])) for n in range(len(fields)))
    yield from (replace(case, query=one) for one in _shorter(case.query))
    if len(case.body) == 1:
        yield from (replace(case, body=(one,)) for one in _shorter(case.body[0]))
    yield from (replace(case, path=one) for one in _shorter(case.path) if one)


def _shorter(text: Text) -> Iterator[Text]:
    """Without a part of it, from halves to single characters of short ones."""
    part = len(text) // 2
    while part >= max(len(text) // 32, 1):
        for at in range(0, len(text), part):
            yield text[:at] + text[at + part :]
        part //= 2


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raises Stuck when a block takes so much CPU, even where it never comes back to the event loop."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise Stuck(f"nothing came back within {seconds:g} s of CPU")

    former = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)
