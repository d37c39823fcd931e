"""PDF, read back by pypdfium2; ZIP, by Python's own reader."""

import re
from collections import Counter
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest
from starlette.testclient import TestClient

from app.exports import pdf
from tests.app.exports.sending import HEIGHT, PNG, STEPS, SVG, WIDTH, file_of, pngs, svgs
from tests.frames import TITLE

PICTURE = pdfium.FPDF_PAGEOBJ_IMAGE


def pages(file: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(file)


def kinds(page: pypdfium2.PdfPage) -> Counter[int]:
    return Counter(one.type for one in page.get_objects(max_depth=15))


def fonts(file: bytes) -> set[str]:
    """The fonts that stand in the file, by name."""
    found = set()
    for page in pages(file):
        for one in page.get_objects(max_depth=15):
            if one.type == pdfium.FPDF_PAGEOBJ_TEXT:
                font = pdfium.FPDFTextObj_GetFont(one.raw)
                assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
                size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
                name = bytearray(size)
                pdfium.FPDFFont_GetBaseFontName(font, (pdfium.c_char * size).from_buffer(name), size)
                found.add(bytes(name).rstrip(b"\0").decode().split("+")[-1])
    return found


def test_a_page_a_step_in_the_size_of_the_frame_with_who_made_it(client: TestClient) -> None:
    file = file_of(client, "pdf", svgs(), SVG, title=TITLE)
    found = pages(file)
    assert len(found) == STEPS
    # Points: three quarters of a CSS pixel.
    assert {page.get_size() for page in found} == {(WIDTH * 0.75, HEIGHT * 0.75)}
    assert found.get_metadata_dict()["Title"] == TITLE
    assert found.get_metadata_dict()["Author"] == "Convoscope"


def test_shapes_stay_shapes_and_words_stay_words(client: TestClient) -> None:
    file = file_of(client, "pdf", svgs(), SVG)
    for n, page in enumerate(pages(file)):
        text = page.get_textpage().get_text_range()
        assert TITLE in text
        assert f"step {n} of 25" in text
        assert kinds(page)[PICTURE] == 0
        assert kinds(page)[pdfium.FPDF_PAGEOBJ_PATH] >= 49 + 25
    assert fonts(file)


def test_a_machine_without_fonts_has_those_of_the_package(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "BARE", True)
    file = file_of(client, "pdf", svgs(2, title="Stride × dilation −1 ∑ ▶"), SVG)
    assert "Stride × dilation −1 ∑ ▶" in pages(file)[0].get_textpage().get_text_range()
    assert "NotoSans-Regular" in fonts(file)
    assert "NotoSans-Bold" in fonts(file)


def test_chinese_is_set_in_a_font_of_the_machine(client: TestClient) -> None:
    """Needs fonts-noto-cjk, as the browser tests do."""
    file = file_of(client, "pdf", svgs(1, title="膨胀卷积"), SVG)
    assert "膨胀卷积" in re.sub(r"\s", "", pages(file)[0].get_textpage().get_text_range())
    assert any("CJK" in name for name in fonts(file))


def test_without_a_ground_the_page_is_seen_through(client: TestClient) -> None:
    file = file_of(client, "pdf", svgs(1, ground=None), SVG, transparent=True)
    page = pages(file)[0]
    seen = page.render(fill_color=(255, 0, 0, 255)).to_pil()
    assert seen.getpixel((2, 2))[:3] == (255, 0, 0)


@pytest.mark.parametrize(
    ("frames", "kind", "extension", "packed"), [(pngs, PNG, "png", ZIP_STORED), (svgs, SVG, "svg", ZIP_DEFLATED)]
)
def test_a_zip_holds_the_frames_as_they_were_sent(client: TestClient, frames, kind, extension, packed) -> None:
    archive = ZipFile(BytesIO(file_of(client, "zip", frames(), kind)))
    assert archive.testzip() is None
    assert archive.namelist() == [f"figure-{n:03}.{extension}" for n in range(1, STEPS + 1)]
    assert [archive.read(name) for name in archive.namelist()] == frames()
    assert {entry.compress_type for entry in archive.infolist()} == {packed}
