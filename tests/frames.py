"""Frames of a figure that is none: two grids with numbers and a window that moves, for whoever wants some to encode."""

from functools import lru_cache

import resvg_py

TITLE = "Dilated convolution"
SIDE = 7
KERNEL = 3
OUT = SIDE - KERNEL + 1
# Fonts of the wheel are not asked for: any will do.
_FONT = "Noto Sans, DejaVu Sans, Arial, sans-serif"


def svg_frame(
    step: int, width: int = 320, height: int = 180, *, title: str = TITLE, ground: str | None = "#fff"
) -> bytes:
    """The frame of a step, from 0 (nothing computed yet), as an SVG document."""
    still = f'<rect width="1280" height="720" fill="{ground}"/>' if ground else ""
    row, column = divmod(max(step - 1, 0) % OUT**2, OUT)
    cells = []
    for n in range(SIDE**2):
        y, x = divmod(n, SIDE)
        read = step > 0 and row <= y < row + KERNEL and column <= x < column + KERNEL
        cells.append(
            _cell(80 + 60 * x, 120 + 60 * y, *(("#fce3ce", "#cf5a04") if read else ("#dcebfb", "#2b7cd3")), _value(n))
        )
    for n in range(OUT**2):
        y, x = divmod(n, OUT)
        done, now = n < step, n == step - 1
        fill = "#ffe14d" if now else "#d0efe2" if done else "#ffffff"
        cells.append(_cell(720 + 60 * x, 120 + 60 * y, fill, "#12906a", str(10 + n) if done else ""))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 1280 720" '
        f'font-family="{_FONT}">{still}<text x="40" y="60" font-size="34" font-weight="700">{title}</text>'
        f"{''.join(cells)}"
        f'<text x="1240" y="700" font-size="18" text-anchor="end" fill="#565d69">step {step} of {OUT**2}</text></svg>'
    ).encode()


@lru_cache(maxsize=512)
def png_frame(step: int, width: int = 320, height: int = 180, *, ground: str | None = "#fff") -> bytes:
    """The same as PNG."""
    return resvg_py.svg_to_bytes(svg_string=svg_frame(step, width, height, ground=ground).decode())


def _value(n: int) -> str:
    return str(n * 7 % 10)


def _cell(x: int, y: int, fill: str, line: str, text: str) -> str:
    shape = f'<path d="M{x},{y}h60v60h-60Z" fill="{fill}" stroke="{line}" stroke-width="2"/>'
    word = f'<text x="{x + 30}" y="{y + 40}" font-size="28" text-anchor="middle" fill="#16191f">{text}</text>'
    return shape + word if text else shape
