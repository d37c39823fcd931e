"""Where a file is written that nobody is to keep: a file without a name, and the answer that sends it."""

import io
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, Any
from urllib.parse import quote

import anyio
from anyio import to_thread
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.exports.job import Job
from compute.errors import ConvError

_PIECE = 256 * 1024


def settle_place() -> None:
    """Decide where temporary files lie while there is room.

    Python looks for a folder that takes a file when it is first asked for one, and goes on to others, at last to the
    current one, if the disk is full by then.
    """
    with suppress(OSError):
        tempfile.gettempdir()


def unnamed() -> IO[bytes]:
    """A file that vanishes with its handle, however that ends; raises ConvError where there is no place for one."""
    try:
        return tempfile.TemporaryFile(prefix="convoscope-")
    except OSError as error:
        raise no_room(error) from error


def let_go(file: IO[bytes]) -> None:
    """Close a file that nobody wants any more; what it would still write may find no room."""
    with suppress(OSError):
        file.close()


def no_room(error: OSError) -> ConvError:
    """The disk is full, or there is none to write on."""
    return ConvError(
        "disk_full",
        "",
        "This server has no room to make the file.",
        "Try again later; whoever runs it frees space where temporary files lie.",
        reason=error.strerror or "",
    )


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise no_room(error) from error


class Bounded(io.RawIOBase):
    """A file written to as far as the limit of one export, and as long as it is wanted."""

    def __init__(self, file: IO[bytes], job: Job) -> None:
        self._file = file
        self._job = job

    def write(self, data: Any) -> int:
        self._job.check()
        size = memoryview(data).nbytes
        if self._file.tell() + size > self._job.limits.bytes:
            raise self._job.limits.too_large()
        with _room():
            self._file.write(data)
        return size

    def read(self, size: int = -1, /) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        # What was written waits in a buffer, so that a full disk may show as late as here, or as the file ends.
        with _room():
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        if not self.closed:
            with _room():
                self._file.flush()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


class FileAnswer(StreamingResponse):
    """A file as an attachment; what `held` holds, the file among it, is let go when it is sent or cannot be."""

    def __init__(self, file: IO[bytes], media_type: str, name: str, held: ExitStack, seconds: float) -> None:
        self._held = held
        self._seconds = seconds
        length = file.seek(0, io.SEEK_END)
        file.seek(0)
        headers = {
            "Content-Disposition": disposition(name),
            "Content-Length": str(length),
            "Cache-Control": "no-store",
        }
        super().__init__(_pieces(file), headers=headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held, anyio.move_on_after(self._seconds):
            await super().__call__(scope, receive, send)


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await to_thread.run_sync(file.read, _PIECE):
        yield piece


def disposition(name: str) -> str:
    """A header that names a file, in ASCII for old readers and as it is for all others.

    >>> print(disposition("卷积.gif"))
    attachment; filename="__.gif"; filename*=UTF-8''%E5%8D%B7%E7%A7%AF.gif
    """
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "-_. ") else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
