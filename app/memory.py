"""What a process does once, before its first request, so that its memory stays flat and is not searched in vain."""

import ctypes
import gc
import platform
from functools import cache

_M_ARENA_MAX = -8
_ARENAS = 2


@cache
def settle() -> bool:
    """Sets up the memory of this process; whether its allocator could be told to share."""
    # What is there before the first request stays: it need not be looked through for garbage again and again.
    gc.collect()
    gc.freeze()
    return _share_arenas()


def _share_arenas() -> bool:
    """Lets all threads take memory from the same few places.

    glibc gives each thread its own, up to eight a core, and what one has freed another does not use: ten thousand
    figures left a fifth more behind (mallopt(3), M_ARENA_MAX).
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS))
