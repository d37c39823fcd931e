"""The strings that a reader sees: one flat catalogue a language, read from `locales/<lang>/strings.json`."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_LANGUAGE = "en"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Translator:
    """`t("area.name", count=3)`: the string of that key with its `{placeholders}` filled.

    `strict` raises on an unknown key, for tests and development; otherwise the key itself stands in for the
    string, because a page with one odd word serves its reader better than none.
    """

    lang: str
    strings: Mapping[str, str]
    strict: bool = False

    def __call__(self, key: str, /, **values: object) -> str:
        text = self.strings.get(key)
        if text is not None:
            return text.format_map(values) if values else text
        if self.strict:
            raise KeyError(f"no string {key!r} in locales/{self.lang}/strings.json")
        _log.error("no string %r in language %r", key, self.lang)
        return key

    def has(self, key: str) -> bool:
        """Whether the catalogue holds this key; for keys made from data, such as error codes."""
        return key in self.strings


def read_catalogues(folder: Path) -> dict[str, dict[str, str]]:
    """Every language's strings, by the name of its folder."""
    return {
        file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*/strings.json"))
    }
