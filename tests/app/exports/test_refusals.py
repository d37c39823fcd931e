"""What is refused, by which code, and that nothing of it stays."""

import errno
import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.exports import output
from app.main import create_app
from app.settings import Settings
from tests.app.exports.sending import ASKING, PNG, ROOT, STEPS, SVG, code_of, file_of, pngs, said, sent, svgs
from tests.frames import png_frame


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files would lie; nothing does afterwards."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def limited(**settings: Any) -> TestClient:
    return TestClient(create_app(Settings(strict_strings=True, **settings)))


def posted(client: TestClient, parts: list[Any], format: str = "gif", **headers: str) -> Response:
    return client.post(f"{ROOT}/{format}", files=parts, headers=ASKING | headers)


def options(value: Any) -> tuple[str, Any]:
    text = value if isinstance(value, str) else json.dumps(value)
    return ("options", (None, text, "application/json"))


def frame(data: bytes, media_type: str = PNG) -> tuple[str, Any]:
    return ("frame", ("1", data, media_type))


def test_what_there_is_is_listed_with_the_limits(client: TestClient) -> None:
    found = client.get(ROOT).json()
    assert [one["format"] for one in found["formats"]] == ["gif", "webp", "mp4", "pdf", "pptx", "zip"]
    assert all(one["available"] and one["extra"] == "export" for one in found["formats"])
    assert found["limits"] == {"frames": 600, "pixels": 9_437_184, "bytes": 268_435_456, "seconds": 120}


def test_an_unknown_format_names_those_there_are(client: TestClient) -> None:
    answer = sent(client, "giff", pngs(1))
    assert code_of(answer) == (404, "unknown_format", "format")
    assert answer.json()["error"]["values"]["nearest"] == "gif"
    assert "webp" in answer.json()["error"]["hint"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-convoscope": "1"},
        {**ASKING, "sec-fetch-site": "cross-site"},
        {**ASKING, "sec-fetch-site": "same-site"},
    ],
)
def test_pages_of_other_sites_have_nothing_made(client: TestClient, headers: dict[str, str]) -> None:
    assert code_of(sent(client, "zip", pngs(1), headers=headers)) == (403, "foreign_request", "x-convoscope")


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_have(client: TestClient, site: str) -> None:
    assert sent(client, "zip", pngs(1), headers={**ASKING, "sec-fetch-site": site}).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"frames": 601}, 413, "too_many_frames", "frames"),
        ({"width": 4097, "height": 2304}, 413, "too_many_pixels", "width"),
        ({"width": 15}, 422, "out_of_range", "width"),
        ({"width": 320.5}, 422, "not_whole", "width"),
        ({"hold": True}, 422, "wrong_type", "hold"),
        ({"hold": 10}, 422, "out_of_range", "hold"),
        ({"last_hold": 10**9}, 422, "out_of_range", "last_hold"),
        ({"loop": -1}, 422, "out_of_range", "loop"),
        ({"transparent": 1}, 422, "wrong_type", "transparent"),
        ({"name": "a" * 121}, 422, "wrong_length", "name"),
        ({"title": None}, 422, "wrong_type", "title"),
        ({"link": "javascript:alert(1)"}, 422, "wrong_form", "link"),
        ({"colour": "red"}, 422, "unknown_parameter", "colour"),
        ({"frames": 0}, 422, "out_of_range", "frames"),
    ],
)
def test_options_are_read_strictly(client: TestClient, changed: Any, status: int, code: str, field: str) -> None:
    answer = posted(client, [options(said(pngs()) | changed), *map(frame, pngs())])
    assert code_of(answer) == (status, code, field)


def test_what_would_fit_is_said(client: TestClient) -> None:
    error = posted(client, [options(said([], width=8192, height=4608, frames=9))]).json()["error"]
    assert error["hint"] == "At this shape 4096×2304 fits."
    assert error["values"]["nearest"] == 4096


