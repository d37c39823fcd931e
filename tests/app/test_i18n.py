"""Strings come from the catalogues; a missing one is an error in tests and its key in production."""

import json
import logging
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import paths
from app.i18n import Translator, read_catalogues
from app.reference import CODES
from compute.kinds import KINDS

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


TRANSLATED = sorted(set(read_catalogues(paths.LOCALES)) - {"en"})
LESSONS = paths.TEMPLATES / "lessons"
# What a sentence in English has and a name has not: two words of letters beside each other.
WORDS = re.compile(r"[A-Za-z]{3,}[ ,.:]+[a-z]{2,}")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_string_is_left_untranslated_and_placeholders_agree(lang: str) -> None:
    catalogues = read_catalogues(paths.LOCALES)
    for key, english in catalogues["en"].items():
        text = catalogues[lang][key]
        assert text.strip(), key
        assert placeholders(text) == placeholders(english), key
        if WORDS.search(english):
            assert text != english, f"{key} is the English"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_what_the_engine_says_in_english_is_said_in_every_language(lang: str) -> None:
    said = read_catalogues(paths.LOCALES, "engine")[lang]
    assert list(said) == sorted(said)
    expected = {"fault.try", *(f"fault.{code}" for code in CODES)}
    notes = set()
    for kind in KINDS.values():
        expected |= {f"kind.{kind.slug}.title", f"kind.{kind.slug}.summary"}
        expected |= {f"preset.{kind.slug}.{preset.id}" for preset in kind.presets}
        expected |= {f"equal.{kind.slug}.{n}" for n in range(1, len(kind.equals) + 1)}
        for preset in kind.presets:
            notes |= {f"note.{note['code']}" for note in kind.plan(kind.parse(preset.params)).notes}
    assert expected | notes <= set(said)
    assert not [key for key in set(said) - expected if not key.startswith("note.")]


@pytest.mark.parametrize("lang", TRANSLATED)
@pytest.mark.parametrize("slug", KINDS)
def test_a_lesson_has_the_same_links_buttons_and_code_in_every_language(lang: str, slug: str) -> None:
    english, other = ((LESSONS / name / f"{slug}.html").read_text(encoding="utf-8") for name in ("en", lang))
    for pattern in (
        r'href="[^"]*"',
        r'data-(?:set|answer)="[^"]*"',
        r"{% call \w+\([^)]*\) %}",
        r"{% macro \w+\(\) %}",
        r"<code>[^<]*</code>",
        r"<h2>",
        r'class="math"',
    ):
        assert re.findall(pattern, other) == re.findall(pattern, english), pattern
    prose = re.sub(r"<code>.*?</code>|<[^>]*>|{%.*?%}|{#.*?#}", "", other)
    assert len(re.findall(r"[\u4e00-\u9fff]", prose)) > 100 if lang == "zh" else prose.strip()


def test_a_page_speaks_the_language_of_its_link_or_of_the_browser(client: TestClient) -> None:
    asked = client.get("/learn/single-channel?lang=zh")
    assert 'lang="zh"' in asked.text[:200]
    assert asked.headers["content-language"] == "zh"
    assert "Accept-Language" in asked.headers["vary"]
    assert 'href="/learn/grouped?lang=zh"' in asked.text
    preferred = client.get("/learn/single-channel", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert 'lang="zh"' in preferred.text[:200]
    assert 'href="/learn/grouped"' in preferred.text
    assert 'lang="en"' in client.get("/learn/single-channel", headers={"accept-language": "fr"}).text[:200]


def test_an_unknown_language_is_refused_and_the_page_speaks_english(client: TestClient) -> None:
    answer = client.get("/learn/single-channel?lang=xx")
    assert answer.status_code == 422
    assert 'lang="en"' in answer.text[:200]


def test_an_error_is_said_in_the_language_of_the_page(client: TestClient) -> None:
    answer = client.get("/learn/single-channel?kernel_size=9&lang=zh")
    assert answer.status_code == 422
    problem = re.search(r'<p class="problem" id="problem"[^>]*>([^<]*)', answer.text)
    assert problem
    assert "卷积核" in problem[1]
    assert not WORDS.search(problem[1])
