"""Uploads of frames: a good one, and all that is none."""

import json

from soak.loading.line import Answer, Line
from tests.frames import png_frame

_BOUNDARY = "frames-of-a-figure"
_WIDTH, _HEIGHT, _FRAMES = 320, 180, 6


def options(**more: object) -> bytes:
    """What is asked for, as the form's first part has it."""
    said = {"width": _WIDTH, "height": _HEIGHT, "frames": _FRAMES, "hold": 500, "name": "figure"}
    return json.dumps(said | more).encode()


def part(name: str, media_type: str, data: bytes) -> bytes:
    """One part of a form."""
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="f"\r\nContent-Type: {media_type}'
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"


def form(*parts: bytes, end: bool = True) -> bytes:
    """The body."""
    return b"".join(parts) + (f"--{_BOUNDARY}--\r\n".encode() if end else b"")


def post(body: bytes, *, format: str = "zip", length: int | None = None, kind: str = "", more: str = "") -> bytes:
    """The request that sends a body; `length` is what it says of itself."""
    media_type = kind or f"multipart/form-data; boundary={_BOUNDARY}"
    said = f"Content-Length: {len(body) if length is None else length}\r\n"
    head = f"POST /api/v1/exports/{format} HTTP/1.1\r\nHost: localhost\r\nX-Convoscope: export\r\n"
    return f"{head}Content-Type: {media_type}\r\n{said}{more}\r\n".encode() + body


def frame(number: int) -> bytes:
    """A frame as PNG."""
    return part("frame", "image/png", png_frame(number, _WIDTH, _HEIGHT))


def _said(**more: object) -> bytes:
    return part("options", "application/json", options(**more))


_GOOD = [_said(), *(frame(n) for n in range(_FRAMES))]
PNG_FORM = post(form(*_GOOD))
# A picture that says it has 60,000 × 60,000 pixels, in a few bytes.
_BOMB = png_frame(0, _WIDTH, _HEIGHT)[:16] + (60_000).to_bytes(4) * 2 + png_frame(0, _WIDTH, _HEIGHT)[24:]
_CUT = png_frame(0, _WIDTH, _HEIGHT)[:200]

MALFORMED = {
    "empty": post(b""),
    "no form": post(b'{"frames": 6}', kind="application/json"),
    "no boundary": post(form(*_GOOD), kind="multipart/form-data"),
    "another boundary": post(form(*_GOOD), kind="multipart/form-data; boundary=other"),
    "no format": post(form(*_GOOD), format="exe"),
    "no options": post(form(*_GOOD[1:])),
    "options that are no JSON": post(form(part("options", "application/json", b"{{{{"), *_GOOD[1:])),
    "too many frames": post(form(_said(frames=10**9))),
    "too many pixels": post(form(_said(width=10**6, height=10**6), *_GOOD[1:])),
    "fewer frames than said": post(form(*_GOOD[:3])),
    "more frames than said": post(form(*_GOOD, *_GOOD[1:])),
    "no end": post(form(*_GOOD, end=False)),
    "text as PNG": post(form(_said(), *[part("frame", "image/png", b"no picture")] * _FRAMES), format="gif"),
    "a cut PNG": post(form(_said(), *[part("frame", "image/png", _CUT)] * _FRAMES), format="gif"),
    "a PNG of 60,000 × 60,000": post(form(_said(), *[part("frame", "image/png", _BOMB)] * _FRAMES), format="gif"),
    "a program as a frame": post(form(_said(), *[part("frame", "text/html", b"<script>")] * _FRAMES)),
    "more than is taken": post(b"", length=10**12),
    "a length below zero": post(form(*_GOOD), length=-5),
    "two lengths": post(form(*_GOOD), more="Content-Length: 3\r\n"),
}


async def export(url: str, format: str = "zip") -> int:
    """The status of a good upload."""
    return (await exported(url, format)).status


async def exported(url: str, format: str = "zip") -> Answer:
    """What a good upload is answered with."""
    line = await Line.to(url)
    try:
        return await line.ask(post(form(*_GOOD), format=format))
    finally:
        line.close()
