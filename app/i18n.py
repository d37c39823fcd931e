"""The strings that a reader sees: one flat catalogue a language, read from `locales/<lang>/strings.json`."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEFAULT_LANGUAGE = "en"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Translator:
    """`t("area.name", count=3)`: the string of that key with its `{placeholders}` filled.

    `engine` holds what English says in the engine itself: titles and summaries of kinds, presets, notes and errors. It
    is empty in English.

    `strict` raises on an unknown key, for tests and development; otherwise the key itself stands in for the
    string, because a page with one odd word serves its reader better than none.
    """

    lang: str
    strings: Mapping[str, str]
    strict: bool = False
    engine: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, key: str, /, **values: object) -> str:
        text = self.strings.get(key)
        if text is not None:
            return text.format_map(values) if values else text
        if self.strict:
            raise KeyError(f"no string {key!r} in locales/{self.lang}/strings.json")
        _log.error("no string %r in language %r", key, self.lang)
        return key

    def said(self, key: str, english: str, /, **values: object) -> str:
        """What the engine says in English, in this language; the English where a value that is wanted is not there."""
        text = self.engine.get(key)
        if text is None:
            return english
        try:
            return text.format_map(values)
        except (KeyError, IndexError, ValueError):
            return english

    def error(self, error: Mapping[str, Any]) -> dict[str, Any]:
        """An error document with message and hint in this language."""
        if not self.engine:
            return dict(error)
        values = {**error["values"], "field": self._field(error["field"])}
        message = self.said(f"fault.{error['code']}", error["message"], **values)
        if message == error["message"]:
            return dict(error)
        hint = self.said("fault.try", "", **values) if "nearest" in values and error["field"] else ""
        return {**error, "message": message, "hint": hint}

    def _field(self, name: str) -> str:
        return self.strings.get(f"control.{name}", name)

    def has(self, key: str) -> bool:
        """Whether the catalogue holds this key; for keys made from data, such as error codes."""
        return key in self.strings


def read_catalogues(folder: Path, name: str = "strings") -> dict[str, dict[str, str]]:
    """Every language's strings, by the name of its folder."""
    return {
        file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob(f"*/{name}.json"))
    }
