"""Strings come from the catalogues; a missing one is an error in tests and its key in production."""

import json
import logging
import re
from pathlib import Path

import pytest

from app import paths
from app.i18n import Translator, read_catalogues

STRINGS = {"greeting.one": "Step {n} of {total}", "greeting.plain": "Braces {stay}"}


def test_placeholders_are_filled() -> None:
    t = Translator("en", STRINGS, strict=True)
    assert t("greeting.one", n=5, total=9) == "Step 5 of 9"
    assert t("greeting.plain") == "Braces {stay}"
    assert (t.has("greeting.one"), t.has("greeting.two")) == (True, False)


def test_a_missing_string_is_an_error_where_strict() -> None:
    with pytest.raises(KeyError, match=r"greeting\.two.*locales/en/strings\.json"):
        Translator("en", STRINGS, strict=True)("greeting.two")


def test_a_missing_string_shows_its_key_and_is_logged_elsewhere(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert Translator("en", STRINGS)("greeting.two") == "greeting.two"
    assert "greeting.two" in caplog.text


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Translator("en", STRINGS)("greeting.one", n=5)


def test_languages_are_folders(tmp_path: Path) -> None:
    for lang in ("en", "zh-Hans"):
        (tmp_path / lang).mkdir()
        (tmp_path / lang / "strings.json").write_text(json.dumps({"a.b": lang}), encoding="utf-8")
    assert read_catalogues(tmp_path) == {"en": {"a.b": "en"}, "zh-Hans": {"a.b": "zh-Hans"}}


def test_every_language_has_the_same_keys_flat_and_sorted() -> None:
    catalogues = read_catalogues(paths.LOCALES)
    assert "en" in catalogues
    for strings in catalogues.values():
        assert list(strings) == sorted(strings) == sorted(catalogues["en"])
        assert all(isinstance(text, str) for text in strings.values())
        assert all(re.fullmatch(r"[a-z]+(\.[\w-]+)+", key) for key in strings)
