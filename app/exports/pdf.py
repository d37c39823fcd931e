"""Frames as PDF: a page a frame, shapes as shapes and words as words, set by typst in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.exports import fonts, typesetting
from app.exports.frames import Frame
from app.exports.job import Job
from app.exports.options import Options
from app.exports.output import no_room
from compute.errors import ConvError

# Far above what a hundred frames of a large figure take.
_MEMORY = 3 * 1024**3
_PIECE = 256 * 1024
# Whether to leave the fonts of the machine alone; tests do, to see that a page needs none of them.
BARE = False


def encode(frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job) -> None:
    """Hand the frames over as they come, and copy what comes back."""
    with _fonts() as folder, tempfile.TemporaryFile() as said, _process(said) as process:
        assert process.stdin
        assert process.stdout
        with job.ending(process.kill):
            try:
                process.stdin.write(json.dumps(_asked(options, folder)).encode() + b"\n")
                for frame in frames:
                    process.stdin.write(b"%d\n" % len(frame.data))
                    process.stdin.write(frame.data)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and is asked below why
            while piece := process.stdout.read(_PIECE):
                out.write(piece)
            status = process.wait()
        job.check()
        if status:
            said.seek(0)
            raise _failed(status, said.read(500).decode("utf-8", "replace"))


def _asked(options: Options, folder: str) -> dict[str, object]:
    return {
        "width": options.width,
        "height": options.height,
        "frames": options.frames,
        "title": options.title or options.name,
        "link": options.link,
        "fonts": folder,
        "memory": _MEMORY,
        "bare": BARE,
    }


@contextmanager
def _fonts() -> Iterator[str]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="convoscope-", ignore_cleanup_errors=True)
    except OSError as error:
        raise no_room(error) from error
    with folder as place:
        try:
            fonts.write_to(Path(place))
        except OSError as error:
            raise no_room(error) from error
        yield place


@contextmanager
def _process(said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    # -P: what lies beside the file shall not be taken for a library of the same name.
    command = [sys.executable, "-P", str(Path(typesetting.__file__))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        process.wait()


def _failed(status: int, said: str) -> ConvError:
    if status == typesetting.FAILED:
        return ConvError(
            "not_an_svg",
            "frame",
            f"The frames cannot be set as pages: {said[:200]}.",
            "Send each frame as a whole SVG document.",
            frame=0,
        )
    return ConvError(
        "export_too_large",
        "frames",
        "The pages together take more memory than one file may.",
        "Choose fewer steps or a smaller figure.",
        limit=_MEMORY,
    )
