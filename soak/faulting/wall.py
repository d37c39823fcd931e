"""A wall clock that cannot be relied on, and how it is put in place of the true one."""

import datetime
import time
from typing import Any, Self

JUMPS = (0.0, 3600.0, -3600.0, -10 * 365.25 * 86400)  # seconds
# No part of a second, in which a server writes the date anew: that would always meet the same jump.
_EVERY = 0.07

_true = time.time


def shifted() -> float:
    """Seconds since 1970, now right, now an hour or years off."""
    return _true() + JUMPS[int(time.monotonic() / _EVERY) % len(JUMPS)]


class _Shifted(datetime.datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Self:
        return cls.fromtimestamp(shifted(), tz)

    @classmethod
    def utcnow(cls) -> Self:
        return cls.fromtimestamp(shifted(), datetime.UTC).replace(tzinfo=None)


def install() -> None:
    """From now on, this process goes by it."""
    time.time = shifted
    time.time_ns = lambda: int(shifted() * 1e9)
    datetime.datetime = _Shifted  # type: ignore[misc]
