"""SVG pages to PDF, as a process of its own: `python typesetting.py <frames> <pdf`, started by `pdf.py`.

The library holds every page until the last, does not stop when asked to, and keeps memory for its next call: as a
process it can be ended at any time, is bounded, and leaves nothing. It imports nothing of ours.
"""

import contextlib
import json
import sys
from typing import IO, Any

# Points to an inch, and CSS pixels to an inch.
POINTS = 72 / 96
FAILED = 3

# The frames are handed over as inputs of the document: nothing lies on a disk, and the library may read no file.
DOCUMENT = """
#set document(title: sys.inputs.title, author: "Convoscope", description: sys.inputs.link)
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)
#for n in range({frames}) {{
  page(image(bytes(sys.inputs.at(str(n))), format: "svg", width: 100%, height: 100%, alt: sys.inputs.title))
}}
"""


def main(source: IO[bytes], target: IO[bytes]) -> int:
    """Read what `pdf.py` writes: a line of JSON, then each frame behind a line with its length."""
    asked = json.loads(source.readline())
    bound(asked["memory"])
    inputs = {"title": asked["title"], "link": asked["link"]}
    for n in range(asked["frames"]):
        length = int(source.readline() or b"-1")
        inputs[str(n)] = source.read(length).decode("utf-8")
    import typst

    page = {name: asked[name] * POINTS for name in ("width", "height")}
    document = DOCUMENT.format(frames=asked["frames"], **page).encode()
    try:
        # Tags for readers with screen readers tell one page as one picture with its title.
        found = typst.compile(
            document, sys_inputs=inputs, font_paths=[asked["fonts"]], ignore_system_fonts=asked["bare"]
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message[:500])
        return FAILED
    target.write(found)
    return 0


def bound(size: int) -> None:
    """Let this process take so many bytes of memory, where the system can tell it; past that it ends."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


if __name__ == "__main__":
    binary: Any = (sys.stdin.buffer, sys.stdout.buffer)
    sys.exit(main(*binary))
