"""Heavy work: a bounded queue before a few processes of our own, so that the event loop never waits for it.

What is done is a `partial` of a function of some module with plain arguments: it travels to a process and its result
back. Without processes, and before the application's life begins, it is done in a thread, within the same bounds.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import inf
from typing import TypeVar

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect

from app.pool import Late, Lost, Pool
from compute.errors import ConvError

Result = TypeVar("Result")
Gone = Callable[[], Awaitable[None]]

# Most of what waits is done within that many seconds.
RETRY_AFTER = 2


class Heavy:
    """So many pieces of heavy work at once, so many more waiting; what comes further is refused at once.

    Attributes:
        size: pieces done at the same time.
        pool: the processes that do them, or None where threads do.
        queue: pieces that may wait.
        waiting: pieces whose turn has not come.
    """

    def __init__(self, *, processes: int = 0, threads: int = 1, queue: int = 256, seconds: float = 10) -> None:
        self.size = max(processes or threads, 1)
        self.pool = Pool(processes) if processes else None
        self.waiting = 0
        self.queue = queue
        self._seconds = seconds
        self._turns = CapacityLimiter(self.size)
        # Threads that wait for a process; the turns are what bounds them.
        self._threads = CapacityLimiter(inf)

    @property
    def running(self) -> int:
        """Pieces that are being done."""
        return int(self._turns.borrowed_tokens)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The processes live as long as the block lasts; it is entered before they are warm."""
        if self.pool is None:
            yield
            return
        self.pool.start()
        try:
            yield
        finally:
            self.pool.close()

    async def run(self, work: "partial[Result]", gone: Gone | None = None) -> Result:
        """The result of `work`; raises what it raises.

        `gone` returns when whoever asked has left: then ClientDisconnect is raised, if the turn has not come. Work that
        has begun is done to its end, since the answer is worth keeping and the next request for it is likely.

        Raises ConvError with code `busy` where too many wait, or for too long; `over_time` where it takes longer than
        it may; `interrupted` where its process was ended from outside.
        """
        await self._turn(gone)
        try:
            return await to_thread.run_sync(self._done, work, limiter=self._threads)
        finally:
            self._turns.release()

    def _done(self, work: "partial[Result]") -> Result:
        if self.pool is None or not self.pool.open:
            return work()
        try:
            result: Result = self.pool.done(work, self._seconds)
        except Late:
            raise self._over_time() from None
        except Lost:
            raise _interrupted() from None
        return result

    async def _turn(self, gone: Gone | None) -> None:
        """Returns when this piece may begin; it holds one of the turns then."""
        try:
            self._turns.acquire_nowait()
        except anyio.WouldBlock:
            if self.waiting >= self.queue:
                raise self._busy() from None
            self.waiting += 1
            try:
                await self._wait(gone)
            finally:
                self.waiting -= 1

    async def _wait(self, gone: Gone | None) -> None:
        begun = False
        with anyio.move_on_after(self._seconds) as patience:
            async with anyio.create_task_group() as group:
                if gone is not None:
                    group.start_soon(_cancel_when, gone, group.cancel_scope)
                await self._turns.acquire()
                begun = True
                group.cancel_scope.cancel()
        if begun:
            return
        if patience.cancelled_caught:
            raise self._busy()
        raise ClientDisconnect

    def _busy(self) -> ConvError:
        return ConvError(
            "busy",
            "",
            f"Large figures are computed {self.size} at a time here, and {self.waiting} are waiting.",
            f"Try again in {RETRY_AFTER} seconds; small figures are answered meanwhile.",
            size=self.size,
            waiting=self.waiting,
            retry_after=RETRY_AFTER,
        )

    def _over_time(self) -> ConvError:
        return ConvError(
            "over_time",
            "",
            f"This was not computed within {self._seconds:g} seconds, and was stopped.",
            "Ask for a smaller figure, or for some of its steps with start and count.",
            limit=self._seconds,
        )


async def _cancel_when(gone: Gone, scope: anyio.CancelScope) -> None:
    await gone()
    scope.cancel()


def _interrupted() -> ConvError:
    return ConvError(
        "interrupted",
        "",
        "What computed this was ended from outside; it has been started anew.",
        "Try again in 1 second.",
        retry_after=1,
    )
