"""The slide with a film in it, as LibreOffice opens it: one page, the first frame on it, and the film kept."""

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageChops

from app.exports import slides
from app.exports.frames import PNG, Frame
from app.exports.job import Job
from app.exports.limits import Limits
from app.exports.options import Options
from app.settings import Settings
from tests.frames import png_frame

WIDTH, HEIGHT = 1280, 720
FRAMES = 4
# What two programs may differ by where they scale the same picture, on average, of 255.
TOLERANCE = 4.0
PROGRAMS = ("soffice", "libreoffice")


def main() -> int:
    """0 when LibreOffice shows the slide, and still has the film after saving it."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("office: LibreOffice Impress is not installed; on Debian: apt install libreoffice-impress")
    with tempfile.TemporaryDirectory(prefix="convoscope ") as name:
        folder = Path(name)
        (folder / "figure.pptx").write_bytes(deck())
        shown = pypdfium2.PdfDocument(converted(program, folder, "pdf").read_bytes())
        saved = ZipFile(io.BytesIO(converted(program, folder, "odp").read_bytes()))
        faults = [*faults_of(shown), *film_missing(saved)]
    print("\n".join(faults) or "office: LibreOffice shows the first frame on one slide, and keeps the film")
    return 1 if faults else 0


def deck() -> bytes:
    """A PowerPoint file of a few frames."""
    options = Options(width=WIDTH, height=HEIGHT, frames=FRAMES, title="Dilated convolution", loop=2)
    frames = (Frame(png_frame(n, WIDTH, HEIGHT), PNG, n + 1) for n in range(FRAMES))
    file = io.BytesIO()
    slides.encode(frames, options, file, Job(Limits.of(Settings())))
    return file.getvalue()


def converted(program: str, folder: Path, extension: str) -> Path:
    """The slide as LibreOffice writes it."""
    profile = (folder / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", extension]
    done = subprocess.run(
        [*command, "--outdir", str(folder / "out"), str(folder / "figure.pptx")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    found = folder / "out" / f"figure.{extension}"
    if done.returncode or not found.exists():
        sys.exit(f"{done.stdout}\noffice: LibreOffice makes no {extension} of the slide")
    return found


def faults_of(shown: pypdfium2.PdfDocument) -> Iterator[str]:
    """What is not as it should be on the page that it prints."""
    if len(shown) != 1:
        yield f"office: LibreOffice shows {len(shown)} slides, not one"
    page = shown[0].render(scale=WIDTH / shown[0].get_width()).to_pil().convert("L").resize((WIDTH, HEIGHT))
    first = Image.open(io.BytesIO(png_frame(0, WIDTH, HEIGHT))).convert("L")
    levels = enumerate(ImageChops.difference(page, first).histogram())
    mean = sum(level * count for level, count in levels) / (WIDTH * HEIGHT)
    if mean > TOLERANCE:
        yield f"office: the slide differs from the first frame by {mean:.1f} of 255 on average"


def film_missing(saved: ZipFile) -> Iterator[str]:
    """Whether the film went lost."""
    if not any(name.endswith(".mp4") and saved.getinfo(name).file_size > 1000 for name in saved.namelist()):
        yield f"office: the film is not among what LibreOffice saves: {', '.join(saved.namelist())}"


if __name__ == "__main__":
    sys.exit(main())