@pytest.mark.parametrize("name", ["width", "height", "frames"])
def test_an_option_that_is_missing_is_named(client: TestClient, name: str) -> None:
    given = {key: value for key, value in said(pngs()).items() if key != name}
    assert code_of(posted(client, [options(given)])) == (422, "options_missing", name)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([frame(b"1")], "options_missing"),
        ([options("[]")], "not_an_object"),
        ([options("{")], "malformed_json"),
        ([options('{"width": 320, "width": 320}')], "duplicate_key"),
        ([options(" " * 70_000 + "{}")], "malformed_form"),
        ([options(said(pngs(1))), ("other", ("1", b"1", PNG))], "malformed_form"),
    ],
)
def test_a_form_that_is_no_order_is_refused(client: TestClient, parts: list[Any], code: str) -> None:
    assert code_of(posted(client, parts))[:2] == (422, code)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("application/json", b"{}", "not_a_form"),
        ("multipart/form-data", b"", "not_a_form"),
        ("multipart/form-data; boundary=a", b"", "malformed_form"),
        ("multipart/form-data; boundary=a", b"no form", "malformed_form"),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="options"\r\n\r\n{',
            "malformed_form",
        ),
        ("multipart/form-data; boundary=a", b"--a--\r\n", "options_missing"),
    ],
)
def test_a_body_that_is_no_form_is_refused(client: TestClient, kind: str, body: bytes, code: str) -> None:
    answer = client.post(f"{ROOT}/zip", content=body, headers={**ASKING, "content-type": kind})
    assert code_of(answer)[:2] == (422, code)


BAD_PNGS = {
    "words": (b"no picture", "not_a_png"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(99), "not_a_png"),
    "an SVG": (svgs(1)[0], "not_a_png"),
    "half": (pngs(1)[0][:-20], "not_a_png"),
    "another size": (png_frame(0, 640, 360), "frame_size"),
}


@pytest.mark.parametrize("format", ["gif", "mp4", "zip"])
@pytest.mark.parametrize(("data", "code"), BAD_PNGS.values(), ids=BAD_PNGS)
def test_a_frame_that_is_not_what_it_claims_is_refused(client: TestClient, format: str, data: bytes, code: str) -> None:
    answer = sent(client, format, [*pngs(2), data])
    assert code_of(answer) == (422, code, "frame")
    assert answer.json()["error"]["values"]["frame"] == 3


@pytest.mark.parametrize("format", ["gif", "webp", "mp4", "pptx"])
def test_a_png_with_a_broken_middle_is_refused(client: TestClient, format: str) -> None:
    whole = pngs(2)[1]
    broken = whole[:60] + bytes(60) + whole[120:]
    assert code_of(sent(client, format, [pngs(1)[0], broken])) == (422, "not_a_png", "frame")


@pytest.mark.parametrize("format", ["pdf", "zip"])
def test_an_svg_that_is_not_what_it_claims_is_refused(client: TestClient, format: str) -> None:
    assert code_of(sent(client, format, [svgs(1)[0], b"<svg"], SVG)) == (422, "not_an_svg", "frame")
    large = svgs(1)[0].replace(b'width="320"', b'width="640"')
    assert code_of(sent(client, format, [large], SVG)) == (422, "frame_size", "frame")
    script = svgs(1, title="</text><script/><text>")[0]
    assert code_of(sent(client, format, [script], SVG)) == (422, "svg_refused", "frame")


def test_a_frame_larger_than_its_pixels_is_refused(client: TestClient) -> None:
    data = pngs(1)[0] + bytes(400_000)
    assert code_of(sent(client, "zip", [data])) == (422, "not_a_png", "frame")


@pytest.mark.parametrize(("format", "kind"), [("gif", SVG), ("pdf", PNG), ("zip", "image/jpeg"), ("zip", "")])
def test_a_frame_of_another_type_is_refused(client: TestClient, format: str, kind: str) -> None:
    assert code_of(sent(client, format, pngs(1), kind)) == (422, "wrong_frame_type", "frame")


@pytest.mark.parametrize("format", ["gif", "webp", "mp4", "pdf", "pptx", "zip"])
@pytest.mark.parametrize("count", [STEPS - 1, STEPS + 1])
def test_more_or_fewer_frames_than_said_are_refused(client: TestClient, format: str, count: int) -> None:
    frames, kind = (svgs(), SVG) if format == "pdf" else (pngs(), PNG)
    assert code_of(sent(client, format, frames, kind, frames=count)) == (422, "frame_count", "frames")


@pytest.mark.parametrize("format", ["mp4", "pptx"])
def test_a_film_is_not_transparent(client: TestClient, format: str) -> None:
    assert code_of(sent(client, format, pngs(1), transparent=True)) == (422, "not_transparent", "transparent")


