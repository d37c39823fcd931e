"""The application with every string twice as long: what a language of long words would do to its pages."""

import json
import os
import tempfile
from pathlib import Path

from app import paths
from app.i18n import read_catalogues
from compute.kinds import KINDS

# Names are the same in every language.
KEPT = ("language.", "page.name", "code.jax", "code.keras", "code.numpy", "code.pytorch")


def twice(text: str) -> str:
    """A text twice as long: of words more words, of one word a longer one.

    >>> twice("Stride"), twice("Step back")
    ('Stridestride', 'Step back Step back')
    """
    one_word = text.isalpha() and text.isascii()
    return text + text.lower() if one_word else f"{text} {text}"


def doubled(strings: dict[str, str]) -> dict[str, str]:
    return {key: text if key.startswith(KEPT) else twice(text) for key, text in strings.items()}


def spoken_by_the_engine() -> dict[str, str]:
    """What English takes from the engine, as a catalogue of the form that other languages have."""
    return {
        **{f"kind.{kind.slug}.title": kind.title for kind in KINDS.values()},
        **{f"kind.{kind.slug}.summary": kind.summary for kind in KINDS.values()},
        **{f"preset.{kind.slug}.{preset.id}": preset.title for kind in KINDS.values() for preset in kind.presets},
    }


def write_catalogues(folder: Path) -> None:
    engines = {"en": spoken_by_the_engine(), **read_catalogues(paths.LOCALES, "engine")}
    for name, catalogues in (("strings", read_catalogues(paths.LOCALES)), ("engine", engines)):
        for lang, strings in catalogues.items():
            (folder / lang).mkdir(exist_ok=True)
            (folder / lang / f"{name}.json").write_text(json.dumps(doubled(strings)), encoding="utf-8")


if os.environ.get("CONVOSCOPE_DOUBLED"):
    _folder = tempfile.TemporaryDirectory()
    write_catalogues(Path(_folder.name))
    paths.LOCALES = Path(_folder.name)

from app.main import app  # noqa: E402, F401 (it reads the catalogues when it is imported)
