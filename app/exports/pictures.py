"""Frames as pictures of Pillow, one at a time."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from app.exports.frames import Frame
from app.exports.options import Options

# What shows through a frame where its format has no transparency.
GROUND = (255, 255, 255)


def opened(frame: Frame, options: Options) -> Image.Image:
    """The frame's pixels: RGBA where the options keep it transparent, else RGB; raises ConvError where it has none."""
    try:
        with Image.open(BytesIO(frame.data), formats=["PNG"]) as picture:
            # A second header, which Pillow believes, may claim more than the first, which was held to the options.
            if picture.size != (options.width, options.height):
                raise frame.unreadable("its headers contradict each other")
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise frame.unreadable(str(error)[:100]) from None
    if options.transparent:
        return picture.convert("RGBA")
    return flat(picture)


def flat(picture: Image.Image) -> Image.Image:
    """The picture on white, where it is transparent at all."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    pixels = picture.convert("RGBA")
    ground = Image.new("RGB", pixels.size, GROUND)
    ground.paste(pixels, mask=pixels.getchannel("A"))
    return ground


class Film(Image.Image):
    """Frames as one picture of many, the way Pillow knows it from files: the next is opened when it is asked for.

    Pillow's writers of moving pictures then hold one frame, not all.
    """

    def __init__(self, frames: Iterator[Frame], options: Options) -> None:
        super().__init__()
        self._frames = frames
        self._options = options
        self._at = -1
        self.n_frames = options.frames
        self.is_animated = options.frames > 1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Go on to a frame; back to the first is allowed where nobody looks at it any more."""
        if frame != self._at + 1:
            return
        picture = opened(next(self._frames), self._options)
        self._at = frame
        self.im = picture.im
        self._mode = picture.mode
        self._size = picture.size

    def tell(self) -> int:
        """The number of the frame at hand, counted from 0."""
        return self._at
