"""The application under a wall clock that jumps: `time.time` and its kin, for all that is imported later."""

import datetime
import time
from typing import Any, Self

_JUMPS = (0.0, 3600.0, -3600.0, -10 * 365.25 * 86400)  # seconds
_EVERY = 0.05

_true = time.time


def shifted() -> float:
    """Seconds since 1970 by a clock that cannot be relied on."""
    return _true() + _JUMPS[int(time.monotonic() / _EVERY) % len(_JUMPS)]


class _Shifted(datetime.datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Self:
        return cls.fromtimestamp(shifted(), tz)

    @classmethod
    def utcnow(cls) -> Self:
        return cls.fromtimestamp(shifted(), datetime.UTC).replace(tzinfo=None)


time.time = shifted
time.time_ns = lambda: int(shifted() * 1e9)
datetime.datetime = _Shifted  # type: ignore[misc]

from app.main import create_app  # noqa: E402

app = create_app()
