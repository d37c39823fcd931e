"""Clients that keep asking while something is done to their server, and compare every body with the right one."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Self
from urllib.parse import urlencode

from app.answers import INLINE_WEIGHT, weight
from compute.kinds import KINDS
from soak.faulting.findings import listed, longest
from soak.loading.line import Answer, Broken, Line, request
from soak.loading.right import Rights, unpacked

_MOST = 2_000_000  # questions of one load, however long it lasts
_PATIENCE = 120.0  # seconds that a client waits for an answer
# A client that was cut off asks again by and by, as the page does.
_PAUSE = 0.02


def told(answer: Answer) -> str:
    """Status, and the code of an error where it has our shape."""
    code = ""
    if answer.status >= 400:
        with suppress(ValueError, KeyError, TypeError):
            code = json.loads(unpacked(answer))["error"]["code"]
    return f"{answer.status} {code}".strip()


def light() -> list[str]:
    """Addresses that are answered at once: each kind's first presets and facts, two pages, figures of drawn numbers."""
    found = []
    for kind in KINDS.values():
        small = [one for one in kind.presets if weight(kind.parse(one.params)) <= INLINE_WEIGHT]
        queries = [urlencode(preset.params) for preset in small[:2]]
        found += [f"/api/v1/traces/{kind.slug}?{query}".rstrip("?") for query in queries]
        found.append(f"/api/v1/facts/{kind.slug}?seed=1")
    return [*found, "/", "/learn/dilated", *(f"/api/v1/traces/single-channel?input_size=7&seed={n}" for n in range(60))]


class Load:
    """Clients at work for as long as the block lasts.

    Attributes:
        seen: answers by status, and what came instead: `cut`, a part of an answer; `closed`, a kept connection ended as
            it was asked on (browsers ask again then); `dropped`, a new one that did; `refused`, none was made.
        other: addresses answered with another status.
        wrong: addresses answered with 200 and other bytes than the right ones.
        waits: seconds until an answer, each.
    """

    def __init__(
        self,
        url: str,
        rights: Rights,
        targets: Sequence[str],
        clients: int = 12,
        pause: float = 0.0,
        encoding: str = "br",
    ) -> None:
        self.url = url
        self.rights = rights
        self.targets = targets
        self.clients = clients
        self.pause = pause
        self.encoding = encoding
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.other: list[str] = []
        self.waits: list[float] = []
        self._numbers = count()
        self._over = False

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._client()) for _ in range(self.clients)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over = True
        await asyncio.gather(*self._tasks)

    @property
    def right(self) -> int:
        """Answers of status 200 with the right body."""
        return self.seen["200"] - len(self.wrong)

    def errors(self, *expected: str) -> int:
        """Whatever was neither answered with 200 nor is what this fault may lead to."""
        return sum(self.seen.values()) - self.seen["200"] - sum(self.seen[name] for name in expected)

    def told(self) -> str:
        """What was seen, and how long it took at most."""
        return f"{listed(self.seen)}; {longest(self.waits)}"

    async def answers(self, number: int) -> None:
        """Returns when so many more answers have come."""
        wanted = len(self.waits) + number
        async with asyncio.timeout(_PATIENCE):
            while len(self.waits) < wanted:
                await asyncio.sleep(0.005)

    async def _client(self) -> None:
        line: Line | None = None
        while not self._over and (number := next(self._numbers)) < _MOST:
            target = self.targets[number % len(self.targets)]
            began = time.perf_counter()
            line = await self._ask(line, target)
            if line is not None:
                self.waits.append(time.perf_counter() - began)
            await asyncio.sleep(self.pause if line is not None else _PAUSE)
        if line is not None:
            line.close()

    async def _ask(self, line: Line | None, target: str) -> Line | None:
        """Ask on the line that is kept, or on a new one; None where that led to no answer."""
        kept = line is not None and line.open
        try:
            if line is None or not line.open:
                line = await Line.to(self.url)
            async with asyncio.timeout(_PATIENCE):
                answer = await line.ask(request(target, self.encoding))
        except Broken as error:
            # A kept connection that closes as it is asked: browsers ask again, and so does this client.
            self.seen["cut" if error.received else "closed" if kept else "dropped"] += 1
            return None
        except TimeoutError:
            self.seen["no answer"] += 1
            return None
        except OSError:
            self.seen["refused"] += 1
            return None
        self._count(target, answer)
        return line

    def _count(self, target: str, answer: Answer) -> None:
        self.seen[told(answer)] += 1
        if answer.status != 200:
            self.other.append(target)
        if answer.status == 200 and not self.rights.holds(target, answer):
            self.wrong.append(target)
