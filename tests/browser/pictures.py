"""Pictures for tests, written byte by byte: a PNG needs no more than zlib."""

import struct
import zlib
from collections.abc import Sequence

Pixel = tuple[int, int, int, int]
WHITE: Pixel = (255, 255, 255, 255)
BLACK: Pixel = (0, 0, 0, 255)


def grey(value: int) -> Pixel:
    return (value, value, value, 255)


def png(rows: Sequence[Sequence[Pixel]]) -> bytes:
    """Rows of pixels as a PNG of 8 bits a channel.

    >>> png([[WHITE, BLACK]])[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    lines = b"".join(b"\0" + b"".join(bytes(pixel) for pixel in row) for row in rows)
    header = header_of(len(rows[0]), len(rows))
    return header + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def header_of(width: int, height: int) -> bytes:
    """The first bytes of a PNG of that size."""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def turned(jpeg: bytes, orientation: int) -> bytes:
    """A JPEG with an EXIF segment that says how its camera was held."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
