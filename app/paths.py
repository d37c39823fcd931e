"""Where the application's files lie: bundled in a wheel, beside the packages in a checkout."""

from pathlib import Path

_BUNDLED = Path(__file__).parent / "bundled"
ROOT = _BUNDLED if _BUNDLED.is_dir() else Path(__file__).parent.parent

STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
LOCALES = ROOT / "locales"
