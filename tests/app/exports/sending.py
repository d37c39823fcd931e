"""Sends frames the way a browser does."""

import json
from collections.abc import Sequence
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from tests.frames import png_frame, svg_frame

ROOT = "/api/v1/exports"
PNG = "image/png"
SVG = "image/svg+xml"
ASKING = {"x-convoscope": "export"}
WIDTH, HEIGHT = 320, 180
STEPS = 6


def pngs(count: int = STEPS, ground: str | None = "#fff") -> list[bytes]:
    """Frames from step 0 on."""
    return [png_frame(n, WIDTH, HEIGHT, ground=ground) for n in range(count)]


def svgs(count: int = STEPS, **how: Any) -> list[bytes]:
    """The same as SVG."""
    return [svg_frame(n, WIDTH, HEIGHT, **how) for n in range(count)]


def said(drawn: Sequence[bytes], /, **more: Any) -> dict[str, Any]:
    """Options that fit the frames, but for what is said otherwise."""
    return {"width": WIDTH, "height": HEIGHT, "frames": len(drawn), "hold": 500, "name": "figure", **more}


def sent(
    client: TestClient,
    format: str,
    drawn: Sequence[bytes],
    media_type: str = PNG,
    /,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> Response:
    """What the server answers."""
    parts: list[Any] = [("options", (None, json.dumps(said(drawn, **options)), "application/json"))]
    parts += [("frame", (f"{n}", frame, media_type)) for n, frame in enumerate(drawn)]
    return client.post(f"{ROOT}/{format}", files=parts, headers=ASKING if headers is None else headers)


def file_of(client: TestClient, format: str, drawn: Sequence[bytes], media_type: str = PNG, /, **options: Any) -> bytes:
    """The file, which must come."""
    answer = sent(client, format, drawn, media_type, **options)
    assert answer.status_code == 200, answer.text
    return answer.content


def code_of(answer: Response) -> tuple[int, str, str]:
    """Status, code and field of a refusal."""
    error = answer.json()["error"]
    assert error["message"]
    return answer.status_code, error["code"], error["field"]
