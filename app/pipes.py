"""Bytes of known length on a pipe: eight bytes say how many follow."""

from struct import Struct
from typing import IO

_LENGTH = Struct(">Q")


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write it whole; raises OSError where nobody reads."""
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """What comes next; None where the pipe has ended, be it in the middle of it.

    >>> from io import BytesIO
    >>> pipe = BytesIO()
    >>> send(pipe, b"step"); position = pipe.seek(0)
    >>> receive(pipe), receive(pipe)
    (b'step', None)
    """
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return data if len(data) == length else None
