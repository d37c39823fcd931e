"""The colours of style sheet and figures, measured: contrast (WCAG 2.2), and for readers who see fewer hues."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from coloraide import Color as Base
from coloraide.filters.cvd import Deutan, Protan, Tritan

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")
THEMES = ("light", "dark", "projector")
ROLES = ("input", "kernel", "output", "hidden", "padding")
GROUPS = tuple(f"group-{n}" for n in (1, 2, 3, 4))
# The least difference (CIEDE2000) between two line colours: what the palette reached when it was designed.
LEAST = {
    "light": {"roles": (16.9, 14.3, 9.4), "groups": (13.9, 16.2, 12.5)},
    "dark": {"roles": (12.6, 19.5, 9.2), "groups": (11.3, 13.2, 11.9)},
    "projector": {"roles": (13.6, 12.8, 11.1), "groups": (10.1, 14.7, 11.1)},
}
TEXT, GRAPHICS = 4.5, 3.0


class Color(Base):
    """Colours with the filters for colour vision."""


Color.register([Protan(), Deutan(), Tritan()], overwrite=True)


def palette(theme: str) -> dict[str, str]:
    """The colour tokens of a theme, by name."""
    root, projector = (
        dict(re.findall(r"--([\w-]+): (light-dark\(.*?\)|#\w+);", TOKENS.partition(start)[2].partition("\n}")[0]))
        for start in ("\n[data-theme] {", '\n[data-theme="projector"] {')
    )
    if theme == "projector":
        root |= projector
    side = 2 if theme == "dark" else 1
    return {
        name: match[side] if (match := re.match(r"light-dark\((#\w+), (#\w+)\)", value)) else value
        for name, value in root.items()
    }


def contrast(one: str, other: str) -> float:
    return Color(one).contrast(other, method="wcag21")


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_legible_on_everything_it_stands_on(theme: str) -> None:
    colors = palette(theme)
    pairs = [(f"{role}-ink", place) for role in (*ROLES, *GROUPS) for place in ("page", "surface", f"{role}-fill")]
    pairs += [(name, place) for name in ("text", "muted", "error") for place in ("page", "surface", "sunken")]
    pairs += [("text", f"{role}-fill") for role in (*ROLES, *GROUPS)]
    pairs += [(f"{sign}-ink", f"{sign}-fill") for sign in ("positive", "negative")]
    pairs += [("ramp-3-text", "ramp-3"), ("highlight-text", "highlight-fill")]
    low = {pair: round(contrast(colors[pair[0]], colors[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_edges_stand_out(theme: str) -> None:
    colors = palette(theme)
    pairs = [(f"{role}-line", place) for role in (*ROLES, *GROUPS) for place in ("page", "surface")]
    pairs += [(f"{role}-line", f"{role}-fill") for role in ROLES]
    pairs += [(name, place) for name in ("edge", "focus") for place in ("page", "surface")]
    pairs += [("highlight-outline", "highlight-fill" if theme != "dark" else "surface")]
    low = {pair: round(contrast(colors[pair[0]], colors[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < GRAPHICS} == {}


@pytest.mark.parametrize("family", ["roles", "groups"])
@pytest.mark.parametrize("theme", THEMES)
def test_hues_stay_apart_for_colour_blind_readers(theme: str, family: str) -> None:
    colors = palette(theme)
    lines = [colors[f"{name}-line"] for name in (ROLES if family == "roles" else GROUPS)]
    for blindness, least in zip(("protan", "deutan", "tritan"), LEAST[theme][family], strict=True):
        # A screen shows what it can of a colour that the model sets outside its range.
        seen = [Color(line).filter(blindness, 1, method="machado").clip() for line in lines]
        found = min(one.delta_e(other, method="2000") for one, other in combinations(seen, 2))
        assert found == pytest.approx(least, abs=0.1), blindness


def test_what_cannot_be_read_is_found() -> None:
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#f0c35a", "#ffffff") < GRAPHICS
    assert set(palette("dark")) == set(palette("light")) == set(palette("projector"))
