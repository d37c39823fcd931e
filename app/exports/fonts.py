"""Fonts for machines that have none: those of pymupdf-fonts, written to a folder for a library that reads files."""

from importlib import import_module
from pathlib import Path

# Letters in two weights, and the signs of formulas and controls.
_FACES = ("NotoSans_Regular", "NotoSans_Bold", "NotoSansMath_Regular", "NotoSansSymbols2_Regular")


def write_to(folder: Path) -> None:
    """Put the faces into a folder, each as a file."""
    for face in _FACES:
        buffer: bytes = import_module(f"pymupdf_fonts.{face}").fontbuffer
        (folder / f"{face}.ttf").write_bytes(buffer)
