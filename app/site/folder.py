"""The folder of a site: written beside it first, then put in its place, so that a build that fails destroys nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.site.error import SiteError

# By this file a folder is known as one that was built here, and may be replaced.
MARKER = ".convoscope-site"
_SAID = b"Built by convoscope build, which replaces this folder when it is built again.\n"


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder to write in, which takes the place of `folder` when the block ends well, and is no more when not."""
    check(folder)
    target = folder.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        new, old = room / "new", room / "old"
        new.mkdir()
        (new / MARKER).write_bytes(_SAID)
        yield new
        check(folder)
        if target.exists():
            os.replace(target, old)
        try:
            os.replace(new, target)
        except OSError:
            if old.exists():
                os.replace(old, target)
            raise
    finally:
        shutil.rmtree(room, ignore_errors=True)


def check(folder: Path) -> None:
    """Raises SiteError where something stands there that was not built here."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise SiteError(f"{folder} is no folder. Name one that is empty, or that is not there yet.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise SiteError(
            f"{folder} holds files that no build of a site has written; they stay as they are. Name an empty folder."
        )


def write(folder: Path, name: str, body: bytes) -> None:
    """A file of the site."""
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body)
