"""Where an exception came from, in places alone: what it says may quote what a reader typed, and is not told."""

import traceback
from pathlib import Path, PurePath

_ROOT = Path(__file__).resolve().parent.parent
_DEPTH = 30


def places(error: BaseException) -> list[str]:
    """The innermost calls of an exception, as `file:line function`, outermost first.

    An exception that comes from another process brings its own, as `places`.
    """
    own = [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return [*own, *getattr(error, "places", ())][-_DEPTH:]


def kind(error: BaseException) -> str:
    """The name of its type, be it that of another process."""
    return str(getattr(error, "kind", type(error).__name__))


def _short(file: str) -> str:
    path = PurePath(file)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return path.relative_to(_ROOT).as_posix()
    return PurePath(*path.parts[-2:]).as_posix()
