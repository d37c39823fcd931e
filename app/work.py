"""Where computing happens: beside the event loop, in a bounded number of threads, and what is heavy in processes."""

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from app.heavy import Heavy

Result = TypeVar("Result")


class Workers:
    """At most `threads` computations at once; further ones wait their turn without holding up the loop.

    Attributes:
        heavy: where what is heavy is done, within bounds of its own.
    """

    def __init__(self, threads: int, heavy: Heavy | None = None) -> None:
        self.heavy = heavy or Heavy(threads=threads)
        self._limiter = CapacityLimiter(max(threads, 1))

    async def run(self, work: Callable[[], Result]) -> Result:
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)
