"""Formulas become MathML, their colours classes, their numbers put in afterwards."""

import pytest
from latex2mathml.converter import convert

from app.mathml import mathml
from compute.kinds import KINDS


@pytest.mark.parametrize(
    "latex",
    [
        r"o = \left\lfloor\frac{5 + 2 \cdot 0 - 1 \cdot (3 - 1) - 1}{1}\right\rfloor + 1 = 3",
        r"P = 128 \cdot \frac{64}{2} \cdot 3 \cdot 3 + 128 = 36992",
        r"x = 1.25 - 10^{12} - k_{1} - y_2",
        r"1{,}000 \times 2^3",
        r"r = k \bmod s",
    ],
)
def test_putting_numbers_in_gives_what_converting_gives(latex: str) -> None:
    assert mathml(latex) == convert(latex)


def test_every_formula_of_every_kind_is_as_if_converted_alone() -> None:
    for kind in KINDS.values():
        for preset in kind.presets:
            for formula in kind.facts(kind.parse(preset.params))["facts"]["formulas"]:
                for entry in (formula, *formula["axes"]):
                    expected = convert(entry["marked"]).replace("mathcolor=", "class=")
                    for role in ("input", "kernel", "output", "padding"):
                        expected = expected.replace(f'"{role}"', f'"ink-{role}"')
                    assert mathml(entry["marked"]) == expected


def test_coloured_symbols_carry_the_class_of_their_role() -> None:
    assert '<mstyle class="ink-padding"><mn>7</mn></mstyle>' in mathml(r"2 {\color{padding} 7}")
