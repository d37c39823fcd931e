"""Frames as PowerPoint: one wide slide that the film fills, what it shows and whence it is in the notes."""

from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from typing import IO, Any

from pptx import Presentation
from pptx.util import Emu

from app.exports.frames import Frame
from app.exports.job import Job
from app.exports.mp4 import in_memory
from app.exports.options import Options

# 13⅓ by 7½ inches: what PowerPoint calls widescreen.
_WIDTH, _HEIGHT = Emu(12_192_000), Emu(6_858_000)
_BLANK = 6


def encode(frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job) -> None:
    """Write the slide. What stands there before it is played is the first frame."""
    first = next(frames)
    film = in_memory(chain([first], frames), options, job)
    job.check()
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    title = options.title or options.name
    deck.core_properties.title = title
    deck.core_properties.author = "Convoscope"
    deck.core_properties.comments = options.link
    slide = deck.slides.add_slide(deck.slide_layouts[_BLANK])
    movie = slide.shapes.add_movie(
        film,
        *_place(options.width / options.height),
        poster_frame_image=BytesIO(first.data),
        mime_type="video/mp4",
    )
    movie.name = title
    # What a screen reader says of it.
    movie._element.nvPicPr.cNvPr.set("descr", title)
    _repeat(slide, options.loop)
    slide.notes_slide.notes_text_frame.text = "\n".join(filter(None, (title, options.link)))
    deck.save(out)


def _place(shape: float) -> tuple[Emu, Emu, Emu, Emu]:
    """Left, top, width and height of a film of this shape, as large as the slide holds it."""
    width = min(_WIDTH, round(_HEIGHT * shape))
    height = min(_HEIGHT, round(_WIDTH / shape))
    return Emu((_WIDTH - width) // 2), Emu((_HEIGHT - height) // 2), Emu(width), Emu(height)


def _repeat(slide: Any, loop: int) -> None:
    """How often PowerPoint plays the film once it is started; it counts in thousandths."""
    for node in slide._element.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}cMediaNode"):
        for timing in node.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}cTn"):
            timing.set("repeatCount", str(1000 * loop) if loop else "indefinite")
