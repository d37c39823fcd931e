"""Simulated students: each opens a lesson in a browser of its own, then drags sliders at a steady rate."""

import asyncio
import re
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from urllib.parse import parse_qsl, urlencode

from soak.loading.drags import Drags, Stroke
from soak.loading.line import Answer, Broken, Line, request
from soak.loading.right import Rights

LESSONS = "/learn/"
RATE = 5  # positions of a slider a second
# The page lets go of a question when the next position asks another.
LET_GO = 1 / RATE
_ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')
PARTS = ("page", "static", "traces", "limits")


@dataclass
class Tally:
    """What all students saw, by part: milliseconds from when an answer was due to be asked for, and what went wrong."""

    waited: dict[str, "array[float]"] = field(default_factory=lambda: {part: array("d") for part in PARTS})
    errors: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    again: int = 0
    bytes: int = 0

    @property
    def answers(self) -> int:
        return sum(map(len, self.waited.values()))

    def all(self) -> list[float]:
        """Every wait, shortest first."""
        return sorted(one for waits in self.waited.values() for one in waits)

    def late(self) -> int:
        """Traces that came when the page had let go of them."""
        return sum(one > LET_GO * 1000 for one in self.waited["traces"])


def quantile(waits: list[float], share: float) -> float:
    """The wait that this share of all did not exceed; `waits` are sorted.

    >>> quantile([1.0, 2.0, 3.0, 4.0], 0.5), quantile([1.0, 2.0, 3.0, 4.0], 0.99)
    (2.0, 4.0)
    """
    return waits[max(0, min(len(waits) - 1, int(len(waits) * share + 0.999999) - 1))] if waits else 0.0


class Plan:
    """What a class asks for, known before it begins: drags by student, and the files of each lesson."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self.drags = Drags()
        self._assets: dict[str, list[str]] = {}

    async def prepare(self, students: int, positions: int) -> None:
        """Work out the right answers to all that these students may ask."""
        wanted: dict[str, None] = {}
        for student in range(students):
            for stroke in self.strokes(student, positions):
                wanted.update(dict.fromkeys(stroke.targets))
                wanted[limits_of(stroke)] = None
        lessons = {LESSONS + next(self.drags.of(student)).slug for student in range(students)}
        await self.rights.learn([*lessons, *wanted])
        for lesson in lessons:
            page = await self.rights.body(lesson)
            self._assets[lesson] = sorted(set(_ASSET.findall(page.decode())))
            await self.rights.learn(self._assets[lesson])

    def strokes(self, student: int, positions: int) -> Iterator[Stroke]:
        """A student's drags until so many positions have been visited."""
        for stroke in self.drags.of(student):
            yield stroke
            positions -= len(stroke.targets)
            if positions <= 0:
                return

    def assets(self, lesson: str) -> list[str]:
        """The addresses of the files that a lesson names."""
        return self._assets[lesson]


def limits_of(stroke: Stroke) -> str:
    """What the page asks when a slider has come to rest: which positions cannot work from here, whatever the seed."""
    path, _, query = stroke.targets[-1].replace("/traces/", "/limits/").partition("?")
    return f"{path}?{urlencode([pair for pair in parse_qsl(query) if pair[0] != 'seed'])}"


class Student:
    """One reader with one keep-alive connection.

    A browser has up to six, so a page here takes longer to be whole, and asks no less.
    """

    def __init__(self, number: int, url: str, plan: Plan, tally: Tally, thinking: float) -> None:
        self.number = number
        self.url = url
        self.plan = plan
        self.tally = tally
        self.thinking = thinking
        self._chance = Random(number)
        self._line: Line | None = None

    async def attend(self, begin: float, until: float) -> None:
        """Open the page at `begin`, then drag until `until`, both by `perf_counter` (uvloop's clock is coarse)."""
        await asyncio.sleep(begin - time.perf_counter())
        positions = int((until - begin) * RATE) + 1
        strokes = self.plan.strokes(self.number, positions)
        first = next(strokes)
        await self._open(LESSONS + first.slug)
        # A timer of a busy loop comes too early, too: more positions than planned would be asked for.
        due = max(begin, time.perf_counter())
        for stroke in (first, *strokes):
            for target in stroke.targets:
                if due >= until:
                    break
                if (ahead := due - time.perf_counter()) > 0:
                    await asyncio.sleep(ahead)
                await self._ask("traces", target, due)
                due += 1 / RATE
            if due >= until:
                break
            await self._ask("limits", limits_of(stroke), time.perf_counter())
            due += self.thinking * self._chance.uniform(0.2, 1.8)
        self.leave()

    def leave(self) -> None:
        """Close the page."""
        if self._line is not None:
            self._line.close()

    async def _open(self, lesson: str) -> None:
        await self._ask("page", lesson, time.perf_counter())
        for asset in self.plan.assets(lesson):
            await self._ask("static", asset, time.perf_counter())

    async def _ask(self, part: str, target: str, due: float) -> None:
        """One question; its wait counts from when it was due, so that a stalled server is not asked less kindly."""
        try:
            answer = await self._answer(_asking(target))
        except OSError as error:
            self.tally.errors[str(error) or type(error).__name__] += 1
            return
        self.tally.waited[part].append((time.perf_counter() - due) * 1000)
        self.tally.bytes += len(answer.body)
        if answer.status != 200:
            self.tally.errors[f"status {answer.status}"] += 1
        elif not self.plan.rights.holds(target, answer):
            self.tally.wrong.append(target)

    async def _answer(self, asking: bytes) -> Answer:
        """As browsers do: where a kept connection turns out to be closed and nothing came, ask on a new one."""
        if self._line is not None and self._line.open:
            try:
                return await self._line.ask(asking)
            except Broken as error:
                if error.received:
                    raise
                self.tally.again += 1
        self._line = await Line.to(self.url)
        return await self._line.ask(asking)


@cache
def _asking(target: str) -> bytes:
    return request(target)


async def attend(
    url: str, plan: Plan, students: int, seconds: float, arriving: float, thinking: float = 0.0
) -> tuple[Tally, float]:
    """A class: its students arrive over `arriving` seconds, and all drag until `seconds` after the last came.

    Between two drags they think for `thinking` seconds in the mean. Gives back what they saw, and how long it took. A
    student who hangs is given up, and counts as an error.
    """
    tally = Tally()
    began = time.perf_counter()
    start = began + 0.2
    until = start + arriving + seconds
    tasks = [
        asyncio.create_task(Student(n, url, plan, tally, thinking).attend(start + arriving * n / students, until))
        for n in range(students)
    ]
    _, hanging = await asyncio.wait(tasks, timeout=arriving + seconds + 30)
    for task in hanging:
        task.cancel()
        tally.errors["no answer"] += 1
    found = await asyncio.gather(*tasks, return_exceptions=True)
    failed = [one for one in found if isinstance(one, Exception)]
    if failed:
        raise failed[0]
    return tally, time.perf_counter() - began
