"""Tokens are read as a browser computes them (tests/browser/test_still.py compares the two)."""

import re

import pytest

from app import tokens
from app.pages import THEMES


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_a_figure_is_a_colour(theme):
    found = tokens.of_theme(theme)
    for role in ("input", "kernel", "output", "hidden", "padding", *(f"group-{n}" for n in (1, 2, 3, 4))):
        for part in ("ink", "line", "fill"):
            assert re.fullmatch("#[0-9a-f]{6}", found[f"{role}-{part}"]), (role, part)
    assert found["font"].endswith("sans-serif")


def test_each_theme_has_colours_of_its_own():
    assert len({tokens.of_theme(theme)["input-line"] for theme in THEMES}) == len(THEMES)


def test_chains_end_in_values_and_media_queries_do_not_count():
    css = """
    @font-face { font-family: "x"; }
    :root, [data-theme] { color-scheme: light dark; --a: var(--b); --b: light-dark(#ABC, var(--c)); --c: #123456; }
    @media (prefers-color-scheme: dark) { :root { --c: #ffffff; } }
    [data-theme="dark"] { color-scheme: dark; } /* } */
    """
    assert tokens.parsed(css, "light") == {"a": "#aabbcc", "b": "#aabbcc", "c": "#123456"}
    assert tokens.parsed(css, "dark") == {"a": "#123456", "b": "#123456", "c": "#123456"}


@pytest.mark.parametrize("css", [":root { --a: var(--a); }", ":root { --a: var(--gone); }"])
def test_what_has_no_value_is_an_error(css):
    with pytest.raises(tokens.TokenError):
        tokens.parsed(css, "light")