def test_limits_are_settings() -> None:
    client = limited(export_frames=3, export_pixels=320 * 180, export_bytes=60_000, export_seconds=9)
    assert client.get(ROOT).json()["limits"] == {"frames": 3, "pixels": 57_600, "bytes": 60_000, "seconds": 9}
    assert sent(client, "zip", pngs(3)).status_code == 200
    assert code_of(sent(client, "zip", pngs(4)))[:2] == (413, "too_many_frames")
    assert code_of(sent(client, "zip", pngs(3), width=321))[:2] == (413, "too_many_pixels")


def test_a_body_is_refused_by_what_it_says_and_by_what_it_has() -> None:
    client = limited(export_bytes=10_000)
    assert code_of(sent(client, "zip", pngs()))[:2] == (413, "body_too_large")
    boundary = {**ASKING, "content-type": "multipart/form-data; boundary=a"}
    head = b'--a\r\nContent-Disposition: form-data; name="options"\r\n\r\n'
    pieces = iter([head, *[b" " * 1000] * 20])
    answer = client.post(f"{ROOT}/zip", content=pieces, headers=boundary)
    assert code_of(answer)[:2] == (413, "body_too_large")


def test_a_file_that_becomes_too_large_is_refused() -> None:
    frames = pngs(2)
    client = limited(export_bytes=sum(map(len, frames)) + 1500)
    answer = sent(client, "mp4", frames, loop=100)
    assert code_of(answer)[:2] == (413, "export_too_large")


@pytest.mark.parametrize(
    ("format", "module"),
    [("gif", "PIL"), ("webp", "PIL"), ("mp4", "av"), ("pptx", "pptx"), ("pdf", "typst"), ("zip", "python_multipart")],
)
def test_a_library_that_is_missing_is_named_with_the_cure(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, format: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    answer = sent(client, format, pngs(1))
    assert code_of(answer) == (501, "encoder_missing", "format")
    assert "pip install 'convoscope[export]'" in answer.json()["error"]["hint"]
    listed = {one["format"]: one["available"] for one in client.get(ROOT).json()["formats"]}
    assert listed[format] is False


class Full:
    """A file on a disk without room."""

    def __init__(self, file: Any, room: int) -> None:
        self.file = file
        self.room = room

    def write(self, data: Any) -> int:
        if self.file.tell() + memoryview(data).nbytes > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return int(self.file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def __enter__(self) -> "Full":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


@pytest.mark.parametrize("format", ["gif", "webp", "mp4", "pdf", "pptx", "zip"])
def test_a_full_disk_is_no_fault_of_ours(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, format: str, place: Path
) -> None:
    made = output.unnamed
    monkeypatch.setattr("app.exports.routes.unnamed", lambda: Full(made(), 500))
    frames, kind = (svgs(), SVG) if format == "pdf" else (pngs(), PNG)
    assert code_of(sent(client, format, frames, kind)) == (507, "disk_full", "")
    monkeypatch.undo()
    assert sent(client, format, frames, kind).status_code == 200


@pytest.mark.parametrize("format", ["zip", "gif", "webp", "mp4", "pdf", "pptx"])
def test_a_disk_that_is_full_at_the_last_byte_is_full_too(client: TestClient, place: Path, format: str) -> None:
    frames, kind = (svgs(), SVG) if format == "pdf" else (pngs(), PNG)
    size = len(file_of(client, format, frames, kind))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A real file, whose last bytes wait in a buffer until it is flushed, sought or closed.
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, hard))
    try:
        answer = sent(client, format, frames, kind)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code_of(answer) == (507, "disk_full", "")
    assert sent(client, format, frames, kind).status_code == 200


def test_where_files_lie_is_settled_before_the_disk_is_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    limited()
    assert tempfile.tempdir == str(tmp_path)


@pytest.mark.parametrize("format", ["gif", "pdf"])
def test_where_no_file_can_be_made_the_disk_is_full_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/to be found")
    frames, kind = (svgs(1), SVG) if format == "pdf" else (pngs(1), PNG)
    assert code_of(sent(client, format, frames, kind)) == (507, "disk_full", "")


def test_names_of_files_are_such_that_every_system_takes_them(client: TestClient) -> None:
    answer = sent(client, "zip", pngs(1), name='../a"b\n卷积')
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"a-b-__.zip\"; filename*=UTF-8''a-b-%E5%8D%B7%E7%A7%AF.zip"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
