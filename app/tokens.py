"""The tokens of `static/css/tokens.css` as a browser would compute them: a table of values for each theme."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app import paths

SHEET = paths.STATIC / "css" / "tokens.css"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"(--[\w-]+|color-scheme)\s*:\s*([^;]+);")
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)")
_LIGHT_DARK = re.compile(r"light-dark\(\s*([^,()]+),\s*([^,()]+)\)")
_HEX = re.compile(r"#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])")
_MOST_STEPS = 20


class TokenError(ValueError):
    """A style sheet whose tokens cannot be understood."""


def of_theme(theme: str) -> dict[str, str]:
    """The tokens of a theme by name, without the dashes in front; colours as `#rrggbb`.

    >>> of_theme("light")["input-line"], of_theme("dark")["input-line"]
    ('#2b7cd3', '#4c9bee')
    """
    stamp = SHEET.stat()
    return _of_sheet(SHEET, stamp.st_mtime_ns, theme)


@cache
def _of_sheet(sheet: Path, changed: int, theme: str) -> dict[str, str]:
    return parsed(sheet.read_text(encoding="utf-8"), theme)


def parsed(css: str, theme: str) -> dict[str, str]:
    """The tokens of a sheet where the root names this theme.

    >>> css = ':root { --a: light-dark(#FFF, #000); --b: var(--a); } [data-theme="dark"] { color-scheme: dark; }'
    >>> parsed(css, "dark"), parsed(css, "light")
    ({'a': '#000000', 'b': '#000000'}, {'a': '#ffffff', 'b': '#ffffff'})
    """
    own = f'[data-theme="{theme}"]'
    selectors = {":root", "[data-theme]", own, f":root{own}"}
    declared: dict[str, str] = {}
    for names, body in _rules(css):
        if selectors & names:
            declared.update((name, " ".join(value.split())) for name, value in _DECLARATION.findall(body))
    scheme = declared.pop("color-scheme", "light").split()[0]
    return {name.removeprefix("--"): _computed(value, declared, scheme) for name, value in declared.items()}


def _rules(css: str) -> list[tuple[set[str], str]]:
    """Selectors and declarations of the rules that always hold: not those inside of @media and the like."""
    found: list[tuple[set[str], str]] = []
    depth, start, head = 0, 0, ""
    text = _COMMENT.sub("", css)
    for place, sign in enumerate(text):
        if sign == "{":
            depth += 1
            if depth == 1:
                head, start = text[start:place].strip(), place + 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                if not head.startswith("@"):
                    found.append(({one.strip() for one in head.split(",")}, text[start:place]))
                start = place + 1
    return found


def _computed(value: str, declared: Mapping[str, str], scheme: str) -> str:
    for _ in range(_MOST_STEPS):
        before = value
        value = _VAR.sub(lambda var: _referred(var, declared), value)
        value = _LIGHT_DARK.sub(lambda pair: pair[1 if scheme == "light" else 2].strip(), value)
        if value == before and "var(" not in value:
            return _six_digits(value)
    raise TokenError(f"A token refers to itself: {value}")


def _referred(var: re.Match[str], declared: Mapping[str, str]) -> str:
    value = declared.get(var[1], var[2])
    if value is None:
        raise TokenError(f"There is no token {var[1]}.")
    return value


def _six_digits(value: str) -> str:
    short = _HEX.fullmatch(value)
    if short:
        return "#" + "".join(2 * digit for digit in short.groups()).lower()
    return value.lower() if value.startswith("#") else value
