"""One export at work: an encoder in a thread, frames handed to it one by one, and everything that may end it early."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import anyio
from anyio import CapacityLimiter, from_thread, to_thread
from starlette.requests import ClientDisconnect

from app.exports.frames import Frame
from app.exports.limits import Limits
from app.exports.options import Options
from compute.errors import ConvError

# So many frames wait while one is encoded; what comes further stays in the connection.
_WAITING = 2


class Gone(Exception):
    """Whoever asked does not wait any more."""


class Job:
    """Whether to go on, asked in the encoder's thread and told from the loop."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._error: Exception | None = None
        self._endings: list[Callable[[], object]] = []
        self._lock = Lock()

    def stop(self, error: Exception) -> None:
        """End it for this reason; the first one counts."""
        with self._lock:
            if self._error is not None:
                return
            self._error = error
            endings = list(self._endings)
        for end in endings:
            end()

    def check(self) -> None:
        """Raise the reason to end, where there is one; encoders ask between pieces of work."""
        if self._error is not None:
            raise self._error

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """While the block lasts, a stop calls `end`: for work that does not ask."""
        with self._lock:
            self._endings.append(end)
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._endings.remove(end)


async def run(
    job: Job,
    encode: Callable[[Iterator[Frame]], None],
    frames: AsyncIterator[Frame],
    options: Options,
    gone: Callable[[], Awaitable[None]],
    limiter: CapacityLimiter,
) -> None:
    """Encode beside the event loop what arrives on it; raises what ended it early.

    `gone` returns when whoever asked has left.
    """
    sending, receiving = anyio.create_memory_object_stream[Frame](_WAITING)

    def received() -> Iterator[Frame]:
        while True:
            try:
                frame = from_thread.run(receiving.receive)
            except anyio.EndOfStream:
                break
            job.check()
            frame.check(options)
            yield frame
        job.check()

    async def feed() -> None:
        with sending, anyio.move_on_after(job.limits.seconds) as time:
            try:
                async for frame in frames:
                    await sending.send(frame)
                sending.close()
                await gone()
                job.stop(Gone())
            except ClientDisconnect:
                job.stop(Gone())
            except Exception as error:
                job.stop(error)
        if time.cancelled_caught:
            job.stop(job.limits.too_slow())

    failed: Exception | None = None
    with receiving:
        async with anyio.create_task_group() as group:
            group.start_soon(feed)
            try:
                await to_thread.run_sync(lambda: encode(received()), limiter=limiter)
            except Exception as error:
                failed = error
            finally:
                job.stop(Gone())
                group.cancel_scope.cancel()
    if failed is not None:
        raise failed


class Slots:
    """So many exports at once; a further one is told at once to come again."""

    RETRY_AFTER = 5

    def __init__(self, count: int) -> None:
        self.count = max(count, 1)
        self.taken = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """A slot for as long as the block lasts; raises ConvError where none is free."""
        if self.taken >= self.count:
            raise ConvError(
                "exports_busy",
                "",
                f"{self.count} files are being made here; no further one is begun.",
                f"Try again in {self.RETRY_AFTER} seconds.",
                limit=self.count,
                retry_after=self.RETRY_AFTER,
            )
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
