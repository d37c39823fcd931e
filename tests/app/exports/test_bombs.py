"""Frames that are small as bytes and large as pixels."""

import struct
import zlib

import pytest
from starlette.testclient import TestClient

from tests.app.exports.sending import code_of, pngs, sent

SIDE = 2000


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("format", ["gif", "webp", "mp4", "pptx"])
def test_a_png_that_claims_more_pixels_in_a_second_header_is_not_decoded(client: TestClient, format: str) -> None:
    first = pngs(1)[0][:33]
    second = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 6, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes((4 * SIDE + 1) * SIDE)))
    frame = first + second + pixels + chunk(b"IEND", b"")
    assert code_of(sent(client, format, [frame])) == (422, "not_a_png", "frame")
