"""Frames as MP4: H.264 as PowerPoint, Keynote, browsers and telephones play it."""

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import IO, Any

import av
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from PIL import Image

from app.exports.frames import Frame
from app.exports.job import Job
from app.exports.options import Options
from app.exports.pictures import opened

# A picture that stands longer is written several times, so that players which dislike slow films find none: an equal
# picture takes some thirty bytes.
_LONGEST = 250
_X264 = {"preset": "veryfast", "crf": "17", "tune": "stillimage", "bf": "0", "rc-lookahead": "10"}
_BT709 = 1
_TV = 1
# The index of a film stands before its pictures, so that it plays while it is loaded: room for one entry a picture.
_INDEX = 4096
_INDEX_ENTRY = 24


def encode(frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job) -> None:
    """Write the film. Nothing in MP4 says that it is to be repeated, so it is written as often as it is played."""
    film(frames, options, out, job, rounds=max(options.loop, 1))


def film(frames: Iterator[Frame], options: Options, out: IO[bytes], job: Job, rounds: int = 1) -> None:
    """Write the frames `rounds` times; they are encoded once, and what was encoded is repeated."""
    tick, counts = beat = beats(options.hold, options.last_hold, options.frames)
    index = _INDEX + _INDEX_ENTRY * sum(counts) * rounds
    with av.open(out, "w", format="mp4", options={"moov_size": str(index)}) as container:
        container.metadata.update({"title": options.title or options.name, "comment": options.link})
        stream = container.add_stream("libx264", rate=1000 / tick, options=_X264)
        _describe(stream, options, tick)
        kept: list[Any] = []
        for packet in _packets(frames, options, stream, beat, job):
            container.mux(packet)
            if rounds > 1:
                kept.append(packet)
        for n in range(1, rounds):
            job.check()
            for packet in kept:
                container.mux(_later(packet, n * sum(counts), stream))


def beats(hold: int, last_hold: int, frames: int) -> tuple[Fraction, list[int]]:
    """How long one picture of the film lasts, in milliseconds, and how many of them each frame takes.

    Every frame but the last stays exactly as long as was asked for; the last one stays that long to the next picture.

    >>> beats(900, 2500, 3), beats(100, 100, 2)
    ((Fraction(225, 1), [4, 4, 11]), (Fraction(100, 1), [1, 1]))
    """
    each = -(-hold // _LONGEST)
    tick = Fraction(hold, each)
    return tick, [each] * (frames - 1) + [max(1, round(last_hold / tick))]


def _describe(stream: VideoStream, options: Options, tick: Fraction) -> None:
    # Half as many samples of colour as of light: both sides are even.
    stream.width, stream.height = _even(options.width), _even(options.height)
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.time_base = tick / 1000
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = _TV


def _packets(
    frames: Iterator[Frame], options: Options, stream: VideoStream, beat: tuple[Fraction, list[int]], job: Job
) -> Iterator[Any]:
    (tick, counts), number = beat, 0
    for frame, count in zip(frames, counts, strict=True):
        picture = _picture(opened(frame, options), stream)
        for _ in range(count):
            job.check()
            picture.pts = number
            picture.time_base = tick / 1000
            number += 1
            yield from stream.encode(picture)
    yield from stream.encode(None)


def _picture(picture: Image.Image, stream: VideoStream) -> av.VideoFrame:
    if picture.size != (stream.width, stream.height):
        picture = _extended(picture, stream.width, stream.height)
    frame: av.VideoFrame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
    return frame.reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


def _extended(picture: Image.Image, width: int, height: int) -> Image.Image:
    """An odd side one pixel longer, in the colours of its edge."""
    larger = Image.new("RGB", (width, height))
    larger.paste(picture.crop((picture.width - 1, 0, picture.width, picture.height)), (width - 1, 0))
    larger.paste(picture.crop((0, picture.height - 1, picture.width, picture.height)), (0, height - 1))
    larger.putpixel((width - 1, height - 1), picture.getpixel((picture.width - 1, picture.height - 1)) or 0)
    larger.paste(picture, (0, 0))
    return larger


def _later(packet: Any, pictures: int, stream: VideoStream) -> Any:
    copy: Any = av.Packet(bytes(packet))
    shift = int(pictures * stream.codec_context.time_base / packet.time_base)
    copy.stream, copy.time_base, copy.is_keyframe = stream, packet.time_base, packet.is_keyframe
    copy.pts, copy.dts, copy.duration = packet.pts + shift, packet.dts + shift, packet.duration
    return copy


def _even(side: int) -> int:
    return side + side % 2


def in_memory(frames: Iterator[Frame], options: Options, job: Job) -> BytesIO:
    """The film, played once, as bytes: for a file that holds it whole."""
    file = BytesIO()
    film(frames, options, file, job)
    file.seek(0)
    return file
