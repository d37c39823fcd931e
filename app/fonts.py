"""The fonts of pictures drawn here: those that the extra brings come first, so that every machine draws the same one.

What is left to the machine's own fonts is what no font of the extra has: Chinese.
"""

import atexit
import io
import re
import tempfile
from functools import cache
from pathlib import Path

# The names that the extra's wheel gives its fonts. The second pair has arrows and signs that the first lacks.
_TEXT = {"regular": "notos", "bold": "notosbo"}
_SIGNS = {"regular": "figo", "bold": "figbo"}

FAMILY = "'Noto Sans', sans-serif"
CHINESE_FAMILIES = (
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Source Han Sans CN', 'PingFang SC', 'Microsoft YaHei', "
    "'Hiragino Sans GB', 'WenQuanYi Micro Hei', 'WenQuanYi Zen Hei', sans-serif"
)
# Files of such fonts by the beginning of their names, the best first; and where systems keep fonts.
_CHINESE_FILES = (
    *("NotoSansCJK-", "NotoSansCJKsc-", "NotoSansSC", "SourceHanSansSC-", "SourceHanSansCN-", "SourceHanSans-"),
    *("PingFang", "msyh", "Hiragino Sans GB", "wqy-microhei", "wqy-zenhei", "DroidSansFallback", "simhei"),
)
_FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    *("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts"),
)
_FONTS = (".otf", ".ttc", ".ttf")

_SIGN = "→↓↗≈≠∞"
_LETTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027)])) + "σᵀ‹›"
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
_TEXT_ELEMENT = re.compile(r"<text\b([^<>]*)>(.*?)</text>", re.DOTALL)
# Where it stands, the picture means to keep a mark out of a wide font of the reader's; here that font would be missing.
_OWN_FAMILY = re.compile(r' font-family="[^"]*"')
# The minus is not in Noto Sans: a dash of the same width stands in for it, as high as a minus.
_MINUS, _DASH = "−", "–"
_NEGATIVE = re.compile(f"{_MINUS}([0-9.])")
_RAISED = f'<tspan dy="-.08em">{_DASH}</tspan><tspan dy=".08em">\\1</tspan>'
_SIZE = 1000


@cache
def files() -> list[str]:
    """The extra's fonts as files, which the renderer wants; they are removed when the process ends in order."""
    folder = tempfile.TemporaryDirectory(prefix="convoscope-fonts-")
    atexit.register(folder.cleanup)
    found = []
    for name in (*_TEXT.values(), *_SIGNS.values()):
        path = Path(folder.name) / f"{name}.ttf"
        path.write_bytes(_font(name))
        found.append(str(path))
    return found


@cache
def widths() -> dict[str, dict[str, float]]:
    """How wide characters are in the fonts of pictures, regular and bold, as shares of the size of the type."""
    from PIL import ImageFont

    def measured(name: str, characters: str) -> dict[str, float]:
        font = ImageFont.truetype(io.BytesIO(_font(name)), _SIZE)
        return {one: round(font.getlength(one) / _SIZE, 4) for one in characters}

    found = {}
    for style in ("regular", "bold"):
        text = measured(_TEXT[style], _LETTERS)
        found[style] = text | measured(_SIGNS[style], _SIGN) | {_MINUS: text[_DASH]}
    return found


def in_families(svg: str) -> str:
    """The picture with what Noto Sans lacks in other words: the minus as a dash, texts with Chinese in a font for it.

    Where one character of a text is missing, the renderer sets the whole text in the first font that has it.

    >>> in_families('<text x="1">−1</text>')
    '<text x="1"><tspan dy="-.08em">–</tspan><tspan dy=".08em">1</tspan></text>'
    """
    return _TEXT_ELEMENT.sub(_in_family, svg)


def _in_family(text: re.Match[str]) -> str:
    attributes, content = text[1], _OWN_FAMILY.sub("", text[2])
    own = f' font-family="{CHINESE_FAMILIES}"' if _CHINESE.search(content) else ""
    return f"<text{own}{attributes}>{_NEGATIVE.sub(_RAISED, content).replace(_MINUS, _DASH)}</text>"


def wanted(svg: str, own: list[str] | None = None) -> tuple[list[str], bool]:
    """The files of the fonts that a picture needs, and whether those of the whole machine are to be searched, too.

    They are only where there is Chinese in the picture, and no font for it that is known by the name of its file. `own`
    are the extra's, where another process has them as files already.
    """
    own = own or files()
    if not _CHINESE.search(svg):
        return own, False
    chinese = _chinese_files()
    return [*own, *chinese], not chinese


@cache
def _chinese_files() -> list[str]:
    """The files of the best font for Chinese on this machine; none where there is none that is known by name."""
    fonts = [
        path
        for folder in _FOLDERS
        for path in sorted(Path(folder).expanduser().rglob("*"))
        if path.suffix.lower() in _FONTS
    ]
    for start in _CHINESE_FILES:
        named = [path for path in fonts if path.name.lower().startswith(start.lower())]
        weights = [path for path in named if any(word in path.stem for word in ("Regular", "Bold"))]
        if named:
            return [str(path) for path in weights or named]
    return []


def _font(name: str) -> bytes:
    import pymupdf_fonts  # type: ignore[import-untyped]

    return bytes(pymupdf_fonts.myfont(name))
